// The shadow plan as its page holds it: read, begun, ended, put into names; the file that the simulator reads.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { DEFAULT_RULE, firstPlan, type Plan } from '#events/plan.ts'
import { planErrors } from '#core/plan.ts'
import { Refused, refuse } from '../shell/refused.ts'
import { candidateOf, documentOf, makeShadow, nameFault, named, type Difference, type Shadow, type Told } from './shadow.ts'

const one: Told = { name: 'vip', version: 8, since: 1, asked: 8, same: 6, different: 2, dropped: 0, newest: [] }
let running: Told | null
let failing: Refused | null
let inSight: boolean
let reads: number
let held: PromiseWithResolvers<void> | null
let shadow: Shadow
beforeEach(() => {
  [running, failing, inSight, reads, held] = [null, null, true, 0, null]
  shadow = makeShadow({
    read: async () => {
      reads++
      const answer = { shadow: running }
      await held?.promise
      if (failing) throw failing
      return answer
    },
    start: async (name, plan) => { if (failing) throw failing; running = { ...one, name, version: plan.version } },
    stop: async () => { if (!running) throw new Refused('not_found', { zh: '', en: '' }); running = null },
    inSight: () => inSight,
  })
})
afterEach(() => { vi.useRealTimers() })

test('it is not known, then none, then one, then none again', async () => {
  expect(shadow.told.value).toBeUndefined()
  await shadow.refresh()
  expect([shadow.told.value, shadow.share.value]).toEqual([null, null])
  await shadow.start('vip', { ...firstPlan(), version: 4 })
  expect([shadow.told.value, shadow.share.value, shadow.busy.value]).toEqual([{ ...one, version: 4 }, 0.25, false])
  await shadow.stop()
  expect(shadow.told.value).toBeNull()
})

test('a share of nothing is none', async () => {
  running = { ...one, asked: 0, same: 0, different: 0 }
  await shadow.refresh()
  expect(shadow.share.value).toBeNull()
})

test('an answer from before it began does not hide it', async () => {
  const gate = held = Promise.withResolvers<void>()
  const late = shadow.refresh()
  held = null
  await shadow.start('vip', firstPlan())
  gate.resolve()
  await late
  expect(shadow.told.value?.name).toBe('vip')
})

test('what was last read stays while it cannot be read; a refusal to begin is the caller’s', async () => {
  running = one
  await shadow.refresh()
  failing = refuse('unreachable')
  await shadow.refresh()
  expect([shadow.failed.value?.code, shadow.told.value]).toEqual(['unreachable', one])
  await expect(shadow.start('x', firstPlan())).rejects.toMatchObject({ code: 'unreachable' })
  expect(shadow.busy.value).toBe(false)
  failing = null
  await shadow.refresh()
  expect(shadow.failed.value).toBeNull()
})

test('somebody else stopped it first: it is stopped', async () => {
  running = one
  await shadow.refresh()
  running = null
  await shadow.stop()
  expect(shadow.told.value).toBeNull()
})

test('it is read every two seconds while somebody can see it, and no more once the page is left', async () => {
  vi.useFakeTimers()
  const leave = shadow.watch()
  await vi.advanceTimersByTimeAsync(4000)
  expect(reads).toBe(3)
  inSight = false
  await vi.advanceTimersByTimeAsync(10_000)
  expect(reads).toBe(3)
  inSight = true
  await vi.advanceTimersByTimeAsync(2000)
  expect(reads).toBe(4)
  leave()
  await vi.advanceTimersByTimeAsync(10_000)
  expect(reads).toBe(4)
})

test('names as the engine takes them', () => {
  expect(['', 'draft-4', '7', '-x', 'Live', 'a/b', 'x'.repeat(40), 'x'.repeat(41)].map(nameFault)).toEqual(['needed', undefined, undefined, 'name', 'name', 'name', undefined, 'name'])
})

test('the candidate is the version that the draft would be saved as', () => {
  const base = { ...firstPlan(), version: 7 }
  expect([candidateOf({ ...base, version: 6 }, base, true).version, candidateOf(base, base, false)]).toEqual([8, base])
})

test('the file states what its time zones mean', () => {
  const hours = { id: 'h', name: 'H', tz: 'America/New_York', offsets: [{ fromMs: 0, minutes: 0 }], week: [[], [], [], [], [], [], []], holidays: [] }
  const plan: Plan = { ...firstPlan(), hours: [hours] }
  const file = documentOf(plan, Date.UTC(2026, 5, 1))
  expect(new Set(file.hours![0]!.offsets.map(({ minutes }) => minutes))).toEqual(new Set([-300, -240]))
  expect([planErrors(file), plan.hours![0]!.offsets, documentOf(firstPlan(), 0).hours]).toEqual([[], [{ fromMs: 0, minutes: 0 }], firstPlan().hours])
})

test('answers are told in names: of the plan that knows the thing first, else by id', () => {
  const live: Plan = { ...firstPlan(), groups: [...firstPlan().groups, { id: 'g1', name: 'Gold', queueLimit: null, wrapUpMs: null }], agents: [{ id: 'anna', nickname: '小安', realName: 'Anna', video: true, groups: [] }] as Plan['agents'] }
  const draft: Plan = { ...live, groups: [...live.groups, { id: 'g2', name: 'New', queueLimit: null, wrapUpMs: null }].map((g) => (g.id === 'g1' ? { ...g, name: 'Platinum' } : g)), rules: [{ id: 'r', name: 'VIPs', group: 'g2', when: {} }] }
  const told = { seq: 1, at: 1, request: 'q', reason: { code: 'rule', zh: '', en: '' } }
  const routed: Difference = { ...told, type: 'request.routed', live: { rule: DEFAULT_RULE, group: 'g1', queue: 'g1', turned: null }, candidate: { rule: 'r', group: 'g1', queue: 'g2', turned: null } }
  const chosen: Difference = { ...told, type: 'decision.made', live: { group: 'g1', agent: 'anna' }, candidate: { group: 'gone', agent: null } }
  expect([named(routed, 'live', [live, draft]), named(routed, 'candidate', [draft, live])]).toEqual([{ rule: null, group: 'Gold', turned: null }, { rule: 'VIPs', group: 'New', turned: null }])
  expect([named(chosen, 'live', [null, live]), named(chosen, 'live', [draft, live]), named(chosen, 'candidate', [draft, live])]).toEqual([{ who: '小安', group: 'Gold' }, { who: '小安', group: 'Platinum' }, { who: null, group: 'gone' }])
  const turned: Difference = { ...routed, candidate: { rule: 'lost', group: 'g1', queue: null, turned: 'queue_full' } }
  expect(named(turned, 'candidate', [live])).toEqual({ rule: 'lost', group: 'Gold', turned: 'queue_full' })
})
