// Offers: shown, taken, declined, missed, picked by hand; how one comes to be, whoever wants it.
import type { DataOf } from '#events/event.ts'
import { refuse, type Acd, type Verdict } from './acd.ts'
import { deviceCheckNeeded } from './agent.ts'
import { startDial } from './dial.ts'
import { endWait, freed } from './endings.ts'
import { invitationOf, legOfOffer, ownLeg, type Leg } from './entities.ts'
import { fell } from './invitation.ts'

export type Mode = DataOf<'offer.created'>['mode']

/** The leg whose live offer this is, if it is this agent's. */
function offerOf(acd: Acd, agent: string, offer: string): Leg | null {
  const a = acd.state.agents.get(agent)
  if (a?.work !== 'ringing' || a.request === null) return null
  const leg = legOfOffer(acd.state.request(a.request), offer)
  return leg?.agent === agent ? leg : null
}

/** States that the leg is offered to this agent. */
export function offerTo(acd: Acd, leg: Leg, agent: string, mode: Mode, supervisor?: string): void {
  const r = leg.request
  const data: DataOf<'offer.created'> = {
    offer: `${r.id}/${r.offers + 1}`, request: r.id, agent, group: leg.group ?? r.group!, mode, expiresAt: acd.now + acd.state.plan!.timers.ringMs,
  }
  if (leg.mode !== 'own') data.invitation = leg.id
  if (supervisor !== undefined) data.supervisor = supervisor
  acd.say('offer.created', data, mode === 'auto' || leg.mode !== 'own' ? 'acd' : undefined)
}

/** Why this agent cannot be reached by what is meant for him alone; null = he can: any status but offline, with nothing to do. */
export function reachable(acd: Acd, agent: string): Verdict {
  const a = acd.state.agents.get(agent)
  if (!a || a.plan === null) return refuse('unknown_agent', agent)
  if (!a.plan.video) return refuse('not_video', agent)
  if (a.session === null || a.status === 'offline' || a.lostAt !== 0) return refuse('offline', agent)
  return a.work === 'none' ? null : refuse('working', a.work)
}

/** The agent's page shows the offer. Said once, however often the page repeats it. */
export function ring(acd: Acd, agent: string, offer: string): Verdict {
  const leg = offerOf(acd, agent, offer)
  if (!leg) return refuse('offer_gone', offer)
  if (!leg.rung) acd.say('offer.ringing', { offer, request: leg.request.id, agent })
  return null
}

/** Compare-and-set on the offer: the first in the log wins, everyone else gets `offer_gone`. */
export function accept(acd: Acd, agent: string, offer: string): Verdict {
  const leg = offerOf(acd, agent, offer)
  if (!leg) return refuse('offer_gone', offer)
  taken(acd, leg, agent)
  return null
}

function taken(acd: Acd, leg: Leg, agent: string): void {
  const r = leg.request
  const { from, warm, mode, group } = leg
  acd.say('offer.accepted', { offer: leg.offer!, request: r.id, agent })
  if (group !== null) acd.say('queue.left', { request: r.id, group, reason: 'accepted', ...invitationOf(leg) }, 'acd')
  if (mode !== 'own') acd.say('invitation.ended', { invitation: leg.id, request: r.id, why: 'accepted' }, 'acd')
  else if (r.direction !== 'inbound') return startDial(acd, r, agent)
  else acd.say('participant.joined', { request: r.id, participant: r.visitor, role: 'visitor' }, 'acd')
  // Who listened in so far, talks from here on.
  const monitor = r.parties.find((p) => p.id === agent)
  if (monitor) acd.say('participant.left', { request: r.id, participant: agent, role: monitor.role }, 'acd')
  acd.say('participant.joined', { request: r.id, participant: agent, role: 'agent' }, 'acd')
  // Whoever handed over warmly is still there to introduce the two; he leaves by himself. A hold was for the asking.
  if (r.held && mode === 'transfer' && warm && from !== null) acd.say('hold.ended', { request: r.id, agent: from }, 'acd')
}

export function decline(acd: Acd, agent: string, offer: string): Verdict {
  const leg = offerOf(acd, agent, offer)
  if (!leg) return refuse('offer_gone', offer)
  acd.say('offer.declined', { offer, request: leg.request.id, agent })
  unanswered(acd, leg, agent, 'declined')
  return null
}

/** After a declined or expired offer: the next agent, or the end where the plan, or the asking, allows no further one. */
export function unanswered(acd: Acd, leg: Leg, agent: string, outcome: 'declined' | 'ring_no_answer'): void {
  const { maxOffers } = acd.state.plan!
  if (leg.mode === 'own') {
    if (maxOffers > 0 && leg.request.offers >= maxOffers) endWait(acd, leg.request, 'closed', outcome, 'agent', 'closed')
    else acd.dirtyLegs.push(leg)
  } else if (leg.target !== null) fell(acd, leg, outcome === 'declined' ? 'declined' : 'expired')
  else acd.dirtyLegs.push(leg)
  freed(acd, acd.state.agent(agent))
}

/** The agent takes a waiting request of his groups by hand: offered and accepted in one. */
export function pick(acd: Acd, agent: string, request: string): Verdict {
  const r = acd.state.requests.get(request)
  if (!r) return refuse('unknown_request', request)
  const leg = ownLeg(r)
  if (!leg) return refuse('not_waiting', request)
  const no = reachable(acd, agent)
  if (no) return no
  const a = acd.state.agent(agent)
  if (!a.memberships.some((m) => m.group.id === leg.group)) return refuse('not_in_group', leg.group!)
  if (deviceCheckNeeded(acd.state.plan!, a, acd.now)) return refuse('device_check_needed')
  if (leg.offer !== null) return refuse('already_offered', request)
  if (r.lostAt !== 0) return refuse('not_waiting', request)
  offerTo(acd, leg, agent, 'pick')
  taken(acd, leg, agent)
  return null
}
