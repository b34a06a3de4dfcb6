// The loop on wall-clock time: stamp time → acd.apply → append events → perform effects → arm ONE timer.
import type { Actor, TwinlineEvent } from '#events/event.ts'
import { Acd } from '#core/acd.ts'
import type { Asks, Command, CommandType, Input, Refusal } from '#core/command.ts'
import { evolve } from '#core/evolve.ts'
import { SNAPSHOT_FORM, State, type Snapshot } from '#core/state.ts'

/**
 * An accepted command with the range of facts it caused. Only commands that caused facts are kept: one that changed nothing
 * needs no replay. So `first` is unique within a run and orders the inputs.
 */
export interface LoggedInput extends Input { first: number; last: number }

/** Where facts are kept for ever. Implemented by engine/store/event-log.ts. */
export interface EventLog {
  /**
   * Writes a batch in one transaction, durable when it resolves. The same batch may be given again after a failure whose
   * result is unknown: rows that are there already (same run and seq) count as written.
   * Rejects with code `store_away` when the database cannot be reached, `fenced` when another engine leads this run.
   */
  append(events: readonly TwinlineEvent[], inputs: readonly LoggedInput[]): Promise<void>
  /** Facts after `seq`, in order, at most `limit`. */
  read(afterSeq: number, limit: number): Promise<TwinlineEvent[]>
  /** The newest `limit` inputs' command ids with the facts they caused: read once at start, so that a repeat gets its first answer. */
  recentAnswers(limit: number): Promise<{ cmd: string; first: number; last: number }[]>
  /** The newest kept snapshot of the core's state, as JSON, and the seq up to which it holds. */
  loadSnapshot(): Promise<{ seq: number; state: unknown } | null>
  saveSnapshot(seq: number, state: unknown): Promise<void>
}

/** What became of a command: refused, or the range of facts it caused (`last < first`: none), durable when this is told. */
export interface Answered { refusal: Refusal | null; first: number; last: number }

/** The log cannot take the command now: `store_away` (try again), `stopping`, `fenced` (another engine leads). */
export class DriverError extends Error {
  readonly code: 'store_away' | 'stopping' | 'fenced'
  constructor(code: DriverError['code'], message: string) { super(message); this.code = code }
}

/** Follows the run fact by fact. */
export interface Watch {
  /** Called with each durable fact, in order, before it changes `committed`, which it must leave as it is. Effects wait for it: it is quick. */
  before: (committed: State, fact: TwinlineEvent) => void
  /** What `before` threw; nothing else comes of that. */
  failed: (error: Error) => void
}

export interface DriverOptions {
  run: string
  log: EventLog
  /** Called after commit, in order, with every batch: effects and views. It must not throw. */
  onCommitted: (events: readonly TwinlineEvent[]) => void
  watch?: Watch
  /** The process must end: fenced by another engine, or a defect of the core. */
  onFatal: (error: Error) => void
  /** UTC ms that never steps; by default the wall clock at start plus monotonic time. */
  now?: () => number
}

/** Commands taken but not yet durable at once: beyond this, or after `STALE_MS` without a commit, new ones are refused. */
const MAX_PENDING = 10_000
const STALE_MS = 5_000
const RETRY_MS = 100
/** A fold above a second asks for a snapshot; a million facts take about that long. */
const SNAPSHOT_EVERY = 500_000
const READ_CHUNK = 10_000
/** Answers remembered for repeats: at 100 commands a second a quarter of an hour, far beyond any page's retries. */
const REMEMBERED = 100_000

interface Waiting { input: LoggedInput | null; events: TwinlineEvent[]; answer: Answered; resolve: (a: Answered) => void; reject: (e: Error) => void }

/** Wall clock at start, then monotonic; never before the last fact, so that a clock set back while the engine was down stops no timer. */
const monotonic = (last: number): (() => number) => {
  const start = Math.max(Date.now(), last) - performance.now()
  return () => Math.floor(start + performance.now())
}

/**
 * Drives one Acd on wall-clock time. Facts are appended in group commits, one batch in flight; callers and effects hear of
 * them only after that. `committed` is the state folded from durable facts alone: views are made from it, so that nothing
 * is told that a crash could take back.
 */
export class Driver {
  readonly committed: State
  readonly #acd: Acd
  readonly #o: DriverOptions
  readonly #now: () => number
  readonly #answers = new Map<string, Promise<Answered>>()
  #queue: Waiting[] = []
  #writing = false
  #awaySince = 0
  #timer: NodeJS.Timeout | null = null
  #clocks = 0
  #stopping = false
  #dead: Error | null = null
  #sinceSnapshot = 0
  #idle: (() => void)[] = []

  private constructor(o: DriverOptions, acd: Acd, committed: State) {
    this.#o = o
    this.#acd = acd
    this.committed = committed
    this.#now = o.now ?? monotonic(acd.state.at)
  }

  /** Folds the log (from the newest snapshot), states that the engine started, and begins to keep time. */
  static async start(o: DriverOptions): Promise<Driver> {
    const snapshot = await o.log.loadSnapshot()
    const kept = snapshot?.state as Snapshot | undefined
    // One that an earlier version kept says less than this one asks: the log is folded from its start instead.
    const acd = new Acd(o.run, kept?.form === SNAPSHOT_FORM ? kept : undefined)
    let folded = 0
    for (;;) {
      const events = await o.log.read(acd.state.seq, READ_CHUNK)
      acd.fold(events)
      folded += events.length
      if (events.length < READ_CHUNK) break
    }
    const driver = new Driver(o, acd, State.restore(structuredClone(acd.state.snapshot())))
    driver.#sinceSnapshot = folded
    for (const { cmd, first, last } of await o.log.recentAnswers(REMEMBERED)) driver.#answers.set(cmd, Promise.resolve({ refusal: null, first, last }))
    await driver.ask('engine.start', 'acd', `engine-${acd.state.seq + 1}`, {})
    return driver
  }

  /** UTC ms by the driver's clock. */
  now(): number { return this.#now() }

  /** Whether commands are taken now; else the code they would be refused with. */
  get trouble(): DriverError['code'] | null {
    if (this.#dead) return 'fenced'
    if (this.#stopping) return 'stopping'
    const stale = this.#awaySince !== 0 && performance.now() - this.#awaySince > STALE_MS
    return stale || this.#queue.length >= MAX_PENDING ? 'store_away' : null
  }

  /** Submits one command. Resolves after its facts are durable; a repeated `cmd` gets the first answer. Rejects with DriverError. */
  async submit(command: Command): Promise<Answered> {
    const known = this.#answers.get(command.cmd)
    if (known) return known
    const trouble = this.trouble
    if (trouble) throw new DriverError(trouble, 'the log cannot take commands now')
    const answer = this.#apply(command)
    this.#answers.set(command.cmd, answer)
    answer.catch(() => this.#answers.delete(command.cmd))
    if (this.#answers.size > REMEMBERED) this.#answers.delete(this.#answers.keys().next().value!)
    return answer
  }

  /** `submit` spelled out by type. */
  ask<T extends CommandType>(type: T, by: Actor, cmd: string, fields: Asks[T]): Promise<Answered> {
    return this.submit({ type, cmd, by, ...fields } as unknown as Command)
  }

  /** Takes no more commands, writes what is pending, and lets go. Resolves when everything taken is durable or the log gave up. */
  async stop(): Promise<void> {
    this.#stopping = true
    if (this.#timer) clearTimeout(this.#timer)
    if (this.#queue.length > 0 || this.#writing) await new Promise<void>((done) => this.#idle.push(done))
  }

  #apply(command: Command): Promise<Answered> {
    if (this.#dead) return Promise.reject(this.#dead)
    const now = Math.max(this.#now(), this.#acd.state.at)
    const first = this.#acd.state.seq + 1
    let outcome
    try { outcome = this.#acd.apply(now, command) } catch (error) { return Promise.reject(this.#die(error as Error)) }
    this.#arm()
    const { events, refusal } = outcome
    if (refusal) return Promise.resolve({ refusal, first, last: first - 1 })
    const last = this.#acd.state.seq
    // What changed nothing is not written, but answered in turn: it may rest on facts that are still on their way.
    const input = events.length === 0 ? null : { now, command, first, last }
    return new Promise((resolve, reject) => {
      this.#queue.push({ input, events, answer: { refusal: null, first, last }, resolve, reject })
      void this.#write()
    })
  }

  async #write(): Promise<void> {
    if (this.#writing) return
    this.#writing = true
    while (this.#queue.length > 0 && !this.#dead) {
      const batch = this.#queue
      this.#queue = []
      if (!(await this.#append(batch))) break
      const events = batch.flatMap((w) => w.events)
      for (const e of events) {
        this.#show(e)
        evolve(this.committed, e)
      }
      if (events.length > 0) this.#o.onCommitted(events)
      for (const w of batch) w.resolve(w.answer)
      await this.#snapshot(events.length)
    }
    this.#writing = false
    this.#arm()
    for (const done of this.#idle.splice(0)) done()
  }

  #show(fact: TwinlineEvent): void {
    const { watch } = this.#o
    try { watch?.before(this.committed, fact) } catch (error) { watch!.failed(error as Error) }
  }

  /** Writes one batch; the same batch again while the database is away. Timers pause meanwhile: nothing new is decided by the clock. */
  async #append(batch: Waiting[]): Promise<boolean> {
    const events = batch.flatMap((w) => w.events)
    const inputs = batch.flatMap((w) => w.input ?? [])
    if (events.length === 0) return true
    for (;;) {
      try {
        await this.#o.log.append(events, inputs)
        this.#awaySince = 0
        return true
      } catch (error) {
        if ((error as { code?: string }).code !== 'store_away') {
          this.#die(error as Error)
          for (const w of batch) w.reject(this.#dead!)
          return false
        }
        if (this.#awaySince === 0) this.#awaySince = performance.now()
        if (this.#stopping && performance.now() - this.#awaySince > STALE_MS) {
          for (const w of batch) w.reject(new DriverError('store_away', 'stopped while the database was away'))
          return false
        }
        await new Promise((r) => setTimeout(r, RETRY_MS))
      }
    }
  }

  async #snapshot(written: number): Promise<void> {
    this.#sinceSnapshot += written
    if (this.#sinceSnapshot < SNAPSHOT_EVERY) return
    this.#sinceSnapshot = 0
    try { await this.#o.log.saveSnapshot(this.committed.seq, this.committed.snapshot()) } catch { /* the log alone is enough; the next one will do */ }
  }

  /** One timer for whatever is due next. While the store is away time stands still for the core. */
  #arm(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    if (this.#stopping || this.#dead || this.#awaySince !== 0) return
    const at = this.#acd.nextDeadline()
    if (at === Infinity) return
    this.#timer = setTimeout(() => this.#tick(), Math.min(Math.max(at - this.#now(), 0), 60_000))
  }

  #tick(): void {
    this.#timer = null
    if (this.#now() < this.#acd.nextDeadline()) return this.#arm()
    // The log's own seq makes the id unique over restarts.
    const cmd = `clock-${this.#acd.state.seq + 1}-${++this.#clocks}`
    this.#apply({ type: 'clock', cmd, by: 'clock' }).catch(() => {})
  }

  #die(error: Error): Error {
    if (this.#dead) return this.#dead
    this.#dead = new DriverError('fenced', error.message)
    if (this.#timer) clearTimeout(this.#timer)
    this.#o.onFatal(error)
    return this.#dead
  }
}
