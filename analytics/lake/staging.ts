// Where events and changed rows wait, inside DuckDB, until they are written into their partitions: a new generation is the old file with them laid over it.
import type { TwinlineEvent } from '#events/event.ts'
import { columnsOf, FACT_NAMES, FACTS, type Change, type ColumnType, type FactName } from '#metrics/facts.ts'
import { dayName, dayOfQuarter, QUARTERS_A_DAY } from '#metrics/quarter.ts'
import { quote, type DuckDb } from './duckdb.ts'

const DAY_MS = 86_400_000
type Columns = (readonly [string, ColumnType])[]

/** The events as the lake keeps them; `data` is JSON with its keys in order, `at_ms` and `actor` are the envelope's `at` and `by`. */
export const EVENT_COLUMNS: Columns = [
  ['seq', 'BIGINT'], ['at_ms', 'BIGINT'], ['v', 'INTEGER'], ['plan', 'INTEGER'], ['cmd', 'VARCHAR'], ['actor', 'VARCHAR'], ['type', 'VARCHAR'], ['data', 'VARCHAR'],
]
export type TableKind = 'events' | FactName
export const TABLE_KINDS: TableKind[] = ['events', ...FACT_NAMES]
export const columnsOfKind = (kind: TableKind): Columns => (kind === 'events' ? EVENT_COLUMNS : columnsOf(kind))
const keyOfKind = (kind: TableKind): readonly string[] => (kind === 'events' ? ['seq'] : FACTS[kind].key)

/** The UTC day of an instant. */
export const dayOf = (at: number): string => dayName(Math.floor(at / DAY_MS))

/** What a partition holds: its rows, and the range of seq it speaks of where its rows are events. */
export interface Content { rows: number; firstSeq?: number; lastSeq?: number }

/** A partition of a run. */
export interface Partition { kind: TableKind; day: string }

// Beside its columns every waiting row knows its place among the changes of the same key, and whether it takes the row away.
const BESIDE: Columns = [['_turn', 'BIGINT'], ['_gone', 'BOOLEAN']]
export class Staging {
  readonly #db: DuckDb
  readonly #dirty = new Map<string, Partition>()
  #turn = 0

  constructor(db: DuckDb) {
    this.#db = db
  }

  /** Forgets everything that waits. */
  async clear(): Promise<void> {
    this.#dirty.clear()
    for (const kind of TABLE_KINDS) await this.#db.createTable(`staged_${kind}`, [...columnsOfKind(kind), ...BESIDE])
  }

  /** Adds events, and the rows that changed by them. `only`: nothing but what belongs to this day. */
  async add(events: readonly TwinlineEvent[], changes: readonly Change[], only?: string): Promise<void> {
    const kept = new Map<TableKind, unknown[][]>()
    const keep = (kind: TableKind, day: string, row: unknown[]): void => {
      if (only !== undefined && day !== only) return
      let list = kept.get(kind)
      if (!list) kept.set(kind, (list = []))
      list.push(row)
      const partition = `${kind}/${day}`
      if (!this.#dirty.has(partition)) this.#dirty.set(partition, { kind, day })
    }
    for (const e of events) keep('events', dayOf(e.at), [e.seq, e.at, e.v, e.plan, e.cmd, e.by, e.type, canonical(e.data), this.#turn++, false])
    const columns = new Map(FACT_NAMES.map((f) => [f, columnsOf(f).map(([c]) => c)]))
    for (const { fact, row, gone } of changes) {
      keep(fact, dayOfQuarter(row.b15!), [...columns.get(fact)!.map((c) => (row as Record<string, unknown>)[c]), this.#turn++, gone])
    }
    for (const [kind, rows] of kept) await this.#db.append(`staged_${kind}`, [...columnsOfKind(kind), ...BESIDE], rows)
  }

  /** The partitions that what waits belongs to. */
  dirty(): Partition[] {
    return [...this.#dirty.values()]
  }

  /** Writes the new content of a partition to `target`: the rows of the file `before`, if any, with what waits laid over them. */
  async write({ kind, day }: Partition, before: string | null, target: string): Promise<Content> {
    const columns = columnsOfKind(kind).map(([c]) => c).join(', ')
    const key = keyOfKind(kind).join(', ')
    const number = Date.parse(`${day}T00:00:00Z`) / DAY_MS
    const inDay = kind === 'events' ? `at_ms // ${DAY_MS} = ${number}` : `b15 // ${QUARTERS_A_DAY} = ${number}`
    const order = kind === 'events' ? 'seq' : `b15, ${key}`
    const kept = before === null ? '' : `SELECT ${columns} FROM read_parquet(${quote(before)}) ANTI JOIN latest USING (${key}) UNION ALL `
    const [result] = await this.#db.rows(`COPY (
      WITH latest AS (SELECT * FROM staged_${kind} WHERE ${inDay} QUALIFY row_number() OVER (PARTITION BY ${key} ORDER BY _turn DESC) = 1)
      FROM (${kept}SELECT ${columns} FROM latest WHERE NOT _gone) ORDER BY ${order}
    ) TO ${quote(target)} (FORMAT parquet, COMPRESSION zstd)`)
    const rows = result!['Count'] as number
    if (kind !== 'events') return { rows }
    const [range] = await this.#db.rows(`SELECT min(seq) AS first, max(seq) AS last FROM read_parquet(${quote(target)})`)
    return { rows, firstSeq: range!['first'] as number, lastSeq: range!['last'] as number }
  }
}

/** JSON whose text is the same for the same value, wherever it was kept: databases order keys in their own way. */
function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  const fields = value as Record<string, unknown>
  return `{${Object.keys(fields).filter((k) => fields[k] !== undefined).sort().map((k) => `${JSON.stringify(k)}:${canonical(fields[k])}`).join(',')}}`
}
