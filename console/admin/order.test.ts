// Dragging along a list: where it lands, who steps aside.
import { expect, test } from 'vitest'
import { aside, keyed, landing } from './order.ts'

const rows = [0, 50, 100, 200].map((top, at) => ({ top, height: at === 2 ? 90 : 40 }))

test.each([[0, 0, 0], [0, 25, 0], [0, 31, 1], [0, 110, 2], [0, 500, 3], [3, -30, 3], [3, -56, 2], [3, -999, 0], [1, 20, 1], [9, 5, 9]])('row %i dragged by %i lands at %i', (from, by, to) => {
  expect(landing(rows, from, by)).toBe(to)
})

test('rows in between step aside by the height of the one that passes', () => {
  expect([0, 1, 2, 3].map((at) => aside(at, 0, 2, 50))).toEqual([0, -50, -50, 0])
  expect([0, 1, 2, 3].map((at) => aside(at, 3, 1, 50))).toEqual([0, 50, 50, 0])
})

test.each([['ArrowUp', 0, 0], ['ArrowUp', 2, 1], ['ArrowDown', 3, 3], ['Home', 2, 0], ['End', 1, 3], ['a', 1, null]])('%s at %i leads to %s', (key, at, to) => expect(keyed(key, at, 4)).toBe(to))
