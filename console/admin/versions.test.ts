// Versions as people read them, page by page; one is brought back.
import { beforeEach, expect, test } from 'vitest'
import { planDiff } from '#core/plan.ts'
import { firstPlan } from '#events/plan.ts'
import { Refused } from '../shell/refused.ts'
import { makeVersions, readLine, type Versions } from './versions.ts'

let asked: (number | null)[]
let down: boolean
let restored: number[]
let versions: Versions
beforeEach(() => {
  asked = []
  restored = []
  down = false
  const one = (version: number) => ({ version, at: version, author: 'admin', note: '', diff: [] })
  versions = makeVersions({
    list: async (before) => {
      if (down) throw new Refused('not_found', { zh: '', en: '' })
      asked.push(before)
      return before === null ? { versions: [one(3), one(2)], next: 2 } : { versions: [one(1)], next: null }
    },
    find: async (version) => ({ ...one(version), plan: firstPlan() }),
    restore: async (version) => { restored.push(version); return { version: 4 } },
    planChanged: async () => {},
  })
})

test('every kind of line the engine writes is read', () => {
  const before = { ...firstPlan(), rules: [{ id: 'a', name: 'A', group: 'ungrouped', when: {} }, { id: 'b', name: 'B', group: 'ungrouped', when: {} }] }
  const after = { ...before, rules: [before.rules[1]!, before.rules[0]!], access: [{ ...before.access[0]!, enabled: false }, { id: 'n', name: 'New', channel: 'app' as const, enabled: true }], awayAfterMisses: 5, timers: { ...before.timers, ringMs: 9000 } }
  expect(planDiff(before, after).map((line) => readLine(line, after))).toEqual([
    { mark: 'changed', part: 'access', id: 'web', name: '官网 Website' }, { mark: 'added', part: 'access', id: 'n', name: 'New' }, { mark: 'other', text: '~ order of rules' },
    { mark: 'set', key: 'awayAfterMisses', from: '3', to: '5' }, { mark: 'set', key: 'ringMs', from: '20000', to: '9000' },
  ])
})

test('what no plan knows any more is called by its id', () => {
  expect(readLine('- groups gone', firstPlan())).toEqual({ mark: 'removed', part: 'groups', id: 'gone', name: 'gone' })
})

test('page by page, the newest first', async () => {
  await versions.refresh()
  await versions.more()
  await versions.more()
  expect([versions.versions.value?.map(({ version }) => version), asked]).toEqual([[3, 2, 1], [null, 2]])
})

test('a version is looked at and brought back as a new one', async () => {
  await versions.view(1)
  expect(versions.open.value?.version).toBe(1)
  expect([await versions.restore(1), restored, versions.open.value]).toEqual([4, [1], null])
})

test('what cannot be fetched is told', async () => {
  down = true
  await versions.refresh()
  expect([versions.failed.value?.code, versions.busy.value]).toEqual(['not_found', false])
})
