// A fact changes the state: the only way in which state changes, live and when a log is folded alike. One row each; the changes themselves stand in evolve-*.ts.
import type { TwinlineEvent } from '#events/event.ts'
import * as agent from './evolve-agent.ts'
import * as call from './evolve-call.ts'
import * as request from './evolve-request.ts'
import type { Guest } from './entities.ts'
import { ImpossibleState } from './limits.ts'
import type { State } from './state.ts'

/** Applies one fact. Facts come in order of seq; a gap is an impossible state. The commonest come first: the rows are asked in order. */
export function evolve(s: State, e: TwinlineEvent): void {
  if (e.seq !== s.seq + 1) throw new ImpossibleState(`fact ${e.seq} cannot follow ${s.seq}`)
  s.seq = e.seq
  s.at = e.at
  switch (e.type) {
    case 'decision.made': return
    case 'request.created': return request.created(s, e.at, e.data)
    case 'request.routed': { s.request(e.data.request).group = e.data.group; return }
    case 'queue.entered': return request.queueEntered(s, e.at, e.data)
    case 'offer.created': return call.offered(s, e.at, e.data)
    case 'offer.ringing': return call.rung(s, e.data)
    case 'offer.accepted': return call.accepted(s, e.at, e.data)
    case 'queue.left': return request.queueLeft(s, e.data)
    case 'participant.joined': return call.joined(s, e.at, e.data)
    case 'call.connected': return call.connected(s, e.at, e.data)
    case 'call.ended': return
    case 'participant.left': return call.left(s, e.at, e.data)
    case 'wrapup.started': return agent.wrapUpStarted(s, e.at, e.data)
    case 'request.closed': return request.closed(s, e.at, e.data)
    case 'wrapup.ended': return agent.wrapUpEnded(s, e.at, e.data.agent)
    case 'agent.statusSet': return agent.statusSet(s, e.at, e.data)

    case 'offer.declined': return call.declined(s, e.at, e.data)
    case 'offer.expired': return call.expired(s, e.at, e.data)
    case 'offer.cancelled': return call.cancelled(s, e.at, e.data)

    case 'request.overflowed': return request.overflowed(s, e.data)
    case 'request.prioritized': return request.prioritized(s, e.data)
    case 'sticky.started': return request.stickyStarted(s, e.data)
    case 'sticky.ended': return request.stickyEnded(s, e.data.request)
    case 'visitor.disconnected': return request.lost(s, e.at, e.data)
    case 'visitor.reconnected': return request.back(s, e.data.request)
    case 'callback.requested': return request.callbackRequested(s, e.data)
    case 'callback.postponed': return request.callbackPostponed(s, e.data)
    case 'callback.due':
    case 'callback.cancelled': return request.callbackGone(s, e.data.callback)

    case 'invitation.started': return call.invited(s, e.data)
    case 'invitation.ended': return call.invitationEnded(s, e.data)
    case 'dial.started': return call.dialStarted(s, e.at, e.data)
    case 'dial.ringing': return
    case 'dial.accepted': return call.dialAccepted(s, e.at, e.data)
    case 'dial.declined':
    case 'dial.expired':
    case 'dial.cancelled': return call.dialEnded(s, e.at, e.data)
    case 'guest.invited': return guest(s, e.data.request, { id: e.data.guest, state: 'invited', agent: e.data.agent })
    case 'guest.knocked': return guest(s, e.data.request, { id: e.data.guest, state: 'knocking' })
    case 'guest.admitted': return guest(s, e.data.request, { id: e.data.guest, state: 'in' })
    case 'guest.refused': return guest(s, e.data.request, { id: e.data.guest, state: 'gone' })
    case 'hold.started': { s.request(e.data.request).held = true; return }
    case 'hold.ended': { s.request(e.data.request).held = false; return }

    case 'wrapup.asked': { s.agent(e.data.agent).wantsWrapUp = e.data.wanted; return }
    case 'wrapup.extended': return s.setAgentTimer(s.agent(e.data.agent), 'wrapUpBy', e.data.endsAt)
    case 'agent.loggedIn': return agent.loggedIn(s, e.at, e.data)
    case 'agent.loggedOut': return agent.loggedOut(s, e.at, e.data.agent)
    case 'agent.disconnected': return agent.lost(s, s.agent(e.data.agent), e.at, e.at + s.plan!.timers.agentGraceMs)
    case 'agent.reconnected': return agent.back(s, e.data.agent)
    case 'agent.cooledDown': return agent.cooledDown(s, e.data.agent)
    case 'agent.statusQueued': {
      const { agent: id, to, reason } = e.data
      s.agent(id).queued = to === null ? null : { to, reason }
      return
    }
    case 'status.approvalAsked': { s.agent(e.data.agent).asked = { to: e.data.to, reason: e.data.reason, at: e.at }; return }
    case 'status.approvalGiven': { s.agent(e.data.agent).asked = null; return }
    case 'device.checked': {
      if (e.data.camera && e.data.microphone) s.agent(e.data.agent).checkedAt = e.at
      return
    }

    case 'survey.answered': { s.request(e.data.request).rated = true; return }
    case 'summary.filed':
    case 'summary.amended': { s.request(e.data.request).summarized = true; return }
    case 'ticket.opened':
    case 'consent.given': return
    case 'visitor.blockAsked': { s.blocks.set(e.data.visitor, { visitor: e.data.visitor, blocked: false, by: e.data.agent, reason: e.data.reason, at: e.at }); return }
    case 'visitor.blocked': {
      const asked = s.blocks.get(e.data.visitor)
      s.blocks.set(e.data.visitor, { visitor: e.data.visitor, blocked: true, by: asked?.by ?? e.data.supervisor ?? '', reason: asked?.reason ?? '', at: e.at })
      return
    }
    case 'visitor.unblocked': { s.blocks.delete(e.data.visitor); return }

    case 'plan.changed': return agent.planChanged(s, e.data.document)
    case 'day.began': return agent.dayBegan(s)
    case 'engine.started': {
      if (!s.plan) return
      const { visitorGraceMs, agentGraceMs } = s.plan.timers
      for (const r of s.requests.values()) if (request.visitorThere(r)) request.lose(s, r, r.lostAt || e.data.lastAt, e.at + visitorGraceMs)
      for (const a of s.agents.values()) if (a.session !== null) agent.lost(s, a, a.lostAt || e.data.lastAt, e.at + agentGraceMs)
      return
    }
  }
}

/** A guest's new state; the first one says whose guest he is. */
function guest(s: State, request: string, g: Pick<Guest, 'id' | 'state'> & { agent?: string }): void {
  const r = s.request(request)
  const known = r.guests.find((x) => x.id === g.id)
  r.guests = known ? r.guests.map((x) => (x === known ? { ...x, state: g.state } : x)) : [...r.guests, { agent: '', ...g }]
}
