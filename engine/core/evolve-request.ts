// How facts about requests, queues, visitors and callbacks change the state.
import type { DataOf } from '#events/event.ts'
import { chainOf, legOf, ownLeg, type Contact, type Leg, type RequestState } from './entities.ts'
import { must, REMEMBER_CLOSED_MS } from './limits.ts'
import type { State } from './state.ts'

/** Shared by all who have none of it; never written to. */
const NO_ATTRIBUTES: Readonly<Record<string, string>> = Object.freeze({})
export const NOBODY: readonly never[] = Object.freeze([])

export function created(s: State, at: number, d: DataOf<'request.created'>): void {
  forget(s, at)
  s.open++
  s.requests.set(d.request, {
    n: ++s.requestsEver, id: d.request, visitor: d.visitor, contact: d.contact, channel: d.channel, access: d.access, direction: d.direction,
    priority: d.priority, attributes: d.attributes ?? NO_ATTRIBUTES, createdAt: at, phase: 'created', group: null, legs: [], offers: 0, agent: null,
    parties: NOBODY, guests: NOBODY, held: false, acceptedAt: 0, connectedAt: 0, lostAt: 0, said: false, connectBy: 0, graceBy: 0, dialBy: 0,
    outcome: null, callback: null, closedAt: 0, rated: false, summarized: false, served: NOBODY,
  })
  let v = s.visitors.get(d.visitor)
  if (!v) s.visitors.set(d.visitor, (v = { id: d.visitor, open: null, contacts: [] }))
  v.open = d.request
  const c = chainOf(v, d.channel)
  if (!c) v.contacts.push({ contact: d.contact, channel: d.channel, endedAt: 0, answered: false, place: 0 })
  else if (c.contact !== d.contact) Object.assign(c, { contact: d.contact, endedAt: 0, answered: false, place: 0 } satisfies Partial<Contact>)
}

/** A new search for an agent. */
export const newLeg = (s: State, r: RequestState, mode: Leg['mode'], id: string): Leg => ({
  n: ++s.legsEver, id, request: r, mode, warm: false, from: null, target: null, group: null, priority: r.priority, place: 0, queuedAt: 0,
  offer: null, agent: null, rung: false, tried: NOBODY, sticky: null, waitBy: 0, ringBy: 0, stickyBy: 0, overflowAt: 0, overflowBy: 0,
})

export function queueEntered(s: State, at: number, d: DataOf<'queue.entered'>): void {
  const r = s.request(d.request)
  const group = s.group(d.group)
  let leg = legOf(r, d.invitation)
  if (!leg) r.legs.unshift((leg = newLeg(s, r, 'own', r.id)))
  leg.group = d.group
  leg.target = null
  leg.place = d.place
  if (leg.queuedAt === 0) {
    leg.queuedAt = at
    s.setLegTimer(leg, 'waitBy', at + (group.plan.maxWaitMs ?? s.plan!.timers.maxWaitMs))
  }
  const wait = group.plan.overflow?.find((o) => o.when === 'wait')
  leg.overflowAt = wait?.waitMs === undefined ? 0 : at + wait.waitMs
  s.setLegTimer(leg, 'overflowBy', leg.overflowAt)
  if (leg.mode === 'own') {
    r.phase = 'waiting'
    r.group = d.group
    chainOf(s.visitors.get(r.visitor)!, r.channel)!.place = d.place
  }
  group.queue.add(leg)
  s.relist(leg, true)
}

export function queueLeft(s: State, d: DataOf<'queue.left'>): void {
  const r = s.request(d.request)
  const leg = must(legOf(r, d.invitation), 'what leaves a queue stands in one')
  s.relist(leg, false)
  s.group(d.group).queue.delete(leg)
  leg.group = null
  s.setLegTimer(leg, 'overflowBy', 0)
  unstick(s, leg)
  // Overflow goes on waiting; every other way out ends the wait, and the request's own search with it.
  if (d.reason === 'overflowed') return
  s.setLegTimer(leg, 'waitBy', 0)
  if (leg.mode !== 'own') return
  r.legs.shift()
  if (r.phase === 'waiting') r.phase = 'created'
}

/** Wherever it went, it is not sent on for the wait from here again; a queue it enters next arms the timer anew. */
export function overflowed(s: State, d: DataOf<'request.overflowed'>): void {
  const leg = legOf(s.request(d.request), d.invitation)
  if (!leg) return
  leg.overflowAt = 0
  s.setLegTimer(leg, 'overflowBy', 0)
}

export function prioritized(s: State, d: DataOf<'request.prioritized'>): void {
  const r = s.request(d.request)
  r.priority = d.priority
  const leg = ownLeg(r)
  if (!leg) return
  s.relist(leg, false)
  const { queue } = s.group(leg.group!)
  queue.delete(leg)
  leg.priority = d.priority
  queue.add(leg)
  s.relist(leg, true)
}

export function stickyStarted(s: State, d: DataOf<'sticky.started'>): void {
  const leg = must(ownLeg(s.request(d.request)), 'a sticky wait is a wait')
  s.relist(leg, false)
  leg.sticky = d.agent
  s.setLegTimer(leg, 'stickyBy', d.until)
  s.agent(d.agent).waitedFor.push(leg)
}

export function stickyEnded(s: State, request: string): void {
  const leg = ownLeg(s.request(request))
  if (!leg) return
  unstick(s, leg)
  s.relist(leg, true)
}

/** It waits for nobody in particular any more; to be listed by the caller. */
export function unstick(s: State, leg: Leg): void {
  if (leg.sticky === null) return
  const waitedFor = s.agents.get(leg.sticky)?.waitedFor
  waitedFor?.splice(waitedFor.indexOf(leg), 1)
  leg.sticky = null
  s.setLegTimer(leg, 'stickyBy', 0)
}

export function closed(s: State, at: number, d: DataOf<'request.closed'>): void {
  const r = s.request(d.request)
  r.phase = 'closed'
  r.outcome = d.outcome
  r.closedAt = at
  r.held = false
  s.open--
  s.setRequestTimer(r, 'connectBy', 0)
  s.setRequestTimer(r, 'graceBy', 0)
  s.closed.add(r)
  const v = s.visitors.get(r.visitor)!
  v.open = null
  const c = chainOf(v, r.channel)!
  c.endedAt = d.lastSeen ?? at
  c.answered = d.outcome === 'answered'
}

/** Whether the visitor's page should be there: not while he is being rung, nor while a callback waits for its turn. */
export const visitorThere = (r: RequestState): boolean => r.phase !== 'closed' && r.phase !== 'dialling' && (r.phase !== 'waiting' || r.direction === 'inbound')

export function lost(s: State, at: number, d: DataOf<'visitor.disconnected'>): void {
  const r = s.request(d.request)
  lose(s, r, at, at + s.plan!.timers.visitorGraceMs)
  r.said = d.said
}

export function lose(s: State, r: RequestState, lostAt: number, graceBy: number): void {
  for (const leg of r.legs) s.relist(leg, false)
  r.lostAt = lostAt
  s.setRequestTimer(r, 'graceBy', graceBy)
}

export function back(s: State, request: string): void {
  const r = s.request(request)
  r.lostAt = 0
  r.said = false
  s.setRequestTimer(r, 'graceBy', 0)
  for (const leg of r.legs) s.relist(leg, true)
}

export function callbackRequested(s: State, d: DataOf<'callback.requested'>): void {
  const { dueAt, ...rest } = d
  const c = { n: ++s.callbacksEver, id: d.callback, dueBy: 0, ...rest }
  s.callbacks.set(c.id, c)
  const r = s.requests.get(d.request)
  if (r) r.callback = c.id
  s.deadlines.addCallback(c, dueAt)
}

export function callbackPostponed(s: State, d: DataOf<'callback.postponed'>): void {
  const c = must(s.callbacks.get(d.callback), 'a callback that waits is known')
  s.deadlines.dropCallback(c)
  s.deadlines.addCallback(c, d.dueAt)
}

export function callbackGone(s: State, id: string): void {
  s.deadlines.dropCallback(must(s.callbacks.get(id), 'a callback that goes was there'))
  s.callbacks.delete(id)
}

/** Drops closed requests and finished contacts whose memory nothing needs any more. */
function forget(s: State, at: number): void {
  const { contactGapMs, keepPlaceMs } = s.plan!.timers
  const memory = Math.max(contactGapMs, keepPlaceMs, REMEMBER_CLOSED_MS)
  for (let r = s.closed.first; r && r.closedAt + memory < at; r = s.closed.first) {
    s.closed.drop()
    s.forget(r)
    const v = s.visitors.get(r.visitor)
    if (!v || v.open !== null) continue
    if (v.contacts.every((c) => c.endedAt + memory < at)) s.visitors.delete(v.id)
  }
}
