// The bound of every list the core keeps, each with its reason.

/** Requests open at once. Beyond a hundred thousand a single centre is under attack; each costs about 1 KiB. */
export const MAX_OPEN_REQUESTS = 100_000
/** A group's queue where its plan sets no limit: nobody waits behind ten thousand others on purpose. */
export const MAX_QUEUE = 10_000
/** How long a closed request is remembered for its rating and summary; later ones go through the records. */
export const REMEMBER_CLOSED_MS = 3_600_000
/** Characters of an id given from outside. */
export const MAX_ID = 64

/** A state that cannot be: a defect of the core, never of its input. The process stops with what broke it. */
export class ImpossibleState extends Error {}

/** Asserts what must hold by construction. */
export function must<T>(value: T | null | undefined | false, what: string): T {
  if (value === null || value === undefined || value === false) throw new ImpossibleState(what)
  return value
}
