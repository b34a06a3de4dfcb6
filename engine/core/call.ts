// The life of a request: asked for, queued, offered, accepted, connected, ended; one function per command.
import { refuse, type Acd, type Verdict } from './acd.ts'
import type { CommandOf } from './command.ts'
import { endCall, endWait, freed } from './endings.ts'
import { chainOf, type RequestState } from './entities.ts'
import { MAX_OPEN_REQUESTS, MAX_QUEUE } from './limits.ts'
import { route } from './routing.ts'

/** A visitor asks for a call. Repeated attempts within the contact gap belong to one contact and may keep their place. */
export function create(acd: Acd, c: CommandOf<'request.create'>): Verdict {
  const s = acd.state
  const plan = s.plan!
  const access = plan.access.find((x) => x.id === c.access)
  if (!access) return refuse('unknown_access', c.access)
  if (!access.enabled) return refuse('access_off', c.access)
  if (s.requests.has(c.request)) return refuse('duplicate_request', c.request)
  if (s.open >= MAX_OPEN_REQUESTS) return refuse('too_many_requests')
  const visitor = s.visitors.get(c.visitor)
  if (visitor?.open) return refuse('request_open', visitor.open)

  const last = visitor && chainOf(visitor, c.channel)
  const same = last !== undefined && !last.answered && acd.now - last.endedAt <= plan.timers.contactGapMs && plan.timers.contactGapMs > 0
  const place = same && last.place > 0 && acd.now - last.endedAt <= plan.timers.keepPlaceMs ? last.place : acd.now
  acd.say('request.created', {
    request: c.request, visitor: c.visitor, contact: same ? last.contact : c.request, channel: c.channel, access: c.access, direction: 'inbound', priority: 0,
  })
  const { rule, group } = route(plan, c)
  acd.say('request.routed', { request: c.request, rule, group }, 'acd')
  const g = s.group(group)
  if (g.queue.size >= (g.plan.queueLimit ?? MAX_QUEUE)) {
    acd.say('request.closed', { request: c.request, outcome: 'queue_full', endedBy: 'system' }, 'acd')
    return null
  }
  acd.say('queue.entered', { request: c.request, group, place }, 'acd')
  acd.dirtyRequests.push(s.request(c.request))
  return null
}

/** The visitor hangs up or stops waiting. */
export function cancel(acd: Acd, id: string): Verdict {
  const r = acd.state.requests.get(id)
  if (!r) return refuse('unknown_request', id)
  switch (r.phase) {
    case 'waiting': endWait(acd, r, 'abandoned', r.offer === null ? 'abandoned_queue' : 'abandoned_ring', 'visitor', 'visitor_left'); return null
    case 'connecting':
    case 'in_call': endCall(acd, r, 'visitor', r.visitor, 'hangup'); return null
    default: return refuse('request_over', id)
  }
}

export function loseVisitor(acd: Acd, id: string, said: boolean): Verdict {
  const r = acd.state.requests.get(id)
  if (!r) return refuse('unknown_request', id)
  if (r.phase === 'closed') return refuse('request_over', id)
  if (r.lostAt === 0) acd.say('visitor.disconnected', { request: id, said })
  return null
}

export function returnVisitor(acd: Acd, id: string): Verdict {
  const r = acd.state.requests.get(id)
  if (!r) return refuse('unknown_request', id)
  if (r.phase === 'closed') return refuse('request_over', id)
  if (r.lostAt === 0) return null
  acd.say('visitor.reconnected', { request: id })
  acd.dirtyRequests.push(r)
  return null
}

export function rate(acd: Acd, id: string, score: number): Verdict {
  const r = acd.state.requests.get(id)
  if (!r) return refuse('unknown_request', id)
  if (r.outcome !== 'answered') return refuse('not_answered', id)
  if (r.rated) return refuse('already_rated', id)
  acd.say('survey.answered', { request: id, score })
  return null
}

export function consent(acd: Acd, id: string, what: string): Verdict {
  if (!acd.state.requests.has(id)) return refuse('unknown_request', id)
  acd.say('consent.given', { request: id, what })
  return null
}

/** The request whose live offer this is, if it is this agent's. */
function offerOf(acd: Acd, agent: string, offer: string): RequestState | null {
  const a = acd.state.agents.get(agent)
  const r = a?.work === 'ringing' && a.request !== null ? acd.state.request(a.request) : null
  return r?.offer === offer ? r : null
}

/** The agent's page shows the offer. Said once, however often the page repeats it. */
export function ring(acd: Acd, agent: string, offer: string): Verdict {
  const r = offerOf(acd, agent, offer)
  if (!r) return refuse('offer_gone', offer)
  if (!r.rung) acd.say('offer.ringing', { offer, request: r.id, agent })
  return null
}

/** Compare-and-set on the offer: the first in the log wins, everyone else gets `offer_gone`. */
export function accept(acd: Acd, agent: string, offer: string): Verdict {
  const r = offerOf(acd, agent, offer)
  if (!r) return refuse('offer_gone', offer)
  acd.say('offer.accepted', { offer, request: r.id, agent })
  acd.say('queue.left', { request: r.id, group: r.group!, reason: 'accepted' }, 'acd')
  acd.say('participant.joined', { request: r.id, participant: r.visitor, role: 'visitor' }, 'acd')
  acd.say('participant.joined', { request: r.id, participant: agent, role: 'agent' }, 'acd')
  return null
}

export function decline(acd: Acd, agent: string, offer: string): Verdict {
  const r = offerOf(acd, agent, offer)
  if (!r) return refuse('offer_gone', offer)
  acd.say('offer.declined', { offer, request: r.id, agent })
  unanswered(acd, r, agent, 'declined')
  return null
}

/** After a declined or expired offer: the next agent, or the end where the plan allows no further offer. */
export function unanswered(acd: Acd, r: RequestState, agent: string, outcome: 'declined' | 'ring_no_answer'): void {
  const { maxOffers } = acd.state.plan!
  if (maxOffers > 0 && r.offers >= maxOffers) endWait(acd, r, 'closed', outcome, 'agent', 'closed')
  else acd.dirtyRequests.push(r)
  freed(acd, acd.state.agent(agent))
}

/** The agent hangs up the call he is in. */
export function hangUp(acd: Acd, agent: string, id: string): Verdict {
  const r = acd.state.requests.get(id)
  if (!r || r.agent !== agent || (r.phase !== 'connecting' && r.phase !== 'in_call')) return refuse('not_in_call', id)
  endCall(acd, r, 'agent', agent, 'hangup')
  return null
}

/** Media flows both ways. */
export function connect(acd: Acd, id: string): Verdict {
  const r = acd.state.requests.get(id)
  if (!r || r.phase !== 'connecting') return refuse('not_connecting', id)
  acd.say('call.connected', { request: id, agent: r.agent! })
  return null
}

/** The room cannot be held: a call that is connecting or connected ends by the system. */
export function fail(acd: Acd, id: string, reason: string): Verdict {
  const r = acd.state.requests.get(id)
  if (!r || (r.phase !== 'connecting' && r.phase !== 'in_call')) return refuse('not_connecting', id)
  endCall(acd, r, 'system', 'system', reason)
  return null
}

/** The service summary: during the call, in wrap-up or later, as long as the request is remembered. */
export function summary(acd: Acd, c: CommandOf<'summary.file'>): Verdict {
  const r = acd.state.requests.get(c.request)
  if (!r) return refuse('unknown_request', c.request)
  if (r.agent !== c.agent || r.connectedAt === 0) return refuse('not_in_call', c.request)
  acd.say('summary.filed', { request: c.request, agent: c.agent, category: c.category, resolved: c.resolved })
  return null
}
