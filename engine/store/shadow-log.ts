// The log of a candidate plan: written behind, in batches, as a run of its own. It never holds anybody up: what there is no room for is dropped.
import { SCHEMA_VERSION, type TwinlineEvent } from '#events/event.ts'
import { PostgresEventLog } from './event-log.ts'
import { asked } from './failure.ts'
import { lead, type Leadership } from './leader.ts'
import type { Database } from './orm.ts'

/** A fact that has no place in a log yet. */
export type Unnumbered = Omit<TwinlineEvent, 'seq' | 'run' | 'v'>

/** Answers that wait to be written, of about a kilobyte each: minutes of a busy centre. */
const MAX_WAITING = 10_000
const BATCH = 1_000
/** Written this often, so that a quiet day is not a transaction for each call, and nobody waits long to see an answer. */
const EVERY_MS = 200
const RETRY_MS = 1_000

interface Opened { leadership: Leadership; log: PostgresEventLog; seq: number; at: number }

export interface ShadowLogOptions {
  db: Database
  run: string
  /** What the log begins with, and again whenever another `cmd` stated the last of its type: the plan that answers. */
  plan: Unnumbered
  /** Called after each write, and tried again with the next when it fails. */
  written: () => Promise<void>
  /** So many answers will never be written. */
  dropped: (answers: number) => void
  /** The log cannot be written, though the database is there: another engine leads it, or a defect. Told once. */
  report: (problem: Error) => void
}

export class ShadowLog {
  readonly #o: ShadowLogOptions
  #opened: Opened | null = null
  #waiting: Unnumbered[][] = []
  /** Numbered and on its way, with how many answers it holds: the same again until it is known to be written. */
  #batch: { facts: TwinlineEvent[]; answers: number } | null = null
  #telling = false
  #writing: Promise<void> | null = null
  #timer: NodeJS.Timeout | null = null
  #reported = false
  #stopping = false
  #over = false

  constructor(options: ShadowLogOptions) { this.#o = options }

  /** Takes the facts of one answer, in order after those before. */
  take(facts: Unnumbered[]): void {
    if (this.#over || this.#waiting.length + (this.#batch?.answers ?? 0) >= MAX_WAITING) return this.#o.dropped(1)
    this.#waiting.push(facts)
    this.tell()
  }

  /** Has `written` called with the next write. */
  tell(): void {
    this.#telling = true
    this.#arm(EVERY_MS)
  }

  /** Tries once more to write what waits, and lets go of the run. */
  async stop(): Promise<void> {
    this.#stopping = true
    if (this.#timer) clearTimeout(this.#timer)
    await this.#writing
    if (this.#telling) await this.#write()
    this.#over = true
    await this.#opened?.leadership.release()
  }

  #arm(ms: number): void {
    if (this.#stopping || this.#over || this.#writing) return
    this.#timer ??= setTimeout(() => {
      this.#timer = null
      this.#writing = this.#write().then((done) => {
        this.#writing = null
        if (this.#telling) this.#arm(done ? EVERY_MS : RETRY_MS)
      })
    }, ms).unref()
  }

  /** Whether the database took everything. */
  async #write(): Promise<boolean> {
    try {
      const opened = (this.#opened ??= await this.#open())
      for (let batch = this.#next(opened); batch; batch = this.#next(opened)) {
        await opened.log.append(batch.facts, [])
        this.#batch = null
      }
      this.#telling = false
      await this.#o.written()
      return true
    } catch (problem) {
      const { code } = problem as { code?: string }
      this.#telling = true
      if (code !== 'store_away') this.#report(problem as Error)
      // The engine before this one may not have let go yet.
      if (code !== 'store_away' && code !== 'led') this.#end()
      return false
    }
  }

  #next(opened: Opened): { facts: TwinlineEvent[]; answers: number } | null {
    if (this.#batch || this.#waiting.length === 0) return this.#batch
    const answers = this.#waiting.splice(0, BATCH)
    const facts = answers.flat().map((fact) => {
      opened.at = Math.max(opened.at, fact.at)
      return { ...fact, seq: ++opened.seq, at: opened.at, run: this.#o.run, v: SCHEMA_VERSION } as TwinlineEvent
    })
    return (this.#batch = { facts, answers: answers.length })
  }

  async #open(): Promise<Opened> {
    const { db, run, plan } = this.#o
    const leadership = await lead(db, run)
    try {
      const { rows: [last] } = await asked(db.sql.query('select seq, at from events where run = $1 order by seq desc limit 1', [run]))
      const { rows: [planned] } = await asked(db.sql.query(`select cmd from events where run = $1 and type = 'plan.changed' order by seq desc limit 1`, [run]))
      if (planned?.cmd !== plan.cmd) this.#waiting.unshift([plan])
      return { leadership, log: new PostgresEventLog(db, leadership), seq: Number(last?.seq ?? 0), at: Number(last?.at ?? 0) }
    } catch (problem) {
      await leadership.release()
      throw problem
    }
  }

  #report(problem: Error): void {
    if (!this.#reported) this.#o.report(problem)
    this.#reported = true
  }

  #end(): void {
    this.#over = true
    this.#telling = false
    const lost = this.#waiting.length + (this.#batch?.answers ?? 0)
    this.#waiting = []
    this.#batch = null
    this.#o.dropped(lost)
  }
}
