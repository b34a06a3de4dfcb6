// What must add up in every report, whatever happened: checked on the same facts as the numbers, the cells that fail are named.
import { ATOMS, reportOf, type Atom, type ReportName } from './catalogue.ts'
import type { Measurement } from './compile.ts'
import type { Dimension } from './dimensions.ts'
import type { AnswerCell } from './evaluate.ts'
import type { CheckedQuery } from './query.ts'
import { dayName } from './quarter.ts'
import { slotLabel, spineOf } from './spine.ts'

/** Answers a measurement: SQL over the lake, or the evaluation over rows. */
export type Ask = (m: Measurement) => Promise<AnswerCell[]> | AnswerCell[]

/** A cell in which an identity does not hold: both sides, term by term. */
export interface Failure { identity: number; cell: string; left: Record<string, number>; right: Record<string, number> }

/** Every way a request can end that is neither a call nor an abandon. */
export const OTHER_OUTCOMES = [
  'ring_no_answer', 'declined', 'queue_timeout', 'out_declined', 'out_no_answer', 'callback', 'connect_failed', 'network',
  'overflow_out', 'no_agent', 'closed_hours', 'queue_full', 'blocked', 'removed', 'system_error',
]
const STATUSES = ['offline', 'idle', 'busy', 'away', 'invisible']
const WORK = ['none', 'ringing', 'dialling', 'connecting', 'in_call', 'wrap_up']

const counted = (fact: Atom['fact'], column: string, values: readonly string[], scope: Atom['scope']): Atom => ({ fact, fn: 'count', where: { [column]: values }, scope })
const spent = (column: 'status' | 'work', value: string): Atom => ({ fact: 'agent_time', fn: 'sum', column: 'ms', where: { [column]: [value] }, scope: 'all' })
const named = (prefix: string, values: readonly string[], atom: (value: string) => Atom): Record<string, Atom> => Object.fromEntries(values.map((v) => [`${prefix}_${v}`, atom(v)]))

const OUTCOMES = named('outcome', OTHER_OUTCOMES, (o) => counted('requests', 'outcome', [o], 'inbound'))
const ENDINGS = named('ended_by', ['visitor', 'agent', 'supervisor', 'network', 'system'], (by) => counted('requests', 'ended_by', [by], 'inbound'))
const AGENT_ENDINGS = named('ending', ['visitor', 'agent', 'other', 'left_before_end', 'in_progress'], (e) => counted('parts', 'ending', [e], 'all'))
const STATUS_TIMES = named('status', STATUSES, (s) => spent('status', s))
const WORK_TIMES = named('work', WORK, (w) => spent('work', w))

const TERMS: Record<string, Atom> = {
  ...ATOMS, ...OUTCOMES, ...ENDINGS, ...AGENT_ENDINGS, ...STATUS_TIMES, ...WORK_TIMES,
  open: counted('requests', 'state', ['open'], 'inbound'), in_progress: counted('requests', 'state', ['in_progress'], 'inbound'),
  accepted_connected: counted('requests', 'accepted', ['connected'], 'inbound'), accepted_not_connected: counted('requests', 'accepted', ['not_connected'], 'inbound'),
}

interface Sum { identity: number; report: ReportName; dimensions: Dimension[]; left: string[]; right: string[] }
const CELLS: Dimension[] = ['day', 'slot', 'channel', 'access', 'group']
const AGENT_CELLS: Dimension[] = ['day', 'slot', 'agent']

/** Left side = right side, in every cell. */
const SUMS: Sum[] = [
  { identity: 1, report: 'slots', dimensions: CELLS, left: ['requests'], right: ['calls', 'abandons', ...Object.keys(OUTCOMES), 'open'] },
  { identity: 1, report: 'queues', dimensions: CELLS, left: ['queue_entered'], right: ['queue_accepted', 'queue_abandoned', 'queue_timed_out', 'queue_overflowed', 'queue_closed', 'queue_waiting'] },
  { identity: 1, report: 'queues', dimensions: CELLS, left: ['queue_ended', 'queue_waiting'], right: ['queue_entered'] },
  { identity: 2, report: 'slots', dimensions: CELLS, left: ['answered_within', 'answered_over'], right: ['accepted'] },
  { identity: 2, report: 'slots', dimensions: CELLS, left: ['accepted'], right: ['accepted_connected', 'accepted_not_connected'] },
  { identity: 2, report: 'slots', dimensions: CELLS, left: ['abandoned_within', 'abandoned_over'], right: ['abandons'] },
  { identity: 2, report: 'slots', dimensions: CELLS, left: [...Object.keys(ENDINGS), 'in_progress'], right: ['calls'] },
  { identity: 2, report: 'agents', dimensions: AGENT_CELLS, left: Object.keys(AGENT_ENDINGS), right: ['agent_calls'] },
  { identity: 4, report: 'agents', dimensions: AGENT_CELLS, left: Object.keys(STATUS_TIMES), right: ['agent_login'] },
  { identity: 4, report: 'agents', dimensions: AGENT_CELLS, left: Object.keys(WORK_TIMES), right: ['agent_login'] },
]

/** Which identities a report is checked by. */
export const identitiesOf = (report: ReportName): number[] => [...new Set([...SUMS.filter((s) => s.report === report).map((s) => s.identity), 3])].sort()

/** Checks the identities of a report over the range and filters of a query. No failure: an empty list. */
export async function checkIdentities(report: ReportName, q: CheckedQuery, ask: Ask): Promise<Failure[]> {
  const failures: Failure[] = []
  for (const sum of SUMS.filter((s) => s.report === report)) {
    const terms = [...new Set([...sum.left, ...sum.right])]
    for (const cell of await ask(measurement(q, terms, sum.dimensions, q.slotMinutes))) {
      const left = side(cell, sum.left)
      const right = side(cell, sum.right)
      if (total(left) !== total(right)) failures.push({ identity: sum.identity, cell: nameOf(cell, sum.dimensions), left, right })
    }
  }
  return [...failures, ...await checkWidths(report, q, ask)]
}

/** Identity 3: 48 slots add up to 24 slots and to the day, for everything that adds up; the most is the most of the parts. */
async function checkWidths(report: ReportName, q: CheckedQuery, ask: Ask): Promise<Failure[]> {
  const terms = Object.keys(ATOMS).filter((a) => reportOf(a) === report)
  const halves = await ask(measurement(q, terms, ['day', 'slot'], 30))
  const hours = await ask(measurement(q, terms, ['day', 'slot'], 60))
  const days = await ask(measurement(q, terms, ['day'], 60))
  const hourOf = (c: AnswerCell): string => `${c['day']}/${Math.floor((c['slot'] as number) % 1440 / 60)}`
  const dayOf = (c: AnswerCell): string => String(c['day'])
  return [...compare(terms, halves, hours, hourOf), ...compare(terms, hours, days, dayOf)]
}

function compare(terms: string[], parts: AnswerCell[], wholes: AnswerCell[], keyOf: (c: AnswerCell) => string): Failure[] {
  const a = addUp(terms, parts, keyOf)
  const b = addUp(terms, wholes, keyOf)
  return [...new Set([...a.keys(), ...b.keys()])].flatMap((key) => terms.flatMap((t): Failure[] => {
    const [left, right] = [a.get(key)?.[t] ?? 0, b.get(key)?.[t] ?? 0]
    const [day, hour] = key.split('/')
    return left === right ? [] : [{ identity: 3, cell: `day=${dayName(Number(day))}${hour === undefined ? '' : ` hour=${hour}`}`, left: { [t]: left }, right: { [t]: right } }]
  }))
}

function addUp(terms: string[], cells: AnswerCell[], keyOf: (c: AnswerCell) => string): Map<string, Record<string, number>> {
  const sums = new Map<string, Record<string, number>>()
  for (const c of cells) {
    const sum = sums.get(keyOf(c)) ?? {}
    for (const t of terms) sum[t] = TERMS[t]!.fn === 'max' ? Math.max(sum[t] ?? 0, c[t] as number | null ?? 0) : (sum[t] ?? 0) + (c[t] as number)
    sums.set(keyOf(c), sum)
  }
  return sums
}

function measurement(q: CheckedQuery, terms: string[], dimensions: Dimension[], slotMinutes: number): Measurement {
  const spine = slotMinutes === q.slotMinutes ? q.spine : spineOf(q.tz, q.from, q.to, slotMinutes)
  return { measures: Object.fromEntries(terms.map((t) => [t, t])), atoms: TERMS, dimensions, filters: q.filters, spine, thresholdMs: q.thresholdMs }
}

const side = (cell: AnswerCell, terms: string[]): Record<string, number> => Object.fromEntries(terms.filter((t) => cell[t] !== 0).map((t) => [t, cell[t] as number]))
const total = (side: Record<string, number>): number => Object.values(side).reduce((a, b) => a + b, 0)
const nameOf = (cell: AnswerCell, dimensions: Dimension[]): string =>
  dimensions.map((d) => `${d}=${d === 'day' ? dayName(cell[d] as number) : d === 'slot' ? slotLabel(cell[d] as number) : cell[d]}`).join(' ')
