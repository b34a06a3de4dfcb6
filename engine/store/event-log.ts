// The log of one run in PostgreSQL: a batch is one statement, so one transaction; it names its epoch and is refused if that is over.
import type { TwinlineEvent } from '#events/event.ts'
import { isDeepStrictEqual } from 'node:util'
import { readEvents } from './event-source.ts'
import { asked, Fenced } from './failure.ts'
import type { Leadership } from './leader.ts'
import type { Database } from './orm.ts'

/** An accepted command with its instant and the range of facts it caused. */
export interface StoredInput { now: number; command: { type: string; cmd: string }; first: number; last: number }

// One round trip. Measured on two shared cores with fsync on: 2.1 k rows/s one by one, 36 k at 100 a batch, 44 k at 1 000, for 3 to 6 µs
// of this process's time a row (`unnest` of arrays: as fast, but 6 to 8 µs).
// The update both checks the epoch and, by `head`, that the batch leaves no gap; it makes a retry wait for the lost first try.
const APPEND = `
  with lead as (
    update leaders set head = greatest(head, $4::bigint) where run = $1 and epoch = $2 and head >= $3::bigint - 1 returning run
  ), facts as (
    insert into events (run, seq, at, type, plan, v, cmd, by, data)
    select run, e.seq, e.at, e.type, e.plan, e.v, e.cmd, e.by, e.data
    from lead, json_to_recordset($5::json) as e(seq bigint, at bigint, type text, plan int, v smallint, cmd text, "by" text, data jsonb)
    on conflict (run, seq) do nothing returning 1
  ), commands as (
    insert into inputs (run, cmd, now, command, first, last)
    select run, i.cmd, i.now, i.command, i.first, i.last
    from lead, json_to_recordset($6::json) as i(cmd text, now bigint, command jsonb, first bigint, last bigint)
    on conflict do nothing
  )
  select (select count(*) from lead)::int as led, (select count(*) from facts)::int as written`

/** How many snapshots are kept: the newest, and one before it. */
const SNAPSHOTS_KEPT = 2

/** The event log of the run that `leadership` was granted for. */
export class PostgresEventLog {
  readonly #db: Database
  readonly #leadership: Leadership

  constructor(db: Database, leadership: Leadership) {
    this.#db = db
    this.#leadership = leadership
  }

  /**
   * Writes a batch in one transaction, durable when it resolves. The same batch may be given again after a failure whose result
   * is unknown. Rejects with StoreAway (try again) or Fenced (stop).
   */
  async append(events: readonly TwinlineEvent[], inputs: readonly StoredInput[]): Promise<void> {
    if (events.length === 0 && inputs.length === 0) return
    const { run, epoch } = this.#leadership
    const first = events[0]?.seq ?? 1
    const last = events.at(-1)?.seq ?? 0
    const rows = inputs.map(({ now, command, first, last }) => ({ cmd: command.cmd, now, command, first, last }))
    const result = await asked(this.#db.log.query({ name: 'append', text: APPEND, values: [run, epoch, first, last, JSON.stringify(events), JSON.stringify(rows)] }))
    const { led, written } = result.rows[0] as { led: number; written: number }
    if (led === 0) throw new Fenced(`Run "${run}" is led by another engine, or its log has moved on without epoch ${epoch}.`)
    if (written < events.length) await this.#assertSame(events)
  }

  /** Facts after `seq`, in order, at most `limit`. */
  read(afterSeq: number, limit: number): Promise<TwinlineEvent[]> {
    return readEvents(this.#db, this.#leadership.run, afterSeq, limit)
  }

  /** The newest `limit` commands with the facts they caused, the oldest of them first. */
  async recentAnswers(limit: number): Promise<{ cmd: string; first: number; last: number }[]> {
    const { rows } = await asked(this.#db.sql.query('select cmd, first, last from inputs where run = $1 order by first desc limit $2', [this.#leadership.run, limit]))
    return rows.reverse().map((row) => ({ cmd: row.cmd as string, first: Number(row.first), last: Number(row.last) }))
  }

  async loadSnapshot(): Promise<{ seq: number; state: unknown } | null> {
    const { rows } = await asked(this.#db.sql.query('select seq, state from snapshots where run = $1 order by seq desc limit 1', [this.#leadership.run]))
    return rows[0] ? { seq: Number(rows[0].seq), state: rows[0].state } : null
  }

  async saveSnapshot(seq: number, state: unknown): Promise<void> {
    const { run } = this.#leadership
    await asked(this.#db.sql.query(
      `with kept as (insert into snapshots (run, seq, at, state) values ($1, $2, $3, $4) on conflict (run, seq) do nothing)
       delete from snapshots where run = $1 and seq not in
         (select seq from snapshots where run = $1 and seq <> $2 order by seq desc limit ${SNAPSHOTS_KEPT - 1}) and seq <> $2`,
      [run, seq, Date.now(), JSON.stringify(state)]))
  }

  /** Rows that were there already must be this very batch: anything else means that someone else writes this run. */
  async #assertSame(events: readonly TwinlineEvent[]): Promise<void> {
    const kept = await this.read(events[0]!.seq - 1, events.length)
    // Through JSON, as the rows went: a field that is undefined here was never stored.
    if (!isDeepStrictEqual(kept, JSON.parse(JSON.stringify(events)))) throw new Fenced(`Run "${this.#leadership.run}" holds other facts at seq ${events[0]!.seq}.`)
  }
}
