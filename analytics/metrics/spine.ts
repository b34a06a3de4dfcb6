// The spine of a report: which UTC quarter-hours belong to its range, and which local day and slot each falls into, in any time zone.
import { QueryError } from './errors.ts'
import { dayName, QUARTER_MS, QUARTERS_A_DAY } from './quarter.ts'

/** Quarter-hours [first, past) with one local time shift. `again`: these local times come for the second time (clocks went back). */
export interface Stretch { first: number; past: number; shift: number; again: boolean }

/** A local slot of the day. `key` is its start in minutes since midnight, plus 1440 when it comes for the second time. */
export interface Slot { key: number; label: string; until: string }

export interface Spine {
  tz: string
  /** Width of a slot, in quarter-hours. */
  width: number
  stretches: Stretch[]
  /** The slots of the range in the order of the day: 48 half hours, but 46 or 50 on days when clocks change. */
  slots: Slot[]
}

const DAY_MINUTES = 1440
const clock = (minute: number): string => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`

/** Label of a slot by its key. The second 02:00 of a day is 02:00B, as the energy trade writes it. */
export const slotLabel = (key: number): string => clock(key % DAY_MINUTES) + (key >= DAY_MINUTES ? 'B' : '')

/**
 * The spine of the local days [from, to) (`YYYY-MM-DD`) in an IANA time zone, in slots of `slotMinutes` (a multiple of 15).
 * Throws QueryError `bad_zone` for a zone that is unknown, or that is off UTC by something else than quarter-hours then.
 */
export function spineOf(tz: string, from: string, to: string, slotMinutes: number): Spine {
  const shiftAt = shiftsOf(tz)
  const width = slotMinutes / 15
  const stretches: Stretch[] = []
  const past = firstQuarterOf(to, shiftAt)
  for (let first = firstQuarterOf(from, shiftAt); first < past;) {
    const shift = shiftAt(first)
    const next = changeAfter(first, past, shift, shiftAt)
    const before = stretches.at(-1)
    // Set back by some quarter-hours: the local times just gone come again. Where they are no whole slots they fall into the slots of the first time.
    const back = before && before.shift > shift ? Math.min(before.shift - shift, next - first) : 0
    if (back > 0 && back % width === 0 && (first + shift) % width === 0) stretches.push({ first, past: first + back, shift, again: true }, { first: first + back, past: next, shift, again: false })
    else stretches.push({ first, past: next, shift, again: false })
    first = next
  }
  return { tz, width, stretches: stretches.filter((s) => s.first < s.past), slots: slotsOf(stretches, width) }
}

/** Local day (counted from 1970-01-01) and slot key of a UTC quarter-hour; null outside the range. */
export function placeOf(spine: Spine, b15: number): { day: number; slot: number } | null {
  const s = spine.stretches.find((x) => b15 >= x.first && b15 < x.past)
  return s ? placeIn(s, b15, spine.width) : null
}

/** Every (day, slot) of the range, in order. */
export function placesOf(spine: Spine): { day: number; slot: number }[] {
  const order = new Map(spine.slots.map((s, i) => [s.key, i]))
  const seen = new Map<string, { day: number; slot: number }>()
  for (const s of spine.stretches) {
    for (let b = s.first; b < s.past; b++) {
      const place = placeIn(s, b, spine.width)
      seen.set(`${place.day}/${place.slot}`, place)
    }
  }
  return [...seen.values()].sort((a, b) => a.day - b.day || order.get(a.slot)! - order.get(b.slot)!)
}

/** The UTC days (`YYYY-MM-DD`) whose partitions hold the range. */
export function utcDaysOf(spine: Spine): string[] {
  const days: string[] = []
  const first = spine.stretches[0]
  const last = spine.stretches.at(-1)
  if (first && last) for (let d = Math.floor(first.first / QUARTERS_A_DAY); d <= Math.floor((last.past - 1) / QUARTERS_A_DAY); d++) days.push(dayName(d))
  return days
}

function placeIn(s: Stretch, b15: number, width: number): { day: number; slot: number } {
  const local = b15 + s.shift
  const quarter = local - Math.floor(local / QUARTERS_A_DAY) * QUARTERS_A_DAY
  return { day: Math.floor(local / QUARTERS_A_DAY), slot: Math.floor(quarter / width) * width * 15 + (s.again ? DAY_MINUTES : 0) }
}

function slotsOf(stretches: Stretch[], width: number): Slot[] {
  // A slot that comes again stands after the whole hour that was repeated, where the day has it.
  const order = new Map<number, number>()
  for (const s of stretches) {
    const repeatedUntil = s.again ? (placeIn({ ...s, again: false }, s.past - 1, 1).slot + 15) : 0
    for (let b = s.first; b < Math.min(s.past, s.first + QUARTERS_A_DAY); b++) {
      const { slot } = placeIn(s, b, width)
      order.set(slot, s.again ? repeatedUntil - 1 + (slot % DAY_MINUTES) / DAY_MINUTES : slot)
    }
  }
  return [...order].sort((a, b) => a[1] - b[1]).map(([key]) => ({ key, label: slotLabel(key), until: clock(key % DAY_MINUTES + width * 15) }))
}

/** The first quarter-hour whose local date is `date` or later. */
function firstQuarterOf(date: string, shiftAt: (b15: number) => number): number {
  const midnight = Date.parse(`${date}T00:00:00Z`) / QUARTER_MS
  // No zone is further than 15 hours from UTC.
  let b = midnight - 60
  while (b + shiftAt(b) < midnight) b++
  return b
}

/** The first quarter-hour after `b15`, at most `past`, that is shifted otherwise. No zone changes its clocks twice within six hours. */
function changeAfter(b15: number, past: number, shift: number, shiftAt: (b15: number) => number): number {
  let low = b15
  let high = b15
  while (high < past && shiftAt(high) === shift) [low, high] = [high, Math.min(past, high + 24)]
  if (shiftAt(high) === shift || low === high) return past
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (shiftAt(middle) === shift) low = middle
    else high = middle
  }
  return high
}

function shiftsOf(tz: string): (b15: number) => number {
  // Known without asking: a formatter takes longer to make than a thousand calls to simulate.
  if (tz === 'UTC') return () => 0
  let format: Intl.DateTimeFormat
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone: tz, timeZoneName: 'longOffset' })
  } catch {
    throw new QueryError('bad_zone', `未知的时区：${tz}`, `Unknown time zone: ${tz}`)
  }
  const known = new Map<number, number>()
  return (b15) => {
    const seen = known.get(b15)
    if (seen !== undefined) return seen
    const name = format.formatToParts(b15 * QUARTER_MS).find((p) => p.type === 'timeZoneName')?.value ?? ''
    const [, sign, hours, minutes, seconds] = /^GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(name) ?? []
    const offset = (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0))
    if (offset % 15 !== 0 || Number(seconds ?? 0) !== 0) {
      throw new QueryError('bad_zone', `时区 ${tz} 在该日期不以整刻钟偏移`, `Time zone ${tz} was not a whole number of quarter-hours off UTC on these dates`)
    }
    known.set(b15, offset / 15)
    return offset / 15
  }
}
