// The core against queueing theory: agents who answer and connect at once and never write anything up make the M/M/c and
// M/M/c+M queues, whose exact values are known. A wrong queue order, a lost place, an idle agent beside a waiting visitor would show.
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import { firstPlan } from '#events/plan.ts'
import { IDEAL_HABITS, People } from './people.ts'
import { PoissonTraffic } from './traffic.ts'
import { World } from './world.ts'

// Tens of thousands of calls are simulated here, also on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const HOUR = 3_600_000
const FROM = Date.UTC(2026, 0, 5)
/** Mean talk of every model here; rates are scaled to it. */
const TALK_MS = 300_000

/** Arrivals per mean talk, agents, and how many times shorter than the talk the mean patience is (0: endless). */
interface Model { load: number; agents: number; impatience: number }
interface Measures { wait: number; abandon: number; waitMs: number }

/** Exact values from the balance equations of the number of visitors present: P(wait > 0), P(abandon), mean wait of all. */
function exact({ load, agents, impatience }: Model): Measures {
  let p = 1, sum = 0, waiting = 0, busy = 0
  for (let n = 0; n < 200_000 && (n <= agents || p > 1e-18 * sum); n++) {
    sum += p
    if (n >= agents) { busy += p; waiting += (n - agents) * p }
    p *= load / (Math.min(n + 1, agents) + Math.max(0, n + 1 - agents) * impatience)
    if (p > 1e200) { p /= 1e200; sum /= 1e200 }
  }
  return { wait: busy / sum, abandon: (impatience * waiting) / sum / load, waitMs: (waiting / sum / load) * TALK_MS }
}

/** One replication through the core, `calls` visitors on average after ten mean talk times of warming up. */
function simulate({ load, agents, impatience }: Model, calls: number, seed: string): Measures {
  const plan = firstPlan()
  const ids = Array.from({ length: agents }, (_, i) => `a${i}`)
  plan.agents = ids.map((id) => ({ id, nickname: id, realName: id, video: true, groups: [] }))
  plan.timers.wrapUpMs = 0
  plan.timers.maxWaitMs = 24 * HOUR
  const start = FROM + 10 * TALK_MS
  const created = new Map<string, number>()
  let asked = 0, waited = 0, gone = 0, waitMs = 0
  new World({
    run: 'sim-theory', plan, fromMs: FROM,
    traffic: new PoissonTraffic({
      seed, rate: [{ fromMs: FROM, perHour: (load / TALK_MS) * HOUR }], untilMs: start + (calls / load) * TALK_MS,
      patienceMeanMs: impatience === 0 ? Infinity : TALK_MS / impatience, talkMeanMs: TALK_MS, visitorEnds: 0.5, entrances: [{ access: 'web', channel: 'web', weight: 1 }],
    }),
    people: new People(seed, ids.map((agent) => ({ agent, shifts: [{ fromMs: FROM, untilMs: Infinity }] })), IDEAL_HABITS),
    sink: {
      take(now, _command, events) {
        for (const e of events) {
          if (e.type === 'request.created' && now >= start) { asked++; created.set(e.data.request, now) }
          if (e.type !== 'offer.accepted' && !(e.type === 'request.closed' && e.data.outcome === 'abandoned_queue')) continue
          const since = created.get(e.data.request)
          if (since === undefined) continue
          created.delete(e.data.request)
          waitMs += now - since
          if (e.type === 'request.closed') { gone++; waited++ } else if (now > since) waited++
        }
      },
    },
  }).run()
  return { wait: waited / asked, abandon: gone / asked, waitMs: waitMs / asked }
}

/** Means of replications with the half-width of their 99.9 % interval (Student, 11 degrees of freedom). */
function estimate(model: Model, calls: number, name: string): Record<keyof Measures, { mean: number; half: number }> {
  const runs = Array.from({ length: 12 }, (_, i) => simulate(model, calls, `${name}-${i}`))
  const of = (key: keyof Measures): { mean: number; half: number } => {
    const mean = runs.reduce((sum, r) => sum + r[key], 0) / runs.length
    const variance = runs.reduce((sum, r) => sum + (r[key] - mean) ** 2, 0) / (runs.length - 1)
    return { mean, half: 4.437 * Math.sqrt(variance / runs.length) }
  }
  return { wait: of('wait'), abandon: of('abandon'), waitMs: of('waitMs') }
}

describe('through the core, the interval holds the exact value and is narrow', () => {
  const models: [name: string, model: Model, widest: number][] = [
    ['Erlang C, 14 agents at 10 Erlang', { load: 10, agents: 14, impatience: 0 }, 0.25],
    ['Erlang A, 17.5 Erlang on 18 agents, patience 2 min', { load: 17.5, agents: 18, impatience: 2.5 }, 0.15],
    ['Erlang A overloaded, 12 Erlang on 8 agents, patience 5 min', { load: 12, agents: 8, impatience: 1 }, 0.04],
    ['one agent, 1.2 Erlang, patience 10 min', { load: 1.2, agents: 1, impatience: 0.5 }, 0.07],
  ]
  it.each(models)('%s', (name, model, widest) => {
    const truth = exact(model)
    const found = estimate(model, 6000, name)
    for (const key of ['wait', 'waitMs', ...(model.impatience > 0 ? ['abandon' as const] : [])] as (keyof Measures)[]) {
      const { mean, half } = found[key]
      expect(Math.abs(mean - truth[key]), `${key}: ${mean} ± ${half}, exactly ${truth[key]}`).toBeLessThan(half)
    }
    expect(found.wait.half / truth.wait).toBeLessThan(widest)
  })
})

// Published and recomputed values, one a row; they lie beside the project, not in it.
const REFERENCE = new URL('../../shared/data/queueing-reference.csv', import.meta.url)
const rows = existsSync(REFERENCE) ? reference() : []
const reason = existsSync(REFERENCE) ? '' : ' (skipped: no ../shared/data/queueing-reference.csv beside the project)'
if (reason !== '') process.stderr.write(`reference values of queueing theory${reason}\n`)

describe.skipIf(rows.length === 0)(`reference values of queueing theory${reason}`, () => {
  it('agree with the balance equations', () => {
    for (const { model, key, value } of rows) expect(exact(model)[key] / value).toBeCloseTo(1, 5)
  })
  it.each(rows.filter(({ model }) => model.agents <= 110).map((r) => [`${r.key} of ${JSON.stringify(r.model)}`, r] as const))('%s', (name, { model, key, value }) => {
    const { mean, half } = estimate(model, 1500, name)[key]
    expect(Math.abs(mean - value), `${mean} ± ${half}, exactly ${value}`).toBeLessThan(half)
  })
})

function reference(): { model: Model; key: 'wait' | 'abandon'; value: number }[] {
  return readFileSync(REFERENCE, 'utf8').split('\n').flatMap((line) => {
    const [kind, lambda, mu, theta, servers, metric, value] = line.split(',')
    const key = metric === 'P_wait' ? 'wait' : metric === 'P_ab' ? 'abandon' : null
    if ((kind !== 'M/M/c' && kind !== 'M/M/c+M') || key === null) return []
    return [{ model: { load: Number(lambda) / Number(mu), agents: Number(servers), impatience: Number(theta) / Number(mu) }, key, value: Number(value) }]
  })
}
