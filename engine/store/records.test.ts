// Records from a real log on a real database: calls as the core states them, projected in any cut of the log.
import { afterAll, expect, test } from 'vitest'
import { Acd } from '#core/acd.ts'
import type { Asks, CommandType } from '#core/command.ts'
import type { Actor, TwinlineEvent } from '#events/event.ts'
import { firstPlan, UNGROUPED } from '#events/plan.ts'
import { freshDatabase } from '../testing/database.ts'
import { PostgresEventLog } from './event-log.ts'
import { lead } from './leader.ts'
import { connect } from './orm.ts'
import { PersonalData } from './personal.ts'
import { Records, type RecordsQuery } from './records.ts'

const db = await connect(await freshDatabase())
afterAll(() => db.close())

const T = 1_790_000_000_000
/** A morning: one call that is answered, rated and summed up; one visitor who gives up; one who still waits. */
function morning(run: string): TwinlineEvent[] {
  const acd = new Acd(run)
  const events: TwinlineEvent[] = []
  let n = 0
  const ask = <C extends CommandType>(at: number, by: Actor, type: C, fields: Asks[C]) => {
    const { events: stated, refusal } = acd.apply(T + at, { type, cmd: `c${++n}`, by, ...fields } as never)
    expect(refusal).toBeNull()
    events.push(...stated)
  }
  const plan = { ...firstPlan(), deviceCheck: 'off' as const }
  plan.agents = [{ id: 'ann', nickname: 'Ann', realName: 'Ann Li', video: true, groups: [] }]
  ask(0, 'admin', 'plan.change', { plan })
  ask(1, 'agent', 'agent.login', { agent: 'ann', session: 's' })
  ask(2, 'visitor', 'request.create', { request: 'r1', visitor: 'v1', channel: 'web', access: 'web' })
  ask(1_000, 'agent', 'agent.setStatus', { agent: 'ann', to: 'idle', reason: '' })
  ask(4_000, 'agent', 'offer.accept', { agent: 'ann', offer: events.findLast((e) => e.type === 'offer.created')!.data.offer })
  ask(5_000, 'media', 'call.connect', { request: 'r1' })
  ask(6_000, 'visitor', 'request.create', { request: 'r2', visitor: 'v2', channel: 'web', access: 'web' })
  ask(65_000, 'visitor', 'request.cancel', { request: 'r1' })
  ask(66_000, 'visitor', 'request.cancel', { request: 'r2' })
  ask(67_000, 'visitor', 'survey.answer', { request: 'r1', score: 4 })
  ask(68_000, 'agent', 'summary.file', { agent: 'ann', request: 'r1', category: 'billing', resolved: true })
  ask(70_000, 'admin', 'plan.change', { plan: { ...plan, version: 2, agents: [{ ...plan.agents[0]!, nickname: 'Anna' }] } })
  ask(71_000, 'visitor', 'request.create', { request: 'r3', visitor: 'v3', channel: 'web', access: 'web' })
  return events
}

const common = { client: null, dialledBy: null, priority: 0, transfers: 0, channel: 'web', access: 'web', accessName: '官网 Website', sessionType: 'inbound', group: UNGROUPED, groupName: '未分组 Ungrouped' }
const none = { connectedAt: null, responseMs: null, talkMs: null, summary: null, rating: null, agents: [] }
const EXPECTED = [
  { ...common, ...none, request: 'r3', visitor: 'v3', requestedAt: T + 71_000, endedAt: null, waitMs: null, endedBy: null, outcome: null },
  { ...common, ...none, request: 'r2', visitor: 'v2', requestedAt: T + 6_000, endedAt: T + 66_000, waitMs: 60_000, endedBy: 'visitor', outcome: 'abandoned_queue' },
  {
    ...common, request: 'r1', visitor: 'v1', agents: [{ agent: 'ann', nickname: 'Ann' }], requestedAt: T + 2, connectedAt: T + 5_000, endedAt: T + 65_000,
    waitMs: 3_998, responseMs: 3_000, talkMs: 60_000, endedBy: 'visitor', outcome: 'answered',
    summary: { category: 'billing', resolved: true, note: '' }, rating: { score: 4, comment: '' },
  },
]

test.for([1, 2, 7, 1_000])('the same records, whether the log is projected every %i facts', async (every) => {
  const run = `cut-${every}`
  const log = new PostgresEventLog(db, await lead(db, run))
  const records = new Records(db, run)
  const events = morning(run)
  for (let i = 0; i < events.length; i += every) {
    await log.append(events.slice(i, i + every), [])
    await records.catchUp()
  }
  expect(await records.page({ since: 0, limit: 10 })).toEqual({ records: EXPECTED, next: null })
})

test('pages follow each other, a filter and a start hold, texts stand beside', async () => {
  const run = 'pages'
  await new PostgresEventLog(db, await lead(db, run)).append(morning(run), [])
  const records = new Records(db, run)
  const first = await records.page({ since: 0, limit: 2 })
  expect(first.records.map((r) => r.request)).toEqual(['r3', 'r2'])
  expect((await records.page({ since: 0, limit: 2, after: first.next! })).records.map((r) => r.request)).toEqual(['r1'])
  expect((await records.page({ since: T + 6_000, limit: 9 })).records.map((r) => r.request)).toEqual(['r3', 'r2'])

  const personal = new PersonalData(db, run)
  for (const note of ['first', 'second']) await personal.saveNote({ request: 'r1', visitor: 'v1', agent: 'ann', at: T, note })
  await personal.saveComment({ request: 'r1', visitor: 'v1', at: T, comment: '很好' })
  const [mine] = (await records.page({ since: 0, limit: 9, agent: 'ann' })).records
  expect(mine).toMatchObject({ request: 'r1', summary: { note: 'second' }, rating: { comment: '很好' } })
  expect(await personal.erase('v1')).toBe(2)
  expect((await records.page({ since: 0, limit: 9, agent: 'ann' })).records[0]).toMatchObject({ summary: { note: '' }, rating: { score: 4, comment: '' } })
})

test('two processes that project at the same time count each fact once', async () => {
  const run = 'two'
  await new PostgresEventLog(db, await lead(db, run)).append(morning(run), [])
  const pages = await Promise.all([1, 2, 3].map(() => new Records(db, run).page({ since: 0, limit: 10 })))
  for (const { records } of pages) expect(records).toEqual(EXPECTED)
  const { rows } = await db.sql.query(`select offers from records where run = $1 and request = 'r1'`, [run])
  expect(rows).toEqual([{ offers: 1 }])
})

/** Facts as they are stated where a test needs them in a certain form. */
function stated(run: string, facts: [at: number, type: string, data: object][]): TwinlineEvent[] {
  return facts.map(([at, type, data], i) => ({ seq: i + 1, at: T + at, run, v: 1, plan: 1, cmd: `c${i}`, by: 'acd', type, data }) as TwinlineEvent)
}
const created = (request: string, visitor: string, more = {}) => ({ request, visitor, contact: request, channel: 'web', access: 'web', direction: 'inbound', priority: 0, ...more })
/** A transferred call, an outbound one that the visitor took, a callback that nobody took, one that waits, urgent, in a group it was sent on to. */
const day = (run: string) => stated(run, [
  [0, 'request.created', created('in', 'v1', { priority: 5, client: 'wechat' })],
  [0, 'request.routed', { request: 'in', rule: 'vip', group: 'sales' }],
  [1_000, 'offer.created', { offer: 'in/1', request: 'in', agent: 'ann', group: 'sales', mode: 'auto', expiresAt: T + 21_000 }],
  [3_000, 'offer.accepted', { offer: 'in/1', request: 'in', agent: 'ann' }],
  [3_000, 'participant.joined', { request: 'in', participant: 'v1', role: 'visitor' }],
  [3_000, 'participant.joined', { request: 'in', participant: 'ann', role: 'agent' }],
  [4_000, 'call.connected', { request: 'in', agent: 'ann' }],
  [10_000, 'invitation.started', { invitation: 'i1', request: 'in', from: 'ann', mode: 'transfer', warm: true, agent: 'bob' }],
  [10_000, 'offer.created', { offer: 'in/2', request: 'in', agent: 'bob', group: 'sales', mode: 'transfer', expiresAt: T + 30_000, invitation: 'i1' }],
  [12_000, 'offer.accepted', { offer: 'in/2', request: 'in', agent: 'bob' }],
  [12_000, 'participant.joined', { request: 'in', participant: 'bob', role: 'agent' }],
  [15_000, 'participant.joined', { request: 'in', participant: 'sup', role: 'listener' }],
  [20_000, 'participant.left', { request: 'in', participant: 'ann', role: 'agent' }],
  [60_000, 'call.ended', { request: 'in', endedBy: 'visitor', participant: 'v1', reason: 'hangup' }],
  [60_000, 'request.closed', { request: 'in', outcome: 'answered', endedBy: 'visitor' }],
  [61_000, 'summary.filed', { request: 'in', agent: 'bob', category: 'billing', resolved: false }],
  [62_000, 'summary.amended', { request: 'in', agent: 'bob', category: 'billing', resolved: true }],
  [70_000, 'request.created', created('out', 'v1', { direction: 'outbound', dialledBy: 'cara' })],
  [70_000, 'dial.started', { request: 'out', agent: 'cara', expiresAt: T + 115_000 }],
  [78_000, 'dial.accepted', { request: 'out', agent: 'cara' }],
  [78_000, 'participant.joined', { request: 'out', participant: 'v1', role: 'visitor' }],
  [78_000, 'participant.joined', { request: 'out', participant: 'cara', role: 'agent' }],
  [79_000, 'call.connected', { request: 'out', agent: 'cara' }],
  [80_000, 'request.created', created('back', 'v2', { direction: 'callback' })],
  [80_000, 'offer.created', { offer: 'back/1', request: 'back', agent: 'ann', group: 'sales', mode: 'auto', expiresAt: T + 100_000 }],
  [82_000, 'offer.accepted', { offer: 'back/1', request: 'back', agent: 'ann' }],
  [82_000, 'dial.started', { request: 'back', agent: 'ann', expiresAt: T + 127_000 }],
  [90_000, 'dial.declined', { request: 'back', agent: 'ann' }],
  [90_000, 'request.closed', { request: 'back', outcome: 'out_declined', endedBy: 'visitor' }],
  [95_000, 'request.created', created('on', 'v3', { channel: 'app', access: 'app-1' })],
  [95_000, 'request.routed', { request: 'on', rule: 'default', group: 'sales' }],
  [96_000, 'request.overflowed', { request: 'on', from: 'sales', to: 'care', why: 'wait' }],
  [97_000, 'request.prioritized', { request: 'on', priority: 100, supervisor: 'sup' }],
])

test.for([1, 3, 1_000])('transfers, outbound calls, callbacks, overflow and urgency, projected every %i facts', async (every) => {
  const run = `day-${every}`
  const log = new PostgresEventLog(db, await lead(db, run))
  const records = new Records(db, run)
  const events = day(run)
  for (let i = 0; i < events.length; i += every) {
    await log.append(events.slice(i, i + every), [])
    await records.catchUp()
  }
  const found = Object.fromEntries((await records.page({ since: 0, limit: 10 })).records.map((r) => [r.request, r]))
  expect(found['in']).toMatchObject({
    agents: [{ agent: 'ann' }, { agent: 'bob' }], transfers: 1, priority: 5, client: 'wechat', group: 'sales', sessionType: 'inbound',
    waitMs: 3_000, responseMs: 2_000, talkMs: 56_000, outcome: 'answered', summary: { resolved: true },
  })
  expect(found['out']).toMatchObject({ sessionType: 'outbound', dialledBy: 'cara', agents: [{ agent: 'cara' }], waitMs: 8_000, responseMs: 8_000, connectedAt: T + 79_000, outcome: null })
  expect(found['back']).toMatchObject({ sessionType: 'callback', dialledBy: null, agents: [{ agent: 'ann' }], responseMs: 2_000, outcome: 'out_declined' })
  expect(found['on']).toMatchObject({ group: 'care', priority: 100, agents: [] })
  expect(await records.events('in')).toEqual(events.slice(0, 17))
  expect(await records.events('none')).toEqual([])
  // The outbound call is the later one; a callback that was not taken served nobody.
  expect(await records.lastAgentOf('v1')).toEqual({ agent: 'cara', at: T + 79_000 })
  expect([await records.lastAgentOf('v2'), await records.lastAgentOf('nobody')]).toEqual([null, null])
})

test('each filter lets through what it says', async () => {
  const run = 'filters'
  await new PostgresEventLog(db, await lead(db, run)).append(day(run), [])
  const records = new Records(db, run)
  const ids = async (query: Partial<RecordsQuery>) => (await records.page({ since: 0, limit: 10, ...query })).records.map((r) => r.request)
  expect(await ids({})).toEqual(['on', 'back', 'out', 'in'])
  expect(await ids({ since: T + 70_000, until: T + 80_000 })).toEqual(['out'])
  expect(await ids({ agent: 'bob' })).toEqual(['in'])
  expect(await ids({ group: 'care' })).toEqual(['on'])
  expect(await ids({ groups: ['care', 'sales'] })).toEqual(['on', 'in'])
  expect(await ids({ groups: [] })).toEqual([])
  expect(await ids({ access: 'app-1', channel: 'app' })).toEqual(['on'])
  expect(await ids({ outcome: 'out_declined' })).toEqual(['back'])
  expect(await ids({ direction: 'outbound' })).toEqual(['out'])
  expect(await ids({ visitor: 'v1' })).toEqual(['out', 'in'])
  expect(await ids({ request: 'in', agent: 'ann' })).toEqual(['in'])
})

test('the last agent is found by the index', async () => {
  const client = await db.sql.connect()
  await client.query('begin; set local enable_seqscan = off')
  const { rows } = await client.query(`explain select agent from records where run = 'x' and visitor = 'v' and connected_at is not null order by connected_at desc limit 1`)
  await client.query('rollback')
  client.release()
  expect(JSON.stringify(rows)).toContain('records_visitor')
})
