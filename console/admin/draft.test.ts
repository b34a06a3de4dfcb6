// A draft of the plan: edited, checked, saved, and met by others who save meanwhile.
import { beforeEach, expect, test } from 'vitest'
import { firstPlan, type Plan } from '#events/plan.ts'
import { Refused } from '../shell/refused.ts'
import { makeDraft, type Draft, type Warning } from './draft.ts'

let inForce: Plan
let checked: Plan[]
let answers: ((said: { errors: string[]; warnings: Warning[] }) => void)[]
let notes: string[]
let down: boolean
let pending: (() => void) | null
let draft: Draft
const warning: Warning = { code: 'no_access', on: 'access', zh: '', en: '', detail: '' }
const ring = (ringMs: number) => (plan: Plan): Plan => ({ ...plan, timers: { ...plan.timers, ringMs } })
const named = (id: string, name: string) => (plan: Plan): Plan => ({ ...plan, groups: plan.groups.map((g) => (g.id === id ? { ...g, name } : g)) })

beforeEach(async () => {
  inForce = { ...firstPlan(), version: 4 }
  checked = []
  answers = []
  notes = []
  down = false
  pending = null
  draft = makeDraft({
    load: async () => { if (down) throw new Refused('unreachable', { zh: '', en: '' }); return { plan: inForce, warnings: [] } },
    check: (plan) => { checked.push(plan); return new Promise((answer) => { answers.push(answer) }) },
    save: async (plan, note) => {
      if (plan.version <= inForce.version) throw new Refused('plan_invalid', { zh: '', en: '' }, `version ${inForce.version} is in force`)
      if (plan.timers.ringMs === 1) throw new Refused('plan_invalid', { zh: '', en: '' }, 'no')
      notes.push(note)
      inForce = plan
      return { version: plan.version, warnings: [] }
    },
    later: (run) => { pending = run; return () => { if (pending === run) pending = null } },
  })
  await draft.load()
})

test('nothing changed is nothing to save', async () => {
  expect([draft.dirty.value, draft.changed.value, await draft.save('')]).toEqual([false, [], null])
  draft.change(ring(9000))
  draft.change(ring(20_000))
  expect(draft.dirty.value).toBe(false)
})

test('a change is checked a little later, the last one only, and its warnings stand beside what they are about', async () => {
  draft.change(ring(9000))
  draft.change(ring(8000))
  pending?.()
  expect(checked.map(({ timers }) => timers.ringMs)).toEqual([8000])
  answers[0]?.({ errors: [], warnings: [warning] })
  await Promise.resolve()
  await Promise.resolve()
  expect([draft.about('access'), draft.about('rules/x')]).toEqual([[warning], []])
})

test('a late answer about an older draft is not shown', async () => {
  draft.change(ring(9000))
  pending?.()
  draft.change(ring(8000))
  pending?.()
  answers[1]?.({ errors: [], warnings: [] })
  answers[0]?.({ errors: ['old'], warnings: [warning] })
  await Promise.resolve()
  await Promise.resolve()
  expect([draft.errors.value, draft.warnings.value]).toEqual([[], []])
})

test('what has faults is neither checked nor saved', async () => {
  draft.change(named('ungrouped', ''))
  pending?.()
  expect([draft.faults.value.get('groups/ungrouped/name'), checked.length, await draft.save(''), inForce.version]).toEqual(['needed', 0, null, 4])
})

test('saving makes the next version, with its note', async () => {
  draft.change(ring(9000))
  expect(draft.changed.value).toEqual(['settings'])
  expect([await draft.save('faster'), notes, inForce.version, inForce.timers.ringMs, draft.dirty.value]).toEqual([5, ['faster'], 5, 9000, false])
})

test('somebody else saved first: both changes stand in the draft, and saving again saves both', async () => {
  draft.change(ring(9000))
  inForce = { ...named('ungrouped', 'Theirs')(inForce), version: 5 }
  expect([await draft.save(''), draft.met.value]).toEqual([null, { version: 5, conflicts: [] }])
  expect(await draft.save('')).toBe(6)
  expect([inForce.groups[0]?.name, inForce.timers.ringMs, draft.met.value]).toEqual(['Theirs', 9000, null])
})

test('where both changed the same, it is told and the draft’s stands', async () => {
  draft.change(ring(9000))
  inForce = { ...ring(7000)(inForce), version: 5 }
  await draft.save('')
  expect([draft.met.value?.conflicts, draft.plan.value?.timers.ringMs]).toEqual([['timers/ringMs'], 9000])
})

test('a plan that is refused stays a draft with the reason', async () => {
  draft.change(ring(1))
  await expect(draft.save('')).rejects.toMatchObject({ code: 'plan_invalid' })
  expect([draft.errors.value, draft.dirty.value, draft.saving.value]).toEqual([['no'], true, false])
})

test('discarding is back to the plan in force, as it is by now', async () => {
  draft.change(ring(9000))
  inForce = { ...inForce, version: 9 }
  draft.discard()
  await draft.load()
  expect([draft.dirty.value, draft.plan.value?.version]).toEqual([false, 9])
})

test('an engine that cannot be reached is told, and forgotten once it can', async () => {
  down = true
  await draft.load()
  expect(draft.failed.value?.code).toBe('unreachable')
  down = false
  await draft.load()
  expect(draft.failed.value).toBeNull()
})
