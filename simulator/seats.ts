// The plainest centre: so many seats staffed throughout, one queue, one way in, one rate. What the flags of the command line stand for.
import { firstPlan } from '#events/plan.ts'
import { exp } from './math.ts'
import { HABITS, People } from './people.ts'
import { PoissonTraffic } from './traffic.ts'
import { World, type Sink } from './world.ts'

export interface Seats {
  seed: string
  run: string
  /** UTC ms. */
  fromMs: number
  hours: number
  agents: number
  perHour: number
  /** Mean talk plus mean wrap-up. */
  ahtMs: number
  /** Mean of the after-call work as agents would take it; the plan's timer cuts it. Below `ahtMs`. */
  wrapUpMs: number
  patienceMs: number
  sink: Sink
}

/** The mean of an exponential time that is cut at a limit. */
export const cutMean = (mean: number, limit: number): number => (mean === 0 ? 0 : mean * (1 - exp(-limit / mean)))

/** Seats staffed from the first moment until the last visitor is served; talk is what the plan's limit on wrap-up leaves of the handling time. */
export function seats({ seed, run, fromMs, hours, agents, perHour, ahtMs, wrapUpMs, patienceMs, sink }: Seats): World {
  const plan = firstPlan()
  const ids = Array.from({ length: agents }, (_, i) => `a${i + 1}`)
  plan.agents = ids.map((id) => ({ id, nickname: id, realName: id, video: true, groups: [] }))
  const entrances = plan.access.map(({ id, channel }) => ({ access: id, channel, weight: 1 }))
  return new World({
    run, plan, fromMs, sink,
    people: new People(seed, ids.map((agent) => ({ agent, shifts: [{ fromMs, untilMs: Infinity }] })), { ...HABITS, wrapUpMeanMs: wrapUpMs }),
    traffic: new PoissonTraffic({
      seed, rate: [{ fromMs, perHour }], untilMs: fromMs + hours * 3_600_000, entrances, visitorEnds: 0.7,
      patienceMeanMs: patienceMs, talkMeanMs: ahtMs - cutMean(wrapUpMs, plan.timers.wrapUpMs),
    }),
  })
}
