// A request that is not over: its row so far, and what belongs to it and may still change. Plain values, as the fold carries them.
import type { DataOf } from '#events/event.ts'
import type { Row } from './facts.ts'
import type { Part } from './part.ts'
import { quarterOf } from './quarter.ts'
import type { Segment } from './segment.ts'

export interface OpenRequest {
  row: Row<'requests'>
  /** Whether anything of it has changed since the last drain. */
  changed: boolean
  /** Offers that have no answer yet. */
  offers: readonly Row<'offers'>[]
  /** Agents who had an own offer of it. */
  offeredTo: readonly string[]
  parts: readonly Part[]
  /** Its stays in queues that go on. */
  segments: readonly Segment[]
  /** Transfers and invitations that go on. */
  invitations: readonly { invitation: string; mode: string }[]
}

/** Most lists of a request hold nothing or one thing. They are made to measure, since a list that is pushed to takes room for seventeen. */
export const NONE: readonly never[] = []
export const withItem = <T>(list: readonly T[], item: T): readonly T[] => (list.length === 0 ? [item] : [...list, item])
export const withoutItem = <T>(list: readonly T[], item: T): readonly T[] => (list.length === 1 && list[0] === item ? NONE : list.filter((x) => x !== item))

/** A request made at `at` under version `plan` of the plan; `firstAt`: the first request of the same contact. */
export const newRequest = (at: number, plan: number, d: DataOf<'request.created'>, firstAt: number): OpenRequest => ({
  row: {
    request: d.request, visitor: d.visitor, contact: d.contact, channel: d.channel, access: d.access, session_type: d.direction, skill_group: null,
    rule: null, plan, agent: d.dialledBy ?? null, at_ms: at, b15: quarterOf(at), contact_at_ms: firstAt, state: 'open', outcome: null, accepted: null, ended_by: null,
    offers: 0, wait_ms: null, wait_first_ms: null, response_ms: null, connected_at_ms: null, talk_ms: null, abandon_ms: null, abandon_first_ms: null,
  },
  changed: true, offers: NONE, offeredTo: NONE, parts: NONE, segments: NONE, invitations: NONE,
})
