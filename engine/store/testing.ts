// For the store's tests: facts that are valid and easy to tell apart.
import type { TwinlineEvent } from '#events/event.ts'
import type { StoredInput } from './event-log.ts'

/** `count` facts from `seq` on, one a millisecond, each caused by a command of its own. */
export function facts(seq: number, count: number, run = 'live'): TwinlineEvent[] {
  return Array.from({ length: count }, (_, i) => ({
    seq: seq + i, at: 1_700_000_000_000 + seq + i, run, v: 1, plan: 1, cmd: `cmd-${seq + i}`, by: 'agent', type: 'agent.reconnected', data: { agent: `agent-${seq + i}` },
  }))
}

/** The commands that caused them. */
export const inputsOf = (events: TwinlineEvent[]): StoredInput[] =>
  events.map((e) => ({ now: e.at, command: { type: 'agent.return', cmd: e.cmd, by: e.by, ...e.data }, first: e.seq, last: e.seq }))
