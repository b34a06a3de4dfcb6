// Two editors of one plan lose nothing of each other's, and are told where they met.
import { expect, test } from 'vitest'
import { merge, same } from './merge.ts'

const base = { version: 1, groups: [{ id: 'a', name: 'A' }, { id: 'b', name: 'B' }], rules: [{ id: 'x' }, { id: 'y' }, { id: 'z' }], timers: { ring: 1, wrap: 2 } }
type Plan = typeof base & { hours?: { id: string }[] }
const from = (part: Partial<Plan>): Plan => ({ ...base, ...part })

test('undefined is not there, order of keys does not matter', () => {
  expect(same({ a: 1, b: undefined }, { a: 1 })).toBe(true)
  expect(same({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe(true)
  expect([same([1, 2], [2, 1]), same({ a: 1 }, { a: 2 }), same(null, {}), same([], {})]).toEqual([false, false, false, false])
})

test('changes to different parts, things and fields stand side by side', () => {
  const { value, conflicts } = merge<Plan>(base, from({ timers: { ring: 9, wrap: 2 }, groups: [{ id: 'a', name: 'Mine' }, { id: 'b', name: 'B' }] }),
    from({ version: 2, timers: { ring: 1, wrap: 8 }, groups: [{ id: 'a', name: 'A' }, { id: 'b', name: 'Theirs' }, { id: 'c', name: 'C' }] }))
  expect([value, conflicts]).toEqual([{ ...base, version: 2, timers: { ring: 9, wrap: 8 }, groups: [{ id: 'a', name: 'Mine' }, { id: 'b', name: 'Theirs' }, { id: 'c', name: 'C' }] }, []])
})

test('the same thing changed by both: mine stands, and is told', () => {
  const { value, conflicts } = merge(base, from({ timers: { ring: 9, wrap: 2 } }), from({ timers: { ring: 7, wrap: 2 } }))
  expect([value.timers.ring, conflicts]).toEqual([9, ['timers/ring']])
})

test('what one removes and the other leaves alone goes; what the other changed stays', () => {
  expect(merge(base, from({ groups: [base.groups[0]!] }), base).value.groups.map(({ id }) => id)).toEqual(['a'])
  const { value, conflicts } = merge(base, from({ groups: [base.groups[0]!] }), from({ groups: [base.groups[0]!, { id: 'b', name: 'New' }] }))
  expect([value.groups[1], conflicts]).toEqual([{ id: 'b', name: 'New' }, ['groups/b']])
})

test('my order of rules stands, theirs when I moved none', () => {
  const [x, y, z] = base.rules as [{ id: string }, { id: string }, { id: string }]
  const order = (mine: { id: string }[], theirs: { id: string }[]) => merge(base, from({ rules: mine }), from({ rules: theirs })).value.rules.map(({ id }) => id).join('')
  expect([order([z, x, y], [x, y, z, { id: 'n' }]), order([x, y, z, { id: 'm' }], [y, x, z])]).toEqual(['zxyn', 'yxzm'])
})

test('lists that both begin are put together', () => {
  expect(merge<Plan>(base, from({ hours: [{ id: 'h1' }] }), from({ hours: [{ id: 'h2' }] })).value.hours?.map(({ id }) => id)).toEqual(['h2', 'h1'])
})
