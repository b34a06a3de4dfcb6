// How facts about offers, dialling and calls change the state.
import type { DataOf } from '#events/event.ts'
import { legOf, legOfOffer, type AgentState, type Party, type RequestState } from './entities.ts'
import { free } from './evolve-agent.ts'
import { newLeg, NOBODY, unstick } from './evolve-request.ts'
import { must } from './limits.ts'
import type { State } from './state.ts'

interface OfOffer { offer: string; request: string; agent: string }

export function offered(s: State, at: number, d: DataOf<'offer.created'>): void {
  const r = s.request(d.request)
  const leg = must(legOf(r, d.invitation), 'an offer belongs to a search')
  s.relist(leg, false)
  unstick(s, leg)
  leg.offer = d.offer
  leg.agent = d.agent
  leg.rung = false
  r.offers++
  s.setLegTimer(leg, 'ringBy', d.expiresAt)
  s.setLegTimer(leg, 'overflowBy', 0)
  const a = s.agent(d.agent)
  s.unlist(a)
  a.work = 'ringing'
  a.workSince = at
  a.request = d.request
  a.lastOffer = at
  s.list(a)
}

export function rung(s: State, d: OfOffer): void {
  must(legOfOffer(s.request(d.request), d.offer), 'what rings is offered').rung = true
}

export function accepted(s: State, at: number, d: OfOffer): void {
  const r = s.request(d.request)
  const leg = must(legOfOffer(r, d.offer), 'what is accepted is offered')
  s.setLegTimer(leg, 'ringBy', 0)
  leg.offer = leg.agent = null
  const a = s.agent(d.agent)
  a.work = 'connecting'
  a.workSince = at
  a.misses = 0
  a.idleSince = 0
  if (leg.mode !== 'own') return
  r.acceptedAt = at
  r.agent = d.agent
  r.phase = 'connecting'
  s.setRequestTimer(r, 'connectBy', at + s.plan!.timers.connectMs)
}

export function declined(s: State, at: number, d: OfOffer): void {
  const a = withdrawn(s, at, d, true)
  a.idleSince = a.status === 'idle' ? at : 0
  a.misses = 0
  if (s.plan!.timers.declineCoolDownMs > 0) s.setAgentTimer(a, 'coolBy', at + s.plan!.timers.declineCoolDownMs)
  s.list(a)
}

export function expired(s: State, at: number, d: OfOffer): void {
  const a = withdrawn(s, at, d, true)
  a.idleSince = a.status === 'idle' ? at : 0
  a.misses++
  s.list(a)
}

/** The stretch of idle goes on: it was not the agent's doing (where it was, his status changes next). */
export function cancelled(s: State, at: number, d: OfOffer): void {
  s.list(withdrawn(s, at, d, false))
}

/** An offer is gone without acceptance: the leg is offerable again at its place, the agent is without work (not yet listed). */
function withdrawn(s: State, at: number, d: OfOffer, byHim: boolean): AgentState {
  const leg = must(legOfOffer(s.request(d.request), d.offer), 'what is withdrawn was offered')
  leg.offer = leg.agent = null
  leg.rung = false
  if (byHim && !leg.tried.includes(d.agent)) leg.tried = [...leg.tried, d.agent]
  s.setLegTimer(leg, 'ringBy', 0)
  s.setLegTimer(leg, 'overflowBy', leg.overflowAt)
  s.relist(leg, true)
  const a = s.agent(d.agent)
  s.unlist(a)
  a.work = 'none'
  a.workSince = at
  a.request = null
  return a
}

export function invited(s: State, d: DataOf<'invitation.started'>): void {
  const r = s.request(d.request)
  const leg = newLeg(s, r, d.mode, d.invitation)
  leg.warm = d.warm
  leg.from = d.from
  leg.target = d.agent ?? null
  r.legs.push(leg)
}

export function invitationEnded(s: State, d: DataOf<'invitation.ended'>): void {
  const r = s.request(d.request)
  r.legs = r.legs.filter((l) => l.id !== d.invitation)
}

export function dialStarted(s: State, at: number, d: DataOf<'dial.started'>): void {
  const r = s.request(d.request)
  r.phase = 'dialling'
  r.agent = d.agent
  s.setRequestTimer(r, 'connectBy', 0)
  s.setRequestTimer(r, 'dialBy', d.expiresAt)
  const a = s.agent(d.agent)
  s.unlist(a)
  a.work = 'dialling'
  a.workSince = at
  a.request = d.request
  a.idleSince = 0
  s.list(a)
}

export function dialAccepted(s: State, at: number, d: DataOf<'dial.accepted'>): void {
  const r = s.request(d.request)
  r.phase = 'connecting'
  if (r.acceptedAt === 0) r.acceptedAt = at
  s.setRequestTimer(r, 'dialBy', 0)
  s.setRequestTimer(r, 'connectBy', at + s.plan!.timers.connectMs)
  const a = s.agent(d.agent)
  a.work = 'connecting'
  a.workSince = at
}

export function dialEnded(s: State, at: number, d: { request: string; agent: string }): void {
  const r = s.request(d.request)
  s.setRequestTimer(r, 'dialBy', 0)
  r.agent = null
  free(s, s.agent(d.agent), at)
}

export function joined(s: State, at: number, d: DataOf<'participant.joined'>): void {
  const r = s.request(d.request)
  const party = { id: d.participant, role: d.role }
  if (r.parties.length === 0) r.parties = [party]
  else (r.parties as Party[]).push(party)
  if (d.role !== 'agent') return
  const a = s.agent(d.participant)
  if (a.work !== 'connecting') s.unlist(a)
  const work = a.work
  a.work = r.phase === 'in_call' ? 'in_call' : 'connecting'
  a.request = r.id
  a.idleSince = 0
  r.agent ??= a.id
  if (r.phase === 'in_call') talks(r, a, at)
  if (work !== 'connecting') s.list(a)
}

export function connected(s: State, at: number, d: DataOf<'call.connected'>): void {
  const r = s.request(d.request)
  r.phase = 'in_call'
  r.connectedAt = at
  s.setRequestTimer(r, 'connectBy', 0)
  for (const p of r.parties) if (p.role === 'agent') talks(r, s.agent(p.id), at)
}

/** From here on the agent takes part in the connected call. */
function talks(r: RequestState, a: AgentState, at: number): void {
  a.work = 'in_call'
  a.workSince = at
  a.talkSince = at
  a.calls++
  if (!r.served.includes(a.id)) r.served = [...r.served, a.id]
}

export function left(s: State, at: number, d: DataOf<'participant.left'>): void {
  const r = s.request(d.request)
  const parties = r.parties as Party[]
  if (parties.length === 1) r.parties = NOBODY
  else parties.splice(parties.findIndex((p) => p.id === d.participant && p.role === d.role), 1)
  if (d.role === 'guest') r.guests = r.guests.map((g) => (g.id === d.participant ? { ...g, state: 'gone' } : g))
  if (d.role !== 'agent') return
  if (r.agent === d.participant) r.agent = r.parties.find((p) => p.role === 'agent')?.id ?? null
  const a = s.agent(d.participant)
  if (a.talkSince !== 0) {
    const end = d.lastSeen ?? at
    a.talkMs += Math.max(0, end - a.talkSince)
    a.talkSince = 0
    a.lastCall = end
    if (r.direction === 'inbound') a.lastInbound = end
  }
  free(s, a, at)
}

