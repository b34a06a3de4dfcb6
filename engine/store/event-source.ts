// Reads the log of any run, in batches and in order: for the lake, for replay, for a restart.
import { parseEvent, type TwinlineEvent } from '#events/event.ts'
import type { StoredInput } from './event-log.ts'
import { asked } from './failure.ts'
import type { Database } from './orm.ts'

/** Facts of a run after `seq`, in order, at most `limit`, in today's schema. */
export async function readEvents(db: Database, run: string, afterSeq: number, limit: number): Promise<TwinlineEvent[]> {
  const { rows } = await asked(db.sql.query({
    name: 'read_events', text: 'select seq, at, run, v, plan, cmd, by, type, data from events where run = $1 and seq > $2 order by seq limit $3', values: [run, afterSeq, limit],
  }))
  for (const row of rows) {
    row.seq = Number(row.seq) // int8 arrives as text
    row.at = Number(row.at)
  }
  return rows.map(parseEvent)
}

/** All committed facts of all runs. */
export class EventSource {
  readonly #db: Database
  constructor(db: Database) { this.#db = db }

  /** The facts of `run` after `seq`, without a gap, in batches of at most `limit`; ends at the head as it was at the last batch. */
  async *read(run: string, afterSeq: number, limit: number): AsyncGenerator<TwinlineEvent[]> {
    for (let seq = afterSeq; ;) {
      const batch = await readEvents(this.#db, run, seq, limit)
      if (batch.length > 0) yield batch
      if (batch.length < limit) return
      seq = batch.at(-1)!.seq
    }
  }

  /** The highest committed seq of `run`; 0 for a run that has no facts. */
  async head(run: string): Promise<number> {
    const { rows } = await asked(this.#db.sql.query('select max(seq) as head from events where run = $1', [run]))
    return Number(rows[0].head ?? 0)
  }

  /** The accepted commands of `run` in the order in which they were accepted, in batches of at most `limit`. */
  async *inputs(run: string, limit: number): AsyncGenerator<StoredInput[]> {
    for (let seq = 0; ;) {
      const { rows } = await asked(this.#db.sql.query('select now, command, first, last from inputs where run = $1 and first > $2 order by first limit $3', [run, seq, limit]))
      if (rows.length > 0) yield rows.map((row) => ({ now: Number(row.now), command: row.command, first: Number(row.first), last: Number(row.last) }))
      if (rows.length < limit) return
      seq = Number(rows.at(-1).first)
    }
  }
}
