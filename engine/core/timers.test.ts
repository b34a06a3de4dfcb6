// Timers against a plain scan, over so many armings and clearings that lines are cut, heaps grow and both are swept.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Timers } from './timers.ts'

interface Thing { n: number; by: number }

test('what is due first is what a scan finds, however often things are armed and cleared', () => {
  const steps = fc.array(fc.record({ who: fc.nat(39), ahead: fc.constantFrom(0, 0, 1, 5, 5, 5, 5, 40), again: fc.boolean() }), { minLength: 3000, maxLength: 4000 })
  fc.assert(fc.property(steps, (all) => {
    const things: Thing[] = Array.from({ length: 40 }, (_, n) => ({ n, by: 0 }))
    const timers = new Timers<Thing>((x) => x.by)
    let now = 1
    all.forEach(({ who, ahead, again }, k) => {
      const x = things[who]!
      const before = x.by
      if (x.by !== 0) timers.clear()
      // Off, on, or off and on again for the very same instant.
      x.by = ahead === 0 ? 0 : again && before !== 0 ? before : now + ahead
      if (x.by !== 0) timers.arm(x, x.by)
      const [first] = things.filter((t) => t.by !== 0).sort((a, b) => a.by - b.by || a.n - b.n)
      expect(timers.first).toBe(first)
      if (k % 3 === 0) now++
      for (let due = timers.first; due && due.by <= now; due = timers.first) { timers.clear(); due.by = 0 }
    })
  }), { numRuns: 10 })
})
