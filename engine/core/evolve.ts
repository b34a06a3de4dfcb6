// A fact changes the state: the only place where state changes, live and when a log is folded alike.
import type { DataOf, TwinlineEvent } from '#events/event.ts'
import { chainOf, type AgentState, type Contact, type RequestState } from './entities.ts'
import { ImpossibleState, REMEMBER_CLOSED_MS } from './limits.ts'
import type { State } from './state.ts'

/** Applies one fact. Facts come in order of seq; a gap is an impossible state. */
export function evolve(s: State, e: TwinlineEvent): void {
  if (e.seq !== s.seq + 1) throw new ImpossibleState(`fact ${e.seq} cannot follow ${s.seq}`)
  s.seq = e.seq
  s.at = e.at
  switch (e.type) {
    case 'decision.made': return
    case 'request.created': return created(s, e.at, e.data)
    case 'request.routed': { s.request(e.data.request).group = e.data.group; return }
    case 'queue.entered': return queueEntered(s, e.at, e.data)
    case 'queue.left': return queueLeft(s, e.data)
    case 'request.closed': return closed(s, e.at, e.data)
    case 'visitor.disconnected': {
      const r = s.request(e.data.request)
      lose(s, r, e.at, e.at + s.plan!.timers.visitorGraceMs)
      r.said = e.data.said
      return
    }
    case 'visitor.reconnected': {
      const r = s.request(e.data.request)
      r.lostAt = 0
      r.said = false
      s.setRequestTimer(r, 'graceBy', 0)
      s.relist(r, true)
      return
    }

    case 'offer.created': return offered(s, e.at, e.data)
    case 'offer.ringing': { s.request(e.data.request).rung = true; return }
    case 'offer.accepted': return accepted(s, e.at, e.data)
    case 'offer.declined': {
      const a = withdrawn(s, e.data)
      tried(s.request(e.data.request), a)
      a.idleSince = e.at
      a.misses = 0
      if (s.plan!.timers.declineCoolDownMs > 0) s.setAgentTimer(a, 'coolBy', e.at + s.plan!.timers.declineCoolDownMs)
      return s.list(a)
    }
    case 'offer.expired': {
      const a = withdrawn(s, e.data)
      tried(s.request(e.data.request), a)
      a.idleSince = e.at
      a.misses++
      return s.list(a)
    }
    // The stretch of idle goes on: it was not the agent's doing (where it was, his status changes next).
    case 'offer.cancelled': return s.list(withdrawn(s, e.data))

    case 'participant.joined':
    case 'participant.left': return
    case 'call.connected': {
      const r = s.request(e.data.request)
      r.phase = 'in_call'
      r.connectedAt = e.at
      s.setRequestTimer(r, 'connectBy', 0)
      s.agent(e.data.agent).work = 'in_call'
      return
    }
    case 'call.ended': return
    case 'wrapup.started': {
      const a = s.agent(e.data.agent)
      s.unlist(a)
      a.work = 'wrap_up'
      a.request = e.data.request
      a.idleSince = 0
      s.setAgentTimer(a, 'wrapUpBy', e.data.endsAt)
      return s.list(a)
    }
    case 'wrapup.ended': {
      const a = s.agent(e.data.agent)
      s.setAgentTimer(a, 'wrapUpBy', 0)
      return free(s, a, e.at)
    }

    case 'agent.loggedIn': {
      const a = s.agent(e.data.agent)
      s.unlist(a)
      a.session = e.data.session
      a.status = 'offline'
      a.statusSince = e.at
      a.misses = 0
      return s.list(a)
    }
    case 'agent.loggedOut': {
      const a = s.agent(e.data.agent)
      s.unlist(a)
      a.session = null
      a.status = 'offline'
      a.statusSince = e.at
      a.idleSince = a.lostAt = 0
      s.setAgentTimer(a, 'graceBy', 0)
      s.setAgentTimer(a, 'coolBy', 0)
      s.list(a)
      if (a.plan === null) s.agents.delete(a.id)
      return
    }
    case 'agent.disconnected': return away(s, s.agent(e.data.agent), e.at, e.at + s.plan!.timers.agentGraceMs)
    case 'agent.reconnected': {
      const a = s.agent(e.data.agent)
      s.unlist(a)
      a.lostAt = 0
      s.setAgentTimer(a, 'graceBy', 0)
      return s.list(a)
    }
    case 'agent.cooledDown': {
      const a = s.agent(e.data.agent)
      s.unlist(a)
      s.setAgentTimer(a, 'coolBy', 0)
      return s.list(a)
    }
    case 'agent.statusSet': {
      const a = s.agent(e.data.agent)
      s.unlist(a)
      a.status = e.data.to
      a.statusSince = e.at
      a.misses = 0
      a.idleSince = e.data.to === 'idle' && a.work === 'none' ? e.at : 0
      return s.list(a)
    }
    case 'device.checked': {
      if (e.data.camera && e.data.microphone) s.agent(e.data.agent).checkedAt = e.at
      return
    }

    case 'survey.answered': { s.request(e.data.request).rated = true; return }
    case 'summary.filed':
    case 'consent.given': return
    case 'plan.changed': return s.index(e.data.document)
    case 'engine.started': {
      if (!s.plan) return
      const { visitorGraceMs, agentGraceMs } = s.plan.timers
      for (const r of s.requests.values()) if (r.phase !== 'closed') lose(s, r, r.lostAt || e.data.lastAt, e.at + visitorGraceMs)
      for (const a of s.agents.values()) if (a.session !== null) away(s, a, a.lostAt || e.data.lastAt, e.at + agentGraceMs)
      return
    }
  }
}

function created(s: State, at: number, d: DataOf<'request.created'>): void {
  forget(s, at)
  s.open++
  s.requests.set(d.request, {
    n: ++s.requestsEver, id: d.request, visitor: d.visitor, contact: d.contact, channel: d.channel, access: d.access, direction: d.direction,
    priority: d.priority, createdAt: at, phase: 'created', group: null, place: 0, queuedAt: 0, offer: null, agent: null, rung: false,
    offeredAt: 0, offers: 0, tried: NOBODY, acceptedAt: 0, connectedAt: 0, lostAt: 0, said: false, waitBy: 0, ringBy: 0, connectBy: 0, graceBy: 0,
    outcome: null, closedAt: 0, rated: false,
  })
  let v = s.visitors.get(d.visitor)
  if (!v) s.visitors.set(d.visitor, (v = { id: d.visitor, open: null, contacts: [] }))
  v.open = d.request
  const c = chainOf(v, d.channel)
  if (!c) v.contacts.push({ contact: d.contact, channel: d.channel, endedAt: 0, answered: false, place: 0 })
  else if (c.contact !== d.contact) Object.assign(c, { contact: d.contact, endedAt: 0, answered: false, place: 0 } satisfies Partial<Contact>)
}

function queueEntered(s: State, at: number, d: DataOf<'queue.entered'>): void {
  const r = s.request(d.request)
  r.phase = 'waiting'
  r.group = d.group
  r.place = d.place
  if (r.queuedAt === 0) {
    r.queuedAt = at
    s.setRequestTimer(r, 'waitBy', at + s.plan!.timers.maxWaitMs)
  }
  chainOf(s.visitors.get(r.visitor)!, r.channel)!.place = d.place
  s.group(d.group).queue.add(r)
  s.relist(r, true)
}

function queueLeft(s: State, d: DataOf<'queue.left'>): void {
  const r = s.request(d.request)
  s.relist(r, false)
  s.group(d.group).queue.delete(r)
  // Overflow goes on waiting; every other way out ends the wait.
  if (d.reason !== 'overflowed') s.setRequestTimer(r, 'waitBy', 0)
  if (r.phase === 'waiting') r.phase = 'created'
}

function closed(s: State, at: number, d: DataOf<'request.closed'>): void {
  const r = s.request(d.request)
  const wasOnCall = r.phase === 'connecting' || r.phase === 'in_call'
  r.phase = 'closed'
  r.outcome = d.outcome
  r.closedAt = at
  s.open--
  s.setRequestTimer(r, 'connectBy', 0)
  s.setRequestTimer(r, 'graceBy', 0)
  s.closed.add(r)
  const v = s.visitors.get(r.visitor)!
  v.open = null
  const c = chainOf(v, r.channel)!
  c.endedAt = d.lastSeen ?? at
  c.answered = d.outcome === 'answered'
  // Wrap-up, where there is any, was started before the request closed; else the agent is free from here.
  if (wasOnCall) {
    const a = s.agent(r.agent!)
    if (a.request === r.id && a.work !== 'wrap_up') free(s, a, at)
  }
}

function offered(s: State, at: number, d: DataOf<'offer.created'>): void {
  const r = s.request(d.request)
  s.relist(r, false)
  r.offer = d.offer
  r.agent = d.agent
  r.offeredAt = at
  r.offers++
  r.rung = false
  s.setRequestTimer(r, 'ringBy', d.expiresAt)
  const a = s.agent(d.agent)
  s.unlist(a)
  a.work = 'ringing'
  a.request = d.request
  a.lastOffer = at
  s.list(a)
}

function accepted(s: State, at: number, d: DataOf<'offer.accepted'>): void {
  const r = s.request(d.request)
  r.acceptedAt = at
  s.setRequestTimer(r, 'ringBy', 0)
  s.setRequestTimer(r, 'connectBy', at + s.plan!.timers.connectMs)
  r.phase = 'connecting'
  r.offer = null
  const a = s.agent(d.agent)
  a.work = 'connecting'
  a.misses = 0
  a.idleSince = 0
}

/** Most requests are declined by nobody: they share one empty list, which is never written to. */
const NOBODY: readonly string[] = []
function tried(r: RequestState, a: AgentState): void { if (!r.tried.includes(a.id)) r.tried = [...r.tried, a.id] }

/** An offer is gone without acceptance: the request is offerable again at its place, the agent is without work (not yet listed). */
function withdrawn(s: State, d: { request: string; agent: string }): AgentState {
  const r = s.request(d.request)
  r.offer = r.agent = null
  r.rung = false
  s.setRequestTimer(r, 'ringBy', 0)
  s.relist(r, true)
  const a = s.agent(d.agent)
  s.unlist(a)
  a.work = 'none'
  a.request = null
  return a
}

/** The agent has no work any more; if idle, a new stretch begins. */
function free(s: State, a: AgentState, at: number): void {
  s.unlist(a)
  a.work = 'none'
  a.request = null
  a.idleSince = a.status === 'idle' ? at : 0
  s.list(a)
}

function lose(s: State, r: RequestState, lostAt: number, graceBy: number): void {
  s.relist(r, false)
  r.lostAt = lostAt
  s.setRequestTimer(r, 'graceBy', graceBy)
}

function away(s: State, a: AgentState, lostAt: number, graceBy: number): void {
  s.unlist(a)
  a.lostAt = lostAt
  s.setAgentTimer(a, 'graceBy', graceBy)
  s.list(a)
}

/** Drops closed requests and finished contacts whose memory nothing needs any more. */
function forget(s: State, at: number): void {
  const { contactGapMs, keepPlaceMs } = s.plan!.timers
  const memory = Math.max(contactGapMs, keepPlaceMs, REMEMBER_CLOSED_MS)
  for (let r = s.closed.first; r && r.closedAt + memory < at; r = s.closed.first) {
    s.closed.drop()
    s.requests.delete(r.id)
    const v = s.visitors.get(r.visitor)
    if (!v || v.open !== null) continue
    if (v.contacts.every((c) => c.endedAt + memory < at)) s.visitors.delete(v.id)
  }
}
