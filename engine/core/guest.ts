// Outside guests: a relative, an expert, the visitor's second device; by a link that works once, and let in by an agent.
import { refuse, type Acd, type Verdict } from './acd.ts'
import { callOf } from './call.ts'
import type { CommandOf } from './command.ts'
import type { Guest, RequestState } from './entities.ts'
import { MAX_GUESTS, MAX_PARTIES } from './limits.ts'

export function invite(acd: Acd, c: CommandOf<'guest.invite'>): Verdict {
  const r = callOf(acd, c.agent, c.request)
  if (!r) return refuse('not_in_call', c.request)
  if (r.phase !== 'in_call') return refuse('not_connected', c.request)
  if (r.guests.some((g) => g.id === c.guest) || r.parties.some((p) => p.id === c.guest)) return refuse('duplicate_id', c.guest)
  if (r.guests.length >= MAX_GUESTS) return refuse('too_many')
  acd.say('guest.invited', { request: c.request, guest: c.guest, agent: c.agent })
  return null
}

/** The guest of a call that is on. */
function guestOf(acd: Acd, request: string, guest: string): { r: RequestState; g: Guest } | null {
  const r = acd.state.requests.get(request)
  const g = r?.phase === 'in_call' ? r.guests.find((x) => x.id === guest) : undefined
  return r && g ? { r, g } : null
}

/** He has opened his link. Said once. */
export function knock(acd: Acd, request: string, guest: string): Verdict {
  const found = guestOf(acd, request, guest)
  if (!found || found.g.state === 'gone') return refuse('unknown_guest', guest)
  if (found.g.state === 'invited') acd.say('guest.knocked', { request, guest }, 'visitor')
  return null
}

export function admit(acd: Acd, c: CommandOf<'guest.admit'>): Verdict {
  const r = callOf(acd, c.agent, c.request)
  if (!r) return refuse('not_in_call', c.request)
  if (guestOf(acd, c.request, c.guest)?.g.state !== 'knocking') return refuse('unknown_guest', c.guest)
  if (r.parties.length >= MAX_PARTIES) return refuse('call_full')
  acd.say('guest.admitted', { request: c.request, guest: c.guest, agent: c.agent })
  acd.say('participant.joined', { request: c.request, participant: c.guest, role: 'guest' }, 'acd')
  return null
}

/** Turned away before, or out of, the call. */
export function turnAway(acd: Acd, c: CommandOf<'guest.refuse'>): Verdict {
  if (!callOf(acd, c.agent, c.request)) return refuse('not_in_call', c.request)
  const found = guestOf(acd, c.request, c.guest)
  if (!found || found.g.state === 'gone') return refuse('unknown_guest', c.guest)
  if (found.g.state === 'in') acd.say('participant.left', { request: c.request, participant: c.guest, role: 'guest' })
  acd.say('guest.refused', { request: c.request, guest: c.guest, agent: c.agent })
  return null
}

export function leave(acd: Acd, request: string, guest: string): Verdict {
  const found = guestOf(acd, request, guest)
  if (found?.g.state !== 'in') return refuse('unknown_guest', guest)
  acd.say('participant.left', { request, participant: guest, role: 'guest' })
  return null
}
