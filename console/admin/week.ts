// Times of day as people write them, and hours as a timetable shows them. Pure.
import { isOpen, offsetsOf } from '#events/hours.ts'
import type { PlanHours } from '#events/plan.ts'

export type Stretch = PlanHours['week'][number][number]
const two = (n: number): string => String(n).padStart(2, '0')

/** Minutes of a day as the value of a time field; the day's end is 00:00, as clocks show it. */
export const timeText = (minutes: number): string => `${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}`

/** What a time field says, in minutes; at the end of a stretch midnight is the day's end. null: nothing yet. */
export function minutesOf(text: string, end: boolean): number | null {
  const [, h, m] = /^(\d{1,2}):(\d{2})/.exec(text) ?? []
  if (h === undefined || m === undefined) return null
  const minutes = Number(h) * 60 + Number(m)
  return end && minutes === 0 ? 1440 : minutes
}

/** A further stretch of a day: after the last one, where there is room. */
export function nextStretch(day: readonly Stretch[]): Stretch {
  const last = Math.max(0, ...day.map(([, to]) => to))
  if (day.length === 0) return [540, 1080]
  const from = Math.min(1380, last + 60)
  return [from, Math.min(1440, Math.max(from + 60, from + 180))]
}

/** Whether it is open at an instant (UTC ms); null where the time zone is none. */
export function openAt(hours: PlanHours, at: number): boolean | null {
  try { return isOpen({ ...hours, offsets: offsetsOf(hours.tz, at - 86_400_000, 1) }, at) } catch { return null }
}

/** Nine to six from Monday to Friday, as most begin. */
export const WORKING_WEEK: PlanHours['week'] = [...[0, 1, 2, 3, 4].map((): Stretch[] => [[540, 1080]]), [], []]
