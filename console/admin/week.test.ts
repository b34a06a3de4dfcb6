// Times of day to and from fields, and whether a timetable is open.
import { expect, test } from 'vitest'
import type { PlanHours } from '#events/plan.ts'
import { minutesOf, nextStretch, openAt, timeText, WORKING_WEEK } from './week.ts'

test.each([[0, '00:00'], [545, '09:05'], [1439, '23:59'], [1440, '00:00']])('%i minutes are %s', (minutes, text) => expect(timeText(minutes)).toBe(text))
test.each([['09:05', false, 545], ['00:00', false, 0], ['00:00', true, 1440], ['', true, null], ['23:59:30', true, 1439]])('%s (end: %s) is %s', (text, end, minutes) => expect(minutesOf(text, end)).toBe(minutes))
test.each([[[], [540, 1080]], [[[540, 720]], [780, 960]], [[[0, 1400]], [1380, 1440]]] as const)('after %j comes %j', (day, next) => expect(nextStretch(day.map(([a, b]) => [a, b]))).toEqual(next))

test('a timetable is open by the clock of its own zone', () => {
  const hours: PlanHours = { id: 'h', name: 'H', tz: 'Asia/Shanghai', offsets: [{ fromMs: 0, minutes: 0 }], week: WORKING_WEEK, holidays: [{ date: '2026-10-01', open: [] }] }
  const monday = Date.UTC(2026, 8, 28)
  expect([openAt(hours, monday + 3_600_000), openAt(hours, monday + 10 * 3_600_000 - 1), openAt(hours, monday + 10 * 3_600_000)]).toEqual([true, true, false])
  expect(openAt(hours, Date.UTC(2026, 9, 1, 3))).toBe(false)
  expect(openAt({ ...hours, tz: 'Mars/Base' }, monday)).toBeNull()
})
