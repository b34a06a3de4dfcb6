// The engine's clock as a page keeps it.
import { expect, test } from 'vitest'
import { clockOffsetMs, hearClock } from './ticker.ts'

test('an offset that an answer allows stays, one that it rules out moves no further than needed', () => {
  clockOffsetMs.value = 0
  hearClock(5_000, 1_000, 1_200)
  expect(clockOffsetMs.value).toBe(3_800)
  // Slower this time: anything from 3 500 to 4 100 may be true.
  hearClock(6_100, 2_000, 2_600)
  expect(clockOffsetMs.value).toBe(3_800)
  hearClock(6_700, 3_000, 3_010)
  expect(clockOffsetMs.value).toBe(3_700)
})
