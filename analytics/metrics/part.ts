// An agent's part in a call: from when to when he talked, as the rows that are counted. Functions over a plain value.
import type { Put, Row } from './facts.ts'
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
  /** The talk rows put while he talked on, so that a later cut can take them back. */
  written: readonly [start: number, ms: number][]
}

const NOTHING: Part['written'] = []

/** `x`, but not outside [least, most]. */
export const between = (least: number, x: number, most: number): number => Math.max(least, Math.min(x, most))

export const callKey = (r: CallKey): CallKey =>
  ({ request: r.request, channel: r.channel, access: r.access, session_type: r.session_type, skill_group: r.skill_group, b15: r.b15 })

export const newPart = (agent: string): Part => ({ agent, present: false, spans: [], ending: 'in_progress', written: NOTHING })

/** His latest span of talk. */
export const latest = (part: Part): Part['spans'][number] | undefined => part.spans[part.spans.length - 1]

/** He talks from `at` on. */
export function joinTalk(part: Part, at: number): void {
  if (part.spans.length === 0) part.spans = [[at, null]]
  else if (latest(part)![1] !== null) part.spans.push([at, null])
}

/** He talks no more from `at` on. */
export function leaveTalk(part: Part, at: number): void {
  const open = latest(part)
  if (open && open[1] === null) open[1] = Math.max(open[0], at)
}

/** Cuts off whatever lies after `at`: the call was over then, or he was gone. */
export function cutTalk(part: Part, at: number): void {
  for (const span of part.spans) {
    if (span[0] > at) span[0] = at
    if (span[1] === null || span[1] > at) span[1] = at
  }
}

/** The row of the whole part. */
export function partRow(call: CallKey, part: Part): Row<'parts'> {
  let talkMs: number | null = null
  if (part.ending !== 'in_progress') {
    talkMs = 0
    for (const span of part.spans) talkMs += span[1]! - span[0]
  }
  // All in one literal: rows of one fact keep one shape, and nothing is copied.
  return {
    request: call.request, channel: call.channel, access: call.access, session_type: call.session_type, skill_group: call.skill_group, b15: call.b15,
    agent: part.agent, at_ms: part.spans[0]![0], ending: part.ending, talk_ms: talkMs,
  }
}

/**
 * Puts the talk rows that are new or changed since they were last put, and those that are gone. An open span counts up to
 * `until`. What was put is remembered unless the part is over: then nothing will ask again.
 */
export function putTalk(put: Put, call: CallKey, part: Part, until: number, over: boolean): void {
  const before = part.written
  const now: [start: number, ms: number][] | null = over && before.length === 0 ? null : []
  for (const [start, spanEnd] of part.spans) {
    const end = spanEnd ?? until
    for (let from = start; from < end;) {
      const to = Math.min(end, quarterEnd(from))
      if (now === null || !before.some(([at, ms]) => at === from && ms === to - from)) put('talk', talkRow(call, part, from, to - from), false)
      now?.push([from, to - from])
      from = to
    }
  }
  if (now === null) return
  for (const [at, ms] of before) if (!now.some(([start]) => start === at)) put('talk', talkRow(call, part, at, ms), true)
  part.written = now
}

const talkRow = (call: CallKey, part: Part, at: number, ms: number): Row<'talk'> => ({
  request: call.request, channel: call.channel, access: call.access, session_type: call.session_type, skill_group: call.skill_group,
  agent: part.agent, at_ms: at, b15: quarterOf(at), ms,
})
