// The candidate plan beside a real engine on a real database: asked at each decision, logged apart, and there again after a restart.
import { afterAll, expect, test } from 'vitest'
import type { TwinlineEvent } from '#events/event.ts'
import { firstPlan, type Plan } from '#events/plan.ts'
import { Driver } from './driver.ts'
import { LiveShadow } from './shadow.ts'
import { PostgresEventLog } from './store/event-log.ts'
import { readEvents } from './store/event-source.ts'
import { lead } from './store/leader.ts'
import { connect } from './store/orm.ts'
import { Shadows } from './store/shadows.ts'
import { freshDatabase } from './testing/database.ts'

const db = await connect(await freshDatabase())
afterAll(() => db.close())

const plan: Plan = { ...firstPlan(), deviceCheck: 'off', agents: ['anna', 'ben'].map((id) => ({ id, nickname: id, realName: id, video: true, groups: [{ group: 'gold', tier: 1 }] })) }
plan.groups.push({ id: 'gold', name: 'gold', queueLimit: null, wrapUpMs: null })
plan.rules.push({ id: 'all', name: 'all', group: 'gold', when: {} })
/** Ben comes first. */
const candidate: Plan = { ...plan, version: 7, agents: plan.agents.map((a) => (a.id === 'anna' ? { ...a, groups: [{ group: 'gold', tier: 2 }] } : a)) }

async function engine(run: string) {
  const problems: Error[] = []
  const shadow = await LiveShadow.open(new Shadows(db, run), (problem) => problems.push(problem))
  const leadership = await lead(db, run, 5_000)
  const driver = await Driver.start({ run, log: new PostgresEventLog(db, leadership), onCommitted: () => {}, watch: shadow, onFatal: (error) => { throw error } })
  if (!driver.committed.plan) await driver.ask('plan.change', 'admin', 'plan-1', { plan })
  return {
    shadow, driver, problems,
    start: (name: string, of = candidate) => shadow.start(name, of, 'admin', driver.now()),
    ready: async (agent: string) => {
      await driver.ask('agent.login', 'agent', `in-${agent}`, { agent, session: 's' })
      await driver.ask('agent.setStatus', 'agent', `idle-${agent}`, { agent, to: 'idle', reason: '' })
    },
    create: (request: string) => driver.ask('request.create', 'visitor', `create-${request}`, { request, visitor: `v-${request}`, channel: 'web', access: 'web' }),
    stop: async () => {
      await driver.stop()
      await shadow.stop()
      await leadership.release()
    },
  }
}
const logged = (name: string): Promise<TwinlineEvent[]> => readEvents(db, `shadow-${name}`, 0, 1_000)
const short = (e: TwinlineEvent): string => `${e.seq} ${e.type} ${'chosen' in e.data ? e.data.chosen : 'rule' in e.data ? e.data.rule : ''}`.trimEnd()

test('each live decision is asked once; the answers are counted, logged apart, and go on after a restart', async () => {
  const first = await engine('one')
  expect(first.shadow.told).toBeNull()
  await first.start('ben-first')
  await first.ready('anna')
  await first.ready('ben')
  await first.create('r1')
  expect(first.shadow.told).toMatchObject({ name: 'ben-first', version: 7, asked: 2, same: 1, different: 1, dropped: 0 })
  expect(first.shadow.told!.newest).toMatchObject([{ request: 'r1', reason: 'tier', live: { agent: 'anna' }, candidate: { agent: 'ben', best: [{ agent: 'ben', tier: 1 }, { agent: 'anna', tier: 2 }] } }])
  const told = structuredClone(first.shadow.told)
  await first.stop()
  const before = await logged('ben-first')
  expect(before.map(short)).toEqual(['1 plan.changed', '2 request.routed all', '3 decision.made ben'])
  // The live fact and its answer have the same instant and cause.
  const live = (await readEvents(db, 'one', 0, 1_000)).find((e) => e.type === 'decision.made')!
  expect(before[2]).toMatchObject({ at: live.at, cmd: live.cmd, plan: 7, run: 'shadow-ben-first', by: 'acd', data: { request: 'r1', group: 'gold', candidates: 2 } })

  const second = await engine('one')
  expect(second.shadow.told).toEqual(told)
  await second.driver.ask('agent.return', 'agent', 'back-ben', { agent: 'ben' })
  await second.create('r2')
  expect(second.shadow.told).toMatchObject({ asked: 4, same: 3, different: 1 })
  await expect.poll(async () => (await logged('ben-first')).map(short)).toEqual([...before.map(short), '4 request.routed all', '5 decision.made ben'])

  // The same name with another plan: its log goes on and says so; another name has a log of its own.
  await second.start('ben-first', { ...candidate, version: 8 })
  expect(second.shadow.told).toMatchObject({ version: 8, asked: 0, newest: [] })
  await expect.poll(async () => (await logged('ben-first')).map(short).slice(5)).toEqual(['6 plan.changed'])
  await second.start('other')
  await second.create('r3')
  await expect.poll(async () => (await logged('other')).map(short)).toEqual(['1 plan.changed', '2 request.routed all'])
  expect(await logged('ben-first')).toHaveLength(6)

  expect([await second.shadow.end(), await second.shadow.end(), second.shadow.told]).toEqual([true, false, null])
  await second.create('r4')
  await second.stop()
  const third = await engine('one')
  expect([third.shadow.told, (await logged('other')).length]).toEqual([null, 2])
  expect([...first.problems, ...second.problems, ...third.problems]).toEqual([])
  await third.stop()
})

test('a log that another engine took over: the calls go on, the answers are counted as dropped, and somebody hears of it once', async () => {
  const e = await engine('two')
  await e.start('taken')
  await expect.poll(async () => (await logged('taken')).length).toBe(1)
  await db.sql.query(`update leaders set epoch = epoch + 1 where run = 'shadow-taken'`)
  await e.create('r1')
  await expect.poll(() => e.shadow.told!.dropped).toBe(1)
  await e.create('r2')
  expect(e.shadow.told).toMatchObject({ asked: 2, same: 2, dropped: 2 })
  expect(e.problems.map(({ message }) => message)).toEqual([expect.stringContaining('is led by another engine')])
  e.shadow.failed(new Error('a defect'))
  e.shadow.failed(new Error('a defect'))
  expect([e.shadow.told!.dropped, e.problems.length]).toEqual([4, 2])
  await e.stop()
})

test('a plan that comes into force is compared from then on', async () => {
  const e = await engine('three')
  await e.start('same')
  await e.ready('anna')
  await e.ready('ben')
  await e.driver.ask('plan.change', 'admin', 'plan-2', { plan: candidate })
  await e.create('r1')
  expect(e.shadow.told).toMatchObject({ asked: 2, same: 2, different: 0 })
  await e.stop()
})
