// What makes a plan impossible, what differs between two, and what becomes of those whom a new one takes away.
import { expect, test } from 'vitest'
import { firstPlan, type Plan } from '#events/plan.ts'
import { Acd } from './acd.ts'
import type { Command } from './command.ts'
import { planDiff, planErrors } from './plan.ts'
import { play } from './scenarios/play.ts'

const LINES = 'group gold\ngroup silver\nagent anna gold\nagent ben gold silver:2\naccess shop\naccess app1 channel=app\nrule vip access=shop group=gold\nrule apps channel=app group=silver\n'
const plan = (): Plan => play(`${LINES}08:00:00.000 wait`).acd.state.plan!
const changed = (change: (p: Plan) => unknown): Plan => { const p = structuredClone(plan()); change(p); return p }

test('a plan in order has no errors; neither has a first one', () => {
  expect(planErrors(plan())).toEqual([])
  expect(planErrors(firstPlan())).toEqual([])
})

test.for<[title: string, change: (p: Plan) => unknown, error: string]>([
  ['a group twice', (p) => p.groups.push(p.groups[1]!), 'group gold is there twice'],
  ['an agent twice', (p) => p.agents.push(p.agents[0]!), 'agent anna is there twice'],
  ['an access point twice', (p) => p.access.push(p.access[0]!), 'access web is there twice'],
  ['a rule twice', (p) => p.rules.push(p.rules[0]!), 'rule vip is there twice'],
  ['no Ungrouped', (p) => p.groups.shift(), 'the group ungrouped is missing'],
  ['an agent in Ungrouped by name', (p) => p.agents[0]!.groups.push({ group: 'ungrouped', tier: 1 }), 'agent anna: Ungrouped holds the agents of no group, nobody is put into it by name'],
  ['an agent in no such group', (p) => p.agents[0]!.groups.push({ group: 'tin', tier: 1 }), 'agent anna: there is no group tin'],
  ['an agent twice in a group', (p) => p.agents[0]!.groups.push({ group: 'gold', tier: 2 }), 'agent anna is twice in group gold'],
  ['a rule that takes the default’s name', (p) => (p.rules[0]!.id = 'default'), 'rule default: this id belongs to the fixed last rule'],
  ['a rule to no such group', (p) => (p.rules[0]!.group = 'tin'), 'rule vip: there is no group tin'],
  ['a rule for no such access point', (p) => (p.rules[0]!.when.access = ['kiosk']), 'rule vip: there is no access point kiosk'],
  ['a rule for no such hours', (p) => (p.rules[0]!.when.hours = 'day'), 'rule vip: there are no hours day'],
  ['a group with no such hours', (p) => (p.groups[1]!.hours = 'day'), 'group gold: there are no hours day'],
  ['a way in with no such hours', (p) => (p.access[0]!.hours = 'day'), 'access web: there are no hours day'],
  ['a day by no such hours', (p) => (p.dayHours = 'day'), 'dayHours: there are no hours day'],
  ['overflow into no such group', (p) => (p.groups[1]!.overflow = [{ when: 'closed', to: 'tin' }]), 'group gold: it overflows into tin, which is not there'],
  ['overflow into itself', (p) => (p.groups[1]!.overflow = [{ when: 'closed', to: 'gold' }]), 'group gold: it overflows into itself'],
  ['overflow by wait without a time', (p) => (p.groups[1]!.overflow = [{ when: 'wait', to: 'silver' }]), 'group gold: overflow by wait needs waitMs'],
  ['overflow by length without one', (p) => (p.groups[1]!.overflow = [{ when: 'length', to: 'silver' }]), 'group gold: overflow by length needs length'],
  ['two overflows for one reason', (p) => (p.groups[1]!.overflow = [{ when: 'closed', to: 'silver' }, { when: 'closed', to: 'ungrouped' }]), 'group gold: two overflows for closed'],
  ['offsets that do not begin', (p) => (p.hours = [{ id: 'day', name: 'day', tz: 'UTC', offsets: [{ fromMs: 1, minutes: 0 }], week: [[], [], [], [], [], [], []], holidays: [] }]), 'hours day: offsets begin at 0 and ascend'],
  ['a holiday twice', (p) => (p.hours = [{ id: 'day', name: 'day', tz: 'UTC', offsets: [{ fromMs: 0, minutes: 0 }], week: [[], [], [], [], [], [], []], holidays: [{ date: '2026-01-05', open: [] }, { date: '2026-01-05', open: [] }] }]), 'hours day: holiday 2026-01-05 is there twice'],
  ['a category under none', (p) => (p.categories = [{ id: 'a', zh: 'a', en: 'a', parent: 'b' }]), 'category a: there is no parent b'],
  ['a category twice', (p) => (p.categories = [{ id: 'a', zh: 'a', en: 'a' }, { id: 'a', zh: 'a', en: 'a' }]), 'category a is there twice'],
])('%s', ([, change, error]) => expect(planErrors(changed(change))).toEqual([error]))

test('all errors are told, a thing that is there three times twice', () => {
  expect(planErrors(changed((p) => p.groups.push(p.groups[1]!, p.groups[1]!)))).toEqual(['group gold is there twice', 'group gold is there twice'])
})

test.for<[title: string, change: (p: Plan) => unknown, diff: string[]]>([
  ['nothing', () => {}, []],
  ['what comes', (p) => p.groups.push({ id: 'tin', name: 'tin', queueLimit: null, wrapUpMs: null }), ['+ groups tin']],
  ['what goes', (p) => p.agents.shift(), ['- agents anna']],
  ['what changes', (p) => (p.access[0]!.enabled = false), ['~ access web']],
  ['the order of rules alone', (p) => p.rules.reverse(), ['~ order of rules']],
  ['a rule put before the others is new, not a new order', (p) => p.rules.unshift({ id: 'all', name: 'all', group: 'gold', when: {} }), ['+ rules all']],
  ['a rule that goes leaves the order as it was', (p) => p.rules.shift(), ['- rules vip']],
  ['settings', (p) => Object.assign(p, { awayAfterMisses: 5, maxOffers: 2, deviceCheck: 'off' }), ['~ awayAfterMisses 3 → 5', '~ maxOffers 0 → 2', '~ deviceCheck required → off']],
  ['timers', (p) => Object.assign(p.timers, { ringMs: 9000 }), ['~ ringMs 20000 → 9000']],
])('difference: %s', ([, change, diff]) => expect(planDiff(plan(), changed(change))).toEqual(diff))

test('from nothing everything is new, and a long list is cut', () => {
  expect(planDiff(null, firstPlan())).toEqual(['+ groups ungrouped', '+ access web'])
  const many = changed((p) => { for (let i = 0; i < 500; i++) p.agents.push({ id: `a${i}`, nickname: 'a', realName: 'a', video: true, groups: [] }) })
  const lines = planDiff(plan(), many)
  expect(lines).toHaveLength(200)
  expect(lines.at(-1)).toBe('… and 301 more')
})

/** Brings plans into force, one after the other, in the middle of a play. */
function under(lines: string, change: (p: Plan) => unknown): { acd: Acd; said: string[]; refusal: string | undefined; ask: (command: object) => string[] } {
  const { acd } = play(`${LINES}${lines}`)
  const next = changed(change)
  let n = 0
  const ask = (command: object): ReturnType<Acd['apply']> => acd.apply(acd.state.at + 1, { cmd: `p${++n}`, by: 'admin', ...command } as Command)
  const types = (o: ReturnType<Acd['apply']>): string[] => o.events.map((e) => e.type)
  const { events, refusal } = ask({ type: 'plan.change', plan: { ...next, version: next.version + 1 } })
  return { acd, said: types({ events, refusal }), refusal: refusal?.code, ask: (command) => types(ask(command)) }
}
const RING = '08:00:00.000 ready anna\n08:00:10.000 request.create request=r1 access=shop\n'
const CALL = `${RING}08:00:11.000 offer.accept agent=anna offer=r1/1\n08:00:12.000 call.connect request=r1\n`

test('an agent who is taken out while it rings at him leaves at once, and the request goes on', () => {
  const { acd, said } = under(RING, (p) => p.agents.shift())
  expect(said).toEqual(['offer.cancelled', 'agent.loggedOut', 'plan.changed'])
  expect([acd.state.agents.has('anna'), acd.state.request('r1').phase]).toEqual([false, 'waiting'])
})

test('an agent who is taken out in a call leaves after it and its wrap-up', () => {
  const { acd, said, ask } = under(CALL, (p) => p.agents.shift())
  expect(said).toEqual(['plan.changed'])
  expect(ask({ type: 'call.hangUp', by: 'agent', agent: 'anna', request: 'r1' })).toEqual(['call.ended', 'participant.left', 'participant.left', 'wrapup.started', 'request.closed'])
  expect(ask({ type: 'wrapup.end', by: 'agent', agent: 'anna' })).toEqual(['wrapup.ended', 'agent.loggedOut'])
  expect(acd.state.agents.has('anna')).toBe(false)
})

test('a group that goes hands those who wait to Ungrouped, a ringing offer withdrawn', () => {
  const { acd, said } = under(RING, (p) => {
    p.groups = p.groups.filter((g) => g.id !== 'gold')
    p.rules = p.rules.filter((r) => r.group !== 'gold')
    for (const a of p.agents) a.groups = a.groups.filter((m) => m.group !== 'gold')
  })
  expect(said).toEqual(['offer.cancelled', 'queue.left', 'queue.entered', 'plan.changed', 'decision.made', 'offer.created'])
  expect(acd.state.request('r1')).toMatchObject({ group: 'ungrouped', legs: [{ agent: 'anna', place: Date.UTC(2026, 0, 5, 8, 0, 10) }] })
})

test('a plan made from an older one, or one with errors, changes nothing', () => {
  expect(under(RING, (p) => (p.version = 0))).toMatchObject({ refusal: 'plan_invalid', said: [] })
  expect(under(RING, (p) => p.groups.shift())).toMatchObject({ refusal: 'plan_invalid', said: [] })
})
