// Secrets are shown once, files are looked at before they are sent.
import { beforeEach, expect, test } from 'vitest'
import { Refused } from '../shell/refused.ts'
import { makeWays, wayOf, type Ways } from './ways.ts'

let done: string[]
let down: boolean
let ways: Ways
beforeEach(() => {
  done = []
  down = false
  ways = makeWays({
    list: async () => { if (down) throw new Refused('unreachable', { zh: '', en: '' }); return { access: [{ access: { id: 'a' }, link: 'https://x/v/a', secret: null }] } },
    create: async (name) => { done.push(`create ${name}`); return { access: 'app-1', appId: 'tw1', secret: 's1' } },
    issue: async (access) => { done.push(`issue ${access}`); return { secret: 's2' } },
    files: async () => ({ files: [] }),
    upload: async (name) => { done.push(`upload ${name}`) },
    remove: async (name) => { done.push(`remove ${name}`) },
    planChanged: async () => { done.push('plan') },
  })
})

test.each([['web', undefined, 'web'], ['web', 'desktop', 'web'], ['web', 'h5', 'h5'], ['app', undefined, 'app'], ['wechat_mp', undefined, 'mini']] as const)('%s %s stands under %s', (channel, form, way) => {
  expect(wayOf({ channel, ...(form ? { form } : {}) })).toBe(way)
})

test('quick create shows app id and secret and fetches the new plan', async () => {
  expect(await ways.create(' Shop ')).toBe('app-1')
  expect([ways.shown.value, done, ways.busy.value]).toEqual([{ access: 'app-1', appId: 'tw1', secret: 's1' }, ['create Shop', 'plan'], false])
})

test('a secret is shown with what it belongs to', async () => {
  await ways.issue('a', null)
  expect([ways.shown.value, ways.kept.value.get('a')?.link]).toEqual([{ access: 'a', appId: null, secret: 's2' }, 'https://x/v/a'])
})

test.each([['abc.txt', 'x', 'uploaded'], ['a b.txt', 'x', 'name'], ['abc.html', 'x', 'name'], ['../a.txt', 'x', 'name'], ['a.txt', '', 'size'], ['a.txt', '字'.repeat(342), 'size'], ['a.txt', '字'.repeat(341), 'uploaded']])('the file %s is %s', async (name, text, said) => {
  expect(await ways.upload(name, text)).toBe(said)
  expect(done.length).toBe(said === 'uploaded' ? 1 : 0)
})

test('what cannot be fetched is told, and mended by a retry', async () => {
  down = true
  await ways.refresh()
  expect(ways.failed.value?.code).toBe('unreachable')
  down = false
  await ways.refresh()
  expect([ways.failed.value, ways.files.value]).toEqual([null, []])
})
