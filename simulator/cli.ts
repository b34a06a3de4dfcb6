// `npm run -s sim -- …`: simulates days with the live core, and replays recorded ones. Answers on stdout, all else on stderr.
import { execFileSync } from 'node:child_process'
import { closeSync, createReadStream, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { EventSource } from '../engine/store/event-source.ts'
import type { Command, Input } from '#core/command.ts'
import { planErrors } from '#core/plan.ts'
import type { TwinlineEvent } from '#events/event.ts'
import type { Plan } from '#events/plan.ts'
import { parsePlan, PlanError } from '#events/plan-file.ts'
import { QueryError } from '#metrics/errors.ts'
import { QUARTER_MS } from '#metrics/quarter.ts'
import { spineOf } from '#metrics/spine.ts'
import { ArgumentError, daysLater, nameOf, read, startOf, USAGE, type Asked, type RunArguments } from './arguments.ts'
import { Comparison, lineOf, totalsOf, type Window } from './differences.ts'
import { linesOf, LogError, merged, readEntries, type Entry } from './log.ts'
import { replayLog } from './replay.ts'
import { lines, Report } from './report.ts'
import { seats } from './seats.ts'
import { WorldError, type Sink } from './world.ts'

const say = (text: string): void => { process.stderr.write(text + '\n') }
const answer = (text: string): void => { process.stdout.write(text + '\n') }
const BATCH = 10_000
const FLUSH_CHARACTERS = 1 << 20

/** Which code this is: the commit, marked when files differ from it. */
function commit(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty', '--abbrev=12'], { cwd: import.meta.dirname, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch { return 'unknown' }
}

/** Writes a day into DIR/log.ndjson; the file gets its name when it is whole. */
class LogFile implements Sink {
  readonly #path: string
  readonly #file: number
  #text = ''

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true })
    this.#path = join(folder, 'log.ndjson')
    this.#file = openSync(this.#path + '.part', 'w')
  }

  take(now: number, command: Command, events: readonly TwinlineEvent[]): void {
    this.#text += linesOf(now, command, events)
    if (this.#text.length > FLUSH_CHARACTERS) this.#flush()
  }

  finish(): void {
    this.#flush()
    closeSync(this.#file)
    renameSync(this.#path + '.part', this.#path)
  }

  abandon(): void {
    closeSync(this.#file)
    rmSync(this.#path + '.part', { force: true })
  }

  #flush(): void {
    writeSync(this.#file, this.#text)
    this.#text = ''
  }
}

function simulate(asked: RunArguments, out: string | null, json: boolean): void {
  const run = nameOf(asked)
  const { seed, agents, perHour, ahtMs, wrapUpMs, patienceMs, days, from } = asked
  const report = new Report(run, from, daysLater(from, days))
  const file = out === null ? null : new LogFile(out)
  let events = 0
  const sink: Sink = {
    take(now, command, stated) {
      events += stated.length
      report.take(now, command, stated)
      file?.take(now, command, stated)
    },
  }
  const world = seats({ seed, run, fromMs: startOf(from), hours: 24 * days, agents, perHour, ahtMs, wrapUpMs, patienceMs, sink })
  try {
    for (let told = performance.now(); !world.run(50_000);) {
      if (performance.now() - told < 1000) continue
      told = performance.now()
      say(`${new Date(world.now).toISOString().slice(0, 16)}  ${world.requests.toLocaleString('en-US')} calls`)
    }
    file?.finish()
  } catch (error) {
    file?.abandon()
    throw error
  }
  const metrics = report.numbers()
  if (json) {
    answer(JSON.stringify({
      run, seed, agents, rate_per_h: perHour, aht_s: ahtMs / 1000, wrapup_s: wrapUpMs / 1000, patience_s: patienceMs / 1000, days, from,
      commands: world.commands, events, metrics,
    }))
  } else answer(`${run}: ${world.requests.toLocaleString('en-US')} calls, ${world.commands.toLocaleString('en-US')} commands, ${events.toLocaleString('en-US')} events\n${lines(metrics)}`.trimEnd())
}

/** The lines of a file, or of the log.ndjson in a folder. */
function fileEntries(path: string): AsyncIterable<Entry> {
  const found = statSync(path, { throwIfNoEntry: false })
  const file = found?.isDirectory() ? join(path, 'log.ndjson') : path
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) throw new LogError(`there is no log at ${file}`)
  return readEntries(createInterface({ input: createReadStream(file), crlfDelay: Infinity }))
}

/** The live run's database cannot be opened. */
class LiveError extends Error {
  readonly code = 'live_unavailable'
}

/** The database of this installation. Loaded when asked for: its libraries take longer to load than a day to simulate. */
async function openLive(): Promise<{ run: string; source: EventSource; close: () => Promise<void> }> {
  const [{ readConfig }, { openDatabase }, { EventSource }, { connect }] = await Promise.all([
    import('../engine/config.ts'), import('../engine/postgres.ts'), import('../engine/store/event-source.ts'), import('../engine/store/orm.ts'),
  ])
  const close: (() => Promise<void>)[] = []
  try {
    const config = readConfig()
    const postgres = await openDatabase(config)
    close.push(postgres.close)
    const db = await connect(postgres.url)
    close.push(db.close)
    return { run: config.run, source: new EventSource(db), close: async () => { for (const each of close.reverse()) await each() } }
  } catch (error) {
    for (const each of close) await each()
    throw new LiveError((error as Error).message)
  }
}

/** The log of the live run as it stands now. */
async function* liveEntries(): AsyncGenerator<Entry> {
  const { run, source, close } = await openLive()
  try {
    const head = await source.head(run)
    async function* inputs(): AsyncGenerator<Input & { first: number }> {
      for await (const batch of source.inputs(run, BATCH)) yield* batch as unknown as (Input & { first: number })[]
    }
    async function* events(): AsyncGenerator<TwinlineEvent> {
      for await (const batch of source.read(run, 0, BATCH)) for (const e of batch) if (e.seq <= head) yield e
    }
    yield* merged(inputs(), events())
  } finally { await close() }
}

const entriesOf = (log: string): AsyncIterable<Entry> => (log === 'live' ? liveEntries() : fileEntries(log))

async function replay(log: string, json: boolean): Promise<void> {
  const result = await replayLog(entriesOf(log))
  const { run, events, identical, missing, percent, difference } = result
  answer(json ? JSON.stringify(result) : `${run}: ${identical} of ${events + missing} events identical (${percent} %)${difference === null ? '' : `\nfirst difference: ${difference}`}`)
  if (difference !== null) process.exitCode = 1
}

/** A plan file that could come into force. */
function planOf(file: string): Plan {
  let text
  try { text = readFileSync(file, 'utf8') } catch { throw new PlanError(`there is no plan at ${file}`) }
  const plan = parsePlan(text)
  const [error] = planErrors(plan)
  if (error !== undefined) throw new PlanError(error)
  return plan
}

/** A local day; all time where none is named. Throws QueryError for an unknown zone. */
function windowOf(day: string | null, tz: string): Window {
  const { stretches } = spineOf(tz, day ?? '2026-01-05', daysLater(day ?? '2026-01-05', 1), 15)
  return day === null ? { fromMs: 0, untilMs: Infinity } : { fromMs: stretches[0]!.first * QUARTER_MS, untilMs: stretches.at(-1)!.past * QUARTER_MS }
}

/** Writes instants in a time zone: 2026-01-05 08:00:00.000. */
function clockOf(tz: string): (at: number) => string {
  const two = '2-digit'
  const format = new Intl.DateTimeFormat('en', { timeZone: tz, hourCycle: 'h23', year: 'numeric', month: two, day: two, hour: two, minute: two, second: two, fractionalSecondDigits: 3 })
  return (at) => {
    const p = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]))
    return `${p['year']}-${p['month']}-${p['day']} ${p['hour']}:${p['minute']}:${p['second']}.${p['fractionalSecond']}`
  }
}

/** What another plan would have decided; told only of a log that replays in full under its own plans. */
async function compare({ log, plan, day, tz, json }: Extract<Asked, { what: 'compare' }>): Promise<void> {
  const comparison = new Comparison(planOf(plan), windowOf(day, tz))
  const { run, events, identical, missing, difference } = await replayLog(entriesOf(log), (event) => comparison.see(event))
  if (difference !== null) throw new LogError(`the self-check failed, so nothing is compared: under its recorded plans ${run} states ${identical} of ${events + missing} events again; first difference: ${difference}`)
  const { result } = comparison
  if (json) return answer(JSON.stringify({ run, day, tz, events, identical, ...result }))
  for (const each of result.differences) answer(lineOf(each, clockOf(tz)))
  answer(`${run}${day === null ? '' : ` on ${day}`} (${tz}), self-check: ${identical} of ${events} events identical; ${totalsOf(result)}`)
}

try {
  const asked = read(process.argv.slice(2))
  if (asked.what === 'help') answer(USAGE.trimEnd())
  else {
    const seed = asked.what === 'run' ? `seed ${asked.run.seed}, ` : ''
    say(`${seed}commit ${commit()}, command: npm run -s sim -- ${process.argv.slice(2).join(' ')}`)
    if (asked.what === 'run') simulate(asked.run, asked.out, asked.json)
    else if (asked.what === 'replay') await replay(asked.log, asked.json)
    else await compare(asked)
  }
} catch (error) {
  const { code, message } = error as { code?: string; message: string }
  if (error instanceof ArgumentError) say(`${code}: ${message}\n${USAGE.trimEnd()}`)
  else if (error instanceof LogError || error instanceof WorldError || typeof code === 'string') say(`${code}: ${message}`)
  else throw error
  process.exitCode = [ArgumentError, LogError, PlanError, QueryError].some((kind) => error instanceof kind) ? 2 : 1
}
