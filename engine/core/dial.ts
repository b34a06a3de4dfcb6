// Ringing a visitor: an agent calls out, or makes a callback. There is no offer; the visitor is the one who accepts.
import { UNGROUPED } from '#events/plan.ts'
import { refuse, type Acd, type Verdict } from './acd.ts'
import { deviceCheckNeeded } from './agent.ts'
import type { CommandOf } from './command.ts'
import { freed } from './endings.ts'
import type { RequestState } from './entities.ts'
import { DIAL_MS, MAX_DIAL_MS, MAX_OPEN_REQUESTS } from './limits.ts'
import { reachable } from './offer.ts'

/** An agent calls a visitor. Any status but offline, with nothing to do. */
export function dial(acd: Acd, c: CommandOf<'call.dial'>): Verdict {
  const s = acd.state
  const no = reachable(acd, c.agent)
  if (no) return no
  const a = s.agent(c.agent)
  if (deviceCheckNeeded(s.plan!, a, acd.now)) return refuse('device_check_needed')
  const access = s.access.get(c.access)
  if (!access) return refuse('unknown_access', c.access)
  if (!access.enabled) return refuse('access_off', c.access)
  if (s.requests.has(c.request) || s.callbacks.has(c.request)) return refuse('duplicate_request', c.request)
  if (s.open >= MAX_OPEN_REQUESTS) return refuse('too_many_requests')
  const open = s.visitors.get(c.visitor)?.open
  if (open) return refuse('request_open', open)
  if (s.blocks.get(c.visitor)?.blocked) return refuse('visitor_blocked', c.visitor)
  acd.say('request.created', { request: c.request, visitor: c.visitor, contact: c.request, channel: c.channel, access: c.access, direction: 'outbound', priority: 0, dialledBy: c.agent })
  acd.say('request.routed', { request: c.request, rule: 'outbound', group: a.memberships[0]?.group.id ?? UNGROUPED }, 'acd')
  startDial(acd, s.request(c.request), c.agent, c.waitMs)
  return null
}

export function startDial(acd: Acd, r: RequestState, agent: string, waitMs?: number): void {
  const ms = Math.min(waitMs ?? acd.state.plan!.timers.dialMs ?? DIAL_MS, MAX_DIAL_MS)
  acd.say('dial.started', { request: r.id, agent, expiresAt: acd.now + ms })
}

function dialled(acd: Acd, id: string): RequestState | null {
  const r = acd.state.requests.get(id)
  return r?.phase === 'dialling' ? r : null
}

export function ring(acd: Acd, id: string): Verdict {
  if (!dialled(acd, id)) return refuse('not_dialling', id)
  acd.say('dial.ringing', { request: id })
  return null
}

export function accept(acd: Acd, id: string): Verdict {
  const r = dialled(acd, id)
  if (!r) return refuse('not_dialling', id)
  const agent = r.agent!
  acd.say('dial.accepted', { request: id, agent })
  acd.say('participant.joined', { request: id, participant: r.visitor, role: 'visitor' }, 'acd')
  acd.say('participant.joined', { request: id, participant: agent, role: 'agent' }, 'acd')
  return null
}

export function decline(acd: Acd, id: string): Verdict {
  const r = dialled(acd, id)
  if (!r) return refuse('not_dialling', id)
  const agent = r.agent!
  acd.say('dial.declined', { request: id, agent })
  over(acd, r, agent, 'out_declined', 'visitor')
  return null
}

/** Nobody answered in time. */
export function expire(acd: Acd, r: RequestState): void {
  const agent = r.agent!
  acd.say('dial.expired', { request: r.id, agent })
  over(acd, r, agent, 'out_no_answer', 'system')
}

export function giveUp(acd: Acd, agent: string, id: string): Verdict {
  const r = dialled(acd, id)
  if (!r || r.agent !== agent) return refuse('not_dialling', id)
  stop(acd, r)
  return null
}

/** The agent gives up, or is lost since `lastSeen`. */
export function stop(acd: Acd, r: RequestState, lastSeen = 0): void {
  const agent = r.agent!
  acd.say('dial.cancelled', { request: r.id, agent, ...(lastSeen === 0 ? {} : { lastSeen }) })
  over(acd, r, agent, 'out_no_answer', lastSeen === 0 ? 'agent' : 'network')
}

function over(acd: Acd, r: RequestState, agent: string, outcome: 'out_declined' | 'out_no_answer', endedBy: 'visitor' | 'agent' | 'network' | 'system'): void {
  acd.say('request.closed', { request: r.id, outcome, endedBy })
  freed(acd, acd.state.agent(agent))
}
