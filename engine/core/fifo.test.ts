// First in, first out, against a plain array, over more items than the queue keeps before it cuts off what has left.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Fifo } from './fifo.ts'

it('is a plain queue', () => {
  fc.assert(fc.property(fc.array(fc.record({ come: fc.nat(900), leave: fc.nat(900) }), { maxLength: 12 }), (steps) => {
    const queue = new Fifo<number>()
    const plain: number[] = []
    let n = 0
    for (const { come, leave } of steps) {
      for (let i = 0; i < come; i++) { queue.add(n); plain.push(n++) }
      for (let i = 0; i < leave; i++) { queue.drop(); plain.shift() }
      expect([queue.size, queue.first, [...queue]]).toEqual([plain.length, plain[0], plain])
    }
  }))
})
