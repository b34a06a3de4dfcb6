// A call under way: connected, held, left by one, ended for all.
import { refuse, type Acd, type Verdict } from './acd.ts'
import { agentLeaves, endCall } from './endings.ts'
import { agentsIn, type RequestState } from './entities.ts'

const onCall = (r: RequestState): boolean => r.phase === 'connecting' || r.phase === 'in_call'

/** The call this agent is in, if it is this one. */
export function callOf(acd: Acd, agent: string, id: string): RequestState | null {
  const r = acd.state.requests.get(id)
  return r && onCall(r) && r.parties.some((p) => p.id === agent && p.role === 'agent') ? r : null
}

/** Media flows both ways. */
export function connect(acd: Acd, id: string): Verdict {
  const r = acd.state.requests.get(id)
  if (!r || r.phase !== 'connecting') return refuse('not_connecting', id)
  acd.say('call.connected', { request: id, agent: r.agent! })
  return null
}

/** The agent who has the call ends it for all; one who helps just leaves. */
export function hangUp(acd: Acd, agent: string, id: string): Verdict {
  const r = callOf(acd, agent, id)
  if (!r) return refuse('not_in_call', id)
  if (r.agent === agent) endCall(acd, r, 'agent', agent, 'hangup')
  else agentLeaves(acd, r, agent)
  return null
}

/** The agent leaves; another who is in the call has it from here on. With nobody left it is over. */
export function leave(acd: Acd, agent: string, id: string): Verdict {
  const r = callOf(acd, agent, id)
  if (!r) return refuse('not_in_call', id)
  if (agentsIn(r).length === 1) endCall(acd, r, 'agent', agent, 'hangup')
  else agentLeaves(acd, r, agent)
  return null
}

export function terminate(acd: Acd, id: string, supervisor: string): Verdict {
  const r = acd.state.requests.get(id)
  if (!r) return refuse('unknown_request', id)
  if (!onCall(r)) return refuse('not_connected', id)
  endCall(acd, r, 'supervisor', supervisor, 'terminated', 0, supervisor)
  return null
}

/** The room cannot be held: a call that is connecting or connected ends by the system. */
export function fail(acd: Acd, id: string, reason: string): Verdict {
  const r = acd.state.requests.get(id)
  if (!r || !onCall(r)) return refuse('not_connecting', id)
  endCall(acd, r, 'system', 'system', reason)
  return null
}

export function hold(acd: Acd, agent: string, id: string, on: boolean): Verdict {
  const r = callOf(acd, agent, id)
  if (!r) return refuse('not_in_call', id)
  if (r.phase !== 'in_call') return refuse('not_connected', id)
  if (r.held === on) return refuse('hold_same', id)
  acd.say(on ? 'hold.started' : 'hold.ended', { request: id, agent })
  return null
}
