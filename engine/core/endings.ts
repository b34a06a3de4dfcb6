// How things end, one way each: an offer is withdrawn, a search ends, an agent leaves, a call ends. Whoever causes it comes through here.
import type { DataOf } from '#events/event.ts'
import type { Outcome } from '#events/outcome.ts'
import type { Acd } from './acd.ts'
import { agentsIn, ownLeg, type AgentState, type Leg, type RequestState } from './entities.ts'
import { fell } from './invitation.ts'
import { must } from './limits.ts'
import { applyQueued } from './status.ts'
import { startWrapUp } from './wrap-up.ts'

type EndedBy = DataOf<'call.ended'>['endedBy']
type Left = DataOf<'queue.left'>['reason']
type Gone = DataOf<'offer.cancelled'>['reason']

/** The same data with the instant of the loss and the supervisor, where there was one. */
function seen<D extends { lastSeen?: number; supervisor?: string }>(data: D, lastSeen: number, supervisor?: string): D {
  if (lastSeen !== 0) data.lastSeen = lastSeen
  if (supervisor !== undefined) data.supervisor = supervisor
  return data
}

/** Withdraws the live offer of a leg, if there is one; both sides may be matched anew. */
export function cancelOffer(acd: Acd, leg: Leg, reason: Gone, lastSeen = 0): void {
  if (leg.offer === null) return
  const agent = must(leg.agent, 'a live offer has an agent')
  acd.say('offer.cancelled', seen<DataOf<'offer.cancelled'>>({ offer: leg.offer, request: leg.request.id, agent, reason }, lastSeen))
  acd.dirtyAgents.push(acd.state.agent(agent))
  acd.dirtyLegs.push(leg)
}

/** The agent for whom it rings cannot take it: it goes on to another, or, meant for him alone, has failed. */
export function withdraw(acd: Acd, a: AgentState, reason: 'agent_status' | 'agent_left', lastSeen = 0): void {
  const leg = must(acd.state.request(a.request!).legs.find((l) => l.agent === a.id), 'who rings has an offer')
  cancelOffer(acd, leg, reason, lastSeen)
  if (leg.mode !== 'own' && leg.target !== null) fell(acd, leg, 'unreachable')
}

/** Ends the search of an invitation. */
export function endLeg(acd: Acd, leg: Leg, left: Left, why: DataOf<'invitation.ended'>['why'], offerGone: Gone, lastSeen = 0): void {
  cancelOffer(acd, leg, offerGone, lastSeen)
  const request = leg.request.id
  if (leg.group !== null) acd.say('queue.left', seen<DataOf<'queue.left'>>({ request, group: leg.group, reason: left, invitation: leg.id }, lastSeen))
  acd.say('invitation.ended', { invitation: leg.id, request, why }, 'acd')
}

/** Ends the wait of a request without acceptance. */
export function endWait(acd: Acd, r: RequestState, left: Left, outcome: Outcome, endedBy: EndedBy, offerGone: Gone, lastSeen = 0, supervisor?: string): void {
  const leg = must(ownLeg(r), 'who waits is searched an agent for')
  cancelOffer(acd, leg, offerGone, lastSeen)
  acd.say('queue.left', seen<DataOf<'queue.left'>>({ request: r.id, group: must(leg.group, 'a waiting request has a group'), reason: left }, lastSeen))
  acd.say('request.closed', seen<DataOf<'request.closed'>>({ request: r.id, outcome, endedBy }, lastSeen, supervisor))
}

/** One agent leaves a call that goes on: another has it then, or, handed over blindly, the one who is searched for. */
export function agentLeaves(acd: Acd, r: RequestState, agent: string, lastSeen = 0, supervisor?: string): void {
  const a = acd.state.agent(agent)
  const wanted = a.wantsWrapUp
  acd.say('participant.left', seen<DataOf<'participant.left'>>({ request: r.id, participant: agent, role: 'agent' }, lastSeen, supervisor))
  if (r.held && agentsIn(r).length === 0) acd.say('hold.ended', { request: r.id, agent }, 'acd')
  if (lastSeen !== 0) return
  startWrapUp(acd, r, agent, wanted)
  freed(acd, a)
}

/**
 * Ends a call that is connecting (outcome connect_failed) or connected (answered). Its agents go into wrap-up after a
 * connected call, unless it is the one who was lost.
 */
export function endCall(acd: Acd, r: RequestState, endedBy: EndedBy, participant: string, reason: string, lastSeen = 0, supervisor?: string): void {
  const answered = r.phase === 'in_call'
  while (r.legs.length > 0) endLeg(acd, r.legs[0]!, endedBy === 'visitor' ? 'abandoned' : 'closed', 'call_over', 'closed')
  if (answered) acd.say('call.ended', seen<DataOf<'call.ended'>>({ request: r.id, endedBy, participant, reason }, lastSeen, supervisor))
  const agents: { a: AgentState; wanted: boolean }[] = []
  while (r.parties.length > 0) {
    const p = r.parties[0]!
    if (p.role === 'agent') agents.push({ a: acd.state.agent(p.id), wanted: acd.state.agent(p.id).wantsWrapUp })
    acd.say('participant.left', seen<DataOf<'participant.left'>>({ request: r.id, participant: p.id, role: p.role }, p.id === participant ? lastSeen : 0))
  }
  for (const { a, wanted } of agents) if (answered && !(lastSeen !== 0 && a.id === participant)) startWrapUp(acd, r, a.id, wanted)
  acd.say('request.closed', seen<DataOf<'request.closed'>>({ request: r.id, outcome: answered ? 'answered' : 'connect_failed', endedBy }, lastSeen, supervisor))
  for (const { a } of agents) freed(acd, a)
}

/** To be called when an agent may have become free: his queued status follows, he can be offered calls, or leaves if a plan took him out meanwhile. */
export function freed(acd: Acd, a: AgentState): void {
  if (a.work !== 'none' || a.session === null) return
  if (a.plan === null) return acd.say('agent.loggedOut', { agent: a.id, why: 'plan' }, 'acd')
  applyQueued(acd, a)
  acd.dirtyAgents.push(a)
}
