// Visitors who are kept out: an agent asks for it, a supervisor decides.
import { refuse, type Acd, type Verdict } from './acd.ts'
import type { CommandOf } from './command.ts'
import { ownLeg } from './entities.ts'
import { endWait } from './endings.ts'
import { MAX_BLOCKS } from './limits.ts'

/** Of a visitor whose call he took. */
export function ask(acd: Acd, c: CommandOf<'visitor.askBlock'>): Verdict {
  const s = acd.state
  const r = s.requests.get(c.request)
  if (!r) return refuse('unknown_request', c.request)
  if (!r.served.includes(c.agent)) return refuse('not_in_call', c.request)
  if (s.blocks.has(r.visitor)) return null
  if (s.blocks.size >= MAX_BLOCKS) return refuse('too_many')
  acd.say('visitor.blockAsked', { visitor: r.visitor, agent: c.agent, reason: c.reason })
  return null
}

/** A supervisor agrees, or blocks by himself. Who waits is out at once; a call that is on goes on. */
export function block(acd: Acd, visitor: string, supervisor: string): Verdict {
  const s = acd.state
  if (s.blocks.get(visitor)?.blocked) return null
  if (s.blocks.size >= MAX_BLOCKS && !s.blocks.has(visitor)) return refuse('too_many')
  acd.say('visitor.blocked', { visitor, supervisor })
  const open = s.visitors.get(visitor)?.open
  const r = open ? s.request(open) : null
  if (r && ownLeg(r)) endWait(acd, r, 'closed', 'blocked', 'supervisor', 'withdrawn', 0, supervisor)
  return null
}

/** He may call again; or the asking is turned down. */
export function unblock(acd: Acd, visitor: string, supervisor: string): Verdict {
  if (!acd.state.blocks.has(visitor)) return refuse('not_asked', visitor)
  acd.say('visitor.unblocked', { visitor, supervisor })
  return null
}
