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

interface Timed { n: number }
type Row<E extends Timed, F extends string> = { field: F; list: Ordered<E & Record<F, number>> }

const row = <E extends Timed & Record<F, number>, F extends string>(field: F): Row<E, F> =>
  ({ field, list: new Ordered<E & Record<F, number>>((a, b) => a[field] - b[field] || a.n - b.n) })

/**
 * The deadlines in force. Each kind has a list of its own because timers of one kind mostly last equally long and so come
 * and go in order. An instant of 0 means "not armed". Ties fall by row, then by the entity's ordinal: a total order.
 */
export class Deadlines {
  readonly #waitBy = row<RequestState, 'waitBy'>('waitBy')
  readonly #ringBy = row<RequestState, 'ringBy'>('ringBy')
  readonly #connectBy = row<RequestState, 'connectBy'>('connectBy')
  readonly #visitorGraceBy = row<RequestState, 'graceBy'>('graceBy')
  readonly #coolBy = row<AgentState, 'coolBy'>('coolBy')
  readonly #wrapUpBy = row<AgentState, 'wrapUpBy'>('wrapUpBy')
  readonly #agentGraceBy = row<AgentState, 'graceBy'>('graceBy')

  forRequest(request: RequestState, timer: RequestTimer, at: number): void {
    switch (timer) {
      case 'waitBy': return arm(this.#waitBy, request, at)
      case 'ringBy': return arm(this.#ringBy, request, at)
      case 'connectBy': return arm(this.#connectBy, request, at)
      case 'graceBy': return arm(this.#visitorGraceBy, request, at)
    }
  }

  forAgent(agent: AgentState, timer: AgentTimer, at: number): void {
    switch (timer) {
      case 'coolBy': return arm(this.#coolBy, agent, at)
      case 'wrapUpBy': return arm(this.#wrapUpBy, agent, at)
      case 'graceBy': return arm(this.#agentGraceBy, agent, at)
    }
  }

  /** The earliest instant at which something is due; Infinity when nothing is. */
  next(): number {
    return Math.min(
      this.#ringBy.list.first?.ringBy ?? Infinity, this.#waitBy.list.first?.waitBy ?? Infinity,
      this.#connectBy.list.first?.connectBy ?? Infinity, this.#visitorGraceBy.list.first?.graceBy ?? Infinity,
      this.#coolBy.list.first?.coolBy ?? Infinity, this.#wrapUpBy.list.first?.wrapUpBy ?? Infinity,
      this.#agentGraceBy.list.first?.graceBy ?? Infinity,
    )
  }

  /** The first thing due at `now`, or null. It stays due until a fact clears it. */
  due(now: number): Due | null {
    const at = this.next()
    if (at > now) return null
    let request = this.#ringBy.list.first
    if (request?.ringBy === at) return { request, timer: 'ringBy' }
    request = this.#waitBy.list.first
    if (request?.waitBy === at) return { request, timer: 'waitBy' }
    request = this.#connectBy.list.first
    if (request?.connectBy === at) return { request, timer: 'connectBy' }
    request = this.#visitorGraceBy.list.first
    if (request?.graceBy === at) return { request, timer: 'graceBy' }
    let agent = this.#coolBy.list.first
    if (agent?.coolBy === at) return { agent, timer: 'coolBy' }
    agent = this.#wrapUpBy.list.first
    if (agent?.wrapUpBy === at) return { agent, timer: 'wrapUpBy' }
    return { agent: this.#agentGraceBy.list.first!, timer: 'graceBy' }
  }
}

function arm<E extends Timed & Record<F, number>, F extends string>({ field, list }: Row<E, F>, entity: E, at: number): void {
  if (entity[field] !== 0) list.delete(entity)
  ;(entity as Record<F, number>)[field] = at
  if (at !== 0) list.add(entity)
}
