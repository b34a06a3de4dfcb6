// The one mutable thing: what holds now. Only evolve.ts changes it, fact by fact; every index is rebuildable from the entities.
import { UNGROUPED, type Plan } from '#events/plan.ts'
import { AGENT_TIMERS, Deadlines, REQUEST_TIMERS, type AgentTimer, type RequestTimer } from './deadlines.ts'
import { newAgent, newGroup, READY, standingOf, type AgentState, type GroupState, type Membership, type RequestState, type VisitorState } from './entities.ts'
import { ImpossibleState, must } from './limits.ts'
import { Fifo } from './fifo.ts'

/** A state as plain JSON: entities only. */
export interface Snapshot {
  seq: number
  at: number
  plan: Plan | null
  requestsEver: number
  agentsEver: number
  agents: Omit<AgentState, 'memberships' | 'plan'>[]
  requests: RequestState[]
  visitors: VisitorState[]
}

export class State {
  seq = 0
  /** Instant of the last fact. */
  at = 0
  plan: Plan | null = null
  requestsEver = 0
  agentsEver = 0
  /** Requests that are not closed. */
  open = 0
  readonly agents = new Map<string, AgentState>()
  readonly requests = new Map<string, RequestState>()
  readonly visitors = new Map<string, VisitorState>()
  readonly groups = new Map<string, GroupState>()
  readonly deadlines = new Deadlines()
  /** Closed requests still remembered, the oldest first. */
  readonly closed = new Fifo<RequestState>()

  request(id: string): RequestState { return this.requests.get(id) ?? unknown('request', id) }
  agent(id: string): AgentState { return this.agents.get(id) ?? unknown('agent', id) }
  group(id: string): GroupState { return this.groups.get(id) ?? unknown('group', id) }

  setRequestTimer(r: RequestState, timer: RequestTimer, at: number): void { if (r[timer] !== at) this.deadlines.forRequest(r, timer, at) }
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

  /** Whether the request can be offered now. */
  offerable(r: RequestState): boolean { return r.phase === 'waiting' && r.offer === null && r.lostAt === 0 }

  /** Keeps the group's list of offerable requests true to the request, before (`false`) and after (`true`) a change. */
  relist(r: RequestState, after: boolean): void {
    if (r.group === null || !this.offerable(r)) return
    const { offerable } = this.group(r.group)
    if (after) offerable.add(r)
    else offerable.delete(r)
  }

  /** Lays the plan over the entities: groups, memberships, queues. Entities themselves stay as they are. */
  index(plan: Plan): void {
    this.plan = plan
    this.groups.clear()
    for (const g of plan.groups) this.groups.set(g.id, newGroup(g))
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
      if (a.plan === null && a.session === null) this.agents.delete(a.id)
      else this.list(a)
    }
    for (const r of this.requests.values()) {
      if (r.phase !== 'waiting') continue
      this.group(must(r.group, 'a waiting request has a group')).queue.add(r)
      this.relist(r, true)
    }
  }

  /** The state as plain JSON. `restore` of it behaves the same for ever after. */
  snapshot(): Snapshot {
    return {
      seq: this.seq, at: this.at, plan: this.plan, requestsEver: this.requestsEver, agentsEver: this.agentsEver,
      agents: [...this.agents.values()].map(({ memberships: _m, plan: _p, ...rest }) => rest),
      requests: [...this.requests.values()].map((r) => ({ ...r })),
      visitors: [...this.visitors.values()].map((v) => ({ ...v, contacts: v.contacts.map((c) => ({ ...c })) })),
    }
  }

  static restore(s: Snapshot): State {
    const state = new State()
    state.seq = s.seq
    state.at = s.at
    state.requestsEver = s.requestsEver
    state.agentsEver = s.agentsEver
    for (const v of s.visitors) state.visitors.set(v.id, { ...v, contacts: v.contacts.map((c) => ({ ...c })) })
    for (const a of s.agents) state.agents.set(a.id, { ...a, plan: null, memberships: [] })
    for (const r of s.requests) {
      const request = { ...r }
      state.requests.set(r.id, request)
      if (r.phase !== 'closed') state.open++
    }
    for (const r of [...state.requests.values()].filter((x) => x.phase === 'closed').sort((a, b) => a.closedAt - b.closedAt)) state.closed.add(r)
    if (s.plan) state.index(s.plan)
    for (const r of state.requests.values()) for (const t of REQUEST_TIMERS) rearm(r, t, (at) => state.deadlines.forRequest(r, t, at))
    for (const a of state.agents.values()) for (const t of AGENT_TIMERS) rearm(a, t, (at) => state.deadlines.forAgent(a, t, at))
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
