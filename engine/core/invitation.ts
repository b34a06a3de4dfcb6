// An agent in a call asks for another: invites him in, or hands the call over, warm or blind; to one agent or to a group.
import { UNGROUPED } from '#events/plan.ts'
import { refuse, type Acd, type Verdict } from './acd.ts'
import { full, turnedBy } from './admission.ts'
import { callOf } from './call.ts'
import type { CommandOf, Target } from './command.ts'
import { agentLeaves, endCall, endLeg } from './endings.ts'
import { legOf, type Leg, type RequestState } from './entities.ts'
import { MAX_INVITATIONS, MAX_PARTIES } from './limits.ts'
import { offerTo, reachable } from './offer.ts'

export function transfer(acd: Acd, c: CommandOf<'call.transfer'>): Verdict {
  const r = callOf(acd, c.agent, c.request)
  const no = askable(acd, r, c)
  if (no) return no
  search(acd, r!, c.invitation, c.agent, 'transfer', c.warm, c.to)
  if (!c.warm) agentLeaves(acd, r!, c.agent)
  return null
}

export function invite(acd: Acd, c: CommandOf<'call.invite'>): Verdict {
  const r = callOf(acd, c.agent, c.request)
  const no = askable(acd, r, c)
  if (no) return no
  search(acd, r!, c.invitation, c.agent, 'invite', true, c.to)
  return null
}

/** Why nobody can be asked into this call now. */
function askable(acd: Acd, r: RequestState | null, c: { request: string; invitation: string; to: Target }): Verdict {
  if (!r) return refuse('not_in_call', c.request)
  if (r.phase !== 'in_call') return refuse('not_connected', c.request)
  if (r.legs.length >= MAX_INVITATIONS) return refuse('too_many')
  if (r.parties.length + r.legs.length >= MAX_PARTIES) return refuse('call_full')
  if (c.invitation === r.id || r.legs.some((l) => l.id === c.invitation)) return refuse('duplicate_id', c.invitation)
  if ('agent' in c.to) {
    const { agent } = c.to
    return r.parties.some((p) => p.id === agent && p.role === 'agent') ? refuse('already_in_call', agent) : reachable(acd, agent)
  }
  const group = acd.state.groups.get(c.to.group)
  if (!group) return refuse('unknown_group', c.to.group)
  const turned = turnedBy(acd, group)
  return turned ? refuse('group_cannot', turned) : null
}

function search(acd: Acd, r: RequestState, invitation: string, from: string, mode: 'transfer' | 'invite', warm: boolean, to: Target): void {
  acd.say('invitation.started', { invitation, request: r.id, from, mode, warm, ...to })
  const leg = legOf(r, invitation)!
  if ('agent' in to) offerTo(acd, leg, to.agent, mode)
  else queue(acd, leg, to.group)
}

/** In the queue by the age of the request: who has been talking already does not start at the end. */
function queue(acd: Acd, leg: Leg, group: string): void {
  acd.say('queue.entered', { request: leg.request.id, group, place: leg.request.createdAt, invitation: leg.id }, 'acd')
  acd.dirtyLegs.push(leg)
}

/** Whom it was for does not come. A visitor who was handed over blindly is not left alone: his group is asked; if it is full, his call ends. */
export function fell(acd: Acd, leg: Leg, why: 'declined' | 'expired' | 'unreachable'): void {
  const r = leg.request
  if (leg.mode === 'transfer' && r.agent === null) {
    const group = acd.state.groups.get(r.group!) ?? acd.state.group(UNGROUPED)
    if (!full(group)) queue(acd, leg, group.id)
    else endCall(acd, r, 'system', 'system', 'transfer_failed')
  } else acd.say('invitation.ended', { invitation: leg.id, request: leg.request.id, why }, 'acd')
}

export function cancel(acd: Acd, c: CommandOf<'invitation.cancel'>): Verdict {
  const r = callOf(acd, c.agent, c.request)
  if (!r) return refuse('not_in_call', c.request)
  const leg = r.legs.find((l) => l.id === c.invitation)
  if (!leg) return refuse('unknown_invitation', c.invitation)
  endLeg(acd, leg, 'closed', 'cancelled', 'withdrawn')
  return null
}
