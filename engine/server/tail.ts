// The end of the log for those who follow it: the newest facts from memory, older ones from the database, and waiting for the next.
import type { TwinlineEvent } from '#events/event.ts'
import { TAIL_FACTS } from './limits.ts'

export class Tail {
  readonly #facts: (afterSeq: number, limit: number) => Promise<TwinlineEvent[]>
  readonly #head: () => number
  #newest: TwinlineEvent[] = []
  #waiting = new Set<() => void>()

  /** `facts` reads committed ones from the log; `head` is the seq of the last. */
  constructor(facts: (afterSeq: number, limit: number) => Promise<TwinlineEvent[]>, head: () => number) {
    this.#facts = facts
    this.#head = head
  }

  get head(): number { return this.#head() }

  /** To be called after each commit, in order. */
  committed(events: readonly TwinlineEvent[]): void {
    for (const e of events) this.#newest.push(e)
    // Cut rarely, so that a commit costs nothing that grows with what is kept.
    if (this.#newest.length > 2 * TAIL_FACTS) this.#newest = this.#newest.slice(-TAIL_FACTS)
    const waiting = this.#waiting
    this.#waiting = new Set()
    for (const wake of waiting) wake()
  }

  /** Committed facts after `seq`, in order, without a gap, at most `limit`. Rejects with StoreAway. */
  async after(seq: number, limit: number): Promise<TwinlineEvent[]> {
    if (seq >= this.head) return []
    const first = this.#newest[0]?.seq ?? Infinity
    if (first > seq + 1) return await this.#facts(seq, limit)
    return this.#newest.slice(seq + 1 - first, seq + 1 - first + limit)
  }

  /** Resolves as soon as there is a fact after `seq`, with true; after `ms`, or when the signal says so, with whether there is. */
  async wait(seq: number, ms: number, signal: AbortSignal): Promise<boolean> {
    if (this.head <= seq && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(timer)
          this.#waiting.delete(done)
          signal.removeEventListener('abort', done)
          resolve()
        }
        const timer = setTimeout(done, ms)
        this.#waiting.add(done)
        signal.addEventListener('abort', done)
      })
    }
    return this.head > seq
  }
}

/** Waits `ms`, or until the signal. */
export const pause = (ms: number, signal: AbortSignal): Promise<void> => new Promise((resolve) => {
  if (signal.aborted) return resolve()
  const done = (): void => {
    clearTimeout(timer)
    signal.removeEventListener('abort', done)
    resolve()
  }
  const timer = setTimeout(done, ms)
  signal.addEventListener('abort', done)
})
