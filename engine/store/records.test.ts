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
import { Records } from './records.ts'

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

const common = { channel: 'web', access: 'web', accessName: '官网 Website', sessionType: 'inbound', group: UNGROUPED, groupName: '未分组 Ungrouped' }
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
