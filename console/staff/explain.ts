// Why him, why not me: the engine's explanation as pages hold it while a dialog shows it. No DOM.
import { signal } from '@preact/signals'
import { refuse, type Refused } from '../shell/refused.ts'

export interface Explanation {
  /** Every reason that applies; the first alone would do. */
  reasons: { code: string; zh: string; en: string }[]
  /** His place among those who could be asked, 1 = next; null when he is not one of them. */
  rank: number | null
  /** Names of those before him, the next one first. */
  ahead: string[]
}

/** Of one request: asked for one agent after another, the last one asked for is shown. */
export function makeExplainer(ask: (agent: string) => Promise<Explanation>) {
  const answer = signal<Explanation | null>(null)
  const failed = signal<Refused | null>(null)
  let asked = 0
  return {
    /** null while it is being asked for. */
    answer, failed,
    async about(agent: string): Promise<void> {
      const mine = ++asked
      answer.value = failed.value = null
      try {
        const told = await ask(agent)
        if (mine === asked) answer.value = told
      } catch (error) {
        if (mine === asked) failed.value = (error as Refused).words ? error as Refused : refuse('unexpected')
      }
    },
  }
}
