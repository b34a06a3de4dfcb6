// The catalogue is whole and sound, and METRICS.md says what it says.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { OUTCOMES } from '#events/outcome.ts'
import { ATOMS, atomsIn, formulaText, hasColumn, METRIC_IDS, METRICS, metricsOf, nameOf, reportOf, type Atom } from './catalogue.ts'
import { document } from './document.ts'
import { OTHER_OUTCOMES } from './identities.ts'

describe('the catalogue', () => {
  it('has the seed’s reports, in their order, and that of the queues', () => {
    expect(metricsOf('slots')).toEqual([
      'requests', 'calls', 'connect_rate', 'abandons', 'abandon_rate', 'avg_wait', 'max_wait', 'avg_response', 'max_response', 'avg_abandon_wait', 'max_abandon_wait',
      'avg_talk', 'talk_time', 'answered_10s', 'answered_over_10s', 'abandoned_10s', 'abandoned_over_10s',
    ])
    expect(metricsOf('agents').map(nameOf)).toEqual([
      'ended_by_visitor', 'ended_by_agent', 'login_time', 'talk_time', 'avg_talk', 'visitor_wait', 'avg_visitor_wait', 'response_time', 'avg_response', 'offered_requests',
      'dialled', 'calls', 'not_ready_count', 'not_ready_time', 'avg_not_ready', 'after_call_gap', 'avg_after_call_gap', 'workload',
    ])
    expect(metricsOf('queues').map(nameOf)).toEqual(['entered', 'accepted', 'abandoned', 'timed_out', 'overflowed', 'closed', 'waiting', 'avg_queue_time'])
    for (const m of METRIC_IDS) expect(METRICS[m].source).toBe(METRICS[m].report === 'queues' ? 'trade' : 'seed')
    for (const m of METRIC_IDS) for (const a of atomsIn(METRICS[m].formula)) expect(reportOf(a)).toBe(METRICS[m].report)
  })
  it('counts columns that exist, and uses every atom it names', () => {
    for (const atom of Object.values(ATOMS) as Atom[]) for (const c of [atom.column, ...Object.keys(atom.where ?? {})]) if (c !== undefined) expect(hasColumn(atom.fact, c), `${atom.fact}.${c}`).toBe(true)
    const used = new Set(METRIC_IDS.flatMap((m) => atomsIn(METRICS[m].formula)))
    // Of the others, identities speak.
    expect(Object.keys(ATOMS).filter((a) => !used.has(a as keyof typeof ATOMS))).toEqual(['accepted'])
  })
  it('puts a formula into words', () => {
    expect(formulaText(METRICS.avg_wait.formula)).toBe('sum(requests.wait_first_ms; inbound) / count(requests; inbound)')
    expect(formulaText(METRICS.answered_10s.formula)).toBe('count(requests.response_ms ≤ T; inbound)')
    expect(formulaText({ difference: ['calls', { quotient: ['offers', 'abandons'] }] })).toContain(' − ')
  })
  it('knows every outcome there is', () => {
    expect([...OTHER_OUTCOMES, 'answered', 'abandoned_queue', 'abandoned_ring'].sort()).toEqual(Object.keys(OUTCOMES).sort())
  })
})

it('METRICS.md is the catalogue; else run `npm run -s metrics -- catalogue > analytics/metrics/METRICS.md`', () => {
  expect(readFileSync(new URL('METRICS.md', import.meta.url), 'utf8')).toBe(document())
})
