// Every number worked out by hand in fixtures/answers, against the SQL over Parquet and against the fold; and what must add up, on every fixture day.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { metricsOf, nameOf, REPORTS, type MetricId, type ReportName } from '#metrics/catalogue.ts'
import { compile } from '#metrics/compile.ts'
import { FILTERS, type Filters } from '#metrics/dimensions.ts'
import { evaluate, type AnswerCell } from '#metrics/evaluate.ts'
import { Fold } from '#metrics/fold.ts'
import { checkIdentities, identitiesOf, type Ask } from '#metrics/identities.ts'
import { checkQuery, DEFAULT_THRESHOLD_MS, type CheckedQuery } from '#metrics/query.ts'
import { FactTable } from '#metrics/table.ts'
import { DISK } from './lake/disk.ts'
import { DuckDb } from './lake/duckdb.ts'
import { LogFiles } from './lake/log-files.ts'
import { openViews } from './lake/reader.ts'
import { testLake, type TestLake } from './lake/testing.ts'
import { Verifier } from './lake/verify.ts'
import { dimensionsOf, makeReport, type ReportRow } from './report.ts'

const folder = (name: string): string => fileURLToPath(new URL(`../fixtures/${name}/`, import.meta.url))
const DAYS = readdirSync(folder('days')).filter((f) => f.endsWith('.ndjson')).map((f) => f.slice(0, -'.ndjson'.length))

/** A fixture day, to be asked in both ways. */
interface Day { run: string; sql: Ask; fold: Ask; zone: string; from: string; to: string }
const days = new Map<string, Day>()
const lakes: TestLake[] = []
const dbs: DuckDb[] = []

beforeAll(async () => {
  for (const day of DAYS) {
    const log = await LogFiles.open(`${folder('days')}${day}.ndjson`)
    const run = log.runs[0]!
    const lake = await testLake(run)
    lakes.push(lake)
    await lake.exporter(log, { disk: DISK }).catchUp()
    const db = await DuckDb.open({ memoryMb: 128, threads: 1, folders: [lake.root] })
    dbs.push(db)
    await openViews(db, await lake.manifest.read(run), { first: '0000-01-01', last: '9999-12-31' }, new Verifier(lake.root))
    const fold = new Fold()
    let first = 0
    for await (const batch of log.read(run, 0, 1000)) {
      for (const e of batch) fold.apply(e)
      first ||= batch[0]!.at
    }
    const table = new FactTable().take(fold.drain())
    const date = (at: number): string => new Date(at).toISOString().slice(0, 10)
    days.set(day, {
      run, zone: 'UTC', from: date(first - 86_400_000), to: date(fold.at + 2 * 86_400_000),
      sql: async (m) => await db.rows(compile(m)) as AnswerCell[], fold: (m) => evaluate(m, table.rowsOf),
    })
  }
}, 60_000)
afterAll(async () => {
  for (const db of dbs) db.close()
  for (const lake of lakes) await lake.remove()
})

/** A value written as arithmetic, such as `(8000+10000)/5`; nothing is null. */
function value(text: string): number | null {
  if (text === '') return null
  const [, sum, divisor] = /^\(?(\d+(?:\+\d+)*)\)?(?:\/(\d+))?$/.exec(text) ?? []
  if (sum === undefined) throw new Error(`not a value: ${text}`)
  const total = sum.split('+').reduce((a, b) => a + Number(b), 0)
  return divisor === undefined ? total : total / Number(divisor)
}

interface Answers { day: string; report: ReportName; head: Record<string, string>; rows: Record<string, string>[] }
function read(file: string): Answers {
  const [first, header, ...lines] = readFileSync(folder('answers') + file, 'utf8').trim().split('\n') as [string, string, ...string[]]
  const columns = header.split(',')
  return {
    day: file.split('.')[0]!, report: file.split('.').at(-2) as ReportName, head: Object.fromEntries(first.slice(2).split(' ').map((w) => w.split('=') as [string, string])),
    rows: lines.map((l) => Object.fromEntries(l.split(',').map((cell, i) => [columns[i]!, cell]))),
  }
}
const query = (report: ReportName, run: string, head: Record<string, string>): CheckedQuery => checkQuery({
  run, metrics: metricsOf(report), dimensions: dimensionsOf(report, true), from: head['from']!, to: head['to']!, tz: head['tz']!,
  filters: Object.fromEntries(FILTERS.flatMap((f) => (head[f] ? [[f, [head[f]]]] : []))) as Filters, slotMinutes: 1440 / Number(head['slots'] ?? 48), thresholdMs: DEFAULT_THRESHOLD_MS,
})
const numbers = (report: ReportName, row: ReportRow): Record<string, unknown> => Object.fromEntries(metricsOf(report).map((m: MetricId) => [nameOf(m), row[nameOf(m)]]))

const FILES = readdirSync(folder('answers')).filter((f) => f.endsWith('.csv'))
describe.each(FILES)('%s', (file) => {
  const { day, report, head, rows } = read(file)
  // By agent a file holds several ranges, else one.
  const ranges = report !== 'agents' ? [head] : [...new Map(rows.map((r) => [`${r['from']}${r['to']}`, { ...head, from: r['from']!, to: r['to']! }])).values()]
  it.each(['sql', 'fold'] as const)('equals the %s', async (by) => {
    const { run, [by]: ask } = days.get(day)!
    for (const range of ranges) {
      const made = await makeReport(report, query(report, run, range), { seq: 1, at: 0 }, new Map(), ask)
      const written = rows.filter((r) => report !== 'agents' || (r['from'] === range.from && r['to'] === range.to))
      const keyOf = (r: Record<string, unknown>): string => (report === 'slots' ? `${r['day'] ?? ''} ${r['slot'] ?? ''}` : String(r[report === 'agents' ? 'agent' : 'group']))
      const expected = new Map(written.map((r) => [Object.values(r).includes('total') ? 'total' : keyOf(r), Object.fromEntries(metricsOf(report).map((m) => [nameOf(m), value(r[nameOf(m)]!)]))]))
      const total = expected.get('total')
      expected.delete('total')
      const active = made.rows.filter((r) => report !== 'slots' || r['requests'] !== 0)
      expect(new Map(active.map((r) => [keyOf(r), numbers(report, r)]))).toEqual(expected)
      expect(numbers(report, made.total)).toEqual(total)
      // A slot in which nothing happened says so: no count, no sum, and nothing made up for the rest.
      for (const r of made.rows.filter((row) => !active.includes(row))) expect(new Set(Object.values(numbers(report, r)))).toEqual(new Set([0, null]))
      expect(made.identities.failures).toEqual([])
    }
  })
})

it('has by hand every number of every report, of four days', () => {
  const answers = FILES.map(read)
  expect(new Set(answers.map((a) => a.day)).size).toBe(4)
  for (const report of REPORTS) {
    const rows = answers.filter((a) => a.report === report).flatMap((a) => a.rows)
    // Each is somewhere neither 0 nor missing.
    for (const m of metricsOf(report)) expect(rows.some((r) => (value(r[nameOf(m)]!) ?? 0) > 0), m).toBe(true)
  }
})

describe.each(DAYS)('%s', (day) => {
  it.each(['Asia/Shanghai', 'Europe/Berlin', 'Asia/Kathmandu'])('adds up in %s, in SQL and in the fold', async (tz) => {
    const { run, from, to, sql, fold } = days.get(day)!
    const checked = { slots: [1, 2, 3], agents: [2, 3, 4], queues: [1, 3] }
    for (const report of REPORTS) {
      expect(identitiesOf(report)).toEqual(checked[report])
      const q = query(report, run, { from, to, tz })
      expect(await checkIdentities(report, q, sql)).toEqual([])
      expect(await checkIdentities(report, q, fold)).toEqual([])
    }
  })
})
