// Every pair of roles, with and without hold, against a table written by hand.
import { describe, expect, test } from 'vitest'
import type { CallRole } from '#wire/media.ts'
import { receives, receivesNow, sends, setAside } from './reach.ts'

const ROLES = ['visitor', 'guest', 'agent', 'barger', 'whisperer', 'listener'] as const satisfies CallRole[]
/** Rows receive, columns send, in the order of ROLES: `x` always, `h` except on hold, `.` never. */
const TABLE: Record<CallRole, string> = {
  visitor: 'hhhh..',
  guest: 'hhhh..',
  agent: 'hhxxx.',
  barger: 'hhxxx.',
  whisperer: 'hhxxx.',
  listener: 'hhxx..',
}
const PAIRS = ROLES.flatMap((to) => ROLES.map((from, i) => [to, from, TABLE[to][i]!] as const))

test('the table has all roles', () => expect(Object.keys(TABLE).sort()).toEqual([...ROLES].sort()))

describe.each(PAIRS)('%s receives %s', (to, from, mark) => {
  test('at all', () => expect(receives(to, from)).toBe(mark !== '.'))
  test('without hold', () => expect(receivesNow(to, from, false)).toBe(mark !== '.'))
  test('on hold', () => expect(receivesNow(to, from, true)).toBe(mark === 'x'))
})

test.each(ROLES)('%s sends if anyone receives him', (role) => {
  expect(sends(role)).toBe(ROLES.some((to) => receives(to, role)))
  expect(sends(role)).toBe(role !== 'listener')
})

test('hold sets the callers aside and nobody else', () => expect(ROLES.filter(setAside)).toEqual(['visitor', 'guest']))
