// Every timer of the house, one row each: whose it is and under which field its instant is kept. The driver arms one timer for the earliest.
import { Ordered } from './ordered.ts'
import type { AgentState, RequestState } from './entities.ts'

/** Timers of a request: the longest wait, the ring of its offer, the connecting after acceptance, the grace of a lost visitor. */
export const REQUEST_TIMERS = ['waitBy', 'ringBy', 'connectBy', 'graceBy'] as const
/** Timers of an agent: the pause after a decline, wrap-up, the grace of a lost connection. */
export const AGENT_TIMERS = ['coolBy', 'wrapUpBy', 'graceBy'] as const
export type RequestTimer = (typeof REQUEST_TIMERS)[number]
export type AgentTimer = (typeof AGENT_TIMERS)[number]

/** What is due: exactly one of the two is set. */
export type Due = { request: RequestState; timer: RequestTimer } | { agent: AgentState; timer: AgentTimer }

/**
 * The deadlines in force. Each kind has a list of its own because timers of one kind mostly last equally long and so come
 * and go in order. An instant of 0 means "not armed". Ties fall by kind, then by the entity's ordinal: a total order.
 * Fields are spelled out, not looked up by name: that made the core a tenth faster.
 */
export class Deadlines {
  readonly #ringBy = new Ordered<RequestState>((a, b) => a.ringBy - b.ringBy || a.n - b.n)
  readonly #waitBy = new Ordered<RequestState>((a, b) => a.waitBy - b.waitBy || a.n - b.n)
  readonly #connectBy = new Ordered<RequestState>((a, b) => a.connectBy - b.connectBy || a.n - b.n)
  readonly #visitorGraceBy = new Ordered<RequestState>((a, b) => a.graceBy - b.graceBy || a.n - b.n)
  readonly #coolBy = new Ordered<AgentState>((a, b) => a.coolBy - b.coolBy || a.n - b.n)
  readonly #wrapUpBy = new Ordered<AgentState>((a, b) => a.wrapUpBy - b.wrapUpBy || a.n - b.n)
  readonly #agentGraceBy = new Ordered<AgentState>((a, b) => a.graceBy - b.graceBy || a.n - b.n)

  /** Arms a request's timer for `at`, or clears it with 0. */
  forRequest(r: RequestState, timer: RequestTimer, at: number): void {
    switch (timer) {
      case 'ringBy': if (r.ringBy !== 0) this.#ringBy.delete(r); r.ringBy = at; if (at !== 0) this.#ringBy.add(r); return
      case 'waitBy': if (r.waitBy !== 0) this.#waitBy.delete(r); r.waitBy = at; if (at !== 0) this.#waitBy.add(r); return
      case 'connectBy': if (r.connectBy !== 0) this.#connectBy.delete(r); r.connectBy = at; if (at !== 0) this.#connectBy.add(r); return
      case 'graceBy': if (r.graceBy !== 0) this.#visitorGraceBy.delete(r); r.graceBy = at; if (at !== 0) this.#visitorGraceBy.add(r); return
    }
  }

  /** Arms an agent's timer for `at`, or clears it with 0. */
  forAgent(a: AgentState, timer: AgentTimer, at: number): void {
    switch (timer) {
      case 'coolBy': if (a.coolBy !== 0) this.#coolBy.delete(a); a.coolBy = at; if (at !== 0) this.#coolBy.add(a); return
      case 'wrapUpBy': if (a.wrapUpBy !== 0) this.#wrapUpBy.delete(a); a.wrapUpBy = at; if (at !== 0) this.#wrapUpBy.add(a); return
      case 'graceBy': if (a.graceBy !== 0) this.#agentGraceBy.delete(a); a.graceBy = at; if (at !== 0) this.#agentGraceBy.add(a); return
    }
  }

  /** The earliest instant at which something is due; Infinity when nothing is. */
  next(): number {
    let at = this.#ringBy.first?.ringBy ?? Infinity
    at = Math.min(at, this.#waitBy.first?.waitBy ?? Infinity)
    at = Math.min(at, this.#connectBy.first?.connectBy ?? Infinity)
    at = Math.min(at, this.#visitorGraceBy.first?.graceBy ?? Infinity)
    at = Math.min(at, this.#coolBy.first?.coolBy ?? Infinity)
    at = Math.min(at, this.#wrapUpBy.first?.wrapUpBy ?? Infinity)
    return Math.min(at, this.#agentGraceBy.first?.graceBy ?? Infinity)
  }

  /** The first thing due at `now`, or null. It stays due until a fact clears it. */
  due(now: number): Due | null {
    const at = this.next()
    if (at > now) return null
    // The longest wait before the ring: who has waited long enough is not offered to one more agent for no time at all.
    let request = this.#waitBy.first
    if (request?.waitBy === at) return { request, timer: 'waitBy' }
    request = this.#ringBy.first
    if (request?.ringBy === at) return { request, timer: 'ringBy' }
    request = this.#connectBy.first
    if (request?.connectBy === at) return { request, timer: 'connectBy' }
    request = this.#visitorGraceBy.first
    if (request?.graceBy === at) return { request, timer: 'graceBy' }
    let agent = this.#coolBy.first
    if (agent?.coolBy === at) return { agent, timer: 'coolBy' }
    agent = this.#wrapUpBy.first
    if (agent?.wrapUpBy === at) return { agent, timer: 'wrapUpBy' }
    return { agent: this.#agentGraceBy.first!, timer: 'graceBy' }
  }
}
