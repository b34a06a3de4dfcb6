// The candidate plan of a run, with what came of asking it: one row, so that it goes on after a restart with the counts it had.
import type { Plan } from '#events/plan.ts'
import { ShadowRow } from './entities.ts'
import { asked } from './failure.ts'
import type { Database } from './orm.ts'
import { ShadowLog, type ShadowLogOptions } from './shadow-log.ts'

/** What came of asking the candidate. `newest` are differences, the newest first. */
export interface ShadowCounts { asked: number; same: number; different: number; dropped: number; newest: object[] }
export interface KeptShadow extends ShadowCounts { name: string; plan: Plan; since: number; account: string }

export class Shadows {
  readonly #db: Database
  readonly #run: string
  constructor(db: Database, run: string) {
    this.#db = db
    this.#run = run
  }

  async find(): Promise<KeptShadow | null> {
    const row = await asked(this.#db.orm.em.fork().findOne(ShadowRow, { run: this.#run }))
    if (!row) return null
    const { name, plan, since, account, asked: times, same, different, dropped, newest } = row
    return { name, plan: plan as Plan, since, account, asked: times, same, different, dropped, newest: newest as object[] }
  }

  /** Keeps this one, in place of the one before. */
  async keep(shadow: KeptShadow): Promise<void> {
    await asked(this.#db.orm.em.fork().upsert(ShadowRow, { run: this.#run, ...shadow }))
  }

  /** Writes down what came of it so far, unless it was replaced. */
  async count({ since, asked: times, same, different, dropped, newest }: ShadowCounts & Pick<KeptShadow, 'since'>): Promise<void> {
    await asked(this.#db.orm.em.fork().nativeUpdate(ShadowRow, { run: this.#run, since }, { asked: times, same, different, dropped, newest }))
  }

  /** False when there was none. */
  async remove(): Promise<boolean> {
    return (await asked(this.#db.orm.em.fork().nativeDelete(ShadowRow, { run: this.#run }))) > 0
  }

  /** The log of a candidate of this name, in the run `shadow-NAME`. */
  log(name: string, options: Omit<ShadowLogOptions, 'db' | 'run'>): ShadowLog {
    return new ShadowLog({ ...options, db: this.#db, run: `shadow-${name}` })
  }
}
