// A question that cannot be answered is refused with a code, and a filter that leaves a number as it is is named.
import { expect, it } from 'vitest'
import { METRIC_IDS, metricsOf, type MetricId } from './catalogue.ts'
import type { Dimension, Filters } from './dimensions.ts'
import { QueryError } from './errors.ts'
import { checkQuery, unaffectedBy, type MetricQuery } from './query.ts'

const good: MetricQuery = { run: 'live', metrics: ['requests'], dimensions: ['slot'], filters: {}, from: '2026-11-01', to: '2026-11-02', tz: 'Asia/Shanghai', slotMinutes: 30, thresholdMs: 10_000 }
const codeOf = (change: Partial<MetricQuery>): string => {
  try {
    checkQuery({ ...good, ...change })
  } catch (e) {
    expect((e as QueryError).zh).not.toBe('')
    return (e as QueryError).code
  }
  return 'accepted'
}

it('names what is wrong', () => {
  const cases: [Partial<MetricQuery>, string][] = [
    [{}, 'accepted'],
    [{ metrics: [] }, 'unknown_metric'],
    [{ metrics: ['happiness' as MetricId] }, 'unknown_metric'],
    [{ dimensions: ['mood' as Dimension] }, 'unknown_dimension'],
    [{ dimensions: ['toString' as Dimension] }, 'unknown_dimension'],
    [{ dimensions: ['agent'] }, 'dimension_missing'],
    [{ metrics: ['agent.login_time'], dimensions: ['channel'] }, 'dimension_missing'],
    [{ metrics: ['agent.workload'], dimensions: ['group'] }, 'dimension_missing'],
    [{ metrics: ['agent.calls'], dimensions: ['agent', 'group'] }, 'accepted'],
    [{ metrics: ['queue.entered'], dimensions: ['group', 'channel', 'slot'] }, 'accepted'],
    [{ metrics: ['queue.entered'], dimensions: ['agent'] }, 'dimension_missing'],
    [{ metrics: ['queue.entered'], filters: { agent: ['a1'] } }, 'bad_filter'],
    [{ filters: { agent: ['a1'] } }, 'bad_filter'],
    [{ filters: { colour: ['red'] } as Filters }, 'bad_filter'],
    [{ filters: { group: [] } }, 'bad_filter'],
    [{ filters: { group: [''] } }, 'bad_filter'],
    [{ from: '2026-02-30' }, 'bad_range'],
    [{ from: 'yesterday' }, 'bad_range'],
    [{ to: '2026-11-01' }, 'bad_range'],
    [{ to: '2036-12-01' }, 'bad_range'],
    [{ slotMinutes: 20 }, 'bad_slot'],
    [{ slotMinutes: 105 }, 'bad_slot'],
    [{ thresholdMs: -1 }, 'bad_threshold'],
    [{ thresholdMs: NaN }, 'bad_threshold'],
    [{ tz: 'Nowhere/At_all' }, 'bad_zone'],
    [{ run: '../secrets' }, 'bad_run'],
  ]
  for (const [change, code] of cases) expect(codeOf(change), JSON.stringify(change)).toBe(code)
})

it('names the metrics that a filter leaves as they are', () => {
  const left = (filters: Filters): string[] => METRIC_IDS.filter((m) => unaffectedBy(m, filters).length > 0)
  expect(left({ channel: ['web'] })).toEqual(['agent.login_time', 'agent.not_ready_count', 'agent.not_ready_time', 'agent.avg_not_ready', 'agent.workload'])
  expect(left({ access: ['web'], session_type: ['inbound'] })).toEqual(left({ channel: ['web'] }))
  // The skill group selects the members of that time.
  expect(left({ group: ['sales'] })).toEqual([])
  expect(metricsOf('agents').filter((m) => unaffectedBy(m, { agent: ['a1'] }).length > 0)).toEqual([])
})
