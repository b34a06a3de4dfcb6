// The life of an agent: logs in, checks his devices, says his status, loses and regains his connection, leaves.
import type { Plan } from '#events/plan.ts'
import { refuse, type Acd, type Verdict } from './acd.ts'
import type { CommandOf } from './command.ts'
import { cancelOffer, endCall, freed } from './endings.ts'
import type { AgentState } from './entities.ts'
import { must } from './limits.ts'

const loggedIn = (acd: Acd, id: string): AgentState | null => {
  const a = acd.state.agents.get(id)
  return a && a.session !== null ? a : null
}

/** Begins a login, always offline. Where there is one already (another tab, a reload), it goes on. */
export function login(acd: Acd, id: string, session: string): Verdict {
  const a = acd.state.agents.get(id)
  if (!a || a.plan === null) return refuse('unknown_agent', id)
  if (a.session !== null) return comeBack(acd, id)
  acd.say('agent.loggedIn', { agent: id, session })
  return null
}

/** Leaves. Not in the middle of a call; a ringing offer goes on to someone else, wrap-up ends. */
export function logout(acd: Acd, id: string): Verdict {
  const a = loggedIn(acd, id)
  if (!a) return refuse('not_logged_in', id)
  if (a.work === 'connecting' || a.work === 'in_call') return refuse('working', a.work)
  leave(acd, a, 'self')
  return null
}

/** The connection is gone: a ringing offer goes on to someone else at once, a call is kept for the grace. */
export function lose(acd: Acd, id: string): Verdict {
  const a = loggedIn(acd, id)
  if (!a) return refuse('not_logged_in', id)
  if (a.lostAt !== 0) return null
  acd.say('agent.disconnected', { agent: id })
  if (a.work === 'ringing') cancelOffer(acd, acd.state.request(a.request!), 'agent_left')
  return null
}

export function comeBack(acd: Acd, id: string): Verdict {
  const a = loggedIn(acd, id)
  if (!a) return refuse('not_logged_in', id)
  if (a.lostAt === 0) return null
  acd.say('agent.reconnected', { agent: id })
  acd.dirtyAgents.push(a)
  return null
}

/** The grace is over: the call ends as lost by the network, the login at the instant he was last seen. */
export function lostForGood(acd: Acd, a: AgentState): void {
  const lastSeen = a.lostAt
  if (a.work === 'connecting' || a.work === 'in_call') endCall(acd, acd.state.request(must(a.request, 'a call has a request')), 'network', a.id, 'agent_lost', lastSeen)
  if (a.session !== null) leave(acd, a, 'lost', lastSeen)
}

function leave(acd: Acd, a: AgentState, why: 'self' | 'lost' | 'plan', lastSeen = 0): void {
  const at = lastSeen === 0 ? {} : { lastSeen }
  if (a.work === 'ringing') cancelOffer(acd, acd.state.request(a.request!), 'agent_left', lastSeen)
  if (a.work === 'wrap_up') acd.say('wrapup.ended', { agent: a.id, request: a.request!, ...at })
  acd.say('agent.loggedOut', { agent: a.id, why, ...at })
}

/**
 * The status an agent says of himself, or a supervisor for him. Status and work are two axes: it may change during a call
 * (it counts for the time after), except to offline. Idle needs a fresh device check where the plan requires it.
 */
export function setStatus(acd: Acd, c: CommandOf<'agent.setStatus'>): Verdict {
  const a = loggedIn(acd, c.agent)
  if (!a) return refuse('not_logged_in', c.agent)
  if (a.status === c.to) return refuse('same_status', c.to)
  if (c.to === 'offline' && (a.work === 'connecting' || a.work === 'in_call')) return refuse('working', a.work)
  if (c.to === 'idle' && deviceCheckNeeded(acd.state.plan!, a, acd.now)) return refuse('device_check_needed')
  if (a.work === 'ringing') cancelOffer(acd, acd.state.request(a.request!), 'agent_status')
  acd.say('agent.statusSet', { agent: a.id, from: a.status, to: c.to, actor: c.by === 'supervisor' || c.by === 'admin' ? 'supervisor' : 'agent', reason: c.reason })
  if (c.to === 'idle') acd.dirtyAgents.push(a)
  return null
}

/** Whether this agent must check his devices before he may go idle. */
export function deviceCheckNeeded(plan: Plan, a: AgentState, now: number): boolean {
  return plan.deviceCheck === 'required' && a.plan?.video === true && (a.checkedAt === 0 || now - a.checkedAt > plan.timers.deviceCheckMs)
}

export function checkDevices(acd: Acd, c: CommandOf<'device.check'>): Verdict {
  if (!loggedIn(acd, c.agent)) return refuse('not_logged_in', c.agent)
  acd.say('device.checked', { agent: c.agent, camera: c.camera, microphone: c.microphone, speaker: c.speaker, network: c.network })
  return null
}

export function endWrapUp(acd: Acd, id: string): Verdict {
  const a = loggedIn(acd, id)
  if (!a) return refuse('not_logged_in', id)
  if (a.work !== 'wrap_up') return refuse('not_in_wrapup')
  acd.say('wrapup.ended', { agent: id, request: a.request! })
  freed(acd, a)
  return null
}
