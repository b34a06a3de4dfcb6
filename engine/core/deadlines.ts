// Every timer of the house, one row each: whose it is and under which field its instant is kept. The driver arms one timer for the earliest.
import { Timers } from './timers.ts'
import type { AgentState, CallbackState, Leg, RequestState } from './entities.ts'

/** Timers of a request: the connecting after acceptance, the grace of a lost visitor, the ringing of a visitor. */
export const REQUEST_TIMERS = ['connectBy', 'graceBy', 'dialBy'] as const
/** Timers of a search for an agent: the longest wait, the ring of its offer, the wait for one agent, the move to another group. */
export const LEG_TIMERS = ['waitBy', 'ringBy', 'stickyBy', 'overflowBy'] as const
/** Timers of an agent: the pause after a decline, wrap-up, the grace of a lost connection. */
export const AGENT_TIMERS = ['coolBy', 'wrapUpBy', 'graceBy'] as const
export type RequestTimer = (typeof REQUEST_TIMERS)[number]
export type LegTimer = (typeof LEG_TIMERS)[number]
export type AgentTimer = (typeof AGENT_TIMERS)[number]

/** What is due. */
export type Due =
  | { kind: 'leg'; leg: Leg; timer: LegTimer } | { kind: 'request'; request: RequestState; timer: RequestTimer }
  | { kind: 'agent'; agent: AgentState; timer: AgentTimer } | { kind: 'callback'; callback: CallbackState } | { kind: 'day' }

/**
 * The deadlines in force. Each kind has timers of its own because those of one kind mostly last equally long and so come
 * in order. An instant of 0 means "not armed". Ties fall by kind, then by the entity's ordinal: a total order.
 * Fields are spelled out, not looked up by name: that made the core a tenth faster.
 */
export class Deadlines {
  readonly #ringBy = new Timers<Leg>((x) => x.ringBy)
  readonly #waitBy = new Timers<Leg>((x) => x.waitBy)
  readonly #stickyBy = new Timers<Leg>((x) => x.stickyBy)
  readonly #overflowBy = new Timers<Leg>((x) => x.overflowBy)
  readonly #connectBy = new Timers<RequestState>((x) => x.connectBy)
  readonly #dialBy = new Timers<RequestState>((x) => x.dialBy)
  readonly #visitorGraceBy = new Timers<RequestState>((x) => x.graceBy)
  readonly #coolBy = new Timers<AgentState>((x) => x.coolBy)
  readonly #wrapUpBy = new Timers<AgentState>((x) => x.wrapUpBy)
  readonly #agentGraceBy = new Timers<AgentState>((x) => x.graceBy)
  readonly #dueBy = new Timers<CallbackState>((x) => x.dueBy)
  /** When the plan's local day ends; Infinity where nobody counts days. */
  dayBy = Infinity

  /** Arms a leg's timer for `at`, or clears it with 0. */
  forLeg(l: Leg, timer: LegTimer, at: number): void {
    switch (timer) {
      case 'ringBy': if (l.ringBy !== 0) this.#ringBy.clear(); l.ringBy = at; if (at !== 0) this.#ringBy.arm(l, at); return
      case 'waitBy': if (l.waitBy !== 0) this.#waitBy.clear(); l.waitBy = at; if (at !== 0) this.#waitBy.arm(l, at); return
      case 'stickyBy': if (l.stickyBy !== 0) this.#stickyBy.clear(); l.stickyBy = at; if (at !== 0) this.#stickyBy.arm(l, at); return
      case 'overflowBy': if (l.overflowBy !== 0) this.#overflowBy.clear(); l.overflowBy = at; if (at !== 0) this.#overflowBy.arm(l, at); return
    }
  }

  /** Arms a request's timer for `at`, or clears it with 0. */
  forRequest(r: RequestState, timer: RequestTimer, at: number): void {
    switch (timer) {
      case 'connectBy': if (r.connectBy !== 0) this.#connectBy.clear(); r.connectBy = at; if (at !== 0) this.#connectBy.arm(r, at); return
      case 'graceBy': if (r.graceBy !== 0) this.#visitorGraceBy.clear(); r.graceBy = at; if (at !== 0) this.#visitorGraceBy.arm(r, at); return
      case 'dialBy': if (r.dialBy !== 0) this.#dialBy.clear(); r.dialBy = at; if (at !== 0) this.#dialBy.arm(r, at); return
    }
  }

  /** Arms an agent's timer for `at`, or clears it with 0. */
  forAgent(a: AgentState, timer: AgentTimer, at: number): void {
    switch (timer) {
      case 'coolBy': if (a.coolBy !== 0) this.#coolBy.clear(); a.coolBy = at; if (at !== 0) this.#coolBy.arm(a, at); return
      case 'wrapUpBy': if (a.wrapUpBy !== 0) this.#wrapUpBy.clear(); a.wrapUpBy = at; if (at !== 0) this.#wrapUpBy.arm(a, at); return
      case 'graceBy': if (a.graceBy !== 0) this.#agentGraceBy.clear(); a.graceBy = at; if (at !== 0) this.#agentGraceBy.arm(a, at); return
    }
  }

  /** Takes a callback in, or out again. */
  addCallback(c: CallbackState, at: number): void { c.dueBy = at; this.#dueBy.arm(c, at) }
  dropCallback(c: CallbackState): void { c.dueBy = 0; this.#dueBy.clear() }

  /** The earliest instant at which something is due; Infinity when nothing is. */
  next(): number {
    let at = this.dayBy
    at = Math.min(at, this.#ringBy.first?.ringBy ?? Infinity)
    at = Math.min(at, this.#waitBy.first?.waitBy ?? Infinity)
    at = Math.min(at, this.#connectBy.first?.connectBy ?? Infinity)
    at = Math.min(at, this.#wrapUpBy.first?.wrapUpBy ?? Infinity)
    at = Math.min(at, this.#visitorGraceBy.first?.graceBy ?? Infinity)
    at = Math.min(at, this.#stickyBy.first?.stickyBy ?? Infinity)
    at = Math.min(at, this.#overflowBy.first?.overflowBy ?? Infinity)
    at = Math.min(at, this.#dialBy.first?.dialBy ?? Infinity)
    at = Math.min(at, this.#coolBy.first?.coolBy ?? Infinity)
    at = Math.min(at, this.#agentGraceBy.first?.graceBy ?? Infinity)
    return Math.min(at, this.#dueBy.first?.dueBy ?? Infinity)
  }

  /** The first thing due at `now`, or null. It stays due until a fact clears it. */
  due(now: number): Due | null {
    const at = this.next()
    if (at > now) return null
    if (this.dayBy === at) return { kind: 'day' }
    // The longest wait before all else that could still be done for who waits: he is not offered once more for no time at all.
    let leg = this.#waitBy.first
    if (leg?.waitBy === at) return { kind: 'leg', leg, timer: 'waitBy' }
    leg = this.#ringBy.first
    if (leg?.ringBy === at) return { kind: 'leg', leg, timer: 'ringBy' }
    leg = this.#stickyBy.first
    if (leg?.stickyBy === at) return { kind: 'leg', leg, timer: 'stickyBy' }
    leg = this.#overflowBy.first
    if (leg?.overflowBy === at) return { kind: 'leg', leg, timer: 'overflowBy' }
    let request = this.#connectBy.first
    if (request?.connectBy === at) return { kind: 'request', request, timer: 'connectBy' }
    request = this.#dialBy.first
    if (request?.dialBy === at) return { kind: 'request', request, timer: 'dialBy' }
    request = this.#visitorGraceBy.first
    if (request?.graceBy === at) return { kind: 'request', request, timer: 'graceBy' }
    let agent = this.#coolBy.first
    if (agent?.coolBy === at) return { kind: 'agent', agent, timer: 'coolBy' }
    agent = this.#wrapUpBy.first
    if (agent?.wrapUpBy === at) return { kind: 'agent', agent, timer: 'wrapUpBy' }
    agent = this.#agentGraceBy.first
    if (agent?.graceBy === at) return { kind: 'agent', agent, timer: 'graceBy' }
    return { kind: 'callback', callback: this.#dueBy.first! }
  }
}
