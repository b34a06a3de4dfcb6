// A queue segment: one stay of a request in one group's queue. Overflow ends one and begins the next; a transfer or an invitation has its own.
import type { Row } from './facts.ts'
import { between } from './part.ts'
import { quarterOf } from './quarter.ts'

export type Segment = Row<'segments'>

/** A stay that begins at `at` with the event `seq`; `mode`: own, or the kind of invitation. It falls into the slot in which it begins. */
export const newSegment = (r: Row<'requests'>, seq: number, at: number, group: string, invitation: string | null, mode: string): Segment => ({
  seq, request: r.request, invitation, mode, channel: r.channel, access: r.access, session_type: r.session_type, skill_group: group,
  at_ms: at, b15: quarterOf(at), ending: 'waiting', wait_ms: null,
})

/** The stay is over: at `at`, or when a lost visitor was last seen. */
export function endSegment(s: Segment, at: number, ending: string, lastSeen: number | undefined): void {
  s.ending = ending
  s.wait_ms = between(s.at_ms!, lastSeen ?? at, at) - s.at_ms!
}
