// Every version of the plan there was: the documents stand in the log, who saved them stands beside it.
import type { Plan } from '#events/plan.ts'
import { PlanSaveRow } from './entities.ts'
import { asked } from './failure.ts'
import type { Database } from './orm.ts'

export interface PlanVersion {
  version: number
  /** UTC ms. */
  at: number
  /** The account that saved it; null: the engine itself. */
  author: string | null
  note: string
  /** One line for each thing that differs from the version before. */
  diff: string[]
}

const SELECT = `
  select e.seq, (e.data->>'version')::int as version, e.at, e.data->'diff' as diff, s.account, s.note
  from events e left join plan_saves s on s.run = e.run and s.cmd = e.cmd where e.run = $1 and e.type = 'plan.changed'`

export class PlanVersions {
  readonly #db: Database
  readonly #run: string
  constructor(db: Database, run: string) {
    this.#db = db
    this.#run = run
  }

  /** Notes who is about to ask for a plan by the command `cmd`. */
  async author(save: { cmd: string; account: string; at: number; note: string }): Promise<void> {
    await asked(this.#db.orm.em.fork().insert(PlanSaveRow, { run: this.#run, ...save }))
  }

  /** Forgets a note: the command was refused. */
  async refused(cmd: string): Promise<void> {
    await asked(this.#db.orm.em.fork().nativeDelete(PlanSaveRow, { run: this.#run, cmd }))
  }

  /** Versions, the newest first, those below `before`, at most `limit`. */
  async list(before: number, limit: number): Promise<PlanVersion[]> {
    const { rows } = await asked(this.#db.sql.query(`${SELECT} and (e.data->>'version')::int < $2 order by e.seq desc limit $3`, [this.#run, before, limit]))
    return rows.map(plain)
  }

  /** One version with its document, or null. */
  async find(version: number): Promise<(PlanVersion & { plan: Plan }) | null> {
    const { rows: [row] } = await asked(this.#db.sql.query(
      `select v.*, e.data->'document' as plan from (${SELECT} and (e.data->>'version')::int = $2) v join events e on e.run = $1 and e.seq = v.seq`, [this.#run, version]))
    return row ? { ...plain(row), plan: row.plan } : null
  }
}

const plain = (row: { version: number; at: string; account: string | null; note: string | null; diff: string[] }): PlanVersion =>
  ({ version: row.version, at: Number(row.at), author: row.account, note: row.note ?? '', diff: row.diff })
