// Names are the letter and the number, in whatever order they are asked for.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Names } from './names.ts'

it('are the letter and the number', () => {
  fc.assert(fc.property(fc.array(fc.oneof(fc.nat(3000), fc.maxSafeNat())), (numbers) => {
    const names = new Names('c')
    expect(numbers.flatMap((n) => [names.of(n), names.of(n + 1)])).toEqual(numbers.flatMap((n) => [`c${n}`, `c${n + 1}`]))
  }))
})
