// What another plan would have decided: nothing for the plan itself; each difference in a line and in the totals; only the days that are asked about.
import { expect, it } from 'vitest'
import type { TwinlineEvent } from '#events/event.ts'
import type { Plan } from '#events/plan.ts'
import { Comparison, lineOf, totalsOf, type Compared, type Window } from './differences.ts'
import { seats } from './seats.ts'

const FROM = Date.UTC(2026, 0, 5)
const HOUR = 3_600_000
const ALWAYS: Window = { fromMs: 0, untilMs: Infinity }
const log: TwinlineEvent[] = []
seats({ seed: 'differences', run: 'sim-d', fromMs: FROM, hours: 4, agents: 3, perHour: 30, ahtMs: 200_000, wrapUpMs: 20_000, patienceMs: 60_000, sink: { take: (_now, _command, events) => void log.push(...events) } }).run()
const plan = log.find((e) => e.type === 'plan.changed')!.data.document

function compare(change: Partial<Plan>, within = ALWAYS): Compared {
  const comparison = new Comparison({ ...plan, version: 2, ...change }, within)
  for (const e of log) comparison.see(e)
  return comparison.result
}
const decisions = log.filter((e) => e.type === 'decision.made').length
const routings = log.filter((e) => e.type === 'request.routed').length

it('finds nothing where nothing was changed', () => {
  expect(compare({})).toEqual({
    plan: 2, asked: decisions + routings, same: decisions + routings, different: 0, reasons: {}, differences: [],
    routings: { asked: routings, same: routings, different: 0 }, choices: { asked: decisions, same: decisions, different: 0 },
  })
  expect(totalsOf(compare({}))).toBe(`plan 2 decides 0 of ${decisions + routings} decisions otherwise (routings: 0 of ${routings}, choices of an agent: 0 of ${decisions})`)
})

it('finds each choice of another agent', () => {
  const agents = plan.agents.map((a) => ({ ...a, video: a.id !== 'a1' }))
  const chosen = log.filter((e) => e.type === 'decision.made' && e.data.chosen === 'a1')
  const { choices, routings, reasons, differences } = compare({ agents })
  expect([choices.different, routings.different, reasons.video! + (reasons.nobody ?? 0)]).toEqual([chosen.length, 0, chosen.length])
  expect(differences.map(({ seq }) => seq)).toEqual(chosen.map(({ seq }) => seq))
  expect(lineOf(differences[0]!, (at) => new Date(at).toISOString())).toMatch(/^2026-01-05T0\d:\S+Z {2}r\d+ {2}ungrouped\/a1 → ungrouped\/(a2|a3|nobody) {2}\((video|nobody)\)$/)
})

it('finds each request that would go elsewhere', () => {
  const groups = [...plan.groups, { id: 'new', name: 'new', queueLimit: 0, wrapUpMs: null }]
  const result = compare({ groups, rules: [{ id: 'all', name: 'all', group: 'new', when: {} }] })
  expect([result.routings, result.reasons]).toEqual([{ asked: routings, same: 0, different: routings }, { rule: routings }])
  expect(lineOf(result.differences[0]!, String)).toMatch(/^\d+ {2}r\d+ {2}rule default: ungrouped → rule all: new, queue_full {2}\(rule\)$/)
  expect(totalsOf(result)).toMatch(new RegExp(`reasons: rule ${routings}$`))
})

it('counts what lies in the window, on the state that all before it made', () => {
  const hours = [0, 1, 2, 3, 4, 5].map((h) => compare({ idleClock: 'fewest_calls' }, { fromMs: FROM + h * HOUR, untilMs: FROM + (h + 1) * HOUR }))
  const whole = compare({ idleClock: 'fewest_calls' })
  expect(whole.different).toBeGreaterThan(5)
  expect(hours.flatMap(({ differences }) => differences)).toEqual(whole.differences)
  expect(hours.reduce((sum, { asked }) => sum + asked, 0)).toBe(whole.asked)
})
