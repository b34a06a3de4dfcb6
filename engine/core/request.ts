// The visitor's side of a request: asked for, routed, queued; lost and found again; given up; rated.
import type { DataOf } from '#events/event.ts'
import { DEFAULT_RULE, UNGROUPED } from '#events/plan.ts'
import { refuse, type Acd, type Verdict } from './acd.ts'
import { admit } from './admission.ts'
import type { CommandOf } from './command.ts'
import { decline } from './dial.ts'
import { endCall, endWait } from './endings.ts'
import { chainOf, ownLeg, type AgentState, type RequestState } from './entities.ts'
import { visitorThere } from './evolve-request.ts'
import { MAX_OPEN_REQUESTS } from './limits.ts'
import { declared, matching, open } from './routing.ts'

const DAY_MS = 86_400_000

/** A visitor asks for a call. Repeated attempts within the contact gap belong to one contact and may keep their place. */
export function create(acd: Acd, c: CommandOf<'request.create'>): Verdict {
  const s = acd.state
  const plan = s.plan!
  const access = s.access.get(c.access)
  if (!access) return refuse('unknown_access', c.access)
  if (!access.enabled) return refuse('access_off', c.access)
  if (s.requests.has(c.request)) return refuse('duplicate_request', c.request)
  if (s.open >= MAX_OPEN_REQUESTS) return refuse('too_many_requests')
  const visitor = s.visitors.get(c.visitor)
  if (visitor?.open) return refuse('request_open', visitor.open)

  const last = visitor && chainOf(visitor, c.channel)
  const same = last !== undefined && !last.answered && acd.now - last.endedAt <= plan.timers.contactGapMs && plan.timers.contactGapMs > 0
  const place = same && last.place > 0 && acd.now - last.endedAt <= plan.timers.keepPlaceMs ? last.place : acd.now
  const attributes = c.attributes && declared(plan, c.attributes)
  const rule = matching(plan, { channel: c.channel, access: c.access, attributes, at: acd.now }, s.hours)
  const data: DataOf<'request.created'> = {
    request: c.request, visitor: c.visitor, contact: same ? last.contact : c.request, channel: c.channel, access: c.access, direction: 'inbound', priority: rule?.priority ?? 0,
  }
  if (attributes) data.attributes = attributes
  if (c.client !== undefined) data.client = c.client
  acd.say('request.created', data)
  if (s.blocks.get(c.visitor)?.blocked) return turned(acd, c.request, 'blocked')
  if (!open(s.hours, access.hours, acd.now)) return turned(acd, c.request, 'closed_hours')
  acd.say('request.routed', { request: c.request, rule: rule?.id ?? DEFAULT_RULE, group: rule?.group ?? UNGROUPED }, 'acd')
  const r = s.request(c.request)
  enter(acd, r, place)
  if (!rule?.sticky || !ownLeg(r)) return null
  const known = c.last && acd.now - c.last.at <= rule.sticky.days * DAY_MS ? s.agents.get(c.last.agent) : undefined
  if (known && there(known)) {
    const until = acd.now + rule.sticky.waitMs
    if (known.standing === 0 || until > acd.now) {
      acd.say('sticky.started', { request: c.request, agent: known.id, until: Math.max(until, acd.now + 1) }, 'acd')
      acd.dirtyAgents.push(known)
    }
  }
  return null
}

const there = (a: AgentState): boolean => a.session !== null && a.status !== 'offline' && a.plan?.video === true

/** Puts a request that has been routed into the queue of its group or of the one that stands in for it, or ends it. */
export function enter(acd: Acd, r: RequestState, place: number): void {
  const to = admit(acd, r.id, acd.state.group(r.group!))
  if (typeof to === 'string') {
    turned(acd, r.id, to)
    return
  }
  acd.say('queue.entered', { request: r.id, group: to.id, place }, 'acd')
  acd.dirtyLegs.push(ownLeg(r)!)
}

function turned(acd: Acd, request: string, outcome: 'blocked' | 'closed_hours' | 'no_agent' | 'queue_full'): null {
  acd.say('request.closed', { request, outcome, endedBy: 'system' }, 'acd')
  return null
}

/** The visitor hangs up or stops waiting. */
export function cancel(acd: Acd, id: string): Verdict {
  const r = acd.state.requests.get(id)
  if (!r) return refuse('unknown_request', id)
  switch (r.phase) {
    case 'waiting': endWait(acd, r, 'abandoned', ownLeg(r)!.offer === null ? 'abandoned_queue' : 'abandoned_ring', 'visitor', 'visitor_left'); return null
    case 'dialling': return decline(acd, id)
    case 'connecting':
    case 'in_call': endCall(acd, r, 'visitor', r.visitor, 'hangup'); return null
    default: return refuse('request_over', id)
  }
}

export function loseVisitor(acd: Acd, id: string, said: boolean): Verdict {
  const r = acd.state.requests.get(id)
  if (!r) return refuse('unknown_request', id)
  if (r.phase === 'closed') return refuse('request_over', id)
  if (r.lostAt === 0 && visitorThere(r)) acd.say('visitor.disconnected', { request: id, said })
  return null
}

export function returnVisitor(acd: Acd, id: string): Verdict {
  const r = acd.state.requests.get(id)
  if (!r) return refuse('unknown_request', id)
  if (r.phase === 'closed') return refuse('request_over', id)
  if (r.lostAt === 0) return null
  acd.say('visitor.reconnected', { request: id })
  for (const leg of r.legs) acd.dirtyLegs.push(leg)
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
