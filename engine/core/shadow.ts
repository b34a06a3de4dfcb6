// A candidate plan beside the one in force: asked at each live decision, on the live state, what it would decide; its answer is not carried on.
import type { DataOf, EventOf, TwinlineEvent } from '#events/event.ts'
import { nextDay } from '#events/hours.ts'
import { DEFAULT_RULE, UNGROUPED, type Plan, type PlanAccess, type PlanAgent, type PlanGroup, type PlanHours } from '#events/plan.ts'
import { admission, type Hall, type House, type Turned } from './admission.ts'
import { excluded, row, type Row } from './dispatch.ts'
import { byClock, ownLeg, READY, STANDINGS, standingOf, type AgentState, type Leg, type Ranked } from './entities.ts'
import { must } from './limits.ts'
import { declared, matching, open } from './routing.ts'
import { COUNTING, UTC, type State } from './state.ts'

/** Where two plans part; with zh and en words for people. */
export const DIFFERENCES = {
  rule: { zh: '命中的规则不同', en: 'Another rule decides' },
  group: { zh: '技能组不同', en: 'Another group' },
  admission: { zh: '营业时间、排队上限或溢出不同', en: 'Hours, queue limit or overflow lead elsewhere' },
  member: { zh: '组内坐席不同', en: 'Other agents are in the group' },
  video: { zh: '视频客服不同', en: 'Other agents take video calls' },
  tier: { zh: '技能等级不同', en: 'The skill tier decides otherwise' },
  clock: { zh: '派单时钟不同', en: 'The idle clock decides otherwise' },
  nobody: { zh: '无人可派', en: 'Nobody could be asked' },
} as const
export type Difference = keyof typeof DIFFERENCES

/** Where a request goes: the rule and its group, the groups it is sent on to, and the queue it enters, or how its wait ends before it began. */
export interface Routed { rule: string; group: string; overflows: { from: string; to: string; why: DataOf<'request.overflowed'>['why'] }[]; queue: string | null; turned: Turned | null }
/** Who is asked, with what `decision.made` tells of it; `agent` null: nobody. */
export interface Chosen { group: string; agent: string | null; sticky: boolean; clock: string; candidates: number; best: Row[]; excluded: Record<string, number> }

/** `reason` is null where both are the same. `seq`, `at`, `cmd`: of the live fact. */
interface Told<T, A> { type: T; seq: number; at: number; cmd: string; request: string; live: A; candidate: A; same: boolean; reason: Difference | null }
export type Answer = Told<'request.routed', Routed> | Told<'decision.made', Chosen>

type Member = Pick<PlanAgent, 'id' | 'video'> & { tier: number }
/** A group of the candidate with the live agents who are its members. */
interface Gathered extends Hall { ready: Ranked[] }
type Counts = Pick<AgentState, 'calls' | 'talkMs'>
const NO_COUNTS: Counts = { calls: 0, talkMs: 0 }

export class Shadow {
  readonly plan: Plan
  readonly #hours: Map<string, PlanHours>
  readonly #access: Map<string, PlanAccess>
  readonly #groups: Map<string, PlanGroup>
  readonly #agents: Map<string, PlanAgent>
  readonly #members = new Map<string, Member[]>()
  /** What each agent's counts of calls and talk were when the candidate's day began, and when that ends. */
  readonly #before = new Map<string, Counts>()
  #dayBy = -Infinity

  /** The plan must be one that could come into force. */
  constructor(plan: Plan) {
    this.plan = plan
    this.#hours = new Map(plan.hours?.map((h) => [h.id, h]))
    this.#access = new Map(plan.access.map((a) => [a.id, a]))
    this.#groups = new Map(plan.groups.map((g) => [g.id, g]))
    this.#agents = new Map(plan.agents.map((a) => [a.id, a]))
    for (const g of plan.groups) this.#members.set(g.id, [])
    for (const { id, video, groups } of plan.agents) {
      for (const { group, tier } of groups.length > 0 ? groups : [{ group: UNGROUPED, tier: 1 }]) this.#members.get(group)!.push({ id, video, tier })
    }
  }

  /**
   * To be given every fact in order. What the candidate says where the live plan decided: at `request.routed` of a visitor's own request, and at
   * `decision.made` of the search that began with it. `state`: as it was before the fact, not changed. Null at any other fact.
   * It takes time in proportion to the members of the groups it looks at.
   */
  decide(state: State, fact: TwinlineEvent): Answer | null {
    if (COUNTING.has(this.plan.idleClock)) this.#keepDay(state, fact)
    if (fact.type === 'request.routed') return this.#route(state, fact)
    return fact.type === 'decision.made' && fact.data.invitation === undefined ? this.#choose(state, fact) : null
  }

  /**
   * The candidate's clock counts its own day, from the first fact it was given: the live plan may count none, or that of another
   * zone. What the live counts were is noted when a day begins here, and taken off when they begin anew there.
   */
  #keepDay(state: State, { at, type }: TwinlineEvent): void {
    if (at >= this.#dayBy) {
      for (const { id, calls, talkMs } of state.agents.values()) this.#before.set(id, { calls, talkMs })
      this.#dayBy = nextDay((this.#hours.get(this.plan.dayHours ?? '') ?? UTC) as PlanHours, at)
    }
    // Whom a plan takes out and another brings back begins anew.
    if (type === 'plan.changed') for (const id of this.#before.keys()) if (!state.agents.has(id)) this.#before.delete(id)
    if (type !== 'day.began' && (type !== 'plan.changed' || state.deadlines.dayBy !== Infinity)) return
    for (const { id, calls, talkMs } of state.agents.values()) {
      const before = this.#before.get(id) ?? NO_COUNTS
      this.#before.set(id, { calls: before.calls - calls, talkMs: before.talkMs - talkMs })
    }
  }

  /** Agents as the candidate's clock sees them: as they are, unless it counts and the live plan does not count the days of the same zone. */
  #seen({ deadlines, hours, plan }: State): (agent: AgentState) => AgentState {
    const [live, own] = [hours.get(plan?.dayHours ?? '') ?? UTC, this.#hours.get(this.plan.dayHours ?? '') ?? UTC]
    const alike = deadlines.dayBy !== Infinity && (live === own || JSON.stringify(live.offsets) === JSON.stringify(own.offsets))
    if (alike || !COUNTING.has(this.plan.idleClock)) return (agent) => agent
    return (agent) => {
      const { calls, talkMs } = this.#before.get(agent.id) ?? NO_COUNTS
      return { ...agent, calls: agent.calls - calls, talkMs: agent.talkMs - talkMs }
    }
  }

  #route(state: State, { seq, at, cmd, data }: EventOf<'request.routed'>): Answer | null {
    const { id: request, direction, channel, access, attributes } = state.request(data.request)
    // Outbound calls and callbacks have their group from elsewhere: no rule is asked.
    if (direction !== 'inbound') return null
    const live = destination(state, data.rule, data.group, at)
    const rule = matching(this.plan, { channel, access, attributes: declared(this.plan, attributes), at }, this.#hours)
    const candidate = destination(this.#house(state), rule?.id ?? DEFAULT_RULE, rule?.group ?? UNGROUPED, at)
    if (!open(this.#hours, this.#access.get(access)?.hours, at)) Object.assign(candidate, { overflows: [], queue: null, turned: 'closed_hours' } satisfies Partial<Routed>)
    const reason = live.rule !== candidate.rule ? 'rule' : live.group !== candidate.group ? 'group' : live.queue !== candidate.queue || live.turned !== candidate.turned ? 'admission' : null
    return { type: 'request.routed', seq, at, cmd, request, live, candidate, same: reason === null, reason }
  }

  #choose(state: State, { seq, at, cmd, data }: EventOf<'decision.made'>): Answer {
    const { request, chosen, sticky = false, group, clock, candidates, best, excluded } = data
    const live: Chosen = { group, agent: chosen, sticky, clock, candidates, best, excluded }
    const leg = must(ownLeg(state.request(request)), 'a decision is about a search')
    // As when a plan comes into force that lacks the group: who waits there waits in Ungrouped.
    const gathered = this.#gather(state, this.#groups.has(group) ? group : UNGROUPED)
    const candidate = this.#waitedFor(state, leg, gathered.id) ?? this.#first(leg, gathered)
    const reason = candidate.agent === chosen && candidate.group === group ? null : this.#why(state, live, candidate, gathered)
    return { type: 'decision.made', seq, at, cmd, request, live, candidate, same: reason === null, reason }
  }

  /** The agent whom the request waits for alone, if the candidate has him take video calls. */
  #waitedFor(state: State, { sticky }: Leg, group: string): Chosen | null {
    const [agent, plan] = sticky === null ? [] : [state.agents.get(sticky), this.#agents.get(sticky)]
    if (!agent || !plan || standingOf(agent, plan.video) !== READY) return null
    const { idleClock } = this.plan
    return { group, agent: agent.id, sticky: true, clock: idleClock, candidates: 1, best: [row(this.#seen(state)(agent), 1, idleClock)], excluded: {} }
  }

  /** The first of the ready who has not had the request, else the first. */
  #first({ tried }: Leg, { id: group, ready, standings }: Gathered): Chosen {
    const { idleClock: clock } = this.plan
    const order = byClock(clock)
    const fresh = tried.length === 0 ? ready : ready.filter((m) => !tried.includes(m.agent.id))
    const [first] = firstOf(fresh.length > 0 ? fresh : ready, 1, order)
    const best = firstOf(ready, 3, order).map(({ agent, tier }) => row(agent, tier, clock))
    return { group, agent: first?.agent.id ?? null, sticky: false, clock, candidates: ready.length, best, excluded: excluded({ standings }) }
  }

  #why(state: State, live: Chosen, candidate: Chosen, { ready }: Gathered): Difference {
    if (live.group !== candidate.group) return 'group'
    if (candidate.agent === null) return 'nobody'
    if (!this.#agents.has(live.agent!)) return 'member'
    if (!this.#agents.get(live.agent!)!.video) return 'video'
    const placeHere = (id: string | null): Ranked | undefined => ready.find((m) => m.agent.id === id)
    const placeLive = (id: string | null): Ranked | undefined => state.agent(id!).memberships.find((m) => m.group.id === live.group)
    const [asked, other] = [placeHere(live.agent), placeHere(candidate.agent)]
    const [askedLive, otherLive] = [placeLive(live.agent), placeLive(candidate.agent)]
    if (!asked || !other || !askedLive || !otherLive) return 'member'
    if (other.agent.standing !== READY) return 'video'
    return Math.sign(other.tier - asked.tier) === Math.sign(otherLive.tier - askedLive.tier) ? 'clock' : 'tier'
  }

  /** The candidate's groups over the live agents and queues, each gathered once. */
  #house(state: State): House<Gathered> {
    const gathered = new Map<string, Gathered>()
    return {
      hours: this.#hours,
      group: (id) => {
        const known = gathered.get(id) ?? this.#gather(state, id)
        gathered.set(id, known)
        return known
      },
    }
  }

  #gather(state: State, id: string): Gathered {
    const members = this.#members.get(id)!
    const standings = STANDINGS.map(() => 0)
    const ready: Ranked[] = []
    const seen = this.#seen(state)
    for (const m of members) {
      const agent = state.agents.get(m.id)
      const standing = agent ? standingOf(agent, m.video) : OFFLINE
      standings[standing]!++
      if (agent && standing === READY) ready.push({ agent: seen(agent), tier: m.tier })
    }
    return { id, plan: this.#groups.get(id)!, members: members.length, standings, queue: { size: this.#waiting(state, id) }, ready }
  }

  /** How many wait in this group; in Ungrouped, also those of groups that the candidate lacks. */
  #waiting({ groups }: State, id: string): number {
    let n = groups.get(id)?.queue.size ?? 0
    if (id === UNGROUPED) for (const g of groups.values()) if (!this.#groups.has(g.id)) n += g.queue.size
    return n
  }
}
const OFFLINE = STANDINGS.indexOf('offline')

/** Where a request that was sent to this group by this rule stands in the end. */
function destination<G extends Hall>(house: House<G>, rule: string, group: string, at: number): Routed {
  const overflows: Routed['overflows'] = []
  const end = admission(house, house.group(group), at, (from, to, why) => overflows.push({ from: from.id, to: to.id, why }))
  return typeof end === 'string' ? { rule, group, overflows, queue: null, turned: end } : { rule, group, overflows, queue: end.id, turned: null }
}

/** The first `n` in this order; for small `n`. */
function firstOf(ready: readonly Ranked[], n: number, order: (a: Ranked, b: Ranked) => number): Ranked[] {
  const first: Ranked[] = []
  for (const m of ready) {
    if (first.length === n && order(m, first[n - 1]!) > 0) continue
    let i = first.length
    while (i > 0 && order(m, first[i - 1]!) < 0) i--
    first.splice(i, 0, m)
    if (first.length > n) first.pop()
  }
  return first
}

/** A fact of a candidate's own log, but for its number and author. */
type Fact<T extends 'request.routed' | 'request.overflowed' | 'request.closed' | 'decision.made'> = { type: T; data: DataOf<T> }
export type Stated = Fact<'request.routed'> | Fact<'request.overflowed'> | Fact<'request.closed'> | Fact<'decision.made'>

/** The candidate's answer as the facts it would have stated; none where nobody would have been asked. Each answer stands alone. */
export function stated(answer: Answer): Stated[] {
  const { request } = answer
  if (answer.type === 'decision.made') {
    const { agent, sticky, ...rest } = answer.candidate
    return agent === null ? [] : [{ type: 'decision.made', data: { request, chosen: agent, ...rest, ...(sticky ? { sticky } : {}) } }]
  }
  const { rule, group, overflows, turned } = answer.candidate
  const facts: Stated[] = [{ type: 'request.routed', data: { request, rule, group } }]
  for (const o of overflows) facts.push({ type: 'request.overflowed', data: { request, ...o } })
  if (turned !== null) facts.push({ type: 'request.closed', data: { request, outcome: turned, endedBy: 'system' } })
  return facts
}
