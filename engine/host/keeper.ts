// Keeps one program running: starts it, starts it again when it dies, and gives up when that does not help.

/** One run of a program. */
export interface Run {
  pid: number
  /** Settles when it can do its work; rejects when it dies first. */
  ready: Promise<void>
  /** Settles when it has ended, with how; `refused` when starting it again would not help. */
  ended: Promise<{ how: string; refused: boolean }>
  /** Asks it to stop and settles when it has; `now` without waiting for it to finish anything. */
  stop: (now?: boolean) => Promise<void>
}

export interface Program {
  name: string
  /** Rejects when it cannot be started; with a Refusal when trying again would not help. */
  start: () => Promise<Run>
}

/** One sentence that says why a program cannot be started, and will not be. */
export class Refusal extends Error {}

/** When to start again, and when no more. */
export interface Patience {
  /** Wait before the first restart; doubled for each one after it. */
  firstDelayMs: number
  maxDelayMs: number
  /** Deaths in a row after which it is given up. */
  maxDeaths: number
  /** A run that was ready for so long ends the row. */
  steadyMs: number
}

/** Eight deaths in a row take about a minute and a half: long enough for a database to come back, short enough to be noticed. */
export const patience: Patience = { firstDelayMs: 250, maxDelayMs: 30_000, maxDeaths: 8, steadyMs: 60_000 }

export class Keeper {
  readonly name: string
  /** Settles when the program is ready for the first time; rejects when it is given up, or stopped, before. */
  readonly ready: Promise<void>
  /** Settles with a sentence when the program is given up, never otherwise. */
  readonly givenUp: Promise<string>
  readonly #program: Program
  readonly #patience: Patience
  readonly #say: (line: string) => void
  readonly #done: Promise<void>
  #run: Run | undefined
  #stopping = false
  #wake = () => {}

  /** Starts the program at once. `say` gets a line for each death and restart. */
  constructor(program: Program, say: (line: string) => void, limits: Patience = patience) {
    this.name = program.name
    this.#program = program
    this.#patience = limits
    this.#say = say
    const ready = Promise.withResolvers<void>()
    const givenUp = Promise.withResolvers<string>()
    this.ready = ready.promise
    this.givenUp = givenUp.promise
    ready.promise.catch(() => {}) // whoever waits for it hears of it; nobody has to
    this.#done = this.#keep(ready.resolve).then((why) => {
      ready.reject(new Error(why ?? `${this.name} was stopped`))
      if (why !== undefined) givenUp.resolve(why)
    })
  }

  /** Process of the current run, for whoever has to end it when this process is killed. */
  get pid(): number | undefined {
    return this.#run?.pid
  }

  /** Stops the program and settles when it has ended. `now`: without waiting for it to finish anything. */
  async stop(now = false): Promise<void> {
    this.#stopping = true
    this.#wake()
    await this.#run?.stop(now)
    await this.#done
  }

  /** Runs until it is stopped (then nothing) or given up (then why). */
  async #keep(onReady: () => void): Promise<string | undefined> {
    for (let deaths = 0; ; ) {
      const { how, refused, steady } = await this.#once(onReady)
      if (this.#stopping) return undefined
      if (refused) return how
      deaths = steady ? 1 : deaths + 1
      if (deaths >= this.#patience.maxDeaths) return `${this.name} has ended ${deaths} times in a row and is not started again; the last time: ${how}`
      const delayMs = Math.min(this.#patience.firstDelayMs * 2 ** (deaths - 1), this.#patience.maxDelayMs)
      this.#say(`${this.name} has ended (${how}); starting it again in ${delayMs / 1000} s`)
      await this.#pause(delayMs)
      if (this.#stopping) return undefined
    }
  }

  async #once(onReady: () => void): Promise<{ how: string; refused: boolean; steady: boolean }> {
    let readyAt: number | undefined
    try {
      const run = await this.#program.start()
      this.#run = run
      if (this.#stopping) await run.stop()
      run.ready.then(() => {
        readyAt = performance.now()
        onReady()
      }, () => {})
      const end = await run.ended
      return { ...end, steady: readyAt !== undefined && performance.now() - readyAt >= this.#patience.steadyMs }
    } catch (problem) {
      return { how: problem instanceof Error ? problem.message : String(problem), refused: problem instanceof Refusal, steady: false }
    } finally {
      this.#run = undefined
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((settle) => {
      const timer = setTimeout(settle, ms)
      this.#wake = () => {
        clearTimeout(timer)
        settle()
      }
    })
  }
}
