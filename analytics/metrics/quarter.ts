// The quarter-hour, the atom of reporting time: UTC quarter-hours are numbered from 1970, and every local slot of every zone is a set of them.

/** Length of a quarter-hour. */
export const QUARTER_MS = 900_000
/** Quarter-hours in a UTC day. */
export const QUARTERS_A_DAY = 96

/** Number of the UTC quarter-hour that an instant (UTC ms) lies in. */
export const quarterOf = (at: number): number => Math.floor(at / QUARTER_MS)

/** The instant at which the quarter-hour of `at` ends. */
export const quarterEnd = (at: number): number => (quarterOf(at) + 1) * QUARTER_MS

/** The UTC day (`YYYY-MM-DD`) a quarter-hour lies in. */
export const dayOfQuarter = (quarter: number): string => dayName(Math.floor(quarter / QUARTERS_A_DAY))

const names = new Map<number, string>()
/** The name (`YYYY-MM-DD`) of a day counted from 1970-01-01. */
export function dayName(day: number): string {
  // Remembered: asked for every event and row, and a Date's text costs about a microsecond.
  let name = names.get(day)
  if (name === undefined) names.set(day, (name = new Date(day * 86_400_000).toISOString().slice(0, 10)))
  return name
}

/** A span [start, end) cut at the bounds of quarter-hours; nothing for an empty span. */
export function cutAtQuarters(start: number, end: number): [start: number, end: number][] {
  const pieces: [number, number][] = []
  for (let from = start; from < end;) {
    const to = Math.min(end, quarterEnd(from))
    pieces.push([from, to])
    from = to
  }
  return pieces
}
