// Setting a status: what follows from it for whoever rings, waits for him alone, or waits where he was the last.
import type { Plan } from '#events/plan.ts'
import type { Acd } from './acd.ts'
import type { AgentStatus } from './command.ts'
import { withdraw } from './endings.ts'
import type { AgentState } from './entities.ts'

/** States a status. */
export function become(acd: Acd, a: AgentState, to: AgentStatus, reason: string, actor: 'agent' | 'supervisor' | 'acd', supervisor?: string): void {
  if (a.work === 'ringing') withdraw(acd, a, 'agent_status')
  acd.say('agent.statusSet', { agent: a.id, from: a.status, to, actor, reason, ...(supervisor === undefined ? {} : { supervisor }) }, actor === 'acd' ? 'acd' : undefined)
  if (to === 'idle') acd.dirtyAgents.push(a)
  if (to === 'offline') gone(acd, a)
}

/** He is not there any more: nobody waits for him in particular, and a group of which he was the last has nobody. */
export function gone(acd: Acd, a: AgentState): void {
  for (const leg of [...a.waitedFor]) {
    acd.say('sticky.ended', { request: leg.request.id }, 'acd')
    acd.dirtyLegs.push(leg)
  }
  for (const { group } of a.memberships) acd.dirtyGroups.push(group)
}

/** Whether leaving idle must be asked for first. */
export const approvalNeeded = (plan: Plan, a: AgentState, to: AgentStatus): boolean =>
  plan.approval === true && a.status === 'idle' && (to === 'busy' || to === 'away' || to === 'invisible')

export function askApproval(acd: Acd, a: AgentState, to: AgentStatus, reason: string): void {
  if (a.asked?.to !== to || a.asked.reason !== reason) acd.say('status.approvalAsked', { agent: a.id, to, reason })
}

/** The status he chose while he worked. */
export function applyQueued(acd: Acd, a: AgentState): void {
  if (a.queued === null) return
  const { to, reason } = a.queued
  if (to === a.status) acd.say('agent.statusQueued', { agent: a.id, to: null, reason: '' }, 'acd')
  else if (approvalNeeded(acd.state.plan!, a, to)) {
    acd.say('agent.statusQueued', { agent: a.id, to: null, reason: '' }, 'acd')
    askApproval(acd, a, to, reason)
  } else become(acd, a, to, reason, 'agent')
}
