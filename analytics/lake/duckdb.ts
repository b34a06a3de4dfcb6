// DuckDB, bounded: how much memory and how many threads it may take, what it may touch, and rows in and out as plain values.
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { columnsOf, FACT_NAMES, type ColumnType, type FactName, type Row } from '#metrics/facts.ts'

export interface DuckDbOptions {
  memoryMb: number
  threads: number
  /** Folders it may read and write. Without any it touches no file. */
  folders: string[]
  /** Where it may spill what does not fit into memory; without it a query that needs more is refused. */
  spill?: string
}

/** A value as it comes out of DuckDB: whole numbers as numbers. */
export type Value = string | number | boolean | null | Value[]

export const quote = (text: string): string => `'${text.replaceAll('\'', '\'\'')}'`

/** One DuckDB instance with one connection: one statement at a time. */
export class DuckDb {
  readonly #instance: DuckDBInstance
  readonly #connection: DuckDBConnection

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance
    this.#connection = connection
  }

  /** Opens an instance in memory, and locks what it may do for as long as it lives. */
  static async open({ memoryMb, threads, folders, spill }: DuckDbOptions): Promise<DuckDb> {
    const instance = await DuckDBInstance.create(':memory:', { memory_limit: `${memoryMb}MB`, threads: String(threads), temp_directory: spill ?? '', autoinstall_known_extensions: 'false', autoload_known_extensions: 'false' })
    const connection = await instance.connect()
    const db = new DuckDb(instance, connection)
    await db.run(`SET TimeZone = 'UTC'; SET preserve_insertion_order = true`)
    // In this order: after the second the first cannot be widened, after the third nothing can.
    await db.run(`SET allowed_directories = [${folders.map(quote).join(', ')}]`)
    await db.run('SET enable_external_access = false')
    await db.run('SET lock_configuration = true')
    return db
  }

  async run(sql: string): Promise<void> {
    await this.#connection.run(sql)
  }

  /** The rows of a query as plain objects. */
  async rows(sql: string): Promise<Record<string, Value>[]> {
    const reader = await this.#connection.runAndReadAll(sql)
    return reader.getRowObjectsJS().map((row) => Object.fromEntries(Object.entries(row).map(([k, v]) => [k, plain(v)])))
  }

  /** Makes an empty table with the given columns. */
  async createTable(table: string, columns: readonly (readonly [string, ColumnType])[]): Promise<void> {
    await this.run(`CREATE OR REPLACE TABLE ${table} (${columns.map(([name, type]) => `${name} ${type}`).join(', ')})`)
  }

  /** Appends rows to a table; each row is a value per column in the table's order. */
  async append(table: string, columns: readonly (readonly [string, ColumnType])[], rows: Iterable<readonly unknown[]>): Promise<void> {
    const appender = await this.#connection.createAppender(table)
    try {
      for (const row of rows) {
        for (let i = 0; i < columns.length; i++) {
          const v = row[i]
          if (v === null || v === undefined) appender.appendNull()
          else {
            switch (columns[i]![1]) {
              case 'VARCHAR': appender.appendVarchar(v as string); break
              case 'INTEGER': appender.appendInteger(v as number); break
              case 'BIGINT': appender.appendBigInt(BigInt(v as number)); break
              case 'BOOLEAN': appender.appendBoolean(v as boolean); break
              case 'VARCHAR[]': appender.appendList(v as string[]); break
            }
          }
        }
        appender.endRow()
      }
      appender.flushSync()
    } finally {
      appender.closeSync()
    }
  }

  /** Ends the instance; nothing else may be asked of it. */
  close(): void {
    this.#connection.closeSync()
    this.#instance.closeSync()
  }
}

/** Makes every fact a table of its name that holds the given rows: a lake in memory. */
export async function loadFacts(db: DuckDb, rowsOf: (fact: FactName) => Iterable<Row>): Promise<void> {
  for (const fact of FACT_NAMES) {
    const columns = columnsOf(fact)
    await db.createTable(fact, columns)
    await db.append(fact, columns, valuesOf(columns, rowsOf(fact)))
  }
}

/** Rows as lists of values in the order of the columns. */
export function* valuesOf(columns: readonly (readonly [string, ColumnType])[], rows: Iterable<Row>): Generator<unknown[]> {
  for (const row of rows) yield columns.map(([name]) => (row as Record<string, unknown>)[name])
}

function plain(v: unknown): Value {
  if (typeof v === 'bigint') {
    if (v > BigInt(Number.MAX_SAFE_INTEGER) || v < BigInt(Number.MIN_SAFE_INTEGER)) throw new RangeError(`${v} is too large for a number`)
    return Number(v)
  }
  return Array.isArray(v) ? v.map(plain) : (v as Value)
}
