// The reports, by time slot and by agent as the seed has them, and by queue: a checked question, its answer cell by cell, and what must be said beside the numbers.
import { ATOMS, METRICS, nameOf, type Atom, type MetricId, type ReportName } from '#metrics/catalogue.ts'
import { measurementOf, type Measurement } from '#metrics/compile.ts'
import type { Dimension, Filter, Filters } from '#metrics/dimensions.ts'
import type { AnswerCell } from '#metrics/evaluate.ts'
import { checkIdentities, identitiesOf, type Ask, type Failure } from '#metrics/identities.ts'
import { unaffectedBy, type CheckedQuery } from '#metrics/query.ts'
import { dayName } from '#metrics/quarter.ts'
import type { AgentName } from './lake/reader.ts'
import type { Watermark } from './lake/manifest.ts'

/** One row: what it stands for, then a value per metric under its name within the report. */
export type ReportRow = Record<string, string | number | boolean | null>

export interface Report {
  report: ReportName
  run: string
  from: string
  to: string
  tz: string
  /** Slots of the day (by time slot only). */
  slots?: number
  basis: 'cohort'
  filters: Filters
  /** How far the data go: the last fact they know of. */
  asOf: { seq: number; at: string }
  metrics: { id: string; unit: string; version: number }[]
  /** Metrics that a filter leaves as they are, wholly or in part. */
  unaffected: Record<string, Filter[]>
  identities: { checked: number[]; failures: Failure[] }
  rows: ReportRow[]
  total: ReportRow
}

// A row is provisional while something of its cohort can still change: it waits, rings, dials, connects or talks.
const UNFINISHED: Record<ReportName, Atom> = {
  slots: { fact: 'requests', fn: 'count', where: { state: ['open', 'in_progress'] }, scope: 'inbound' },
  agents: { fact: 'parts', fn: 'count', where: { ending: ['in_progress'] }, scope: 'all' },
  queues: ATOMS.queue_waiting,
}

/** The dimensions of a report's rows. */
export const dimensionsOf = (report: ReportName, byDay: boolean): Dimension[] => (report === 'slots' ? [...(byDay ? ['day' as const] : []), 'slot'] : report === 'agents' ? ['agent'] : ['group'])

/** What a report measures for its rows, or, without dimensions, for its total. */
export function reportMeasurement(report: ReportName, q: CheckedQuery): Measurement {
  const m = measurementOf(q)
  return { ...m, measures: { ...m.measures, unfinished: 'unfinished' }, atoms: { ...ATOMS, unfinished: UNFINISHED[report] } }
}

/** Answers a report. `names` are the agents' names at the end of the range. */
export async function makeReport(report: ReportName, q: CheckedQuery, watermark: Watermark, names: Map<string, AgentName>, ask: Ask): Promise<Report> {
  const cells = await ask(reportMeasurement(report, q))
  const [all] = await ask(reportMeasurement(report, { ...q, dimensions: [] }))
  const rows = report === 'slots' ? slotRows(q, cells) : report === 'agents' ? agentRows(q, cells, names) : queueRows(q, cells)
  return {
    report, run: q.run, from: q.from, to: q.to, tz: q.tz, ...(report === 'slots' ? { slots: 1440 / q.slotMinutes } : {}), basis: 'cohort', filters: q.filters,
    asOf: { seq: watermark.seq, at: new Date(watermark.at).toISOString() },
    metrics: q.metrics.map((m) => ({ id: nameOf(m), unit: METRICS[m].unit, version: METRICS[m].version })),
    unaffected: Object.fromEntries(q.metrics.map((m) => [nameOf(m), unaffectedBy(m, q.filters)] as const).filter(([, filters]) => filters.length > 0)),
    identities: { checked: identitiesOf(report), failures: await checkIdentities(report, q, ask) },
    rows, total: values(q, all!),
  }
}

function slotRows(q: CheckedQuery, cells: AnswerCell[]): ReportRow[] {
  const order = new Map(q.spine.slots.map((s, i) => [s.key, i]))
  const slotOf = (c: AnswerCell): number => order.get(c['slot'] as number)!
  const dayOf = (c: AnswerCell): number => (c['day'] ?? 0) as number
  return [...cells].sort((a, b) => dayOf(a) - dayOf(b) || slotOf(a) - slotOf(b)).map((c) => {
    const { label, until } = q.spine.slots[slotOf(c)]!
    return { ...(q.dimensions.includes('day') ? { day: dayName(dayOf(c)) } : {}), slot: label, until, ...values(q, c) }
  })
}

function agentRows(q: CheckedQuery, cells: AnswerCell[], names: Map<string, AgentName>): ReportRow[] {
  const id = (c: AnswerCell): string => (c['agent'] ?? '') as string
  return [...cells].sort((a, b) => id(a).localeCompare(id(b), 'en', { numeric: true })).map((c) => {
    const { nickname, realName } = names.get(id(c)) ?? { nickname: id(c), realName: '' }
    return { agent: c['agent']!, nickname, realName, label: `${nickname}/${realName}`, ...values(q, c) }
  })
}

function queueRows(q: CheckedQuery, cells: AnswerCell[]): ReportRow[] {
  const id = (c: AnswerCell): string => c['group'] as string
  return [...cells].sort((a, b) => id(a).localeCompare(id(b), 'en', { numeric: true })).map((c) => ({ group: id(c), ...values(q, c) }))
}

const values = (q: CheckedQuery, cell: AnswerCell): ReportRow =>
  ({ ...Object.fromEntries(q.metrics.map((m: MetricId) => [nameOf(m), cell[m]!])), provisional: cell['unfinished'] !== 0 })
