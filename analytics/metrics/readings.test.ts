// Readings that no fixture day shows, because they take an unlikely moment, or that are seen best alone: told in a few events each.
import { describe, expect, it } from 'vitest'
import type { DataOf, EventType, TwinlineEvent } from '#events/event.ts'
import { firstPlan } from '#events/plan.ts'
import { metricsOf, nameOf, type MetricId, type ReportName } from './catalogue.ts'
import { measurementOf } from './compile.ts'
import type { Filters } from './dimensions.ts'
import { evaluate } from './evaluate.ts'
import { Fold } from './fold.ts'
import { checkQuery } from './query.ts'
import { FactTable } from './table.ts'

const NINE = Date.UTC(2026, 0, 5, 9)
const at = <T extends EventType>(second: number, type: T, data: DataOf<T>): { second: number; type: T; data: DataOf<T> } => ({ second, type, data })

/** Facts at seconds after nine, folded. */
function fold(...facts: { second: number; type: EventType; data: unknown }[]): FactTable {
  const f = new Fold()
  for (const [i, { second, type, data }] of facts.entries()) f.apply({ seq: i + 1, at: NINE + second * 1000, run: 'told', v: 1, plan: 1, cmd: `c${i}`, by: 'acd', type, data } as TwinlineEvent)
  return new FactTable().take(f.drain())
}
/** The numbers of a report, for one agent or in all, under their short names. */
function numbers(table: FactTable, report: ReportName, agent?: string, filters: Filters = {}): Record<string, unknown> {
  const q = checkQuery({
    run: 'told', metrics: metricsOf(report), dimensions: [], filters: { ...filters, ...(agent === undefined ? {} : { agent: [agent] }) },
    from: '2026-01-05', to: '2026-01-06', tz: 'UTC', slotMinutes: 30, thresholdMs: 10_000,
  })
  return Object.fromEntries(Object.entries(evaluate(measurementOf(q), table.rowsOf)[0]!).map(([m, v]) => [nameOf(m as MetricId), v]))
}
const request = (direction: 'inbound' | 'outbound' | 'callback') => at(0, 'request.created', { request: 'r', visitor: 'v', contact: 'r', channel: 'web', access: 'web', direction, priority: 0 })
const login = (agent: string) => at(0, 'agent.loggedIn', { agent, session: 's' })
const joins = (second: number, agent: string, role: 'agent' | 'listener' | 'whisperer' = 'agent') => at(second, 'participant.joined', { request: 'r', participant: agent, role })
const leaves = (second: number, agent: string, role: 'agent' | 'listener' = 'agent') => at(second, 'participant.left', { request: 'r', participant: agent, role })
const offer = (second: number, id: string, agent: string, mode: 'auto' | 'transfer' | 'invite') => at(second, 'offer.created', { offer: id, request: 'r', agent, group: 'g', mode, expiresAt: 0 })
const accepts = (second: number, id: string, agent: string) => at(second, 'offer.accepted', { offer: id, request: 'r', agent })
const connects = (second: number, agent: string) => at(second, 'call.connected', { request: 'r', agent })
const ends = (second: number, endedBy: 'visitor' | 'agent', participant: string) => at(second, 'call.ended', { request: 'r', endedBy, participant, reason: 'hangup' })
const closes = (second: number) => at(second, 'request.closed', { request: 'r', outcome: 'answered', endedBy: 'visitor' })

it('an outbound call is the agent’s, and stays out of the slots unless asked for', () => {
  const table = fold(login('ann'), request('outbound'), joins(5, 'ann'), connects(6, 'ann'), ends(66, 'visitor', 'v'), closes(66))
  expect(numbers(table, 'agents', 'ann')).toMatchObject({ dialled: 1, calls: 1, talk_time: 60_000, avg_talk: 60_000, offered_requests: 0, avg_response: null, ended_by_visitor: 1 })
  expect(numbers(table, 'slots')).toMatchObject({ requests: 0, calls: 0, talk_time: 0 })
  expect(numbers(table, 'slots', undefined, { session_type: ['outbound'] })).toMatchObject({ requests: 1, calls: 1, talk_time: 60_000, avg_wait: 0 })
  expect(numbers(table, 'agents', 'ann', { session_type: ['inbound'] })).toMatchObject({ dialled: 0, calls: 0, talk_time: 0, login_time: 66_000 })
})

it('an outbound call is the agent’s who dialled it, answered or not, whoever talks in the end', () => {
  const dialled = at(0, 'request.created', { request: 'r', visitor: 'v', contact: 'r', channel: 'web', access: 'web', direction: 'outbound', priority: 0, dialledBy: 'ann' })
  const dials = at(0, 'dial.started', { request: 'r', agent: 'ann', expiresAt: 0 })
  const unanswered = fold(login('ann'), dialled, dials, at(30, 'dial.expired', { request: 'r', agent: 'ann' }), at(30, 'request.closed', { request: 'r', outcome: 'out_no_answer', endedBy: 'system' }), at(40, 'agent.loggedOut', { agent: 'ann', why: 'self' }))
  expect(numbers(unanswered, 'agents', 'ann')).toMatchObject({ dialled: 1, calls: 0, talk_time: 0, login_time: 40_000 })
  expect([...unanswered.rowsOf('agent_time')].map((r) => [r.work, r.ms])).toEqual([['dialling', 30_000], ['none', 10_000]])
  const handed = fold(
    login('ann'), login('bob'), dialled, dials, at(5, 'dial.accepted', { request: 'r', agent: 'ann' }), joins(5, 'ann'), connects(6, 'ann'),
    offer(10, 'o1', 'bob', 'transfer'), leaves(10, 'ann'), accepts(12, 'o1', 'bob'), joins(12, 'bob'), ends(60, 'agent', 'bob'), leaves(60, 'bob'), closes(60),
  )
  expect(numbers(handed, 'agents', 'ann')).toMatchObject({ dialled: 1, calls: 1, talk_time: 4_000, ended_by_agent: 0 })
  expect(numbers(handed, 'agents', 'bob')).toMatchObject({ dialled: 0, calls: 1, talk_time: 48_000, ended_by_agent: 1 })
})

it('a callback waits since its visitor first asked, be it the day before', () => {
  const day = 86_400
  const asks = at(0, 'request.created', { request: 'r', visitor: 'v', contact: 'r', channel: 'web', access: 'web', direction: 'inbound', priority: 0 })
  const due = day + 3_600
  const table = fold(
    asks, at(20, 'request.closed', { request: 'r', outcome: 'callback', endedBy: 'visitor' }),
    at(20, 'callback.requested', { callback: 'b', request: 'r', visitor: 'v', contact: 'r', channel: 'web', access: 'web', group: 'g', place: NINE, priority: 0, dueAt: NINE + due * 1000 }),
    // Time goes by, in which contacts that are over are forgotten.
    ...[7_200, 14_400, 40_000].map((second) => at(second, 'engine.started', { lastAt: 0 })),
    at(due, 'callback.due', { callback: 'b' }), at(due, 'request.created', { request: 'b', visitor: 'v', contact: 'r', channel: 'web', access: 'web', direction: 'callback', priority: 0 }),
  )
  expect([...table.rowsOf('requests')].map((r) => [r.request, r.contact_at_ms])).toEqual([['r', NINE], ['b', NINE]])
})

describe('stays in queues', () => {
  const enters = (second: number, group: string, invitation?: string) => at(second, 'queue.entered', { request: 'r', group, place: NINE, ...(invitation ? { invitation } : {}) })
  const gone = (second: number, group: string, reason: 'accepted' | 'abandoned' | 'overflowed' | 'closed', more: { invitation?: string; lastSeen?: number } = {}) => at(second, 'queue.left', { request: 'r', group, reason, ...more })
  it('are counted by queue, each with its own end; the request is one', () => {
    const table = fold(request('inbound'), at(0, 'request.routed', { request: 'r', rule: 'x', group: 'a' }), enters(0, 'a'), gone(30, 'a', 'overflowed'), enters(30, 'b'), gone(45, 'b', 'closed', { lastSeen: NINE + 40_000 }))
    expect(numbers(table, 'queues', undefined, { group: ['a'] })).toMatchObject({ entered: 1, overflowed: 1, avg_queue_time: 30_000 })
    expect(numbers(table, 'queues', undefined, { group: ['b'] })).toMatchObject({ entered: 1, closed: 1, abandoned: 0, avg_queue_time: 10_000 })
    expect(numbers(table, 'slots', undefined, { group: ['a'] })).toMatchObject({ requests: 1 })
    expect(numbers(table, 'slots', undefined, { group: ['b'] })).toMatchObject({ requests: 0 })
  })
  it('of a transfer and an invitation at once are told apart, and fall into the slot in which they begin', () => {
    const starts = (second: number, invitation: string, mode: 'transfer' | 'invite') => at(second, 'invitation.started', { invitation, request: 'r', from: 'ann', mode, warm: true, group: 'g' })
    const table = fold(
      login('ann'), request('inbound'), joins(1, 'ann'), connects(2, 'ann'), starts(1_000, 'i1', 'transfer'), enters(1_000, 'g', 'i1'), starts(1_000, 'i2', 'invite'), enters(1_000, 'g', 'i2'),
      gone(1_010, 'g', 'closed', { invitation: 'i2' }), at(1_010, 'invitation.ended', { invitation: 'i2', request: 'r', why: 'cancelled' }), gone(1_060, 'g', 'abandoned', { invitation: 'i1' }), ends(1_060, 'visitor', 'v'), closes(1_060),
    )
    expect([...table.rowsOf('segments')].map((s) => [s.mode, s.ending, s.wait_ms, s.b15! - Math.floor(NINE / 900_000)])).toEqual([['invite', 'closed', 10_000, 1], ['transfer', 'abandoned', 60_000, 1]])
    expect(numbers(table, 'slots')).toMatchObject({ requests: 1, calls: 1, abandons: 0 })
  })
})

it('a lost agent’s talk is cut where he was last seen, also in a call that a supervisor took from him meanwhile and others go on with', () => {
  const table = fold(
    login('ann'), login('sue'), request('inbound'), joins(1, 'ann'), connects(2, 'ann'), at(50, 'agent.disconnected', { agent: 'ann' }), joins(60, 'sue'), leaves(60, 'ann'),
    at(80, 'agent.loggedOut', { agent: 'ann', why: 'lost', lastSeen: NINE + 50_000 }), ends(102, 'visitor', 'v'), leaves(102, 'sue'), closes(102),
  )
  expect(numbers(table, 'agents', 'ann')).toMatchObject({ calls: 1, talk_time: 48_000, avg_talk: 48_000, login_time: 50_000 })
  expect(numbers(table, 'agents', 'sue')).toMatchObject({ calls: 1, talk_time: 42_000, ended_by_visitor: 1 })
  expect(numbers(table, 'slots')).toMatchObject({ talk_time: 100_000 })
})

it('who left at the very instant at which the call ended without him had left before; who left after the visitor was last seen was there', () => {
  const first = [login('ann'), login('bob'), request('inbound'), joins(1, 'ann'), connects(2, 'ann')]
  const endings = (table: FactTable): unknown => [...table.rowsOf('parts')].map((p) => [p.agent, p.ending, p.talk_ms])
  expect(endings(fold(...first, leaves(30, 'ann'), ends(30, 'visitor', 'v'), closes(30)))).toEqual([['ann', 'left_before_end', 28_000]])
  const lost = at(60, 'call.ended', { request: 'r', endedBy: 'network', participant: 'v', reason: 'visitor_lost', lastSeen: NINE + 40_000 })
  expect(endings(fold(...first, leaves(50, 'ann'), lost, closes(60)))).toEqual([['ann', 'other', 38_000]])
})

it('a gap lies between calls: from another one back into the first too, not within one', () => {
  const other = [
    at(30, 'request.created', { request: 'q', visitor: 'w', contact: 'q', channel: 'web', access: 'web', direction: 'inbound', priority: 0 }), at(30, 'participant.joined', { request: 'q', participant: 'ann', role: 'agent' }),
    at(31, 'call.connected', { request: 'q', agent: 'ann' }), at(40, 'call.ended', { request: 'q', endedBy: 'agent', participant: 'ann', reason: 'hangup' }), at(40, 'request.closed', { request: 'q', outcome: 'answered', endedBy: 'agent' }),
  ]
  const table = fold(login('ann'), login('bob'), request('inbound'), joins(1, 'ann'), connects(2, 'ann'), joins(5, 'bob'), leaves(10, 'ann'), joins(12, 'ann'), leaves(20, 'ann'), ...other, joins(55, 'ann'), ends(60, 'agent', 'ann'), closes(60))
  expect([...table.rowsOf('gaps')].map((g) => [g.request, g.ms])).toEqual([['r', 11_000], ['q', 15_000]])
  expect(numbers(table, 'agents', 'ann')).toMatchObject({ calls: 2, talk_time: 8_000 + 8_000 + 9_000 + 5_000 })
})

describe('a call handed on', () => {
  const table = fold(
    login('ann'), login('bob'), request('inbound'), offer(0, 'o1', 'ann', 'auto'), accepts(4, 'o1', 'ann'), joins(4, 'ann'), connects(5, 'ann'),
    offer(25, 'o2', 'bob', 'transfer'), accepts(35, 'o2', 'bob'), joins(35, 'bob'), leaves(45, 'ann'), ends(105, 'visitor', 'v'), leaves(105, 'bob'), closes(105),
  )
  it('counts for both, but was ended with one of them', () => {
    expect(numbers(table, 'agents', 'ann')).toMatchObject({ calls: 1, talk_time: 40_000, avg_talk: 40_000, ended_by_visitor: 0, ended_by_agent: 0, response_time: 4_000, offered_requests: 1 })
    expect(numbers(table, 'agents', 'bob')).toMatchObject({ calls: 1, talk_time: 70_000, avg_talk: 70_000, ended_by_visitor: 1, response_time: 0, offered_requests: 0, avg_response: null, visitor_wait: 0 })
    expect([...table.rowsOf('parts')].map((p) => [p.agent, p.ending])).toEqual([['ann', 'left_before_end'], ['bob', 'visitor']])
  })
  it('is one request with one offer of its own', () => {
    expect(numbers(table, 'slots')).toMatchObject({ requests: 1, calls: 1, avg_response: 4_000, talk_time: 100_000, answered_10s: 1 })
  })
})

it('who only listens or whispers takes no part', () => {
  const table = fold(login('ann'), login('lead'), request('inbound'), offer(0, 'o1', 'ann', 'auto'), accepts(1, 'o1', 'ann'), joins(1, 'ann'), connects(2, 'ann'), joins(3, 'lead', 'listener'), leaves(9, 'lead', 'listener'), ends(62, 'agent', 'ann'), closes(62))
  expect(numbers(table, 'agents', 'lead')).toMatchObject({ calls: 0, talk_time: 0, workload: 0 })
  expect(numbers(table, 'agents', 'ann')).toMatchObject({ calls: 1, talk_time: 60_000, ended_by_agent: 1 })
})

it('who leaves the room and comes back talked twice, in one call and without a gap', () => {
  const table = fold(login('ann'), request('inbound'), offer(0, 'o1', 'ann', 'auto'), accepts(1, 'o1', 'ann'), joins(1, 'ann'), connects(2, 'ann'), leaves(12, 'ann'), joins(20, 'ann'), ends(50, 'visitor', 'v'), closes(50))
  expect(numbers(table, 'agents', 'ann')).toMatchObject({ calls: 1, talk_time: 40_000, avg_talk: 40_000, after_call_gap: 0, ended_by_visitor: 1 })
  expect(numbers(table, 'slots')).toMatchObject({ talk_time: 48_000 })
})

it('an agent who is lost for good has his time cut where he was last seen, whatever was stated since', () => {
  const table = fold(
    login('ann'), at(0, 'agent.statusSet', { agent: 'ann', from: 'offline', to: 'idle', actor: 'agent', reason: '' }), request('inbound'), offer(0, 'o1', 'ann', 'auto'), accepts(5, 'o1', 'ann'), joins(5, 'ann'), connects(10, 'ann'),
    // Gone at 890, across the bound of a quarter-hour; the visitor hangs up at 910, the grace is over at 920.
    at(890, 'agent.disconnected', { agent: 'ann' }), ends(910, 'visitor', 'v'), leaves(910, 'ann'), at(910, 'wrapup.started', { agent: 'ann', request: 'r', endsAt: NINE + 940_000 }), closes(910),
    at(912, 'agent.statusSet', { agent: 'ann', from: 'idle', to: 'away', actor: 'supervisor', reason: '' }),
    at(920, 'wrapup.ended', { agent: 'ann', request: 'r', lastSeen: NINE + 890_000 }), at(920, 'agent.loggedOut', { agent: 'ann', why: 'lost', lastSeen: NINE + 890_000 }),
  )
  expect(numbers(table, 'agents', 'ann')).toMatchObject({ login_time: 890_000, talk_time: 880_000, avg_talk: 880_000, not_ready_time: 0, workload: 880 / 890 })
  // The call itself went on to the end that the visitor made.
  expect(numbers(table, 'slots')).toMatchObject({ talk_time: 900_000 })
  expect([...table.rowsOf('agent_time')].reduce((ms, r) => ms + r.ms!, 0)).toBe(890_000)
  expect([...table.rowsOf('status_sets')]).toHaveLength(1)
})

it('who left first, but whose leaving ended the call, ended it', () => {
  const table = fold(login('ann'), request('inbound'), offer(0, 'o1', 'ann', 'auto'), accepts(1, 'o1', 'ann'), joins(1, 'ann'), connects(2, 'ann'), leaves(50, 'ann'), ends(52, 'agent', 'ann'), closes(52))
  expect(numbers(table, 'agents', 'ann')).toMatchObject({ ended_by_agent: 1, talk_time: 48_000 })
})

it('time belongs to the groups an agent was a member of then, and his names are those of the newest plan', () => {
  const plan = (second: number, version: number, nickname: string, group: string) => {
    const p = firstPlan()
    return at(second, 'plan.changed', { version, diff: [], document: { ...p, version, groups: [...p.groups, { id: 'old', name: 'old', queueLimit: null, wrapUpMs: null }, { id: 'new', name: 'new', queueLimit: null, wrapUpMs: null }], agents: [{ id: 'ann', nickname, realName: 'Ann A.', video: true, groups: [{ group, tier: 1 }] }] } })
  }
  const table = fold(plan(0, 1, 'Ann', 'old'), login('ann'), plan(60, 2, 'Annie', 'new'), plan(70, 3, 'Annie', 'new'), at(90, 'agent.loggedOut', { agent: 'ann', why: 'self' }))
  const loginTime = (group: string): unknown => numbers(table, 'agents', 'ann', { group: [group] })['login_time']
  expect([loginTime('old'), loginTime('new'), loginTime('ungrouped')]).toEqual([60_000, 30_000, 0])
  expect([...table.rowsOf('agents')].map((r) => [r.plan, r.nickname])).toEqual([[1, 'Ann'], [2, 'Annie']])
})

it('several tabs are one login', () => {
  const table = fold(login('ann'), at(30, 'agent.loggedIn', { agent: 'ann', session: 'other' }), at(90, 'agent.loggedOut', { agent: 'ann', why: 'self' }))
  expect(numbers(table, 'agents', 'ann')).toMatchObject({ login_time: 90_000 })
})

it('a contact keeps its first request over many attempts, and is forgotten in the end', () => {
  const attempts = [0, 100, 3_000, 8_000].flatMap((second, i) => [
    at(second, 'request.created', { request: `r${i}`, visitor: 'v', contact: 'c', channel: 'web', access: 'web', direction: 'inbound', priority: 0 }),
    at(second + 10, 'request.closed', { request: `r${i}`, outcome: 'abandoned_queue', endedBy: 'visitor' }),
  ])
  const firsts = [...fold(...attempts).rowsOf('requests')].map((r) => (r.contact_at_ms! - NINE) / 1000)
  // Nobody chains after an hour and more; the same name then is another contact.
  expect(firsts).toEqual([0, 0, 0, 8_000])
})
