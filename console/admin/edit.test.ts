// Changes to a plan leave nothing behind that names what is gone.
import { expect, test } from 'vitest'
import { planErrors } from '#core/plan.ts'
import { firstPlan, type Plan } from '#events/plan.ts'
import { add, membersOf, move, put, removeAccess, removeAttribute, removeCategory, removeGroup, removeHours, setTier, sizesOf, tree, UNGROUPED } from './edit.ts'

const plan: Plan = {
  ...firstPlan(),
  groups: [...firstPlan().groups, { id: 'vip', name: 'VIP', queueLimit: null, wrapUpMs: null, hours: 'day', overflow: [{ when: 'wait', waitMs: 1000, to: 'care' }] }, { id: 'care', name: 'Care', queueLimit: null, wrapUpMs: null }],
  agents: [{ id: 'ann', nickname: 'Ann', realName: 'Ann', video: true, groups: [{ group: 'care', tier: 2 }] }, { id: 'bob', nickname: 'Bob', realName: 'Bob', video: true, groups: [] }],
  access: [...firstPlan().access, { id: 'app', name: 'App', channel: 'app', enabled: true }],
  rules: [
    { id: 'r1', name: 'VIP', group: 'vip', when: { attributes: [{ name: 'vip', in: ['gold'] }] } }, { id: 'r2', name: 'App', group: 'care', when: { access: ['app'] } },
    { id: 'r3', name: 'Both', group: 'care', when: { access: ['app', 'web'] } }, { id: 'r4', name: 'Day', group: 'care', when: { hours: 'day' } },
  ],
  hours: [{ id: 'day', name: 'Day', tz: 'UTC', offsets: [{ fromMs: 0, minutes: 0 }], week: [[], [], [], [], [], [], []], holidays: [] }], dayHours: 'day',
  attributes: [{ id: 'vip', zh: '等级', en: 'Tier' }],
  categories: [{ id: 'a', zh: '甲', en: 'A' }, { id: 'b', parent: 'a', zh: '乙', en: 'B' }, { id: 'c', parent: 'b', zh: '丙', en: 'C' }, { id: 'd', zh: '丁', en: 'D' }],
}
const ids = (things: readonly { id: string }[] | undefined) => things?.map(({ id }) => id).join(' ')

test('the plan of these tests is one that can come into force, and every removal leaves such a one', () => {
  for (const after of [plan, removeGroup(plan, 'care'), removeGroup(plan, 'vip'), removeAccess(plan, 'app'), removeHours(plan, 'day'), removeAttribute(plan, 'vip'), removeCategory(plan, 'a')]) expect(planErrors(after)).toEqual([])
})

test('without its group an agent is in Ungrouped, as is what rules led there', () => {
  const after = removeGroup(plan, 'care')
  expect(membersOf(after, UNGROUPED).map(({ agent }) => agent.id)).toEqual(['ann', 'bob'])
  expect(after.rules.map(({ group }) => group)).toEqual(['vip', UNGROUPED, UNGROUPED, UNGROUPED])
  expect(after.groups.find(({ id }) => id === 'vip')?.overflow).toEqual([])
})

test('rules for what is gone alone go with it', () => {
  expect([ids(removeAccess(plan, 'app').rules), ids(removeHours(plan, 'day').rules), ids(removeAttribute(plan, 'vip').rules)]).toEqual(['r1 r3 r4', 'r1 r2 r3', 'r2 r3 r4'])
  expect('dayHours' in removeHours(plan, 'day')).toBe(false)
})

test('a category goes with everything beneath it', () => expect(ids(removeCategory(plan, 'a').categories)).toBe('d'))

test('a tree is walked from its roots, and a circle ends', () => {
  expect(tree(plan.categories!).map(({ category, depth }) => `${category.id}${depth}`)).toEqual(['a0', 'b1', 'c2', 'd0'])
  expect(tree([{ id: 'x', parent: 'x', zh: '', en: '' }])).toEqual([])
})

test('tiers are set, changed and taken away; members stand by tier', () => {
  let after = setTier(plan, 'bob', 'care', 1)
  expect(membersOf(after, 'care').map(({ agent, tier }) => `${agent.id}${tier}`)).toEqual(['bob1', 'ann2'])
  after = setTier(setTier(after, 'bob', 'care', 3), 'ann', 'care', null)
  expect([membersOf(after, 'care').map(({ agent, tier }) => `${agent.id}${tier}`), membersOf(after, UNGROUPED).map(({ agent }) => agent.id)]).toEqual([['bob3'], ['ann']])
})

test('things are added and changed; what becomes undefined is left out', () => {
  const after = put(add(plan, 'reasons', { id: 'tea', status: 'away', zh: '茶歇', en: 'Tea' }), 'groups', 'vip', { hours: undefined, name: 'Gold' })
  expect([after.reasons?.length, after.groups[1]?.name, 'hours' in after.groups[1]!]).toEqual([1, 'Gold', false])
})

test.each([[0, 2, 'bca'], [2, 0, 'cab'], [1, 1, 'abc'], [0, 9, 'bca'], [2, -1, 'cab']])('moved from %i to %i: %s', (from, to, order) => expect(move(['a', 'b', 'c'], from, to).join('')).toBe(order))

test('sizes count what members lists', () => {
  for (const group of plan.groups) expect(sizesOf(plan).get(group.id) ?? 0, group.id).toBe(membersOf(plan, group.id).length)
})
