// The bound of every list the core keeps, each with its reason.

/** Requests open at once. Beyond a hundred thousand a single centre is under attack; each costs about 1 KiB. */
export const MAX_OPEN_REQUESTS = 100_000
/** A group's queue where its plan sets no limit: nobody waits behind ten thousand others on purpose. */
export const MAX_QUEUE = 10_000
/** How long a closed request is remembered for its rating and summary; later ones go through the records. */
export const REMEMBER_CLOSED_MS = 3_600_000
/** Callbacks not made yet: a day of a large centre. */
export const MAX_CALLBACKS = 10_000
/** When a callback is tried again whose group is closed or full. */
export const CALLBACK_RETRY_MS = 300_000
/** Visitors blocked or proposed for it: each is looked up at every request; a list this long is an attack, to be met at the network. */
export const MAX_BLOCKS = 100_000
/** How long a visitor is rung where the plan does not say; and at most, so that an agent is not kept by a link nobody opens. */
export const DIAL_MS = 45_000
export const MAX_DIAL_MS = 600_000
/** Searches for further agents a call may have at once. */
export const MAX_INVITATIONS = 8
/** Parties in a call, supervisors included: more than fit on a screen, and what one media worker forwards with ease. */
export const MAX_PARTIES = 16
/** Guests ever invited into one call. */
export const MAX_GUESTS = 10
/** The longest timed wrap-up, extensions included. */
export const MAX_WRAP_UP_MS = 3_600_000
/** Characters of an id given from outside. */
export const MAX_ID = 64

/** A state that cannot be: a defect of the core, never of its input. The process stops with what broke it. */
export class ImpossibleState extends Error {}

/** Asserts what must hold by construction. */
export function must<T>(value: T | null | undefined | false, what: string): T {
  if (value === null || value === undefined || value === false) throw new ImpossibleState(what)
  return value
}
