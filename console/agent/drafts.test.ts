// Summary drafts: nothing typed is lost, nothing piles up for ever.
import { expect, test } from 'vitest'
import { makeDrafts } from './drafts.ts'

function store(text: string | null = null) {
  const keep = { text, get: () => keep.text, set: (next: string) => { keep.text = next } }
  return keep
}

test('every letter is kept at once and found again by the next page', () => {
  const keep = store()
  const drafts = makeDrafts(keep, () => 1000)
  drafts.begin('r1', 'Wang')
  drafts.write('r1', { note: 'warranty' })
  expect(makeDrafts(keep, () => 2000).find('r1')).toMatchObject({ visitor: 'Wang', note: 'warranty', filed: false })
})

test('beginning again changes nothing that was written', () => {
  const drafts = makeDrafts(store(), () => 1000)
  drafts.begin('r1', 'Wang')
  drafts.write('r1', { category: 'Order' })
  drafts.begin('r1', '')
  expect(drafts.find('r1')).toMatchObject({ visitor: 'Wang', category: 'Order' })
})

test('unfiled are those in which something was written; an amendment is a draft again', () => {
  const drafts = makeDrafts(store(), () => 1000)
  for (const request of ['blank', 'written', 'filed']) drafts.begin(request, '')
  drafts.write('written', { resolved: true })
  drafts.write('filed', { note: 'x' })
  drafts.filed('filed')
  expect(drafts.unfiled.value.map(({ request }) => request)).toEqual(['written'])
  drafts.write('filed', { note: 'xy' })
  expect(drafts.unfiled.value.map(({ request }) => request)).toEqual(['written', 'filed'])
  drafts.drop('written')
  expect(drafts.unfiled.value.map(({ request }) => request)).toEqual(['filed'])
})

test('what is older than a week, or not a draft at all, is not read', () => {
  const keep = store()
  const drafts = makeDrafts(keep, () => 0)
  drafts.begin('old', '')
  expect(makeDrafts(keep, () => 8 * 86_400_000).all.value).toEqual([])
  expect(makeDrafts(store('{"a":1}'), () => 0).all.value).toEqual([])
  expect(makeDrafts(store('not json'), () => 0).all.value).toEqual([])
})

test('the newest two hundred are kept', () => {
  const drafts = makeDrafts(store(), () => 0)
  for (let n = 0; n < 205; n++) drafts.begin(`r${n}`, '')
  expect([drafts.all.value.length, drafts.all.value[0]?.request]).toEqual([200, 'r5'])
})
