// Business hours: whether an instant is within them, and the local day it belongs to. Pure arithmetic on what the plan says.
import type { PlanHours } from './plan.ts'

const MINUTE = 60_000
const DAY = 86_400_000

/** Minutes east of UTC at an instant (UTC ms). */
export function offsetAt(hours: PlanHours, at: number): number {
  let minutes = hours.offsets[0]!.minutes
  for (const o of hours.offsets) {
    if (o.fromMs > at) break
    minutes = o.minutes
  }
  return minutes
}

/** Days since 1970-01-01 of the local date at an instant. */
export const localDay = (hours: PlanHours, at: number): number => Math.floor((at + offsetAt(hours, at) * MINUTE) / DAY)

/** The first instant after `at` at which the local date is another one. */
export function nextDay(hours: PlanHours, at: number): number {
  const today = localDay(hours, at)
  let next = (today + 1) * DAY - offsetAt(hours, at) * MINUTE
  // Where the clock changes in between, midnight lies a little elsewhere.
  next = (today + 1) * DAY - offsetAt(hours, next) * MINUTE
  return next > at ? next : at + MINUTE
}

/** Whether an instant (UTC ms) is within the hours: a holiday's own, else those of its weekday. */
export function isOpen(hours: PlanHours, at: number): boolean {
  const local = at + offsetAt(hours, at) * MINUTE
  const day = Math.floor(local / DAY)
  const minute = Math.floor((local - day * DAY) / MINUTE)
  const date = new Date(day * DAY).toISOString().slice(0, 10)
  // 1970-01-01 was a Thursday; the week begins on Monday.
  const open = hours.holidays.find((h) => h.date === date)?.open ?? hours.week[(day + 3) % 7]!
  return open.some(([from, to]) => from <= minute && minute < to)
}

/**
 * The offsets of an IANA time zone from `fromMs` over `years`, for a plan that is being saved. Changes are found to the
 * minute by bisection between weeks. Throws RangeError for an unknown zone.
 */
export function offsetsOf(tz: string, fromMs: number, years = 10): PlanHours['offsets'] {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: tz, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' })
  const minutesAt = (at: number): number => {
    const p = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
    return Math.round((Date.UTC(p.year!, p.month! - 1, p.day!, p.hour!, p.minute!) - Math.floor(at / MINUTE) * MINUTE) / MINUTE)
  }
  const start = Math.floor(fromMs / DAY) * DAY
  const offsets = [{ fromMs: 0, minutes: minutesAt(start) }]
  for (let week = start; week < start + years * 366 * DAY; week += 7 * DAY) {
    let [lo, hi] = [week, week + 7 * DAY]
    const [before, after] = [minutesAt(lo), minutesAt(hi)]
    if (before === after) continue
    while (hi - lo > MINUTE) {
      const mid = Math.floor((lo + hi) / 2 / MINUTE) * MINUTE
      if (minutesAt(mid) === before) lo = mid
      else hi = mid
    }
    offsets.push({ fromMs: hi, minutes: after })
  }
  return offsets
}
