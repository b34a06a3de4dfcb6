// The SQL and the JavaScript evaluation answer every question alike, on random days, in every zone; and the identities hold in both.
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { metricsOf, type ReportName } from '#metrics/catalogue.ts'
import { compile, measurementOf } from '#metrics/compile.ts'
import type { Dimension, Filters } from '#metrics/dimensions.ts'
import { evaluate, type AnswerCell } from '#metrics/evaluate.ts'
import { Fold } from '#metrics/fold.ts'
import { checkIdentities } from '#metrics/identities.ts'
import { checkQuery, type MetricQuery } from '#metrics/query.ts'
import { FactTable } from '#metrics/table.ts'
import { randomDay } from '../../fixtures/random-day.ts'
import { DuckDb, loadFacts } from './duckdb.ts'

// Clocks go back in Berlin, forward in Lord Howe three weeks earlier, and Kathmandu is off by quarter-hours.
const START = Date.UTC(2026, 9, 24, 20, 10)
const ZONES = ['UTC', 'Asia/Shanghai', 'Europe/Berlin', 'Asia/Kathmandu', 'America/St_Johns', 'Pacific/Chatham']

let db: DuckDb
beforeAll(async () => { db = await DuckDb.open({ memoryMb: 256, threads: 2, folders: [] }) })
afterAll(() => { db.close() })

const subset = <T>(values: readonly T[]): fc.Arbitrary<T[]> => fc.subarray([...values])
const slotDimensions = subset(['day', 'slot', 'channel', 'access', 'session_type', 'group', 'rule', 'outcome', 'plan'] as Dimension[])
const agentDimensions = subset(['day', 'slot', 'agent'] as Dimension[])
const queueDimensions = subset(['day', 'slot', 'channel', 'access', 'session_type', 'group'] as Dimension[])
const some = (...values: string[]): fc.Arbitrary<string[]> => fc.subarray(values, { minLength: 1 })
const filters = (withAgent: boolean): fc.Arbitrary<Filters> => fc.record({
  channel: some('web', 'app'), access: some('web', 'shop'), session_type: some('inbound', 'outbound', 'callback'), group: some('sales', 'care', 'ungrouped'),
  ...(withAgent ? { agent: some('a1', 'a2') } : {}),
}, { requiredKeys: [] })
const DIMENSIONS_OF = { slots: slotDimensions, agents: agentDimensions, queues: queueDimensions }
const query = (report: ReportName): fc.Arbitrary<MetricQuery> => fc.record({
  run: fc.constant('random'), metrics: fc.constant(metricsOf(report)), dimensions: DIMENSIONS_OF[report],
  filters: fc.oneof(fc.constant({}), filters(report === 'agents')), from: fc.constantFrom('2026-10-24', '2026-10-25'), to: fc.constantFrom('2026-10-26', '2026-10-27'),
  tz: fc.constantFrom(...ZONES), slotMinutes: fc.constantFrom(15, 30, 60, 180, 1440), thresholdMs: fc.constantFrom(0, 10_000),
})

/** Cells in one order, since neither side promises any. */
const sorted = (cells: AnswerCell[]): string[] => cells.map((c) => JSON.stringify(c)).sort()

describe('SQL = fold', () => {
  it('for every metric, dimension, filter, zone and slot width', async () => {
    await fc.assert(fc.asyncProperty(fc.integer(), query('slots'), query('agents'), query('queues'), async (seed, slots, agents, queues) => {
      const fold = new Fold()
      const table = new FactTable()
      for (const e of randomDay(seed, 200, START)) fold.apply(e)
      table.take(fold.drain())
      await loadFacts(db, table.rowsOf)
      for (const q of [slots, agents, queues]) {
        const m = measurementOf(checkQuery(q))
        expect(sorted(await db.rows(compile(m)) as AnswerCell[])).toEqual(sorted(evaluate(m, table.rowsOf)))
      }
      expect(await checkIdentities('slots', checkQuery(slots), (m) => evaluate(m, table.rowsOf))).toEqual([])
      expect(await checkIdentities('queues', checkQuery(queues), (m) => evaluate(m, table.rowsOf))).toEqual([])
      expect(await checkIdentities('agents', checkQuery(agents), async (m) => await db.rows(compile(m)) as AnswerCell[])).toEqual([])
    }), { numRuns: 25 })
  }, 60_000)
})
