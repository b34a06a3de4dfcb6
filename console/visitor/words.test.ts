// Estimates and times as people read them.
import { beforeEach, expect, test } from 'vitest'
import { lang } from '../shell/i18n.ts'
import { estimateWords, localValue, nextHalfHour, placeWords } from './words.ts'

beforeEach(() => { lang.value = 'en' })

test.each([[null, ''], [0, 'Less than a minute'], [60_000, 'Less than a minute'], [60_001, 'About 2 minutes'], [150_000, 'About 3 minutes'], [3_600_000, 'More than an hour']])('%s ms is said as "%s"', (ms, words) => {
  expect(estimateWords(ms)).toBe(words)
})

test('a place is the number of those before', () => {
  expect([placeWords(null), placeWords(1), placeWords(3)]).toEqual(['', 'You are next', placeWords(3)])
  expect(placeWords(3)).toMatch(/2/)
})

test('a field of date and time gives back the minute it was given', () => {
  const at = new Date(2026, 0, 5, 9, 7).getTime()
  expect(localValue(at)).toBe('2026-01-05T09:07')
  expect(new Date(localValue(at)).getTime()).toBe(at)
})

test('the first half hour offered is at least half an hour away', () => {
  const noon = Date.UTC(2026, 0, 5, 12)
  expect(nextHalfHour(noon)).toBe(noon + 30 * 60_000)
  expect(nextHalfHour(noon + 1)).toBe(noon + 60 * 60_000)
})
