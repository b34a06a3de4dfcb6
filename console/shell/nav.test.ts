// Who sees which pages.
import { expect, test } from 'vitest'
import { maySee, navFor, type NavGroup } from './nav.ts'

const page = (path: string, role?: 'agent' | 'admin') => ({ path, icon: (() => null) as never, title: () => path, ...(role ? { role } : {}) })
const groups: NavGroup[] = [
  { title: () => 'desk', pages: [page('/agent', 'agent')] },
  { title: () => 'both', pages: [page('/records'), page('/admin', 'admin')] },
]

test('pages of other roles are left out, and groups with nothing left', () => {
  expect(navFor(groups, ['agent']).map((group) => group.pages.map(({ path }) => path))).toEqual([['/agent'], ['/records']])
  expect(navFor(groups, ['admin']).map((group) => group.pages.map(({ path }) => path))).toEqual([['/records', '/admin']])
  expect(navFor(groups, []).map((group) => group.title())).toEqual(['both'])
})

test('a page for several roles is there for each of them', () => {
  const seenBy = (...roles: string[]) => maySee({ role: ['supervisor', 'admin'] }, roles)
  expect([seenBy('supervisor'), seenBy('admin', 'agent'), seenBy('agent'), seenBy()]).toEqual([true, true, false, false])
})
