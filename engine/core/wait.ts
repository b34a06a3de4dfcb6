// What others do with a request that waits: made urgent, given to somebody, sent on, taken out, turned into a callback.
import { UNGROUPED } from '#events/plan.ts'
import { refuse, type Acd, type Verdict } from './acd.ts'
import { turnedBy } from './admission.ts'
import type { CommandOf } from './command.ts'
import { endWait } from './endings.ts'
import { invitationOf, ownLeg, type CallbackState, type GroupState, type Leg } from './entities.ts'
import { CALLBACK_RETRY_MS, MAX_CALLBACKS } from './limits.ts'
import { offerTo, reachable } from './offer.ts'
import { enter } from './request.ts'

/** The request's wait, or why there is none. */
function waiting(acd: Acd, id: string): Leg | Verdict {
  const r = acd.state.requests.get(id)
  if (!r) return refuse('unknown_request', id)
  return ownLeg(r) ?? refuse('not_waiting', id)
}
const isLeg = (x: Leg | Verdict): x is Leg => x !== null && 'request' in x

export function prioritize(acd: Acd, c: CommandOf<'request.prioritize'>): Verdict {
  const leg = waiting(acd, c.request)
  if (!isLeg(leg)) return leg
  if (leg.priority === c.priority) return null
  acd.say('request.prioritized', { request: c.request, priority: c.priority, ...bySupervisor(c) })
  acd.dirtyLegs.push(leg)
  return null
}

export const bySupervisor = (c: { supervisor?: string }): { supervisor?: string } => (c.supervisor === undefined ? {} : { supervisor: c.supervisor })

export function remove(acd: Acd, c: CommandOf<'request.remove'>): Verdict {
  const leg = waiting(acd, c.request)
  if (!isLeg(leg)) return leg
  endWait(acd, leg.request, 'closed', 'removed', 'supervisor', 'withdrawn', 0, c.supervisor)
  return null
}

/** A direct offer: to whom the supervisor chose; declined or missed, the request waits on in its place. */
export function assign(acd: Acd, c: CommandOf<'request.assign'>): Verdict {
  const leg = waiting(acd, c.request)
  if (!isLeg(leg)) return leg
  const no = reachable(acd, c.agent)
  if (no) return no
  if (leg.offer !== null) return refuse('already_offered', c.request)
  offerTo(acd, leg, c.agent, 'direct', c.supervisor)
  return null
}

/** The visitor does not wait on, but is called: his place stays his. Due at once, he is in the queue again at that very place. */
export function callBack(acd: Acd, c: CommandOf<'callback.request'>): Verdict {
  const leg = waiting(acd, c.request)
  if (!isLeg(leg)) return leg
  const s = acd.state
  if (s.callbacks.has(c.callback) || s.requests.has(c.callback)) return refuse('duplicate_id', c.callback)
  if (s.callbacks.size >= MAX_CALLBACKS) return refuse('too_many')
  const { visitor, contact, channel, access, priority } = leg.request
  const asked = { callback: c.callback, request: c.request, visitor, contact, channel, access, group: leg.group!, place: leg.place, priority, dueAt: Math.max(c.dueAt, acd.now) }
  endWait(acd, leg.request, 'closed', 'callback', 'visitor', 'withdrawn')
  acd.say('callback.requested', asked)
  if (asked.dueAt === acd.now) callbackDue(acd, s.callbacks.get(c.callback)!)
  return null
}

export function cancelCallback(acd: Acd, c: CommandOf<'callback.cancel'>): Verdict {
  if (!acd.state.callbacks.has(c.callback)) return refuse('unknown_callback', c.callback)
  acd.say('callback.cancelled', { callback: c.callback, ...bySupervisor(c) })
  return null
}

/** Its time has come: a request like any other, at the kept place, whose agent will ring the visitor. Not if he is on the line by himself, or blocked; later if his group is closed or full. */
export function callbackDue(acd: Acd, c: CallbackState): void {
  const s = acd.state
  if (s.visitors.get(c.visitor)?.open || s.blocks.get(c.visitor)?.blocked) return acd.say('callback.cancelled', { callback: c.id }, 'acd')
  const group = s.groups.get(c.group) ?? s.group(UNGROUPED)
  if (turnedBy(acd, group)) return acd.say('callback.postponed', { callback: c.id, dueAt: acd.now + CALLBACK_RETRY_MS }, 'acd')
  acd.say('callback.due', { callback: c.id }, 'acd')
  acd.say('request.created', { request: c.id, visitor: c.visitor, contact: c.contact, channel: c.channel, access: c.access, direction: 'callback', priority: c.priority }, 'acd')
  acd.say('request.routed', { request: c.id, rule: 'callback', group: group.id }, 'acd')
  enter(acd, s.request(c.id), c.place)
}

/** The leg has waited long enough here, or nobody is left here: it goes where the plan sends it, unless nobody takes it there either. */
export function overflow(acd: Acd, leg: Leg, why: 'wait' | 'no_agent'): void {
  const from = acd.state.group(leg.group!)
  const row = from.plan.overflow?.find((o) => o.when === why)
  const to = row && acd.state.group(row.to)
  const moves = to !== undefined && to !== from && turnedBy(acd, to) === null
  const request = leg.request.id
  const invitation = invitationOf(leg)
  if (!moves && why === 'no_agent') {
    if (from.plan.noAgent === 'close' && leg.mode === 'own') endWait(acd, leg.request, 'closed', 'no_agent', 'system', 'withdrawn')
    return
  }
  if (moves) acd.say('queue.left', { request, group: from.id, reason: 'overflowed', ...invitation }, 'acd')
  // To the same group: nobody else takes it, it waits on here and is not asked about again.
  acd.say('request.overflowed', { request, from: from.id, to: (moves ? to : from).id, why, ...invitation }, 'acd')
  if (!moves) return
  acd.say('queue.entered', { request, group: to.id, place: leg.place, ...invitation }, 'acd')
  acd.dirtyLegs.push(leg)
}

/** Nobody of the group is there any more: what the plan says of that for those who wait. */
export function unmanned(acd: Acd, g: GroupState): void {
  if (g.plan.noAgent !== 'close' && !g.plan.overflow?.some((o) => o.when === 'no_agent')) return
  for (const leg of [...g.queue]) if (leg.offer === null) overflow(acd, leg, 'no_agent')
}
