// Every quarter-hour falls where a clock on the wall of that zone would put it, on days of 23, 24 and 25 hours.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { QueryError } from './errors.ts'
import { dayName, QUARTER_MS } from './quarter.ts'
import { placeOf, placesOf, slotLabel, spineOf, utcDaysOf } from './spine.ts'

const halves = (tz: string, day: string, next: string): string[] => spineOf(tz, day, next, 30).slots.map((s) => s.label)

describe('slots of a day', () => {
  it('are 48 half hours, 46 where clocks go forward, 50 where they go back', () => {
    expect(halves('Asia/Shanghai', '2026-11-01', '2026-11-02')).toHaveLength(48)
    expect(halves('Europe/Berlin', '2026-03-29', '2026-03-30').slice(2, 6)).toEqual(['01:00', '01:30', '03:00', '03:30'])
    expect(halves('Europe/Berlin', '2026-03-29', '2026-03-30')).toHaveLength(46)
    expect(halves('Europe/Berlin', '2026-10-25', '2026-10-26').slice(3, 9)).toEqual(['01:30', '02:00', '02:30', '02:00B', '02:30B', '03:00'])
    expect(halves('Europe/Berlin', '2026-10-25', '2026-10-26')).toHaveLength(50)
    // At midnight: the day begins at 01:00.
    expect(halves('America/Santiago', '2026-09-06', '2026-09-07')[0]).toBe('01:00')
    expect(halves('America/Havana', '2026-11-01', '2026-11-02').slice(0, 5)).toEqual(['00:00', '00:30', '00:00B', '00:30B', '01:00'])
    // Half an hour back.
    expect(halves('Australia/Lord_Howe', '2026-04-05', '2026-04-06').slice(2, 6)).toEqual(['01:00', '01:30', '01:30B', '02:00'])
    // What comes again is a slot of its own only where it is a whole one.
    expect(spineOf('Australia/Lord_Howe', '2026-04-05', '2026-04-06', 60).slots).toHaveLength(24)
    expect(spineOf('Europe/Berlin', '2026-10-25', '2026-10-26', 120).slots).toHaveLength(12)
    expect(spineOf('Europe/Berlin', '2026-10-25', '2026-10-26', 60).slots).toHaveLength(25)
  })
  it('name their end', () => {
    const { slots } = spineOf('UTC', '2026-01-01', '2026-01-02', 30)
    expect([slots[0], slots.at(-1)]).toEqual([{ key: 0, label: '00:00', until: '00:30' }, { key: 1410, label: '23:30', until: '24:00' }])
  })
  it('of several days fall together, each day’s place kept', () => {
    const spine = spineOf('Europe/Berlin', '2026-10-24', '2026-10-27', 60)
    expect(spine.slots).toHaveLength(25)
    expect(placesOf(spine)).toHaveLength(24 + 25 + 24)
    expect(utcDaysOf(spine)).toEqual(['2026-10-23', '2026-10-24', '2026-10-25', '2026-10-26'])
  })
})

it('places are what the wall shows, in any zone, and tile the range', () => {
  const zones = Intl.supportedValuesOf('timeZone').filter((z) => z !== 'Africa/Monrovia')
  fc.assert(fc.property(fc.constantFrom(...zones), fc.integer({ min: 15_000, max: 25_000 }), fc.constantFrom(15, 30, 60, 120), (tz, first, minutes) => {
    const [from, to] = [dayName(first), dayName(first + 2)]
    const spine = spineOf(tz, from, to, minutes)
    const wall = new Intl.DateTimeFormat('en-CA', { timeZone: tz, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' })
    const start = spine.stretches[0]!.first
    const past = spine.stretches.at(-1)!.past
    for (let b = start - 8; b < past + 8; b += 1) {
      const parts = Object.fromEntries(wall.formatToParts(b * QUARTER_MS).map((p) => [p.type, p.value]))
      const date = `${parts['year']}-${parts['month']}-${parts['day']}`
      const place = placeOf(spine, b)
      expect(place !== null, `${tz} ${b}`).toBe(b >= start && b < past)
      if (!place) continue
      expect(date >= from && date < to).toBe(true)
      expect(dayName(place.day)).toBe(date)
      const minute = Number(parts['hour']) * 60 + Number(parts['minute'])
      expect(slotLabel(place.slot).slice(0, 5)).toBe(slotLabel(Math.floor(minute / minutes) * minutes))
    }
  }), { numRuns: 80 })
})

it('refuses what is no zone, or one that was off by odd minutes then', () => {
  expect(() => spineOf('Mars/Olympus', '2026-01-01', '2026-01-02', 30)).toThrow(QueryError)
  expect(() => spineOf('Africa/Monrovia', '1970-06-01', '1970-06-02', 30)).toThrow('whole number of quarter-hours')
})
