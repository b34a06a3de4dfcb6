// The event set against a plain sorted list, on random sequences of setting, moving, calling off, growing and renaming.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { EventHeap } from './heap.ts'

it('hands out what is next, ties in the order of setting', () => {
  const act = fc.record({ item: fc.nat(30), time: fc.nat(20), what: fc.constantFrom('set', 'set', 'set', 'delete', 'take', 'rename') })
  fc.assert(fc.property(fc.array(act, { maxLength: 200 }), (acts) => {
    const heap = new EventHeap(31)
    heap.grow(64)
    const list: { item: number; time: number; order: number }[] = []
    const drop = (item: number): void => { const i = list.findIndex((x) => x.item === item); if (i >= 0) list.splice(i, 1) }
    const next = (): { item: number; time: number } | undefined => [...list].sort((a, b) => a.time - b.time || a.order - b.order)[0]
    acts.forEach(({ item, time, what }, order) => {
      if (what === 'set') {
        drop(item)
        list.push({ item, time, order })
        heap.set(item, time)
      } else if (what === 'delete') {
        drop(item)
        heap.delete(item)
      } else if (what === 'rename') {
        if (heap.has(item + 31)) return
        const entry = list.find((x) => x.item === item)
        if (entry) entry.item = item + 31
        heap.rename(item, item + 31)
      } else if (heap.size > 0) {
        drop(heap.first)
        heap.delete(heap.first)
      }
      expect([heap.size, heap.first, heap.firstTime]).toEqual([list.length, next()?.item ?? -1, next()?.time ?? Infinity])
    })
  }), { numRuns: 300 })
})
