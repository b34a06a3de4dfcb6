// What is wrong with a draft is told beside its field; what the engine would take is not scolded.
import { expect, test } from 'vitest'
import { accessErrors } from '#events/access.ts'
import { firstPlan, type Plan, type PlanAccess, type PlanHours } from '#events/plan.ts'
import { faultsOf } from './faults.ts'

const of = (part: Partial<Plan>) => [...faultsOf({ ...firstPlan(), ...part })]
const access = (part: Partial<PlanAccess>): Partial<Plan> => ({ access: [{ id: 'a', name: 'A', channel: 'web', enabled: true, ...part }] })
const hours = (part: Partial<PlanHours>): Partial<Plan> => ({ hours: [{ id: 'h', name: 'H', tz: 'Asia/Shanghai', offsets: [{ fromMs: 0, minutes: 480 }], week: [[], [], [], [], [], [], []], holidays: [], ...part }] })
const im = { appName: 'App', appId: '1', tenantId: 't', serviceNumber: 's', configId: 'c' }

test('the first plan has none', () => expect(of({})).toEqual([]))

test.each<[string, Partial<Plan>, string, string]>([
  ['a group without a name', { groups: [{ ...firstPlan().groups[0]!, name: ' ' }] }, 'groups/ungrouped/name', 'needed'],
  ['a reason in one language', { reasons: [{ id: 'r', status: 'busy', zh: '会议', en: '' }] }, 'reasons/r/en', 'needed'],
  ['a path in an origin', access({ origins: ['https://a.example/x'] }), 'access/a/origins', 'origin'],
  ['an IM account without its number', access({ channel: 'app', im: { ...im, serviceNumber: '' } }), 'access/a/im/serviceNumber', 'needed'],
  ['an attribute without values', { rules: [{ id: 'r', name: 'R', group: 'ungrouped', when: { attributes: [{ name: 'vip', in: [] }] } }] }, 'rules/r/attributes/0', 'values'],
  ['a time zone that is none', hours({ tz: 'Mars/Base' }), 'hours/h/tz', 'zone'],
  ['a stretch that ends before it begins', hours({ week: [[[600, 540]], [], [], [], [], [], []] }), 'hours/h/week/0', 'stretch'],
  ['stretches that overlap', hours({ week: [[], [[540, 700], [600, 800]], [], [], [], [], []] }), 'hours/h/week/1', 'overlap'],
  ['a date that is none', hours({ holidays: [{ date: '2026-02-30', open: [] }] }), 'hours/h/holidays/0', 'date'],
  ['a holiday twice', hours({ holidays: [{ date: '2026-10-01', open: [] }, { date: '2026-10-01', open: [] }] }), 'hours/h/holidays/1', 'twice'],
])('%s', (_, part, path, fault) => expect(of(part)).toEqual([[path, fault]]))

test('two links of one IM account are told at the second', () => {
  expect(of({ access: [{ id: 'a', name: 'A', channel: 'app', enabled: true, im }, { id: 'b', name: 'B', channel: 'app', enabled: true, im }] })).toEqual([['access/b/im/configId', 'taken']])
})

test.each(['https://a.example', 'http://localhost:8080', 'https://A.example', 'https://*.a.example', 'https://a.example/', 'ftp://a', 'https://[::1]:1', 'https://a.example:0'])('the origin %s is judged as the engine judges it', (origin) => {
  const plan = { ...firstPlan(), ...access({ origins: [origin] }) }
  expect(faultsOf(plan).size).toBe(accessErrors(plan).length)
})
