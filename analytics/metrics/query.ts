// A question about metrics as one plain value, the same from a chart, a notebook, HTTP or the command line; checked here and nowhere else.
import { ATOMS, atomsIn, METRICS, type MetricId } from './catalogue.ts'
import { DIMENSIONS, FILTERS, hasDimension, isTime, narrows, type Dimension, type Filter, type Filters } from './dimensions.ts'
import { QueryError } from './errors.ts'
import type { FactName } from './facts.ts'
import { spineOf, type Spine } from './spine.ts'

export interface MetricQuery {
  run: string
  metrics: MetricId[]
  dimensions: Dimension[]
  filters: Filters
  /** Local days [from, to), `YYYY-MM-DD`. */
  from: string
  to: string
  /** IANA time zone whose days and slots are meant. */
  tz: string
  /** Width of a slot: a multiple of 15 that divides the day. */
  slotMinutes: number
  /** The T of the metrics within and over a threshold. */
  thresholdMs: number
}

/** A query that passed its checks, with the spine of its range. */
export interface CheckedQuery extends MetricQuery { spine: Spine }

export const DEFAULT_THRESHOLD_MS = 10_000
/** Ten years: longer ranges are slips of the pen. */
const MAX_DAYS = 3660
const MAX_VALUES = 1000

/** Checks a question. Throws QueryError with the code `unknown_metric`, `unknown_dimension`, `dimension_missing`, `bad_filter`, `bad_range`, `bad_zone`, `bad_slot`, `bad_threshold` or `bad_run`. */
export function checkQuery(q: MetricQuery): CheckedQuery {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(q.run)) throw new QueryError('bad_run', `运行名不合法：${q.run}`, `Not a run's name: ${q.run}`)
  if (q.metrics.length === 0) throw new QueryError('unknown_metric', '至少需要一个指标', 'At least one metric is needed')
  for (const m of q.metrics) if (!Object.hasOwn(METRICS, m)) throw new QueryError('unknown_metric', `没有这个指标：${m}`, `There is no metric ${m}`)
  for (const d of q.dimensions) if (!Object.hasOwn(DIMENSIONS, d)) throw new QueryError('unknown_dimension', `没有这个维度：${d}`, `There is no dimension ${d}`)
  for (const [f, values] of Object.entries(q.filters)) {
    if (!(FILTERS as readonly string[]).includes(f)) throw new QueryError('bad_filter', `不能按 ${f} 筛选`, `There is no filter ${f}`)
    if (!Array.isArray(values) || values.length === 0 || values.length > MAX_VALUES || values.some((v) => typeof v !== 'string' || v === '')) {
      throw new QueryError('bad_filter', `筛选 ${f} 需要 1 到 ${MAX_VALUES} 个值`, `The filter ${f} needs 1 to ${MAX_VALUES} values`)
    }
  }
  for (const m of q.metrics) {
    for (const d of q.dimensions) if (!splits(m, d)) throw new QueryError('dimension_missing', `指标“${METRICS[m].zh}”没有维度“${DIMENSIONS[d].zh}”`, `${m} cannot be split by ${d}`)
    if (q.filters.agent && METRICS[m].report !== 'agents') throw new QueryError('bad_filter', `指标“${METRICS[m].zh}”不能按坐席筛选，请用客服工作量报表`, `${m} cannot be filtered by agent; the report by agent can`)
  }
  const days = (dayNumber(q.to) - dayNumber(q.from))
  if (!(days >= 1 && days <= MAX_DAYS)) throw new QueryError('bad_range', `日期范围不合法：${q.from} 至 ${q.to}（不含）`, `The range ${q.from} to ${q.to} (exclusive) must be 1 to ${MAX_DAYS} days`)
  if (!Number.isInteger(q.slotMinutes) || q.slotMinutes < 15 || q.slotMinutes % 15 !== 0 || 1440 % q.slotMinutes !== 0) {
    throw new QueryError('bad_slot', '时段须为 15 分钟的倍数且能整除一天', 'A slot must be a multiple of 15 minutes that divides the day')
  }
  if (!Number.isSafeInteger(q.thresholdMs) || q.thresholdMs < 0) throw new QueryError('bad_threshold', '阈值须为非负整数毫秒', 'The threshold must be a whole number of ms, 0 or more')
  return { ...q, spine: spineOf(q.tz, q.from, q.to, q.slotMinutes) }
}

/** Filters of the query that leave a metric, or some part of it, as it is; a report says so beside the number. */
export function unaffectedBy(metric: MetricId, filters: Filters): Filter[] {
  const facts = factsOf(metric)
  return (Object.keys(filters) as Filter[]).filter((f) => facts.some((fact) => narrows(fact, f) === null))
}

const factsOf = (metric: MetricId): FactName[] => atomsIn(METRICS[metric].formula).map((a) => ATOMS[a].fact)

function splits(metric: MetricId, d: Dimension): boolean {
  if (isTime(d)) return true
  // A request is not an agent's: which agent an unanswered one counts for has no answer.
  if (d === 'agent' && METRICS[metric].report !== 'agents') return false
  return factsOf(metric).every((fact) => hasDimension(fact, d))
}

function dayNumber(date: string): number {
  const at = /^\d{4}-\d\d-\d\d$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : NaN
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== date) throw new QueryError('bad_range', `不是日期：${date}`, `Not a date (YYYY-MM-DD): ${date}`)
  return at / 86_400_000
}
