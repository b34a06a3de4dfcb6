// A simulated world is a day like a real one: the same seed gives the same bytes, the core refuses nothing its people do,
// nobody is left over at the end, and replay states every event again.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { firstPlan, type Plan } from '#events/plan.ts'
import type { TwinlineEvent } from '#events/event.ts'
import { linesOf, readEntries } from './log.ts'
import { HABITS, People, type Habits, type Person } from './people.ts'
import { replayLog } from './replay.ts'
import { seats, type Seats } from './seats.ts'
import { PoissonTraffic } from './traffic.ts'
import { World } from './world.ts'

// Whole days are simulated here, also on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const FROM = Date.UTC(2026, 0, 5)
const HOUR = 3_600_000
const MORNING: Omit<Seats, 'sink'> = { seed: '7', run: 'sim-test', fromMs: FROM, hours: 6, agents: 6, perHour: 70, ahtMs: 300_000, wrapUpMs: 20_000, patienceMs: 90_000 }

function logOf(make: (sink: Seats['sink']) => World): { log: string; events: TwinlineEvent[]; world: World } {
  let log = ''
  const events: TwinlineEvent[] = []
  const world = make({ take(now, command, stated) { log += linesOf(now, command, stated); events.push(...stated) } })
  world.run()
  return { log, events, world }
}
const hash = (log: string): string => createHash('sha256').update(log).digest('hex')

describe('a day at the seats', () => {
  const { log, events, world } = logOf((sink) => seats({ ...MORNING, sink }))

  it('is the same bytes from the same seed, in another process too', () => {
    expect(hash(logOf((sink) => seats({ ...MORNING, sink })).log)).toBe(hash(log))
    const code = `
      import { createHash } from 'node:crypto'
      import { linesOf } from '#sim/log.ts'
      import { seats } from '#sim/seats.ts'
      const sum = createHash('sha256')
      seats({ ...${JSON.stringify(MORNING)}, sink: { take(now, command, events) { sum.update(linesOf(now, command, events)) } } }).run()
      console.log(sum.digest('hex'))`
    const child = spawnSync(process.execPath, ['--input-type=module', '--eval', code], { cwd: new URL('..', import.meta.url), encoding: 'utf8' })
    expect(child.stderr).toBe('')
    expect(child.stdout.trim()).toBe(hash(log))
  })

  it('is another day from another seed', () => {
    expect(hash(logOf((sink) => seats({ ...MORNING, seed: '8', sink })).log)).not.toBe(hash(log))
  })

  it('has everything a day has', () => {
    const seen = new Set(events.map((e) => e.type))
    for (const type of ['offer.declined', 'offer.expired', 'offer.cancelled', 'agent.cooledDown', 'wrapup.ended', 'call.ended', 'queue.left'] as const) expect(seen).toContain(type)
    const closings = new Set(events.flatMap((e) => (e.type === 'request.closed' ? [e.data.outcome] : [])))
    expect(closings).toContain('answered')
    expect(closings).toContain('abandoned_queue')
    expect(new Set(events.flatMap((e) => (e.type === 'call.ended' ? [e.data.endedBy] : [])))).toEqual(new Set(['visitor', 'agent']))
    // Some wrap-ups are ended by the agent, some by the clock.
    expect(new Set(events.flatMap((e) => (e.type === 'wrapup.ended' ? [e.by] : [])))).toEqual(new Set(['agent', 'clock']))
  })

  it('leaves nothing open, and everyone has gone home', () => {
    expect(world.acd.state.open).toBe(0)
    expect([...world.acd.state.agents.values()].filter((a) => a.session !== null)).toEqual([])
    expect(events.filter((e) => e.type === 'request.closed')).toHaveLength(world.requests)
  })

  it('takes as long per call as it was told', () => {
    // The handling time asked for is talk plus wrap-up; 3 % is about three standard errors of these calls.
    const { events } = logOf((sink) => seats({ ...MORNING, hours: 240, sink }))
    const at = new Map<string, number>()
    let handled = 0, calls = 0
    for (const e of events) {
      if (e.type === 'call.connected' || e.type === 'wrapup.started') at.set(`${e.type} ${e.data.request}`, e.at)
      else if (e.type === 'call.ended') { handled += e.at - at.get(`call.connected ${e.data.request}`)!; calls++ }
      else if (e.type === 'wrapup.ended') handled += e.at - at.get(`wrapup.started ${e.data.request}`)!
    }
    expect(handled / calls / MORNING.ahtMs).toBeCloseTo(1, 1)
    expect(Math.abs(handled / calls / MORNING.ahtMs - 1)).toBeLessThan(0.03)
  })

  it('replays to the very same events', async () => {
    const replay = await replayLog(readEntries(log.split('\n')))
    expect(replay).toEqual({ run: 'sim-test', inputs: world.commands, events: events.length, identical: events.length, missing: 0, percent: 100, difference: null })
  })
})

describe('common random numbers', () => {
  it('one more agent meets the same visitors with the same talk', () => {
    const key = (events: TwinlineEvent[]): Map<string, number> => new Map(events.flatMap((e) => (e.type === 'request.created' ? [[e.data.request, e.at] as const] : [])))
    const talk = (events: TwinlineEvent[]): Map<string, number> => {
      const since = new Map<string, number>()
      return new Map(events.flatMap((e) => {
        if (e.type === 'call.connected') since.set(e.data.request, e.at)
        return e.type === 'call.ended' ? [[e.data.request, e.at - since.get(e.data.request)!] as const] : []
      }))
    }
    const few = logOf((sink) => seats({ ...MORNING, sink })).events
    const more = logOf((sink) => seats({ ...MORNING, agents: 7, sink })).events
    expect(key(more)).toEqual(key(few))
    const both = [...talk(few)].filter(([id]) => talk(more).has(id))
    expect(both.length).toBeGreaterThan(300)
    for (const [id, ms] of both) expect(talk(more).get(id)).toBe(ms)
  })
})

describe('small random worlds', () => {
  const habits: fc.Arbitrary<Habits> = fc.record({
    ringingMs: fc.constantFrom(0, 150, 30_000), answerLeastMs: fc.constantFrom(0, 800, 20_000), answerMeanMs: fc.constantFrom(0, 2000, 15_000),
    misses: fc.constantFrom(0, 0.1, 1), declines: fc.constantFrom(0, 0.2), connectLeastMs: fc.constantFrom(0, 300), connectMeanMs: fc.constantFrom(0, 400, 12_000),
    wrapUpMeanMs: fc.constantFrom(0, 20_000, 200_000), awayMeanMs: fc.constantFrom(0, 60_000), settleMs: fc.constantFrom(0, 2000),
  })
  const minutes = (max: number): fc.Arbitrary<number> => fc.nat(max).map((m) => m * 60_000)
  const shifts = fc.array(fc.record({ start: minutes(60), length: fc.oneof(minutes(90), fc.constant(Infinity)) }), { minLength: 1, maxLength: 3 })
  const timers = fc.record({
    ringMs: fc.constantFrom(1000, 20_000), maxWaitMs: fc.constantFrom(5000, 600_000), declineCoolDownMs: fc.constantFrom(0, 10_000), wrapUpMs: fc.constantFrom(0, 30_000),
    connectMs: fc.constantFrom(1000, 15_000), contactGapMs: fc.constantFrom(0, 300_000),
  })
  const options = fc.record({
    seed: fc.string(), habits, people: fc.array(shifts, { maxLength: 5 }), timers, queueLimit: fc.constantFrom(null, 0, 3), maxOffers: fc.constantFrom(0, 2),
    perHour: fc.constantFrom(0, 30, 400), patienceMeanMs: fc.constantFrom(0, 30_000, Infinity), talkMeanMs: fc.constantFrom(0, 60_000), groups: fc.array(fc.array(fc.constantFrom('sales', 'care'), { maxLength: 2 }), { minLength: 5, maxLength: 5 }),
  })

  function build(o: typeof options extends fc.Arbitrary<infer T> ? T : never, sink: Seats['sink']): World {
    const plan: Plan = firstPlan()
    Object.assign(plan.timers, o.timers)
    plan.maxOffers = o.maxOffers
    for (const id of ['sales', 'care']) plan.groups.push({ id, name: id, queueLimit: o.queueLimit, wrapUpMs: null })
    plan.access.push({ id: 'shop', name: 'Shop', channel: 'app', enabled: true }, { id: 'help', name: 'Help', channel: 'app', enabled: true })
    plan.rules.push({ id: 'r1', name: 'Shop', group: 'sales', when: { access: ['shop'] } }, { id: 'r2', name: 'App', group: 'care', when: { channels: ['app'] } })
    const persons: Person[] = o.people.map((list, i) => {
      const id = `agent.${i}`
      plan.agents.push({ id, nickname: id, realName: id, video: true, groups: [...new Set(o.groups[i])].map((group, k) => ({ group, tier: k + 1 })) })
      return { agent: id, shifts: list.map((s) => ({ fromMs: FROM + s.start, untilMs: FROM + s.start + s.length })).sort((a, b) => a.fromMs - b.fromMs) }
    })
    return new World({
      run: 'sim-small', plan, fromMs: FROM, sink, people: new People(o.seed, persons, o.habits),
      traffic: new PoissonTraffic({
        seed: o.seed, untilMs: FROM + HOUR, rate: [{ fromMs: FROM, perHour: o.perHour }, { fromMs: FROM + HOUR / 4, perHour: 0 }, { fromMs: FROM + HOUR / 2, perHour: o.perHour }],
        patienceMeanMs: o.patienceMeanMs, talkMeanMs: o.talkMeanMs, visitorEnds: 0.5,
        entrances: plan.access.map(({ id, channel }, i) => ({ access: id, channel, weight: i + 1 })),
      }),
    })
  }

  it('come to an end without a refusal, leave nobody over, and replay', async () => {
    await fc.assert(fc.asyncProperty(options, async (o) => {
      const { log, events, world } = logOf((sink) => build(o, sink))
      expect(world.acd.state.open).toBe(0)
      expect(events.filter((e) => e.type === 'agent.loggedIn')).toHaveLength(o.people.flat().length)
      expect(events.filter((e) => e.type === 'agent.loggedOut')).toHaveLength(o.people.flat().length)
      expect(events.filter((e) => e.type === 'request.closed')).toHaveLength(world.requests)
      for (const [i, e] of events.entries()) {
        expect(e.seq).toBe(i + 1)
        if (i > 0) expect(e.at).toBeGreaterThanOrEqual(events[i - 1]!.at)
      }
      const replay = await replayLog(readEntries(log.split('\n')))
      expect(replay).toMatchObject({ identical: events.length, missing: 0, percent: 100, difference: null })
    }), { numRuns: 60 })
  })

  it('span more open requests than there was room for at first', () => {
    const { world } = logOf((sink) => seats({ ...MORNING, agents: 2, perHour: 20_000, hours: 0.5, patienceMs: 400_000, sink }))
    expect(world.requests).toBeGreaterThan(8000)
    expect(world.acd.state.open).toBe(0)
  })
})

it('people keep their habits', () => {
  const people = new People('p', [], { ...HABITS, misses: 0.25, declines: 0.25 })
  const reactions = Array.from({ length: 4000 }, (_, k) => people.reaction(3, k))
  for (const [what, share] of [['misses', 0.25], ['declines', 0.25], ['accepts', 0.5]] as const) {
    expect(Math.abs(reactions.filter((r) => r === what).length / 4000 - share)).toBeLessThan(0.03)
  }
  expect(Math.min(...Array.from({ length: 1000 }, (_, k) => people.answerMs(0, k)))).toBeGreaterThanOrEqual(HABITS.answerLeastMs)
})
