// The plan's words: fetched when the version changes and not more often than is sensible, and read the way menus show them.
import { afterAll, beforeEach, expect, test } from 'vitest'
import type { DeskWords } from '#wire/board.ts'
import { lang } from '../shell/i18n.ts'
import { categoryName, categoryTree, groupName, makePlanWords, reasonName, reasonsFor } from './plan-words.ts'

const category = (id: string, parent?: string) => ({ id, ...(parent ? { parent } : {}), zh: `${id}类`, en: id })
const words = (version: number): DeskWords => ({
  version, groups: [{ id: 'a', name: 'Alpha' }], access: [], attributes: [],
  reasons: [{ id: 'lunch', status: 'away', zh: '午餐', en: 'Lunch' }, { id: 'case', status: 'busy', zh: '处理工单', en: 'Casework' }],
  categories: [category('order'), category('late', 'order'), category('account'), category('lost', 'late')],
})
const before = lang.value
beforeEach(() => { lang.value = 'en' })
afterAll(() => { lang.value = before })

test('they are fetched once a version, also when asked for twice at once', async () => {
  let fetched = 0
  const plan = makePlanWords(async () => words(++fetched))
  await Promise.all([plan.follow(1), plan.follow(1)])
  await plan.follow(1)
  expect(fetched).toBe(1)
  await plan.follow(2)
  expect([fetched, plan.words.value?.version]).toEqual([2, 2])
})

test('what cannot be had is asked for again, but not with every view', async () => {
  let [asked, now] = [0, 0]
  const plan = makePlanWords(async () => { if (++asked < 2) throw new Error('no such route'); return words(1) }, () => now)
  await plan.follow(1)
  await plan.follow(1)
  expect([asked, plan.words.value]).toEqual([1, null])
  now = 5000
  await plan.follow(1)
  expect([asked, plan.words.value?.version]).toEqual([2, 1])
})

test('an answer that is older than the view is kept and fetched again later', async () => {
  let now = 0
  const plan = makePlanWords(async () => words(now ? 2 : 1), () => now)
  await plan.follow(2)
  expect(plan.words.value?.version).toBe(1)
  now = 5000
  await plan.follow(2)
  expect(plan.words.value?.version).toBe(2)
})

test('categories stand under their parents, and what belongs nowhere at the top', () => {
  const shown = (list: DeskWords['categories']) => categoryTree(list).map(({ id, depth }) => `${'-'.repeat(depth)}${id}`)
  expect(shown(words(1).categories)).toEqual(['order', '-late', '--lost', 'account'])
  expect(shown([category('x', 'gone'), category('y', 'x')])).toEqual(['x', '-y'])
  expect(shown([category('x', 'y'), category('y', 'x')])).toEqual([])
})

test('each has its name, or its id where the plan has none', () => {
  const plan = words(1)
  expect(reasonsFor(plan, 'away').map(({ id }) => id)).toEqual(['lunch'])
  expect([reasonName(plan, 'lunch'), reasonName(plan, 'x'), reasonName(null, 'lunch')]).toEqual(['Lunch', 'x', 'lunch'])
  expect([categoryName(plan, 'lost'), categoryName(null, 'lost')]).toEqual(['order / late / lost', 'lost'])
  expect([groupName(plan, 'a'), groupName(plan, 'b')]).toEqual(['Alpha', 'b'])
})
