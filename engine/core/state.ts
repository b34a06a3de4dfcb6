// The one mutable thing: what holds now. Only evolve changes it, fact by fact; every index is rebuildable from the entities.
import { nextDay } from '#events/hours.ts'
import { UNGROUPED, type Plan, type PlanAccess, type PlanHours } from '#events/plan.ts'
import { AGENT_TIMERS, Deadlines, LEG_TIMERS, REQUEST_TIMERS, type AgentTimer, type LegTimer, type RequestTimer } from './deadlines.ts'
import {
  newAgent, newGroup, READY, standingOf, type AgentState, type BlockState, type CallbackState, type GroupState, type Leg, type Membership, type RequestState, type VisitorState,
} from './entities.ts'
import { ImpossibleState } from './limits.ts'
import { Fifo } from './fifo.ts'

/** The form of a snapshot; one of another form is not used: the log is folded from its start instead. */
export const SNAPSHOT_FORM = 5

/** A state as plain JSON: entities only. */
export interface Snapshot {
  form: number
  seq: number
  at: number
  plan: Plan | null
  dayBy: number | null
  requestsEver: number
  legsEver: number
  agentsEver: number
  callbacksEver: number
  agents: Omit<AgentState, 'memberships' | 'plan' | 'waitedFor'>[]
  requests: (Omit<RequestState, 'legs'> & { legs: Omit<Leg, 'request'>[] })[]
  visitors: VisitorState[]
  callbacks: CallbackState[]
  blocks: BlockState[]
}

/** The clocks that count a local day. */
export const COUNTING: ReadonlySet<string> = new Set(['fewest_calls', 'least_talk'])
export const UTC: Pick<PlanHours, 'offsets'> = { offsets: [{ fromMs: 0, minutes: 0 }] }

export class State {
  seq = 0
  /** Instant of the last fact. */
  at = 0
  plan: Plan | null = null
  requestsEver = 0
  legsEver = 0
  agentsEver = 0
  callbacksEver = 0
  /** Requests that are not closed. */
  open = 0
  readonly agents = new Map<string, AgentState>()
  readonly requests = new Map<string, RequestState>()
  readonly visitors = new Map<string, VisitorState>()
  readonly callbacks = new Map<string, CallbackState>()
  readonly blocks = new Map<string, BlockState>()
  readonly groups = new Map<string, GroupState>()
  readonly access = new Map<string, PlanAccess>()
  readonly hours = new Map<string, PlanHours>()
  readonly deadlines = new Deadlines()
  /** Closed requests still remembered, the oldest first. */
  readonly closed = new Fifo<RequestState>()

  /** Facts about one request, agent or group mostly follow each other: the latest is asked before the table. That made the core a tenth faster. */
  #request: RequestState | null = null
  #agent: AgentState | null = null
  #group: GroupState | null = null

  request(id: string): RequestState { return this.#request?.id === id ? this.#request : (this.#request = this.requests.get(id) ?? unknown('request', id)) }
  agent(id: string): AgentState { return this.#agent?.id === id ? this.#agent : (this.#agent = this.agents.get(id) ?? unknown('agent', id)) }
  group(id: string): GroupState { return this.#group?.id === id ? this.#group : (this.#group = this.groups.get(id) ?? unknown('group', id)) }

  /** Takes an entity out. Nobody is found by `request` or `agent` who is not in the tables. */
  forget(r: RequestState): void {
    this.requests.delete(r.id)
    if (this.#request === r) this.#request = null
  }
  dismiss(a: AgentState): void {
    this.agents.delete(a.id)
    if (this.#agent === a) this.#agent = null
  }

  setRequestTimer(r: RequestState, timer: RequestTimer, at: number): void { if (r[timer] !== at) this.deadlines.forRequest(r, timer, at) }
  setLegTimer(l: Leg, timer: LegTimer, at: number): void { if (l[timer] !== at) this.deadlines.forLeg(l, timer, at) }
  setAgentTimer(a: AgentState, timer: AgentTimer, at: number): void { if (a[timer] !== at) this.deadlines.forAgent(a, timer, at) }

  /** Takes the agent out of the ready lists; to be called before any field of their order changes. */
  unlist(a: AgentState): void {
    if (a.standing === READY) for (const m of a.memberships) m.group.ready.delete(m)
    for (const m of a.memberships) m.group.standings[a.standing]!--
  }

  /** Puts him back where he now belongs. */
  list(a: AgentState): void {
    a.standing = standingOf(a)
    for (const m of a.memberships) {
      m.group.standings[a.standing]!++
      if (a.standing === READY) m.group.ready.add(m)
    }
  }

  /** Whether it can be offered now to somebody: it waits, does not ring, and the visitor is there. */
  askable(l: Leg): boolean { return l.group !== null && l.offer === null && l.request.lostAt === 0 }
  /** Whether it can be offered to anyone of its group. */
  offerable(l: Leg): boolean { return this.askable(l) && l.sticky === null }

  /** Keeps the group's list of offerable legs true to the leg, before (`false`) and after (`true`) a change. */
  relist(l: Leg, after: boolean): void {
    if (!this.offerable(l)) return
    const { offerable } = this.group(l.group!)
    if (after) offerable.add(l)
    else offerable.delete(l)
  }

  /** Lays the plan over the entities: groups, memberships, queues. Entities themselves stay as they are. */
  index(plan: Plan): void {
    this.plan = plan
    this.groups.clear()
    this.#group = null
    this.access.clear()
    this.hours.clear()
    for (const a of plan.access) this.access.set(a.id, a)
    for (const h of plan.hours ?? []) this.hours.set(h.id, h)
    for (const g of plan.groups) this.groups.set(g.id, newGroup(g, plan.idleClock))
    for (const a of this.agents.values()) { a.plan = null; a.memberships = [] }
    for (const p of plan.agents) {
      let a = this.agents.get(p.id)
      if (!a) this.agents.set(p.id, (a = newAgent(++this.agentsEver, p)))
      a.plan = p
      const places = p.groups.length > 0 ? p.groups : [{ group: UNGROUPED, tier: 1 }]
      a.memberships = places.map(({ group, tier }): Membership => ({ agent: a, group: this.group(group), tier }))
      for (const m of a.memberships) m.group.members++
    }
    for (const a of this.agents.values()) {
      if (a.plan === null && a.session === null) this.dismiss(a)
      else this.list(a)
    }
    for (const r of this.requests.values()) {
      for (const l of r.legs) {
        if (l.group === null) continue
        this.group(l.group).queue.add(l)
        this.relist(l, true)
      }
    }
  }

  /** Days are counted from here on if the plan's clock asks for it. */
  keepDays(): void {
    const { deadlines, plan } = this
    if (!plan || !COUNTING.has(plan.idleClock)) { deadlines.dayBy = Infinity; return }
    deadlines.dayBy = this.nextDay()
  }

  /** When the plan's local day of now ends. */
  nextDay(): number { return nextDay((this.hours.get(this.plan?.dayHours ?? '') ?? UTC) as PlanHours, this.at) }

  /** The state as plain JSON. `restore` of it behaves the same for ever after. */
  snapshot(): Snapshot {
    const { dayBy } = this.deadlines
    return {
      form: SNAPSHOT_FORM, seq: this.seq, at: this.at, plan: this.plan, dayBy: dayBy === Infinity ? null : dayBy,
      requestsEver: this.requestsEver, legsEver: this.legsEver, agentsEver: this.agentsEver, callbacksEver: this.callbacksEver,
      agents: [...this.agents.values()].map(({ memberships: _m, plan: _p, waitedFor: _w, ...rest }) => rest),
      requests: [...this.requests.values()].map((r) => ({ ...r, parties: [...r.parties], legs: r.legs.map(({ request: _r, ...leg }) => leg) })),
      visitors: [...this.visitors.values()].map((v) => ({ ...v, contacts: v.contacts.map((c) => ({ ...c })) })),
      callbacks: [...this.callbacks.values()].map((c) => ({ ...c })), blocks: [...this.blocks.values()].map((b) => ({ ...b })),
    }
  }

  static restore(s: Snapshot): State {
    const state = new State()
    state.seq = s.seq
    state.at = s.at
    state.requestsEver = s.requestsEver
    state.legsEver = s.legsEver
    state.agentsEver = s.agentsEver
    state.callbacksEver = s.callbacksEver
    for (const v of s.visitors) state.visitors.set(v.id, { ...v, contacts: v.contacts.map((c) => ({ ...c })) })
    for (const a of s.agents) state.agents.set(a.id, { ...a, plan: null, memberships: [], waitedFor: [] })
    for (const c of s.callbacks) state.callbacks.set(c.id, { ...c })
    for (const b of s.blocks) state.blocks.set(b.visitor, { ...b })
    for (const { legs, ...r } of s.requests) {
      const request: RequestState = { ...r, legs: [] }
      request.legs = legs.map((l) => ({ ...l, request }))
      state.requests.set(r.id, request)
      if (r.phase !== 'closed') state.open++
    }
    for (const r of [...state.requests.values()].filter((x) => x.phase === 'closed').sort((a, b) => a.closedAt - b.closedAt)) state.closed.add(r)
    if (s.plan) state.index(s.plan)
    state.deadlines.dayBy = s.dayBy ?? Infinity
    for (const r of state.requests.values()) {
      for (const t of REQUEST_TIMERS) rearm(r, t, (at) => state.deadlines.forRequest(r, t, at))
      for (const l of r.legs) {
        for (const t of LEG_TIMERS) rearm(l, t, (at) => state.deadlines.forLeg(l, t, at))
        if (l.sticky !== null) state.agents.get(l.sticky)?.waitedFor.push(l)
      }
    }
    for (const a of state.agents.values()) {
      a.waitedFor.sort((x, y) => x.n - y.n)
      for (const t of AGENT_TIMERS) rearm(a, t, (at) => state.deadlines.forAgent(a, t, at))
    }
    for (const c of state.callbacks.values()) state.deadlines.addCallback(c, c.dueBy)
    return state
  }
}

function unknown(what: string, id: string): never { throw new ImpossibleState(`${what} ${id} is not known`) }

function rearm<F extends string>(entity: Record<F, number>, field: F, arm: (at: number) => void): void {
  const at = entity[field]
  if (at === 0) return
  entity[field] = 0 as (typeof entity)[F]
  arm(at)
}
