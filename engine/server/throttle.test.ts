// Buckets that fill with time, and the gate for dear work.
import { expect, test } from 'vitest'
import { Gate, Throttle } from './throttle.ts'

test('so many at once, then as time passes, each key for itself', () => {
  let now = 0
  const throttle = new Throttle(2, 3, () => now)
  const take = (key = 'a') => throttle.take(key)
  expect([take(), take(), take(), take()]).toEqual([true, true, true, false])
  expect(take('b')).toBe(true)
  now = 499
  expect(take()).toBe(false)
  now = 500
  expect([take(), take()]).toEqual([true, false])
  now = 1_000_000
  expect([take(), take(), take(), take()], 'never more than at once').toEqual([true, true, true, false])
  throttle.give('a')
  expect([take(), take()]).toEqual([true, false])
})

test('a gate runs a few, lets some wait in order, and turns the rest away', async () => {
  const gate = new Gate(2, 2)
  const order: number[] = []
  const doors = Array.from({ length: 5 }, () => Promise.withResolvers<void>())
  const runs = doors.map(({ promise }, i) => gate.run(async () => {
    order.push(i)
    await promise
    if (i === 0) throw new Error('broken')
    return i
  }))
  expect(await runs[4]).toBeUndefined()
  expect(order).toEqual([0, 1])
  doors[0]!.resolve()
  await expect(runs[0]).rejects.toThrow('broken')
  expect(order).toEqual([0, 1, 2])
  for (const { resolve } of doors) resolve()
  expect(await Promise.all(runs.slice(1))).toEqual([1, 2, 3, undefined])
  expect(await gate.run(async () => 'free again')).toBe('free again')
})
