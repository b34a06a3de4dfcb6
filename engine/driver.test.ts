// The driver on a real database: nothing is told before it is durable, nothing accepted is lost, a restart is the same engine.
import { afterAll, expect, test, vi, type Mock } from 'vitest'
import type { TwinlineEvent } from '#events/event.ts'
import { firstPlan } from '#events/plan.ts'
import { Acd } from '#core/acd.ts'
import { audit } from '#core/audit.ts'
import { Driver, DriverError, type EventLog, type LoggedInput, type Watch } from './driver.ts'
import { PostgresEventLog } from './store/event-log.ts'
import { lead } from './store/leader.ts'
import { connect } from './store/orm.ts'
import { freshDatabase } from './testing/database.ts'

const db = await connect(await freshDatabase())
afterAll(() => db.close())

/** A log that can be made to fail before or after the commit, or to hold a commit back. */
class FaultyLog implements EventLog {
  readonly inner: PostgresEventLog
  fault: 'none' | 'before' | 'after' = 'none'
  gate: Promise<void> = Promise.resolve()
  batches = 0
  constructor(inner: PostgresEventLog) { this.inner = inner }
  async append(events: readonly TwinlineEvent[], inputs: readonly LoggedInput[]): Promise<void> {
    await this.gate
    const away = Object.assign(new Error('the database is away'), { code: 'store_away' })
    if (this.fault === 'before') throw away
    await this.inner.append(events, inputs)
    this.batches++
    if (this.fault === 'after') throw away
  }
  read(after: number, limit: number) { return this.inner.read(after, limit) }
  recentAnswers(limit: number) { return this.inner.recentAnswers(limit) }
  loadSnapshot() { return this.inner.loadSnapshot() }
  saveSnapshot(seq: number, state: unknown) { return this.inner.saveSnapshot(seq, state) }
}

let runs = 0
/** An engine on a run of its own: a plan with two agents, told events, and a way to crash and start again. */
async function engine(run = `run-${++runs}`) {
  const leadership = await lead(db, run, 5000)
  const log = new FaultyLog(new PostgresEventLog(db, leadership))
  const told: TwinlineEvent[] = []
  const fatal = vi.fn<(error: Error) => void>()
  const watch: Watch & { failed: Mock } = { before: () => {}, failed: vi.fn<(error: Error) => void>() }
  let time = 1_800_000_000_000
  const driver = await Driver.start({ run, log, watch, onCommitted: (events) => told.push(...events), onFatal: fatal, now: () => time })
  const plan = firstPlan()
  plan.deviceCheck = 'off'
  for (const id of ['anna', 'ben']) plan.agents.push({ id, nickname: id, realName: id, video: true, groups: [] })
  if (!driver.committed.plan) await driver.ask('plan.change', 'admin', 'plan-1', { plan })
  return {
    run, driver, log, told, fatal, leadership, watch,
    create: (request: string, cmd = `create-${request}`) => driver.ask('request.create', 'visitor', cmd, { request, visitor: `v-${request}`, channel: 'web', access: 'web' }),
    ready: async (agent: string) => {
      await driver.ask('agent.login', 'agent', `in-${agent}`, { agent, session: 's' })
      await driver.ask('agent.setStatus', 'agent', `idle-${agent}`, { agent, to: 'idle', reason: '' })
    },
    pass: (ms: number) => { time += ms },
    /** As kill -9 would leave it: nothing said goodbye, the lock falls with the connection. */
    crash: async () => { await leadership.release() },
  }
}

const logged = async (run: string): Promise<TwinlineEvent[]> => {
  const reader = await lead(db, `${run}-reader`)
  await reader.release()
  return new PostgresEventLog(db, { ...reader, run }).read(0, 100_000)
}

test('nobody hears of a fact before it is durable', async () => {
  const e = await engine()
  const before = e.told.length
  const gate = Promise.withResolvers<void>()
  e.log.gate = gate.promise
  let answered = false
  const answer = e.create('r1').then((a) => { answered = true; return a })
  await vi.waitFor(() => expect(e.driver.trouble).toBeNull())
  expect(e.told.length).toBe(before)
  expect(e.driver.committed.requests.has('r1')).toBe(false)
  expect(answered).toBe(false)
  gate.resolve()
  expect(await answer).toMatchObject({ refusal: null })
  expect(e.driver.committed.requests.get('r1')?.phase).toBe('waiting')
  expect(e.told.at(-1)?.type).toBe('queue.entered')
})

test('who watches sees each durable fact before it changes the state, and cannot stop it', async () => {
  const e = await engine()
  const seen: [seq: number, at: number][] = []
  e.watch.before = (committed, fact) => {
    seen.push([fact.seq, committed.seq])
    expect(committed.requests.has('r1')).toBe(fact.type !== 'request.created' && seen.length > 1)
    throw new Error(`not today: ${fact.type}`)
  }
  const from = e.driver.committed.seq
  const { last } = await e.create('r1')
  expect(seen).toEqual(Array.from({ length: last - from }, (_, i) => [from + i + 1, from + i]))
  expect(e.watch.failed).toHaveBeenCalledTimes(seen.length)
  expect(e.watch.failed).toHaveBeenLastCalledWith(new Error('not today: queue.entered'))
  expect([e.driver.committed.seq, e.fatal.mock.calls.length]).toEqual([last, 0])
})

test('many commands at once are written in few batches, in order, without a gap', async () => {
  const e = await engine()
  const batches = e.log.batches
  await Promise.all(Array.from({ length: 500 }, (_, i) => e.create(`r${i}`)))
  expect(e.log.batches - batches).toBeLessThan(50)
  const all = await logged(e.run)
  expect(all.map((x) => x.seq)).toEqual(all.map((_, i) => i + 1))
  expect(all).toEqual(JSON.parse(JSON.stringify(e.told)))
  const folded = new Acd(e.run).fold(all)
  audit(folded.state)
  expect(folded.state.snapshot()).toEqual(e.driver.committed.snapshot())
})

test('a repeated command id gets the first answer, in this process and after a restart', async () => {
  const e = await engine()
  const first = await e.create('r1', 'same')
  expect(await e.create('r1', 'same')).toEqual(first)
  expect(await e.create('r1', 'other')).toMatchObject({ refusal: { code: 'duplicate_request' } })
  await e.crash()
  const again = await engine(e.run)
  expect(await again.create('r1', 'same')).toEqual(first)
  expect((await logged(e.run)).filter((x) => x.type === 'request.created').length).toBe(1)
})

test('while the store is away nothing is told or lost; the same batch is written when it is back, also if it had been written', async () => {
  for (const fault of ['before', 'after'] as const) {
    const e = await engine()
    e.log.fault = fault
    const answers = [e.create('r1'), e.create('r2')]
    await vi.waitFor(() => expect(e.driver.trouble).toBeNull())
    expect(e.told.some((x) => x.type === 'request.created')).toBe(false)
    e.log.fault = 'none'
    for (const a of await Promise.all(answers)) expect(a.refusal).toBeNull()
    const all = await logged(e.run)
    expect(all.filter((x) => x.type === 'request.created').map((x) => x.data.request)).toEqual(['r1', 'r2'])
    expect(all.map((x) => x.seq)).toEqual(all.map((_, i) => i + 1))
  }
})

test('a store that stays away: commands are refused with a code, and timers stand still', { timeout: 15_000 }, async () => {
  const e = await engine()
  await e.ready('anna')
  await e.create('r1')
  e.log.fault = 'before'
  const pending = e.create('r2')
  await vi.waitFor(() => expect(e.driver.trouble).toBe('store_away'), { timeout: 8000, interval: 50 })
  await expect(e.create('r3')).rejects.toMatchObject({ code: 'store_away' })
  e.pass(60_000) // the ring would have ended long ago
  expect(e.driver.committed.requests.get('r1')?.legs[0]?.offer).toBe('r1/1')
  e.log.fault = 'none'
  expect((await pending).refusal).toBeNull()
  await vi.waitFor(() => expect(e.told.some((x) => x.type === 'offer.expired')).toBe(true))
})

test('an engine that another one has replaced writes nothing more and says that it must end', async () => {
  const e = await engine()
  await e.crash()
  const next = await engine(e.run)
  await expect(e.create('r9')).rejects.toBeInstanceOf(DriverError)
  expect(e.fatal).toHaveBeenCalledTimes(1)
  expect((await next.create('r1')).refusal).toBeNull()
  expect((await logged(e.run)).some((x) => x.type === 'request.created' && x.data.request === 'r9')).toBe(false)
})

test('a restart is the same engine: waiting, ringing and talking go on, in the same order, with the same deadlines', async () => {
  const e = await engine()
  await e.ready('anna')
  await e.ready('ben')
  e.pass(1000)
  await e.create('talks')
  await e.driver.ask('offer.accept', 'agent', 'a1', { agent: 'anna', offer: 'talks/1' })
  await e.driver.ask('call.connect', 'media', 'm1', { request: 'talks' })
  e.pass(1000)
  await e.create('rings')
  await e.create('waits')
  await e.create('waits-too')
  const before = e.driver.committed.snapshot()
  await e.crash()

  const again = await engine(e.run)
  const { committed } = again.driver
  audit(committed)
  expect(committed.requests.get('talks')).toMatchObject({ phase: 'in_call', agent: 'anna' })
  expect(committed.requests.get('rings')).toMatchObject({ phase: 'waiting', legs: [{ agent: 'ben', offer: 'rings/1' }] })
  expect([...committed.group('ungrouped').queue].map((r) => r.id)).toEqual(['rings', 'waits', 'waits-too'])
  const deadlines = (s: typeof before) => s.requests.map((r) => [r.id, r.connectBy, r.legs.map((l) => [l.waitBy, l.ringBy, l.place])])
  const idle = (s: typeof before) => s.agents.map((a) => [a.id, a.idleSince, a.lastOffer, a.wrapUpBy, a.coolBy])
  expect(deadlines(committed.snapshot())).toEqual(deadlines(before))
  expect(idle(committed.snapshot())).toEqual(idle(before))
  expect(again.told.filter((x) => x.type === 'engine.started').length).toBe(1)
})

test('a fold may begin at a snapshot and ends in the same state', async () => {
  const e = await engine()
  await Promise.all(Array.from({ length: 40 }, (_, i) => e.create(`r${i}`)))
  await e.log.saveSnapshot(e.driver.committed.seq, e.driver.committed.snapshot())
  await e.ready('anna')
  await e.crash()
  const again = await engine(e.run)
  const whole = new Acd(e.run).fold(await logged(e.run))
  expect(again.driver.committed.snapshot()).toEqual(whole.state.snapshot())
})

test('a snapshot that an earlier version kept is not used: the log is folded from its start', async () => {
  const e = await engine()
  await e.ready('anna')
  await e.create('r1')
  await e.log.saveSnapshot(e.driver.committed.seq, { ...e.driver.committed.snapshot(), form: 1, requests: [], agents: [] })
  await e.crash()
  const again = await engine(e.run)
  audit(again.driver.committed)
  expect(again.driver.committed.requests.get('r1')?.legs[0]).toMatchObject({ agent: 'anna', offer: 'r1/1' })
})

test('a thousand accepts of one offer in the same millisecond: one wins, and one fact is written', async () => {
  const e = await engine()
  await e.ready('anna')
  await e.create('r1')
  const answers = await Promise.all(Array.from({ length: 1000 }, (_, k) => e.driver.ask('offer.accept', 'agent', `accept-${k}`, { agent: 'anna', offer: 'r1/1' })))
  expect(answers.filter((a) => a.refusal === null).length).toBe(1)
  expect(answers.filter((a) => a.refusal?.code === 'offer_gone').length).toBe(999)
  expect((await logged(e.run)).filter((x) => x.type === 'offer.accepted').length).toBe(1)
})
