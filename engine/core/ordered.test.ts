// The ordered list against a plain sorted array: whatever is added and taken out, through several chunks.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Ordered } from './ordered.ts'

interface Item { key: number; n: number }
const byKey = (a: Item, b: Item): number => a.key - b.key || a.n - b.n

/** `key` and `pick` say which: an item of the list by position where the step is about one that is there. */
interface Step { what: 'add' | 'delete' | 'deleteFirst' | 'deleteLast' | 'deleteStranger'; key: number; pick: number }
const step: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom<Step['what']>('add', 'add', 'add', 'delete', 'delete', 'deleteFirst', 'deleteLast', 'deleteStranger'), key: fc.nat(50), pick: fc.nat(100_000),
})

function agree(list: Ordered<Item>, model: Item[]): void {
  expect([...list]).toEqual(model)
  expect(list.size).toBe(model.length)
  expect(list.first).toBe(model[0])
  for (const n of [0, 2, 256, model.length]) expect(list.at(n)).toBe(model[n])
}

test('it holds what a sorted array holds, after every step', () => {
  fc.assert(fc.property(fc.constantFrom(0, 3, 255, 256, 257, 700), fc.constantFrom(1, 40, 100_000), fc.array(step, { maxLength: 80 }), (start, spread, steps) => {
    const list = new Ordered(byKey)
    let model: Item[] = []
    let n = 0
    const add = (key: number): void => {
      const item = { key, n: ++n }
      list.add(item)
      model = [...model, item].sort(byKey)
    }
    const remove = (item: Item | undefined): void => {
      if (!item) return
      expect(list.delete(item)).toBe(true)
      expect(list.delete(item)).toBe(false)
      model = model.filter((x) => x !== item)
    }
    // Keys that run up, down and around, as arrivals and deadlines do.
    for (let i = 0; i < start; i++) add((i * 7919) % spread)
    agree(list, model)
    for (const { what, key, pick } of steps) {
      if (what === 'add') add(key % spread)
      else if (what === 'delete') remove(model[pick % Math.max(1, model.length)])
      else if (what === 'deleteFirst') remove(model[0])
      else if (what === 'deleteLast') remove(model.at(-1))
      else expect(list.delete({ key: key % spread, n: 0 })).toBe(false)
      agree(list, model)
      const some = model[pick % Math.max(1, model.length)]
      if (!some) continue
      expect(list.rank(some)).toBe(model.indexOf(some))
      expect(list.find((x) => x.key >= some.key)).toBe(model.find((x) => x.key >= some.key))
    }
    while (model.length > 0) remove(model[model.length >> 1])
    agree(list, [])
  }), { numRuns: 60 })
})

test('a queue: in at the end, out at the head', () => {
  const list = new Ordered(byKey)
  for (let i = 0; i < 2_000; i++) list.add({ key: i, n: i })
  for (let i = 0; i < 2_000; i++) {
    expect(list.first!.key).toBe(i)
    expect(list.delete(list.first!)).toBe(true)
  }
  expect(list.size).toBe(0)
  expect(list.first).toBeUndefined()
  expect(list.find(() => true)).toBeUndefined()
})

test('a search stops at the first that fits', () => {
  const list = new Ordered(byKey)
  for (let i = 0; i < 600; i++) list.add({ key: i, n: i })
  let looked = 0
  expect(list.find((x) => (looked++, x.key === 300))!.key).toBe(300)
  expect(looked).toBe(301)
  expect(list.find((x) => x.key > 600)).toBeUndefined()
})
