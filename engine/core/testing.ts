// Random days: plans, and steps that name their parties loosely and mean something by the state they meet. What the laws are tried on.
import fc from 'fast-check'
import { expect } from 'vitest'
import type { TwinlineEvent } from '#events/event.ts'
import { firstPlan, IDLE_CLOCKS, UNGROUPED, URGENT, WRAP_UP_MODES, type Plan } from '#events/plan.ts'
import { Acd } from './acd.ts'
import type { Command } from './command.ts'

const pick = <T>(...of: T[]): fc.Arbitrary<T> => fc.constantFrom(...of)
const GROUPS = ['g1', 'g2', 'g3']
const AGENTS = ['a1', 'a2', 'a3', 'a4']

export const somePlan: fc.Arbitrary<Plan> = fc.record({
  groups: fc.subarray(GROUPS), limits: fc.array(pick(null, null, null, 0, 1, 2), { minLength: 4, maxLength: 4 }),
  members: fc.array(fc.array(fc.record({ group: fc.nat(2), tier: fc.integer({ min: 1, max: 2 }) }), { maxLength: 3 }), { minLength: 4, maxLength: 4 }),
  staff: fc.subarray(AGENTS, { minLength: 2 }), chat: fc.nat(12), rules: fc.array(fc.record({ group: fc.nat(2), channel: pick('web', 'app', undefined) }), { maxLength: 3 }),
  timers: fc.record({ ringMs: pick(2000, 9000), connectMs: pick(1000, 9000), maxWaitMs: pick(3000, 60_000), declineCoolDownMs: pick(0, 2000), wrapUpMs: pick(0, 4000, 9000), visitorGraceMs: pick(0, 2000, 9000), agentGraceMs: pick(0, 3000, 9000), contactGapMs: pick(0, 10_000), keepPlaceMs: pick(0, 5000) }),
  awayAfterMisses: pick(1, 2, 3), maxOffers: pick(0, 0, 1, 2), deviceCheck: pick('required' as const, 'off' as const),
  idleClock: pick(...IDLE_CLOCKS), wrapUps: fc.array(pick(undefined, undefined, ...WRAP_UP_MODES), { minLength: 4, maxLength: 4 }), needy: fc.array(fc.nat(5), { minLength: 4, maxLength: 4 }),
  overflow: fc.array(fc.record({ from: fc.nat(3), to: fc.nat(3), when: pick('wait' as const, 'length' as const, 'no_agent' as const, 'closed' as const) }), { maxLength: 3 }),
  shut: fc.nat(10), vip: fc.boolean(), sticky: pick(undefined, { days: 1, waitMs: 0 }, { days: 1, waitMs: 300 }, { days: 1, waitMs: 3000 }), approval: pick(undefined, undefined, true as const),
}).map((x) => {
  const plan = firstPlan()
  plan.groups[0]!.queueLimit = x.limits[3]!
  x.groups.forEach((id, i) => plan.groups.push({ id, name: id, queueLimit: x.limits[i]!, wrapUpMs: i === 1 ? 1000 : null }))
  x.staff.forEach((id, i) => plan.agents.push({
    id, nickname: id, realName: id, video: i !== x.chat,
    groups: [...new Map(x.members[i]!.filter((m) => GROUPS[m.group] !== undefined && x.groups.includes(GROUPS[m.group]!)).map((m) => [m.group, { group: GROUPS[m.group]!, tier: m.tier }])).values()],
  }))
  plan.access.push({ id: 'app1', name: 'app', channel: 'app', enabled: true })
  x.rules.forEach((r, i) => plan.rules.push({ id: `rule${i}`, name: 'r', group: x.groups[r.group] ?? UNGROUPED, when: r.channel ? { channels: [r.channel as 'web'] } : {} }))
  Object.assign(plan.timers, x.timers)
  plan.hours = [{ id: 'never', name: 'never', tz: 'UTC', offsets: [{ fromMs: 0, minutes: 0 }], week: [[], [], [], [], [], [], []], holidays: [] }]
  plan.attributes = [{ id: 'vip', zh: 'VIP', en: 'VIP' }]
  plan.groups.forEach((g, i) => {
    const wrapUp = x.wrapUps[i]
    if (wrapUp) g.wrapUp = wrapUp
    if (x.needy[i] === 0) g.summary = 'required'
    if (x.needy[i] === 1) g.noAgent = 'close'
    if (x.needy[i] === 2) g.maxWaitMs = 2500
    if (x.shut === i) g.hours = 'never'
  })
  for (const o of x.overflow) {
    const [from, to] = [plan.groups[o.from], plan.groups[o.to]]
    if (from && to && from !== to && !from.overflow?.some((y) => y.when === o.when)) (from.overflow ??= []).push({ when: o.when, to: to.id, waitMs: 1500, length: 1 })
  }
  const rule = plan.rules[0]
  if (rule && x.vip) Object.assign(rule, { priority: 5, when: { ...rule.when, attributes: [{ name: 'vip', in: ['yes'] }] } })
  if (rule && x.sticky) rule.sticky = x.sticky
  if (x.approval) plan.approval = true
  return Object.assign(plan, { awayAfterMisses: x.awayAfterMisses, maxOffers: x.maxOffers, deviceCheck: x.deviceCheck, idleClock: x.idleClock })
})

/** A step names its parties loosely; what it means is decided by the state it meets. */
export interface Step { kind: number; who: number; what: number; dt: number; plan: Plan }
const someStep: fc.Arbitrary<Step> = fc.noBias(fc.record({ kind: fc.nat(9999), who: fc.nat(9), what: fc.nat(9), dt: pick(0, 0, 1, 100, 300, 300, 1000, 4000), plan: somePlan }))

/** Some sixty to a hundred and fifty of them. */
export const many: fc.Arbitrary<Step[]> = fc.array(someStep, { minLength: 60, maxLength: 150, size: 'max' })

function commandOf(acd: Acd, s: Step, n: number): Command {
  const { state } = acd
  const agent = AGENTS[s.who % AGENTS.length]!
  const open = [...state.requests.values()]
  const live = open.filter((r) => r.phase !== 'closed' || s.what === 9)
  const request = live.length > 0 ? live[(s.who * 7 + s.what) % live.length]!.id : 'none'
  const ringing = open.flatMap((r) => r.legs).filter((l) => l.offer !== null)
  const r = ringing[s.who % Math.max(1, ringing.length)]
  const offer = { agent: s.what === 9 ? agent : (r?.agent ?? agent), offer: r?.offer ?? 'gone/1' }
  const talks = open.filter((x) => x.phase === 'connecting' || x.phase === 'in_call')
  const talk = talks[s.what % Math.max(1, talks.length)]
  const inCall = { agent: talk?.parties.filter((p) => p.role === 'agent').map((p) => p.id)[s.who % 2] ?? talk?.agent ?? agent, request: talk?.id ?? request }
  const waits = open.find((x) => x.phase === 'waiting')
  const dialled = open.find((x) => x.phase === 'dialling')
  const to = s.who % 3 === 0 ? { group: GROUPS[s.what % 3]! } : s.who === 9 ? { group: UNGROUPED } : { agent: AGENTS[s.what % 4]! }
  const guest = (state: string): string => talk?.guests.find((g) => g.state === state)?.id ?? `g${s.who % 3}`
  const supervisor = pickOf(s.what, 'sup1', 'sup2', agent)
  const lost = open.find((x) => x.lostAt !== 0 && x.phase !== 'closed')
  const away = [...state.agents.values()].find((x) => x.lostAt !== 0)
  const done = open.findLast((x) => x.outcome === 'answered')
  const cmd = `c${n}`
  const asks: [weight: number, ask: () => Command][] = [
    [30, () => ({
      type: 'request.create', cmd, by: 'visitor', request: `r${n}`, visitor: `v${s.who % 7}`, channel: s.what % 2 ? 'web' : 'app', access: s.what === 8 ? 'nowhere' : s.what % 2 ? 'web' : 'app1',
      ...(s.who % 3 === 0 ? { attributes: { vip: 'yes', secret: 'x' } } : {}), ...(s.what > 1 ? { last: { agent, at: acd.state.at - 1000 } } : {}), ...(s.what === 0 ? { client: 'wechat' } : {}),
    })],
    [2, () => ({ type: 'request.cancel', cmd, by: 'visitor', request })],
    [8, () => ({ type: 'visitor.lose', cmd, by: 'visitor', request, said: s.what % 2 === 0 })],
    [14, () => ({ type: 'visitor.return', cmd, by: 'visitor', request: lost?.id ?? request })],
    [14, () => ({ type: 'agent.login', cmd, by: 'agent', agent, session: 's' })],
    [1, () => ({ type: 'agent.logout', cmd, by: 'agent', agent })],
    [4, () => ({ type: 'agent.lose', cmd, by: 'agent', agent })],
    [7, () => ({ type: 'agent.return', cmd, by: 'agent', agent: away?.id ?? agent })],
    [8, () => ({ type: 'device.check', cmd, by: 'agent', agent, camera: s.what > 0, microphone: true, speaker: true, network: 'good' })],
    [22, () => ({ type: 'agent.setStatus', cmd, by: 'agent', agent, to: (['idle', 'idle', 'idle', 'idle', 'idle', 'idle', 'busy', 'away', 'invisible', 'offline'] as const)[s.what]!, reason: '' })],
    [8, () => ({ type: 'offer.ring', cmd, by: 'agent', ...offer })],
    [40, () => ({ type: 'offer.accept', cmd, by: 'agent', ...offer })],
    [8, () => ({ type: 'offer.decline', cmd, by: 'agent', ...offer })],
    [36, () => ({ type: 'call.connect', cmd, by: 'media', request: talk?.id ?? request })],
    [5, () => ({ type: 'call.hangUp', cmd, by: 'agent', agent: talk?.agent ?? agent, request: talk?.id ?? request })],
    [1, () => ({ type: 'call.fail', cmd, by: 'media', request, reason: 'worker_died' })],
    [5, () => ({ type: 'wrapup.end', cmd, by: 'agent', agent })],
    [4, () => ({ type: 'survey.answer', cmd, by: 'visitor', request: done?.id ?? request, score: 4 })],
    [2, () => ({ type: 'consent.give', cmd, by: 'visitor', request, what: 'camera' })],
    [4, () => ({ type: 'summary.file', cmd, by: 'agent', agent: s.what > 1 ? done?.served[0] ?? agent : agent, request: done?.id ?? request, category: '', resolved: true })],
    [1, () => ({ type: 'engine.start', cmd, by: 'acd' })],
    [7, () => ({ type: 'offer.pick', cmd, by: 'agent', agent, request: waits?.id ?? request })],
    [4, () => ({ type: 'request.prioritize', cmd, by: 'supervisor', request: waits?.id ?? request, priority: pickOf(s.what, URGENT, 0, 7), supervisor })],
    [2, () => ({ type: 'request.remove', cmd, by: 'supervisor', request: waits?.id ?? request, supervisor })],
    [4, () => ({ type: 'request.assign', cmd, by: 'supervisor', request: waits?.id ?? request, agent, supervisor })],
    [18, () => ({ type: 'callback.request', cmd, by: 'visitor', request: waits?.id ?? request, callback: `b${n}`, dueAt: s.what % 3 ? acd.state.at + 1500 : 0 })],
    [6, () => ({ type: 'callback.cancel', cmd, by: 'supervisor', callback: [...state.callbacks.keys()][0] ?? 'none', supervisor })],
    [6, () => ({ type: 'call.dial', cmd, by: 'agent', agent, request: `o${n}`, visitor: `v${s.what % 7}`, channel: 'web', access: 'web', ...(s.what > 6 ? { waitMs: 2000 } : {}) })],
    [3, () => ({ type: 'dial.ring', cmd, by: 'visitor', request: dialled?.id ?? request })],
    [6, () => ({ type: 'dial.accept', cmd, by: 'visitor', request: dialled?.id ?? request })],
    [3, () => ({ type: 'dial.decline', cmd, by: 'visitor', request: dialled?.id ?? request })],
    [3, () => ({ type: 'dial.cancel', cmd, by: 'agent', agent: dialled?.agent ?? agent, request: dialled?.id ?? request })],
    [4, () => ({ type: 'call.leave', cmd, by: 'agent', ...inCall })],
    [1, () => ({ type: 'call.terminate', cmd, by: 'supervisor', request: talk?.id ?? request, supervisor })],
    [9, () => ({ type: 'call.hold', cmd, by: 'agent', ...inCall, on: s.what === 0 || !talk?.held })],
    [9, () => ({ type: 'call.transfer', cmd, by: 'agent', ...inCall, invitation: `i${n}`, to, warm: s.what % 2 === 0 })],
    [9, () => ({ type: 'call.invite', cmd, by: 'agent', ...inCall, invitation: `i${n}`, to })],
    [3, () => ({ type: 'invitation.cancel', cmd, by: 'agent', ...inCall, invitation: talk?.legs[0]?.id ?? 'none' })],
    [25, () => ({ type: 'guest.invite', cmd, by: 'agent', ...inCall, guest: `g${s.who % 3}` })],
    [20, () => ({ type: 'guest.knock', cmd, by: 'visitor', request: inCall.request, guest: guest('invited') })],
    [20, () => ({ type: 'guest.admit', cmd, by: 'agent', ...inCall, guest: guest('knocking') })],
    [9, () => ({ type: 'guest.refuse', cmd, by: 'agent', ...inCall, guest: guest(s.what > 4 ? 'in' : 'knocking') })],
    [2, () => ({ type: 'guest.leave', cmd, by: 'visitor', request: inCall.request, guest: guest('in') })],
    [6, () => ({ type: 'monitor.start', cmd, by: 'supervisor', supervisor, request: inCall.request, mode: pickOf(s.who, 'listen', 'whisper', 'barge') })],
    [3, () => ({ type: 'monitor.stop', cmd, by: 'supervisor', supervisor, request: inCall.request })],
    [3, () => ({ type: 'monitor.takeOver', cmd, by: 'supervisor', supervisor: agent, request: inCall.request })],
    [5, () => ({ type: 'agent.queueStatus', cmd, by: 'agent', agent: inCall.agent, to: pickOf(s.what, 'away', null, 'busy', 'idle', 'offline'), reason: '' })],
    [4, () => ({ type: 'status.decide', cmd, by: 'supervisor', agent: [...state.agents.values()].find((x) => x.asked)?.id ?? agent, granted: s.what % 3 > 0, supervisor })],
    [9, () => ({ type: 'wrapup.ask', cmd, by: 'agent', agent: inCall.agent, wanted: s.what % 3 > 0 })],
    [12, () => ({ type: 'wrapup.extend', cmd, by: 'agent', agent: [...state.agents.values()].find((x) => x.work === 'wrap_up')?.id ?? agent, ms: 500 })],
    [2, () => ({ type: 'ticket.open', cmd, by: 'agent', agent: done?.served[0] ?? agent, request: done?.id ?? request, ticket: `t${n}` })],
    [2, () => ({ type: 'visitor.askBlock', cmd, by: 'agent', agent: done?.served[0] ?? agent, request: done?.id ?? request, reason: 'rude' })],
    [1, () => ({ type: 'visitor.block', cmd, by: 'supervisor', visitor: `v${s.what % 7}`, supervisor })],
    [4, () => ({ type: 'visitor.unblock', cmd, by: 'supervisor', visitor: [...state.blocks.keys()][0] ?? 'v1', supervisor })],
    [2, () => ({ type: 'plan.change', cmd, by: 'admin', plan: { ...s.plan, version: (state.plan?.version ?? 0) + (s.what === 0 ? 0 : 1) } })],
  ]
  let k = s.kind % (asks.reduce((sum, [weight]) => sum + weight, 0) + 2)
  for (const [weight, ask] of asks) if ((k -= weight) < 0) return ask()
  return { type: 'clock', cmd, by: 'clock' }
}

const pickOf = <T>(n: number, ...of: T[]): T => of[n % of.length]!

/** Runs steps as the driver would: deadlines first, each at its instant. `each` sees every outcome. */
export function run(plan: Plan, steps: Step[], each: (acd: Acd, events: TwinlineEvent[], now: number) => void): { acd: Acd; log: TwinlineEvent[]; inputs: { now: number; command: Command }[] } {
  const acd = new Acd('law')
  const log: TwinlineEvent[] = []
  const inputs: { now: number; command: Command }[] = []
  // Half a minute before midnight: most days meet the next one.
  let now = 1_767_571_170_000
  const act = (at: number, command: Command): void => {
    const before = acd.state.seq
    const { events, refusal } = acd.apply(at, command)
    if (refusal) expect(acd.state.seq).toBe(before)
    inputs.push({ now: at, command: structuredClone(command) })
    log.push(...events)
    each(acd, events, at)
  }
  act(now, { type: 'plan.change', cmd: 'p', by: 'admin', plan })
  for (const { id: agent } of plan.agents) {
    act(now, { type: 'agent.login', cmd: `in-${agent}`, by: 'agent', agent, session: 's' })
    act(now, { type: 'device.check', cmd: `dev-${agent}`, by: 'agent', agent, camera: true, microphone: true, speaker: true, network: 'good' })
    act((now += 10), { type: 'agent.setStatus', cmd: `idle-${agent}`, by: 'agent', agent, to: 'idle', reason: '' })
  }
  steps.forEach((s, n) => {
    const until = now + s.dt
    for (let at = acd.nextDeadline(); at <= until; at = acd.nextDeadline()) act(at, { type: 'clock', cmd: `t${log.length}`, by: 'clock' })
    now = until
    act(now, commandOf(acd, s, n))
  })
  return { acd, log, inputs }
}
