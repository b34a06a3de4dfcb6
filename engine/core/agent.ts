// The life of an agent: logs in, checks his devices, says his status, loses and regains his connection, leaves.
import type { Plan } from '#events/plan.ts'
import { refuse, type Acd, type Verdict } from './acd.ts'
import type { CommandOf } from './command.ts'
import { stop } from './dial.ts'
import { agentLeaves, endCall, withdraw } from './endings.ts'
import { agentsIn, type AgentState } from './entities.ts'
import { approvalNeeded, askApproval, become, gone } from './status.ts'

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

const onCall = (a: AgentState): boolean => a.work === 'dialling' || a.work === 'connecting' || a.work === 'in_call'

/** Leaves. Not in the middle of a call; a ringing offer goes on to someone else, wrap-up ends. */
export function logout(acd: Acd, id: string): Verdict {
  const a = loggedIn(acd, id)
  if (!a) return refuse('not_logged_in', id)
  if (onCall(a)) return refuse('working', a.work)
  leave(acd, a, 'self')
  return null
}

/** The connection is gone: a ringing offer goes on to someone else at once, a call is kept for the grace. */
export function lose(acd: Acd, id: string): Verdict {
  const a = loggedIn(acd, id)
  if (!a) return refuse('not_logged_in', id)
  if (a.lostAt !== 0) return null
  acd.say('agent.disconnected', { agent: id })
  if (a.work === 'ringing') withdraw(acd, a, 'agent_left')
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

/** The grace is over: he leaves his call, which ends as lost by the network if nobody else is left in it; the login ends at the instant he was last seen. */
export function lostForGood(acd: Acd, a: AgentState): void {
  const lastSeen = a.lostAt
  const r = a.request === null ? undefined : acd.state.requests.get(a.request)
  if (r && a.work === 'dialling') stop(acd, r, lastSeen)
  else if (r && onCall(a)) {
    if (agentsIn(r).length > 1) agentLeaves(acd, r, a.id, lastSeen)
    else endCall(acd, r, 'network', a.id, 'agent_lost', lastSeen)
  }
  if (a.session !== null) leave(acd, a, 'lost', lastSeen)
}

function leave(acd: Acd, a: AgentState, why: 'self' | 'lost', lastSeen = 0): void {
  const at = lastSeen === 0 ? {} : { lastSeen }
  if (a.work === 'ringing') withdraw(acd, a, 'agent_left', lastSeen)
  if (a.work === 'wrap_up') acd.say('wrapup.ended', { agent: a.id, request: a.request!, ...at })
  acd.say('agent.loggedOut', { agent: a.id, why, ...at })
  gone(acd, a)
}

/**
 * The status an agent says of himself, or a supervisor for him. Status and work are two axes: it may change during a call
 * (it counts for the time after), except to offline. Idle needs a fresh device check where the plan requires it; leaving
 * idle by oneself may need a supervisor's word, and is then only asked for.
 */
export function setStatus(acd: Acd, c: CommandOf<'agent.setStatus'>): Verdict {
  const a = loggedIn(acd, c.agent)
  if (!a) return refuse('not_logged_in', c.agent)
  const { plan } = acd.state
  if (a.status === c.to) return refuse('same_status', c.to)
  if (c.to === 'offline' && onCall(a)) return refuse('working', a.work)
  if (c.to === 'idle' && deviceCheckNeeded(plan!, a, acd.now)) return refuse('device_check_needed')
  const bySupervisor = c.by === 'supervisor' || c.by === 'admin'
  if (!bySupervisor && !reasonKnown(plan!, c.to, c.reason)) return refuse('unknown_reason', c.reason)
  if (!bySupervisor && approvalNeeded(plan!, a, c.to)) askApproval(acd, a, c.to, c.reason)
  else become(acd, a, c.to, c.reason, bySupervisor ? 'supervisor' : 'agent', c.supervisor)
  return null
}

/** Where the plan lists reasons for a status, one of them or none is given. */
function reasonKnown(plan: Plan, to: string, reason: string): boolean {
  const listed = plan.reasons?.filter((r) => r.status === to) ?? []
  return listed.length === 0 || reason === '' || listed.some((r) => r.id === reason)
}

/** The status that follows once his work is done. */
export function queueStatus(acd: Acd, c: CommandOf<'agent.queueStatus'>): Verdict {
  const a = loggedIn(acd, c.agent)
  if (!a) return refuse('not_logged_in', c.agent)
  if (c.to !== null && !onCall(a) && a.work !== 'wrap_up') return refuse('no_work')
  if (c.to === 'idle' && deviceCheckNeeded(acd.state.plan!, a, acd.now)) return refuse('device_check_needed')
  if (c.to !== null && !reasonKnown(acd.state.plan!, c.to, c.reason)) return refuse('unknown_reason', c.reason)
  if (a.queued?.to === c.to && a.queued?.reason === c.reason) return null
  if (c.to !== null || a.queued !== null) acd.say('agent.statusQueued', { agent: a.id, to: c.to, reason: c.reason })
  return null
}

/** A supervisor's answer. What was granted is the agent's own act. */
export function decideStatus(acd: Acd, c: CommandOf<'status.decide'>): Verdict {
  const a = loggedIn(acd, c.agent)
  if (!a) return refuse('not_logged_in', c.agent)
  if (a.asked === null) return refuse('no_approval_asked', c.agent)
  const { to, reason } = a.asked
  acd.say('status.approvalGiven', { agent: a.id, granted: c.granted, supervisor: c.supervisor })
  if (c.granted && a.status !== to) become(acd, a, to, reason, 'agent', c.supervisor)
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
