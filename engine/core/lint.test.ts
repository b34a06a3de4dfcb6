// What lint says of a plan, as small plays; and that it says it exactly where the core would do so.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DEFAULT_RULE, firstPlan, UNGROUPED, type Plan } from '#events/plan.ts'
import { Acd } from './acd.ts'
import type { Command } from './command.ts'
import { lint, WARNINGS, type WarningCode } from './lint.ts'
import { planErrors } from './plan.ts'
import { route } from './routing.ts'
import { play } from './scenarios/play.ts'

/** The plan that the lines of a play describe. */
const planOf = (lines: string): Plan => play(`${lines}\n08:00:00.000 wait`).acd.state.plan!
const told = (plan: Plan): string[] => lint(plan).map(({ code, on, detail }) => `${code} ${on}${detail ? ` (${detail})` : ''}`)

const plays: [name: string, plan: string, warnings: string[]][] = [
  ['a plan in order', 'group gold\nagent anna gold\nagent cleo\naccess shop\nrule vip access=shop group=gold', []],
  ['nobody to take a call', '', ['group_unserved groups/ungrouped (web)']],
  ['a rule behind one that takes everything', 'group gold\nagent anna gold\nrule all group=gold\nrule web channel=web group=gold', ['rule_unreachable rules/web (all)']],
  ['a rule behind two that together take everything', 'group gold\nagent anna gold\naccess shop\nrule one access=web group=gold\nrule two access=shop group=gold\naccess app1 channel=app\nrule apps channel=app group=gold\nrule late access=app1 group=gold',
    ['rule_unreachable rules/late (apps)']],
  ['a rule that still has what comes later', 'group gold\nagent anna gold\nrule one access=web group=gold\nrule rest group=gold', []],
  ['a rule for a channel nobody comes by', 'group gold\nagent anna gold\nrule vip access=web group=gold\nrule apps channel=app group=gold', ['rule_channel_unused rules/apps (app)']],
  ['conditions that exclude each other', 'group gold\nagent anna gold\nagent cleo\nrule odd channel=app access=web group=gold\naccess app1 channel=app\nrule web access=web group=gold', ['rule_never_matches rules/odd']],
  ['a rule for an access point that is off', 'group gold\nagent anna gold\nagent cleo\naccess shop enabled=false\nrule vip access=shop group=gold', ['rule_access_off rules/vip (shop)', 'group_unused groups/gold']],
  ['a group without a video agent', 'group gold\nagent anna gold video=false\nagent ben gold video=false\nrule all group=gold', ['group_unserved groups/gold (web)', 'agents_not_video groups/gold (anna, ben)']],
  ['a group that nothing is routed to', 'group gold\nagent anna gold\nagent cleo', ['group_unused groups/gold']],
  ['one who is not a video agent among others', 'group gold\nagent anna gold\nagent ben gold video=false\nagent dan video=false\nrule all group=gold', ['group_unused groups/ungrouped', 'agents_not_video groups/gold (ben)']],
  ['a queue that is shut', 'ungrouped queueLimit=0\nagent cleo', ['queue_shut groups/ungrouped']],
  ['a ring as long as the wait', 'agent cleo\ntimer maxWaitMs=20000 wrapUpMs=0', ['ring_outlasts_wait timers/ringMs (20 s ≥ 20 s)']],
  ['wrap-up beyond the wait', 'group gold wrapUpMs=90000\nagent anna gold\nrule all group=gold\ntimer maxWaitMs=60000 wrapUpMs=60001', ['wrapup_outlasts_wait groups/gold (90 s > 60 s)', 'wrapup_outlasts_wait timers/wrapUpMs (60.001 s > 60 s)']],
  ['places kept beyond the contact', 'agent cleo\ntimer contactGapMs=30000', ['place_outlasts_contact timers/keepPlaceMs (60 s > 30 s)']],
  ['graces that a reload outlasts', 'agent cleo\ntimer visitorGraceMs=0 agentGraceMs=2999', ['grace_short timers/visitorGraceMs (0 s < 3 s)', 'grace_short timers/agentGraceMs (2.999 s < 3 s)']],
  ['a device check that is never fresh', 'agent cleo\ntimer deviceCheckMs=0', ['check_stale timers/deviceCheckMs (0 s < 60 s)']],
  ['groups that overflow in a circle', 'group gold\ngroup silver\nagent anna gold\nagent ben silver\nrule all group=gold\noverflow gold when=wait waitMs=60000 to=silver\noverflow silver when=no_agent to=gold', ['overflow_cycle groups/gold (gold → silver → gold)']],
  ['an overflow that comes too late', 'group gold\ngroup silver\nagent anna gold\nagent ben silver\nrule all group=gold\noverflow gold when=wait waitMs=600000 to=silver', ['overflow_late groups/gold (600 s ≥ 600 s)']],
  ['an overflow into a group nobody serves', 'group gold\ngroup silver\nagent anna gold\nrule all group=gold\noverflow gold when=closed to=silver', ['group_unserved groups/silver (web)']],
  ['hours that are never open', 'agent cleo\nhours never', ['hours_never_open hours/never']],
  ['a rule behind one for some visitors only', 'group gold\nagent anna gold\nagent cleo\nattribute vip\nrule vip when.vip=yes group=gold', []],
  ['the same where none is asked for', 'agent cleo\nset deviceCheck=off\ntimer deviceCheckMs=0', []],
]
test.for(plays)('%s', ([, lines, warnings]) => {
  expect(told(planOf(lines))).toEqual(warnings)
})

test('with every access point off, that is the one thing to say', () => {
  const plan = planOf('agent cleo')
  plan.access[0]!.enabled = false
  expect(told(plan)).toEqual(['no_access access'])
})

test('a new installation is told only that nobody serves it yet', () => {
  expect(told(firstPlan())).toEqual(['group_unserved groups/ungrouped (web)'])
})

test('every warning occurs in a play, in both languages', () => {
  const seen = new Set<string>(['no_access', ...plays.flatMap(([, , warnings]) => warnings.map((w) => w.split(' ')[0]!))])
  expect(Object.keys(WARNINGS).filter((code) => !seen.has(code))).toEqual([])
  for (const { code, zh, en } of lint(planOf('group gold\nagent anna gold'))) expect({ zh, en }).toEqual(WARNINGS[code])
})

/** What the core does under a plan with one ready agent and one request, as types and outcomes of facts. */
function firstCall(plan: Plan): string[] {
  const acd = new Acd('lint')
  const said: string[] = []
  let n = 0
  const ask = (now: number, command: object): void => {
    const { events, refusal } = acd.apply(now, { cmd: `c${++n}`, by: 'agent', ...command } as Command)
    said.push(...events.map((e) => (e.type === 'request.closed' ? e.data.outcome : e.type)), ...(refusal ? [refusal.code] : []))
  }
  ask(1_000, { type: 'plan.change', plan })
  ask(2_000, { type: 'agent.login', agent: 'cleo', session: 's' })
  ask(3_000, { type: 'device.check', agent: 'cleo', camera: true, microphone: true, speaker: true, network: 'good' })
  ask(4_000, { type: 'agent.setStatus', agent: 'cleo', to: 'idle', reason: '' })
  ask(5_000, { type: 'request.create', request: 'r', visitor: 'v', channel: 'web', access: 'web' })
  for (let at = acd.nextDeadline(); at < Infinity; at = acd.nextDeadline()) ask(at, { type: 'clock' })
  return said
}
test.for<[WarningCode, string, string]>([
  ['queue_shut', 'ungrouped queueLimit=0\nagent cleo', 'queue_full'],
  ['check_stale', 'agent cleo\ntimer deviceCheckMs=0', 'device_check_needed'],
  ['ring_outlasts_wait', 'agent cleo\ntimer ringMs=9000 maxWaitMs=8000', 'queue_timeout'],
])('%s is what happens', ([code, lines, happens]) => {
  const plan = planOf(lines)
  expect(lint(plan).map((w) => w.code)).toContain(code)
  const said = firstCall(plan)
  expect(said).toContain(happens)
  expect(said.filter((x) => x === 'offer.created').length).toBeLessThan(2)
})

const CHANNELS = ['web', 'app', 'wechat_mp'] as const
const somePlan = fc.record({
  access: fc.array(fc.record({ channel: fc.constantFrom(...CHANNELS), enabled: fc.boolean() }), { maxLength: 4 }),
  rules: fc.array(fc.record({
    group: fc.nat(2), channels: fc.option(fc.subarray([...CHANNELS]), { nil: undefined }), access: fc.option(fc.array(fc.nat(3), { maxLength: 3 }), { nil: undefined }),
  }), { maxLength: 5 }),
  agents: fc.array(fc.record({ video: fc.boolean(), groups: fc.subarray([1, 2]) }), { maxLength: 4 }),
}).map((x): Plan => {
  const groups = [UNGROUPED, 'g1', 'g2']
  const access = x.access.map((a, i) => ({ id: `x${i}`, name: 'x', ...a }))
  return {
    ...firstPlan(), access,
    groups: groups.map((id) => ({ id, name: id, queueLimit: null, wrapUpMs: null })),
    agents: x.agents.map(({ video, groups: own }, i) => ({ id: `a${i}`, nickname: `a${i}`, realName: 'a', video, groups: own.map((g) => ({ group: groups[g]!, tier: 1 })) })),
    rules: x.rules.map((r, i) => ({
      id: `r${i}`, name: 'r', group: groups[r.group]!,
      when: { ...(r.channels ? { channels: r.channels } : {}), ...(r.access ? { access: [...new Set(r.access)].filter((k) => k < access.length).map((k) => `x${k}`) } : {}) },
    })),
  }
})

test('a rule is called unreachable or unmatchable exactly where no present or later access point gets to it', () => {
  fc.assert(fc.property(somePlan, (plan) => {
    expect(planErrors(plan)).toEqual([])
    const dead = new Set(lint(plan).filter((w) => w.code === 'rule_unreachable' || w.code === 'rule_never_matches').map((w) => w.on.slice('rules/'.length)))
    const reached = new Set([...plan.access.map((a) => route(plan, { channel: a.channel, access: a.id }, new Map()).rule), ...CHANNELS.map((channel) => route(plan, { channel, access: 'later' }, new Map()).rule)])
    reached.delete(DEFAULT_RULE)
    expect([...dead].sort()).toEqual(plan.rules.map((r) => r.id).filter((id) => !reached.has(id)).sort())
  }), { numRuns: 1_000 })
})

test('a group is called unserved exactly where requests get to it and the core knows no video agent in it', () => {
  fc.assert(fc.property(somePlan, (plan) => {
    const acd = new Acd('lint')
    acd.apply(1_000, { type: 'plan.change', cmd: 'p', by: 'admin', plan })
    const unserved = new Set<string>()
    plan.access.forEach(({ id, channel, enabled }, i) => {
      if (!enabled) return
      acd.apply(2_000, { type: 'request.create', cmd: `c${i}`, by: 'visitor', request: `r${i}`, visitor: `v${i}`, channel, access: id })
      const group = acd.state.group(acd.state.request(`r${i}`).group!)
      if (![...acd.state.agents.values()].some((a) => a.plan!.video && a.memberships.some((m) => m.group === group))) unserved.add(group.id)
    })
    expect(lint(plan).filter((w) => w.code === 'group_unserved').map((w) => w.on.slice('groups/'.length)).sort()).toEqual([...unserved].sort())
  }), { numRuns: 300 })
})
