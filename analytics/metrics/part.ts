// An agent's part in a call: from when to when he talked, as the rows that are counted. Pure functions over a plain value.
import type { Row } from './facts.ts'
import { quarterEnd, quarterOf } from './quarter.ts'

/** What the rows of a call inherit from its request. */
export type CallKey = Pick<Row<'requests'>, 'request' | 'channel' | 'access' | 'session_type' | 'skill_group' | 'b15'>

export interface Part {
  agent: string
  /** Whether he is in the room now, connected or not. */
  present: boolean
  /** When he talked, in order and without overlap; an open end is null. */
  spans: [start: number, end: number | null][]
  /** How the call ended for him. */
  ending: 'visitor' | 'agent' | 'other' | 'left_before_end' | 'in_progress'
  /** The talk rows written so far, so that a later cut can take them back. */
  written: [start: number, ms: number][]
}

/** `x`, but not outside [least, most]. */
export const between = (least: number, x: number, most: number): number => Math.max(least, Math.min(x, most))

export const callKey = (r: CallKey): CallKey =>
  ({ request: r.request, channel: r.channel, access: r.access, session_type: r.session_type, skill_group: r.skill_group, b15: r.b15 })

export const newPart = (agent: string): Part => ({ agent, present: false, spans: [], ending: 'in_progress', written: [] })

/** He talks from `at` on. */
export function joinTalk(part: Part, at: number): void {
  if (part.spans.at(-1)?.[1] !== null) part.spans.push([at, null])
}

/** He talks no more from `at` on. */
export function leaveTalk(part: Part, at: number): void {
  const open = part.spans.at(-1)
  if (open && open[1] === null) open[1] = Math.max(open[0], at)
}

/** Cuts off whatever lies after `at`: the call was over then, or he was gone. */
export function cutTalk(part: Part, at: number): void {
  part.spans = part.spans.map(([start, end]) => [Math.min(start, at), Math.min(end ?? at, at)])
}

/** The row of the whole part. */
export const partRow = (call: CallKey, part: Part): Row<'parts'> => ({
  ...callKey(call), agent: part.agent, at_ms: part.spans[0]![0], ending: part.ending,
  talk_ms: part.ending === 'in_progress' ? null : part.spans.reduce((ms, [start, end]) => ms + end! - start, 0),
})

/** The talk rows that are new, changed or gone since they were last asked for; an open span is reported up to `until`. */
export function talkRows(call: CallKey, part: Part, until: number): { row: Row<'talk'>; gone: boolean }[] {
  const row = (at: number, ms: number): Row<'talk'> => ({
    request: call.request, channel: call.channel, access: call.access, session_type: call.session_type, skill_group: call.skill_group,
    agent: part.agent, at_ms: at, b15: quarterOf(at), ms,
  })
  const changed: { row: Row<'talk'>; gone: boolean }[] = []
  const now: Part['written'] = []
  for (const [start, end] of part.spans) {
    for (let from = start; from < (end ?? until);) {
      const to = Math.min(end ?? until, quarterEnd(from))
      now.push([from, to - from])
      if (!part.written.some(([at, ms]) => at === from && ms === to - from)) changed.push({ row: row(from, to - from), gone: false })
      from = to
    }
  }
  for (const [at, ms] of part.written) if (!now.some(([start]) => start === at)) changed.push({ row: row(at, ms), gone: true })
  part.written = now
  return changed
}
