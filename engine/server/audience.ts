// Who listens: one page a party, the newest; after each commit those it concerns are shown their view.
import type { TwinlineEvent } from '#events/event.ts'
import type { State } from '#core/state.ts'
import type { GroupState } from '#core/entities.ts'
import { QUEUE_ROWS, type QueueRow, type VisitorView } from '#wire/messages.ts'
import { Links } from './links.ts'
import { PING_EVERY_MS, PLACES_EVERY_MS, SLICES, STALLED_MS, VIEWS_AT_ONCE } from './limits.ts'
import { Pace } from './pace.ts'
import { agentView, guestView, queueRows, supervisorView, visitorView, type Asides, type VisitStart } from './views.ts'

/** A page's socket as the audience needs it. */
export interface Page {
  show(view: object, now: number): boolean
  bye(code: 'replaced' | 'forbidden' | 'not_signed_in' | 'stopping'): void
  ping(forgive: boolean): void
}
export interface VisitorPage { kind: 'visitor'; socket: Page; visit: VisitStart; place: number | null }
export interface AgentPage { kind: 'agent'; socket: Page; agent: string; session: string; expiresAt: number }
export interface GuestPage { kind: 'guest'; socket: Page; guest: string; request: string }
export interface SupervisorPage { kind: 'supervisor'; socket: Page; participant: string; session: string; request: string | null }
type AnyPage = VisitorPage | AgentPage | GuestPage | SupervisorPage

/** One page each: a visitor, an agent, a guest, a supervisor. */
const keyOf = (page: AnyPage): string =>
  page.kind === 'visitor' ? `v${page.visit.visitor}` : page.kind === 'agent' ? `a${page.agent}` : page.kind === 'guest' ? `g${page.guest}` : `s${page.participant}`

export class Audience implements Asides {
  readonly links = new Links()
  readonly #state: State
  readonly #now: () => number
  readonly #pages = new Map<string, AnyPage>()
  readonly #pace = new Pace()
  readonly #rows = new Map<string, QueueRow[]>()
  #rowsAt = -1
  /** Sockets that said hello or have yet to. */
  readonly #sockets = new Set<Page>()
  /** Whose view is to be made, by key. */
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

  nameOf(participant: string): string { return this.links.nameOf(participant) }
  paceMs(group: string): number | null { return this.#pace.of(group) }
  /**
   * Made once for all agents of the same groups: a thousand workbenches of one group are told of each change within the second,
   * and making thirty rows for each of them held the loop for longer than a call takes to ring.
   */
  queue(groups: readonly GroupState[]): QueueRow[] {
    if (this.#rowsAt !== this.#state.seq) {
      this.#rows.clear()
      this.#rowsAt = this.#state.seq
    }
    const key = groups.map((g) => g.id).join(' ')
    let rows = this.#rows.get(key)
    if (!rows) this.#rows.set(key, (rows = queueRows(this.#state, groups, QUEUE_ROWS)))
    return rows
  }
  link(request: string): string | null { return this.links.of(request) }

  /** A socket is watched from its first moment to its last. */
  watch(socket: Page): void { this.#sockets.add(socket) }
  unwatch(socket: Page): void { this.#sockets.delete(socket) }

  visitor(visitor: string): VisitorPage | undefined { return this.#pages.get(`v${visitor}`) as VisitorPage | undefined }
  agent(agent: string): AgentPage | undefined { return this.#pages.get(`a${agent}`) as AgentPage | undefined }
  guest(guest: string): GuestPage | undefined { return this.#pages.get(`g${guest}`) as GuestPage | undefined }
  supervisor(participant: string): SupervisorPage | undefined { return this.#pages.get(`s${participant}`) as SupervisorPage | undefined }
  /** Everyone who had to sign in. */
  staff(): (AgentPage | SupervisorPage)[] { return [...this.#pages.values()].filter((p) => p.kind === 'agent' || p.kind === 'supervisor') }

  /** This page is now the party's one; the one before it is sent away. */
  enter(page: AnyPage): void {
    const before = this.#pages.get(keyOf(page))
    this.#pages.set(keyOf(page), page)
    before?.socket.bye('replaced')
  }

  /** The page is gone; true when it was the current one, so that now nobody is there. */
  leave(page: AnyPage): boolean { return this.#pages.get(keyOf(page)) === page && this.#pages.delete(keyOf(page)) }

  /** The view of a visitor's page just now. */
  viewOf(page: VisitorPage): VisitorView {
    const view = visitorView(this.#state, page.visit, this)
    page.place = view.position
    return view
  }

  /** This page's view is to be made again. */
  touch(page: AnyPage): void {
    this.#dirty.add(keyOf(page))
    this.#flush()
  }

  /** Notes whom these facts concern; their views go out before anything else is done. */
  committed(events: readonly TwinlineEvent[]): void {
    for (const e of events) {
      this.#pace.note(e)
      this.links.note(e)
      const { request, agent, participant, group, visitor } = e.data as { request?: string; agent?: string; participant?: string; group?: string; visitor?: string }
      if (request !== undefined) this.#concerns(request)
      for (const id of [agent, participant]) if (id !== undefined) for (const kind of ['a', 'g', 's']) this.#dirty.add(kind + id)
      if (visitor !== undefined) this.#dirty.add(`v${visitor}`)
      if (group !== undefined) this.#dirtyGroups.add(group)
      if (e.type === 'plan.changed') {
        for (const key of this.#pages.keys()) if (key[0] === 'a') this.#dirty.add(key)
        for (const id of this.#state.groups.keys()) this.#dirtyGroups.add(id)
      }
    }
    this.#flush()
  }

  /** Everyone who has to do with a request as it stands. */
  #concerns(request: string): void {
    const r = this.#state.requests.get(request)
    if (!r) return
    this.#dirty.add(`v${r.visitor}`)
    if (r.agent !== null) this.#dirty.add(`a${r.agent}`)
    for (const p of r.parties) this.#dirty.add((p.role === 'agent' ? 'a' : p.role === 'guest' ? 'g' : 's') + p.id)
    for (const leg of r.legs) {
      if (leg.agent !== null) this.#dirty.add(`a${leg.agent}`)
      // Its row in the workbenches of the group shows whether it rings, is urgent, or waits for one agent.
      if (leg.group !== null) this.#dirtyGroups.add(leg.group)
    }
    for (const g of r.guests) this.#dirty.add(`g${g.id}`)
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
    const page = this.#pages.get(key)
    if (!page) return false
    const view = this.#viewOf(page, now)
    if (!view) page.socket.bye('forbidden')
    else if (!page.socket.show(view, now)) this.#late.add(key)
    return true
  }

  #viewOf(page: AnyPage, now: number): object | null {
    switch (page.kind) {
      case 'visitor': return this.viewOf(page)
      case 'agent': return agentView(this.#state, page.agent, now, this)
      case 'guest': return guestView(this.#state, page.request, page.guest, this)
      case 'supervisor': return supervisorView(this.#state, page.participant, page.request, this)
    }
  }

  /** Views that did not fit into their socket's buffer; made afresh a little later. */
  readonly #late = new Set<string>()

  /** Once a second: places in the queues that changed, for those who wait and for the agents of the group. */
  #tellPlaces(): void {
    for (const key of this.#late) this.#dirty.add(key)
    this.#late.clear()
    for (const id of this.#dirtyGroups) {
      let place = 0
      for (const leg of this.#state.groups.get(id)?.queue ?? []) {
        place++
        const page = this.visitor(leg.request.visitor)
        if (page && leg.mode === 'own' && page.place !== place) this.#dirty.add(keyOf(page))
      }
    }
    if (this.#dirtyGroups.size > 0) {
      const concerned: string[] = []
      for (const page of this.#pages.values()) {
        if (page.kind === 'agent' && this.#state.agents.get(page.agent)?.memberships.some((m) => this.#dirtyGroups.has(m.group.id))) concerned.push(keyOf(page))
      }
      this.#dirtyGroups.clear()
      this.#spread(concerned, 0, Math.ceil(concerned.length / SLICES))
    }
    this.#flush()
  }

  /** Workbenches of large groups are told of their queue over the second, slice by slice: all at once, a call that comes in meanwhile rang late. */
  #spread(keys: readonly string[], from: number, each: number): void {
    for (const key of keys.slice(from, from + each)) this.#dirty.add(key)
    this.#flush()
    if (from + each < keys.length) setTimeout(() => this.#spread(keys, from + each, each), PLACES_EVERY_MS / (SLICES + 1)).unref()
  }

  #ping(): void {
    const late = performance.now() - this.#pingDue > STALLED_MS
    this.#pingDue = performance.now() + PING_EVERY_MS
    // After reading what has come in meanwhile: an answer that waits in the kernel is an answer.
    setImmediate(() => {
      for (const socket of this.#sockets) socket.ping(late)
      const now = this.#now()
      for (const page of this.#pages.values()) {
        // Nobody is thrown out of a call because his shift is long.
        if (page.kind === 'agent' && page.expiresAt <= now && (this.#state.agents.get(page.agent)?.work ?? 'none') === 'none') page.socket.bye('not_signed_in')
      }
    })
  }
}
