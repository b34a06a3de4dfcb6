// How things end, one way each: an offer is withdrawn, a wait ends, a call ends. Whoever causes it comes through here.
import type { DataOf } from '#events/event.ts'
import type { Acd } from './acd.ts'
import type { AgentState, RequestState } from './entities.ts'
import { must } from './limits.ts'
import type { Outcome } from '#events/outcome.ts'

type EndedBy = DataOf<'call.ended'>['endedBy']
/** The same data with the instant of the loss, where there was one. */
function seen<D extends { lastSeen?: number }>(data: D, lastSeen: number): D {
  if (lastSeen !== 0) data.lastSeen = lastSeen
  return data
}

/** Withdraws the live offer of a request, if there is one; both sides may be matched anew. */
export function cancelOffer(acd: Acd, r: RequestState, reason: DataOf<'offer.cancelled'>['reason'], lastSeen = 0): void {
  if (r.offer === null) return
  const agent = must(r.agent, 'a live offer has an agent')
  acd.say('offer.cancelled', seen<DataOf<'offer.cancelled'>>({ offer: r.offer, request: r.id, agent, reason }, lastSeen))
  acd.dirtyAgents.push(acd.state.agent(agent))
  acd.dirtyRequests.push(r)
}

/** Ends the wait of a request without acceptance. */
export function endWait(
  acd: Acd, r: RequestState, left: DataOf<'queue.left'>['reason'], outcome: Outcome, endedBy: EndedBy,
  offerGone: DataOf<'offer.cancelled'>['reason'], lastSeen = 0,
): void {
  cancelOffer(acd, r, offerGone, lastSeen)
  acd.say('queue.left', seen<DataOf<'queue.left'>>({ request: r.id, group: must(r.group, 'a waiting request has a group'), reason: left }, lastSeen))
  acd.say('request.closed', seen<DataOf<'request.closed'>>({ request: r.id, outcome, endedBy }, lastSeen))
}

/**
 * Ends a call that is connecting (outcome connect_failed) or connected (answered). The agent goes into wrap-up after a
 * connected call, unless he is the one who was lost.
 */
export function endCall(acd: Acd, r: RequestState, endedBy: EndedBy, participant: string, reason: string, lastSeen = 0): void {
  const a = acd.state.agent(must(r.agent, 'a call has an agent'))
  const answered = r.phase === 'in_call'
  const agentLost = lastSeen !== 0 && participant === a.id
  const visitorLost = lastSeen !== 0 && participant === r.visitor
  if (answered) acd.say('call.ended', seen<DataOf<'call.ended'>>({ request: r.id, endedBy, participant, reason }, lastSeen))
  acd.say('participant.left', seen<DataOf<'participant.left'>>({ request: r.id, participant: r.visitor, role: 'visitor' }, visitorLost ? lastSeen : 0))
  acd.say('participant.left', seen<DataOf<'participant.left'>>({ request: r.id, participant: a.id, role: 'agent' }, agentLost ? lastSeen : 0))
  const wrapUpMs = acd.state.groups.get(r.group!)?.plan.wrapUpMs ?? acd.state.plan!.timers.wrapUpMs
  if (answered && wrapUpMs > 0 && !agentLost) acd.say('wrapup.started', { agent: a.id, request: r.id, endsAt: acd.now + wrapUpMs }, 'acd')
  acd.say('request.closed', seen<DataOf<'request.closed'>>({ request: r.id, outcome: answered ? 'answered' : 'connect_failed', endedBy }, lastSeen))
  freed(acd, a)
}

/** To be called when an agent may have become free: he can be offered calls, or leaves if a plan took him out meanwhile. */
export function freed(acd: Acd, a: AgentState): void {
  if (a.work !== 'none') return
  if (a.plan === null) acd.say('agent.loggedOut', { agent: a.id, why: 'plan' }, 'acd')
  else acd.dirtyAgents.push(a)
}
