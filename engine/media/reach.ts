// Who receives whom in a call: the one table, pure. What is not in it is never sent on.
import type { CallRole } from '#wire/media.ts'

const EVERYONE: readonly CallRole[] = ['visitor', 'guest', 'agent', 'listener', 'whisperer', 'barger']

/** Whose sound and picture goes to which roles. */
const RECEIVED_BY: Record<CallRole, readonly CallRole[]> = {
  visitor: EVERYONE,
  guest: EVERYONE,
  agent: EVERYONE,
  barger: EVERYONE,
  // Advice for the agents: the callers never hear it, nor does a listener, who is not to be part of it.
  whisperer: ['agent', 'whisperer', 'barger'],
  listener: [],
}

/** Whether a party of this role may send at all. */
export const sends = (role: CallRole): boolean => RECEIVED_BY[role].length > 0

/** Whether hold is about this role: the callers are set aside, the house goes on among itself. */
export const setAside = (role: CallRole): boolean => role === 'visitor' || role === 'guest'

/** Whether a party of role `to` is ever sent what another party of role `from` sends. */
export const receives = (to: CallRole, from: CallRole): boolean => RECEIVED_BY[from].includes(to)

/** Whether it is sent now. On hold, callers receive nobody and nobody receives them. */
export const receivesNow = (to: CallRole, from: CallRole, held: boolean): boolean =>
  receives(to, from) && !(held && (setAside(to) || setAside(from)))
