// Call records as the page holds them: fetched a page at a time, newest first.
import { computed, signal } from '@preact/signals'
import type { Tone } from '../shell/badge.tsx'
import { refuse, type Refused } from '../shell/refused.ts'

/** One request as GET /api/records tells it. Times are UTC ms, lengths ms; null = it did not come to that. */
export interface CallRecord {
  request: string
  visitor: string
  /** Who accepted it, in that order. Names are those of its time. */
  agents: { agent: string; nickname: string }[]
  group: string | null
  groupName: string | null
  channel: string
  access: string
  accessName: string
  sessionType: string
  requestedAt: number
  connectedAt: number | null
  endedAt: number | null
  waitMs: number | null
  responseMs: number | null
  talkMs: number | null
  endedBy: string | null
  /** null while the request is open. */
  outcome: string | null
  summary: { category: string; resolved: boolean; note: string } | null
  rating: { score: number; comment: string } | null
}
export interface RecordsAnswer { records: CallRecord[]; next: string | null }

/** State of the records page. `fetchPage` asks the engine for the page after `next`; null asks for the newest. */
export function makeRecords(fetchPage: (next: string | null) => Promise<RecordsAnswer>) {
  const rows = signal<CallRecord[] | null>(null)
  const next = signal<string | null>(null)
  const busy = signal(false)
  const failed = signal<Refused | null>(null)

  async function read(from: string | null): Promise<void> {
    if (busy.value) return
    busy.value = true
    try {
      const answer = await fetchPage(from)
      rows.value = from === null ? answer.records : [...(rows.value ?? []), ...answer.records]
      next.value = answer.next
      failed.value = null
    } catch (error) {
      failed.value = (error as Refused).words ? error as Refused : refuse('unexpected')
    } finally {
      busy.value = false
    }
  }
  return {
    rows, busy, failed,
    more: computed(() => next.value !== null),
    /** Reads from the newest on; what is shown stays until the answer is here. */
    refresh: () => read(null),
    /** Reads the next older page. */
    readMore: async () => { if (next.value !== null) await read(next.value) },
  }
}

/** Green for a call that was held, blue while it is going on, plain for the visitor's own choice, red for what should not have happened. */
export function outcomeTone(outcome: string | null): Tone {
  if (outcome === null) return 'accent'
  if (outcome === 'answered' || outcome === 'callback') return 'ok'
  if (outcome.startsWith('abandoned') || outcome === 'removed' || outcome === 'overflow_out') return 'neutral'
  return ['connect_failed', 'network', 'system_error'].includes(outcome) ? 'bad' : 'warn'
}

/** Whether this agent may call the visitor back from here: a call he took himself, and that is over. */
export const canCallBack = (record: CallRecord, agent: string | null): boolean => record.outcome !== null && agent !== null && record.agents.some((one) => one.agent === agent)
