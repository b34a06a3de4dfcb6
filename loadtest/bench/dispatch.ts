// Measures of the dispatcher at the size of the largest centres: how long one decision takes with every rule of the plan in use.
import { Acd } from '#core/acd.ts'
import type { Command } from '#core/command.ts'
import type { TwinlineEvent } from '#events/event.ts'
import { firstPlan, type Plan } from '#events/plan.ts'
import { Stream } from '#sim/random.ts'

export interface Size { agents: number; queued: number; groups: number }

const START = Date.UTC(2026, 0, 5, 10)
const dice = new Stream('dispatch', 'start')
const some = (n: number, below: number, ordinal = 0): number => Math.floor(dice.uniform(n, ordinal) * below)

/** Agents in up to three groups with tiers; rules by attribute, channel and hours, with priorities and sticky agents; overflow by length and by wait. */
function planOf({ agents, groups }: Size): Plan {
  const plan = firstPlan()
  const group = (i: number): string => `g${i % groups}`
  plan.hours = [{ id: 'always', name: 'always', tz: 'UTC', offsets: [{ fromMs: 0, minutes: 0 }], week: Array.from({ length: 7 }, () => [[0, 1440] as [number, number]]), holidays: [] }]
  plan.attributes = [{ id: 'skill', zh: '技能', en: 'Skill' }]
  plan.groups.push(...Array.from({ length: groups }, (_, i) => ({
    id: group(i), name: group(i), queueLimit: null, wrapUpMs: null, hours: 'always',
    overflow: [{ when: 'wait' as const, to: group(i + 1), waitMs: 3_000_000 }, { when: 'no_agent' as const, to: group(i + 1) }], maxWaitMs: 86_400_000,
  })))
  plan.agents = Array.from({ length: agents }, (_, n) => ({
    id: `a${n}`, nickname: `a${n}`, realName: `a${n}`, video: true,
    groups: [...new Set([n, some(n, groups, 1), some(n, groups, 2)].map(group))].map((id, k) => ({ group: id, tier: k + 1 })),
  }))
  plan.rules = Array.from({ length: groups }, (_, i) => ({
    id: `r${i}`, name: `r${i}`, group: group(i), when: { channels: ['web' as const], attributes: [{ name: 'skill', in: [`s${i}`] }], hours: 'always' }, priority: i % 3, sticky: { days: 7, waitMs: 1000 },
  }))
  plan.deviceCheck = 'off'
  return plan
}

/** A centre where everyone is busy and everybody waits. Queues are folded from facts: what a house would refuse at its limits is measured too. */
function centre(size: Size): Acd {
  const acd = new Acd('bench')
  acd.apply(START, { type: 'plan.change', cmd: 'p', by: 'admin', plan: planOf(size) })
  for (let n = 0; n < size.agents; n++) {
    acd.apply(START, { type: 'agent.login', cmd: `l${n}`, by: 'agent', agent: `a${n}`, session: 's' })
    acd.apply(START, { type: 'agent.setStatus', cmd: `b${n}`, by: 'agent', agent: `a${n}`, to: 'busy', reason: '' })
  }
  let seq = acd.state.seq
  const fact = (type: string, at: number, data: object): TwinlineEvent => ({ seq: ++seq, at, run: 'bench', v: 1, plan: 1, cmd: 'q', by: 'acd', type, data }) as TwinlineEvent
  for (let n = 0; n < size.queued; n++) {
    const at = START + n
    const [request, group] = [`q${n}`, `g${some(n, size.groups, 3)}`]
    acd.fold([
      fact('request.created', at, { request, visitor: `v${n}`, contact: request, channel: 'web', access: 'web', direction: 'inbound', priority: some(n, 3, 4) }),
      fact('request.routed', at, { request, rule: 'r', group }), fact('queue.entered', at, { request, group, place: at }),
    ])
  }
  return acd
}

/** Decisions: an agent becomes ready and is offered whose turn it is; then, unmeasured, he is busy again and the request back in its place. */
export function decisions(size: Size, count: number): { decisions_per_s: number; p50_us: number; p99_us: number } {
  const acd = centre(size)
  const now = acd.state.at + 1
  const took = new Float64Array(count)
  // Whoever asks holds the agent's id since he logged in.
  const ids = [...acd.state.agents.keys()]
  const once = (k: number): number => {
    const agent = ids[some(k, size.agents, 5)]!
    const idle: Command = { type: 'agent.setStatus', cmd: `i${k}`, by: 'agent', agent, to: 'idle', reason: '' }
    const start = performance.now()
    const { events } = acd.apply(now, idle)
    const ms = performance.now() - start
    if (events.at(-1)!.type !== 'offer.created') throw new Error('no decision was made')
    acd.apply(now, { type: 'agent.setStatus', cmd: `o${k}`, by: 'agent', agent, to: 'busy', reason: '' })
    return ms
  }
  for (let k = 0; k < 50_000; k++) once(k)
  for (let k = 0; k < count; k++) took[k] = once(k)
  const sum = took.reduce((a, b) => a + b, 0)
  took.sort()
  return { decisions_per_s: (count * 1000) / sum, p50_us: took[count >> 1]! * 1000, p99_us: took[Math.floor(count * 0.99)]! * 1000 }
}

export const measures = {
  decisions: (size: Size) => decisions(size, 300_000),
  /** How much longer a decision takes with ten times the queue. */
  scaling: (size: Size) => decisions(size, 200_000).decisions_per_s / decisions({ ...size, queued: size.queued * 10 }, 200_000).decisions_per_s,
}
