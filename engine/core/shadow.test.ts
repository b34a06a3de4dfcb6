// A candidate plan beside the one in force: nothing differs from itself; what was changed is found at each decision it concerns, with its reason.
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { TwinlineEvent } from '#events/event.ts'
import type { Plan } from '#events/plan.ts'
import { evolve } from './evolve.ts'
import { play } from './scenarios/play.ts'
import { DIFFERENCES, Shadow, stated, type Answer, type Chosen, type Difference } from './shadow.ts'
import { State } from './state.ts'

/** What a shadow answers to a log; `candidate` makes its plan of each plan that comes into force. */
function answers(log: readonly TwinlineEvent[], candidate: (plan: Plan) => Plan = (plan) => plan): Answer[] {
  const state = new State()
  let shadow: Shadow | null = null
  const all: Answer[] = []
  for (const e of log) {
    const answer = shadow?.decide(state, e)
    if (answer) all.push(answer)
    evolve(state, e)
    if (e.type === 'plan.changed') shadow = new Shadow(candidate(structuredClone(e.data.document)))
  }
  return all
}

const folder = new URL('./scenarios/', import.meta.url)
const plays = readdirSync(folder).filter((f) => f.endsWith('.txt'))
const logOf = (text: string): TwinlineEvent[] => play(text).steps.flatMap((s) => s.events)

test.for(plays)('%s: the plan in force, as its own shadow, differs nowhere', (file) => {
  const log = logOf(readFileSync(new URL(file, folder), 'utf8'))
  const all = answers(log)
  for (const answer of all) expect(answer).toEqual({ ...answer, candidate: answer.live, same: true, reason: null })
  // Whatever was decided was asked about, and the answer states what was stated.
  const own = log.filter((e) => (e.type === 'decision.made' ? e.data.invitation === undefined : e.type === 'request.routed' && !['outbound', 'callback'].includes(e.data.rule)))
  expect(all.map(({ seq }) => seq)).toEqual(own.map(({ seq }) => seq))
  expect(all.map((a) => stated(a)[0])).toEqual(own.map(({ type, data }) => ({ type, data })))
})

test('the plays have every kind of decision', () => {
  const all = plays.flatMap((file) => answers(logOf(readFileSync(new URL(file, folder), 'utf8'))))
  expect(all.length).toBeGreaterThan(60)
  expect(all.some((a) => a.type === 'decision.made' && a.candidate.sticky)).toBe(true)
  expect(all.some((a) => a.type === 'request.routed' && a.candidate.overflows.length > 0)).toBe(true)
  expect(new Set(all.map((a) => (a.type === 'request.routed' ? a.candidate.turned : null)))).toEqual(new Set([null, 'queue_full', 'no_agent', 'closed_hours']))
})

const PLAN = `group gold
group silver
agent anna gold
agent ben gold
agent cleo gold:2 silver
agent dan
attribute vip
rule vips group=silver when.vip=yes
rule all group=gold
`
const DAY = `08:00:00.000 ready anna
08:00:01.000 ready ben
08:00:02.000 ready cleo
08:00:03.000 ready dan
08:00:10.000 request.create request=r1
08:00:11.000 offer.decline agent=anna offer=r1/1
08:00:20.000 request.create request=r2 attributes.vip=yes
`
const log = logOf(PLAN + DAY)
const group = (plan: Plan, id: string): Plan['groups'][number] => plan.groups.find((g) => g.id === id)!
const agent = (plan: Plan, id: string): Plan['agents'][number] => plan.agents.find((a) => a.id === id)!

/** Live → candidate, as short as can be. */
function line(a: Answer): string {
  if (a.type === 'decision.made') return `${a.request}: ${a.live.group}/${a.live.agent} → ${a.candidate.group}/${a.candidate.agent} (${a.reason})`
  const [live, candidate] = [a.live, a.candidate].map(({ rule, group, queue, turned }) => `${rule}:${group}:${turned ?? queue}`)
  return `${a.request}: ${live} → ${candidate} (${a.reason})`
}

test('the day as it is, for comparison', () => {
  expect(answers(log).map(line)).toEqual([
    'r1: all:gold:gold → all:gold:gold (null)', 'r1: gold/anna → gold/anna (null)', 'r1: gold/ben → gold/ben (null)',
    'r2: vips:silver:silver → vips:silver:silver (null)', 'r2: silver/cleo → silver/cleo (null)',
  ])
})

test.for<[change: string, candidate: (plan: Plan) => void, expected: string[]]>([
  ['another tier', (p) => { agent(p, 'cleo').groups[0]!.tier = 1; agent(p, 'ben').groups[0]!.tier = 2 }, ['r1: gold/ben → gold/cleo (tier)']],
  ['a better tier than the one who is asked', (p) => { agent(p, 'anna').groups[0]!.tier = 3 }, ['r1: gold/anna → gold/ben (tier)']],
  ['an agent more in the group', (p) => { agent(p, 'dan').groups.push({ group: 'silver', tier: 1 }); agent(p, 'cleo').groups[1]!.tier = 2 }, ['r2: silver/cleo → silver/dan (member)']],
  ['an agent less in it', (p) => { agent(p, 'anna').groups = [] }, ['r1: gold/anna → gold/ben (member)']],
  ['an agent who is gone', (p) => { p.agents = p.agents.filter((a) => a.id !== 'anna') }, ['r1: gold/anna → gold/ben (member)']],
  ['an agent without video', (p) => { agent(p, 'ben').video = false }, ['r1: gold/ben → gold/cleo (video)']],
  ['nobody left', (p) => { agent(p, 'cleo').groups.pop() }, ['r2: silver/cleo → silver/null (nobody)']],
  ['no rule for some', (p) => { p.rules.shift() }, ['r2: vips:silver:silver → all:gold:gold (rule)']],
  ['an attribute that is not declared any more', (p) => { p.attributes = [] }, ['r2: vips:silver:silver → all:gold:gold (rule)']],
  ['a rule with another group', (p) => { p.rules[0]!.group = 'gold' }, ['r2: vips:silver:silver → vips:gold:gold (group)']],
  ['a group that is gone', (p) => {
    p.groups = p.groups.filter((g) => g.id !== 'silver')
    p.rules.shift()
    agent(p, 'cleo').groups.pop()
  }, ['r2: vips:silver:silver → all:gold:gold (rule)', 'r2: silver/cleo → ungrouped/dan (group)']],
  ['a group that is closed', (p) => {
    p.hours = [{ id: 'never', name: 'never', tz: 'UTC', offsets: [{ fromMs: 0, minutes: 0 }], week: [[], [], [], [], [], [], []], holidays: [] }]
    group(p, 'silver').hours = 'never'
  }, ['r2: vips:silver:silver → vips:silver:closed_hours (admission)']],
  ['an overflow', (p) => { Object.assign(group(p, 'silver'), { queueLimit: 0, overflow: [{ when: 'length', length: 5, to: 'gold' }] }) }, ['r2: vips:silver:silver → vips:silver:gold (admission)']],
  ['a group of its own that nobody is in', (p) => {
    p.groups.push({ id: 'empty', name: 'empty', queueLimit: null, wrapUpMs: null, noAgent: 'close' })
    p.rules[0]!.group = 'empty'
  }, ['r2: vips:silver:silver → vips:empty:no_agent (group)']],
  ['a longer wrap-up', (p) => { p.timers.wrapUpMs = 60_000 }, []],
])('%s: exactly the decisions it concerns', ([, change, expected]) => {
  const all = answers(log, (plan) => {
    change(plan)
    return plan
  })
  expect(all.filter((a) => !a.same).map(line)).toEqual(expected)
  expect(all).toHaveLength(5)
})

test('another clock: whoever it puts first, with the keys of its order', () => {
  const calls = logOf(`${PLAN}08:00:00.000 ready anna
08:00:01.000 ready ben
08:00:10.000 request.create request=r1
08:00:11.000 offer.accept agent=anna offer=r1/1
08:00:12.000 call.connect request=r1
08:00:20.000 agent.setStatus agent=ben to=away
08:00:21.000 call.hangUp agent=anna request=r1
08:00:22.000 wrapup.end agent=anna
08:00:30.000 agent.setStatus agent=ben to=idle
08:00:40.000 request.create request=r2
`)
  const differing = answers(calls, (plan) => ({ ...plan, idleClock: 'fewest_calls' })).filter((a) => !a.same)
  expect(differing.map(line)).toEqual(['r2: gold/anna → gold/ben (clock)'])
  const at = (time: string): number => Date.parse(`2026-01-05T${time}Z`)
  expect(differing[0]).toMatchObject({
    live: { clock: 'since_ready', candidates: 2, best: [{ agent: 'anna', tier: 1, idleSince: at('08:00:22'), lastOffer: at('08:00:10') }, { agent: 'ben' }] },
    candidate: { clock: 'fewest_calls', candidates: 2, best: [{ agent: 'ben', tier: 1, idleSince: at('08:00:30'), lastOffer: 0, key: 0 }, { agent: 'anna', key: 1 }], excluded: { offline: 1 } },
  })
})

test('a candidate that counts calls counts those of its own day, also where the live plan counts none', () => {
  const calls = logOf(`${PLAN}08:00:00.000 ready anna
08:00:10.000 request.create request=r1
08:00:11.000 offer.accept agent=anna offer=r1/1
08:00:12.000 call.connect request=r1
08:00:20.000 call.hangUp agent=anna request=r1
08:00:22.000 wrapup.end agent=anna
08:00:23.000 ready ben
08:00:30.000 request.create request=r2
08:00:31.000 offer.accept agent=anna offer=r2/1
08:00:32.000 call.connect request=r2
08:00:40.000 call.hangUp agent=anna request=r2
08:00:42.000 wrapup.end agent=anna
08:01:10.000 agent.setStatus agent=ben to=away
08:01:20.000 agent.setStatus agent=ben to=idle
08:01:30.000 request.create request=r3
`)
  /** Midnight is `minutes` east of UTC. */
  const counted = (minutes: number): string[] => answers(calls, (plan) => ({
    ...plan, idleClock: 'fewest_calls', dayHours: 'zone',
    hours: [{ id: 'zone', name: 'zone', tz: 'somewhere', offsets: [{ fromMs: 0, minutes }], week: [[], [], [], [], [], [], []], holidays: [] }],
  })).filter((a) => a.type === 'decision.made').map((a) => `${line(a)} ${(a.candidate as Chosen).best.map(({ agent, key }) => `${agent} ${key}`).join()}`)
  expect(counted(0)).toEqual(['r1: gold/anna → gold/anna (null) anna 0', 'r2: gold/anna → gold/ben (clock) ben 0,anna 1', 'r3: gold/anna → gold/ben (clock) ben 0,anna 2'])
  // A new day at 08:01: nobody has had a call, so who is idle for longest is asked.
  expect(counted(16 * 60 - 1)[2]).toBe('r3: gold/anna → gold/anna (null) anna 0,ben 0')
})

test('who declined comes last under the candidate too, unless nobody else is there', () => {
  const declined = logOf(`${PLAN}timer declineCoolDownMs=0
08:00:00.000 ready anna
08:00:10.000 request.create request=r1
08:00:11.000 offer.decline agent=anna offer=r1/1
08:00:12.000 ready ben
08:00:13.000 offer.decline agent=anna offer=r1/2
`)
  const better = answers(declined, (plan) => { agent(plan, 'ben').groups[0]!.tier = 9; return plan })
  expect(better.map(line).slice(1)).toEqual(['r1: gold/anna → gold/anna (null)', 'r1: gold/anna → gold/anna (null)', 'r1: gold/ben → gold/ben (null)'])
  expect((better.at(-1)!.candidate as Chosen).best.map((b) => b.agent)).toEqual(['anna', 'ben'])
})

test('every reason has words in both languages', () => {
  for (const reason of Object.keys(DIFFERENCES) as Difference[]) expect(DIFFERENCES[reason].zh).toMatch(/\p{Script=Han}/u)
})
