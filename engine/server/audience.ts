// Who listens: one page a visitor and one an agent, the newest; after each commit those it concerns are shown their view.
import type { TwinlineEvent } from '#events/event.ts'
import type { State } from '#core/state.ts'
import type { VisitorView } from '#wire/messages.ts'
import { PING_EVERY_MS, PLACES_EVERY_MS, STALLED_MS, VIEWS_AT_ONCE } from './limits.ts'
import { agentView, visitorView, type VisitStart } from './views.ts'

/** A page's socket as the audience needs it. */
export interface Page {
  show(view: object, now: number): boolean
  bye(code: 'replaced' | 'forbidden' | 'not_signed_in' | 'stopping'): void
  ping(forgive: boolean): void
}
export interface VisitorPage { socket: Page; visit: VisitStart; place: number | null }
export interface AgentPage { socket: Page; agent: string; session: string; expiresAt: number }

export class Audience {
  readonly #state: State
  readonly #now: () => number
  readonly #visitors = new Map<string, VisitorPage>()
  readonly #agents = new Map<string, AgentPage>()
  /** Sockets that said hello or have yet to. */
  readonly #sockets = new Set<Page>()
  /** Whose view is to be made: `v` and a request, or `a` and an agent. */
  #dirty = new Set<string>()
  readonly #dirtyGroups = new Set<string>()
  #flushing = false
  readonly #timers: NodeJS.Timeout[]
  #pingDue: number

  constructor(state: State, now: () => number) {
    this.#state = state
    this.#now = now
    this.#pingDue = performance.now() + PING_EVERY_MS
    this.#timers = [setInterval(() => this.#tellPlaces(), PLACES_EVERY_MS), setInterval(() => this.#ping(), PING_EVERY_MS)]
    for (const timer of this.#timers) timer.unref()
  }

  get size(): number { return this.#sockets.size }

  /** A socket is watched from its first moment to its last. */
  watch(socket: Page): void { this.#sockets.add(socket) }
  unwatch(socket: Page): void { this.#sockets.delete(socket) }

  visitor(request: string): VisitorPage | undefined { return this.#visitors.get(request) }
  agent(agent: string): AgentPage | undefined { return this.#agents.get(agent) }

  /** This page is now the request's one; the one before it is sent away. */
  enterVisitor(page: VisitorPage): void {
    const before = this.#visitors.get(page.visit.request)
    this.#visitors.set(page.visit.request, page)
    before?.socket.bye('replaced')
  }

  /** This page is now the agent's one; the one before it is sent away. */
  enterAgent(page: AgentPage): void {
    const before = this.#agents.get(page.agent)
    this.#agents.set(page.agent, page)
    before?.socket.bye('replaced')
  }

  /** The page is gone; true when it was the current one, so that now nobody is there. */
  leaveVisitor(page: VisitorPage): boolean {
    return this.#visitors.get(page.visit.request) === page && this.#visitors.delete(page.visit.request)
  }
  leaveAgent(page: AgentPage): boolean {
    return this.#agents.get(page.agent) === page && this.#agents.delete(page.agent)
  }

  /** The view of a page just now. */
  viewOf(page: VisitorPage): VisitorView {
    const view = visitorView(this.#state, page.visit)
    page.place = view.position
    return view
  }

  /** Notes whom these facts concern; their views go out before anything else is done. */
  committed(events: readonly TwinlineEvent[]): void {
    for (const e of events) {
      const { request, agent, participant, group } = e.data as { request?: string; agent?: string; participant?: string; group?: string }
      if (request !== undefined) {
        this.#dirty.add(`v${request}`)
        const now = this.#state.requests.get(request)?.agent
        if (now) this.#dirty.add(`a${now}`)
      }
      for (const id of [agent, participant]) if (id !== undefined) this.#dirty.add(`a${id}`)
      if (group !== undefined) this.#dirtyGroups.add(group)
      if (e.type === 'plan.changed') {
        for (const id of this.#agents.keys()) this.#dirty.add(`a${id}`)
        for (const id of this.#state.groups.keys()) this.#dirtyGroups.add(id)
      }
    }
    this.#flush()
  }

  /** Sends everyone away and stops. */
  close(): void {
    for (const timer of this.#timers) clearInterval(timer)
    for (const socket of this.#sockets) socket.bye('stopping')
  }

  #flush(): void {
    if (this.#flushing || this.#dirty.size === 0) return
    this.#flushing = true
    setImmediate(() => {
      this.#flushing = false
      const now = this.#now()
      let made = 0
      for (const key of this.#dirty) {
        this.#dirty.delete(key)
        if (this.#show(key, now) && ++made >= VIEWS_AT_ONCE) break
      }
      this.#flush()
    })
  }

  /** Makes and sends one view; whether there was anybody to see it. */
  #show(key: string, now: number): boolean {
    const id = key.slice(1)
    const page = key[0] === 'v' ? this.#visitors.get(id) : this.#agents.get(id)
    if (!page) return false
    if ('visit' in page) {
      if (!page.socket.show(this.viewOf(page), now)) this.#late.add(key)
      return true
    }
    const view = agentView(this.#state, page.agent, now)
    if (!view) page.socket.bye('forbidden')
    else if (!page.socket.show(view, now)) this.#late.add(key)
    return true
  }

  /** Views that did not fit into their socket's buffer; made afresh a little later. */
  readonly #late = new Set<string>()

  /** Once a second: places in the queues that changed, for those who wait and for the agents of the group. */
  #tellPlaces(): void {
    for (const key of this.#late) this.#dirty.add(key)
    this.#late.clear()
    for (const id of this.#dirtyGroups) {
      const group = this.#state.groups.get(id)
      let place = 0
      for (const r of group?.queue ?? []) {
        place++
        const page = this.#visitors.get(r.id)
        if (page && page.place !== place) this.#dirty.add(`v${r.id}`)
      }
    }
    if (this.#dirtyGroups.size > 0) {
      for (const id of this.#agents.keys()) {
        if (this.#state.agents.get(id)?.memberships.some((m) => this.#dirtyGroups.has(m.group.id))) this.#dirty.add(`a${id}`)
      }
      this.#dirtyGroups.clear()
    }
    this.#flush()
  }

  #ping(): void {
    const late = performance.now() - this.#pingDue > STALLED_MS
    this.#pingDue = performance.now() + PING_EVERY_MS
    // After reading what has come in meanwhile: an answer that waits in the kernel is an answer.
    setImmediate(() => {
      for (const socket of this.#sockets) socket.ping(late)
      const now = this.#now()
      for (const page of this.#agents.values()) {
        // Nobody is thrown out of a call because his shift is long.
        if (page.expiresAt <= now && (this.#state.agents.get(page.agent)?.work ?? 'none') === 'none') page.socket.bye('not_signed_in')
      }
    })
  }
}
