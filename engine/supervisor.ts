// What "npm start" runs: keeps the database, the engine and the lake running, prints where to go, and stops them in order.
//
// Each program is a process group of its own: the death of one leaves the others running, and Ctrl-C reaches only this
// process. How a program says that it is ready, and learns that it should stop, is in host/supervised.ts.
import { join } from 'node:path'
import { type Config, ConfigError, readConfig } from './config.ts'
import { Keeper, type Patience, Refusal, type Run, patience } from './host/keeper.ts'
import { lockFolder } from './host/lock.ts'
import { checkPorts } from './host/ports.ts'
import { startProgram } from './host/program.ts'
import { type Address, type Ready, refused } from './host/supervised.ts'
import { workerPath } from './media-worker.mjs'
import { checkDatabase, startPostgres } from './postgres.ts'

/** A program besides the database, in the order in which they are started and stopped. */
export interface Row {
  name: string
  file: string
  /** Without a vital program there is no service: the start waits for it, and when it is given up everything stops. */
  vital: boolean
  /** How long it may take to finish its work when it is asked to stop. */
  stopTimeoutMs: number
}

const rows: Row[] = [
  // A stop lets calls be closed and the log be written.
  { name: 'engine', file: join(import.meta.dirname, 'main.ts'), vital: true, stopTimeoutMs: 30_000 },
  // Stopped after the engine, so that it still carries the engine's last events.
  { name: 'lake', file: join(import.meta.dirname, '..', 'analytics', 'run.ts'), vital: false, stopTimeoutMs: 20_000 },
]

export interface Supervision {
  /** What the vital programs said when they were ready. */
  addresses: Address[]
  notes: string[]
  /** Settles with a sentence when a vital program is given up, never otherwise. */
  failed: Promise<string>
  /** Stops engine, lake, then database. `now`: without waiting for them to finish anything. */
  stop: (now?: boolean) => Promise<void>
}

export interface Options {
  config: Config
  programs: Row[]
  /** Receives the lines to print. */
  say: (line: string) => void
  /** Ends the start, in order. */
  signal?: AbortSignal
  patience?: Patience
}

/**
 * Starts everything and settles when the vital programs are ready: the others follow, and what goes wrong with them is a line.
 * Rejects with a sentence when a vital one cannot start; then nothing is left running.
 */
export async function supervise({ config, programs, say, signal, patience: limits = patience }: Options): Promise<Supervision> {
  const lock = await lockFolder(config.dataFolder)
  const keepers: Keeper[] = []
  const vital: Promise<string>[] = []
  const said = new Map<string, Ready>()
  let database: Keeper | undefined
  const stop = async (now = false) => {
    for (const keeper of keepers) await keeper.stop(now)
    await database?.stop(now)
    await lock.release()
  }
  const started = async (keeper: Keeper) => {
    signal?.throwIfAborted()
    const stopIt = () => void keeper.stop()
    signal?.addEventListener('abort', stopIt)
    const begun = performance.now()
    const waiting = setInterval(() => say(`${keeper.name} is starting (${Math.round((performance.now() - begun) / 1000)} s)`), 15_000)
    try {
      await keeper.ready
    } finally {
      clearInterval(waiting)
      signal?.removeEventListener('abort', stopIt)
    }
  }

  try {
    await checkPorts(config)
    let databaseUrl = config.databaseUrl
    if (databaseUrl) await checkDatabase(databaseUrl)
    else {
      let port = config.postgresPort
      database = new Keeper({ name: 'database', start }, say, limits)
      vital.push(database.givenUp)
      await started(database)

      async function start(): Promise<Run> {
        const server = await startPostgres({ dataFolder: config.dataFolder, ...(port && { port }), onLog: serverLog(say) }).catch((problem: Error) => {
          throw databaseUrl ? problem : new Refusal(problem.message) // a database that never ran will not do so the next time
        })
        port = server.port // kept when it is started again: the others have its address
        databaseUrl = server.url
        return { pid: server.pid, ready: Promise.resolve(), ended: server.exited.then((how) => ({ how, refused: false })), stop: server.stop }
      }
    }
    const env = { ...process.env, DATABASE_URL: databaseUrl, TWINLINE_DATA: config.dataFolder, MEDIASOUP_WORKER_BIN: workerPath() }
    for (const { name, file, vital: isVital, stopTimeoutMs } of programs) {
      const start = async () => {
        const run = startProgram({
          file,
          env,
          stopTimeoutMs,
          onLine: (line) => say(`${name.padEnd(8)} │ ${line}`),
          ...(isVital && { onReady: (message) => said.set(name, message) }),
        })
        await lock.setChildren([run.pid, ...keepers.flatMap(({ pid }) => pid ?? [])])
        return run
      }
      const keeper = new Keeper({ name, start }, say, limits)
      keepers.push(keeper)
      if (isVital) {
        vital.push(keeper.givenUp)
        await started(keeper)
      } else void keeper.givenUp.then((why) => say(`${why}; everything else goes on without it`))
    }
  } catch (problem) {
    await stop()
    throw problem
  }
  const messages = [...said.values()]
  return { addresses: messages.flatMap(({ addresses = [] }) => addresses), notes: messages.flatMap(({ notes = [] }) => notes), failed: Promise.race(vital), stop }
}

/** The database's own log, without what it says at every start, stop and checkpoint. */
const serverLog = (say: (line: string) => void) => (line: string) => {
  if (!/ LOG: {2}/.test(line)) say(`${'database'.padEnd(8)} │ ${line}`)
}

/** Runs until a signal or a failure. Exit code 0 after an orderly stop. */
async function main(): Promise<void> {
  const say = (line: string) => process.stdout.write(`${line}\n`)
  process.stdout.on('error', () => {}) // whoever read our output has gone; that is no reason to stop without order
  const begun = performance.now()
  const starting = new AbortController()
  let supervision: Supervision | undefined
  let askedAt: number | undefined

  const onSignal = (signal: NodeJS.Signals) => {
    if (askedAt === undefined) {
      askedAt = performance.now()
      say(`${signal}: stopping in order, once more to stop at once 正在停止`)
      starting.abort()
      void supervision?.stop().then(() => process.exit(0))
    } else if (performance.now() - askedAt > 1_000) {
      // Not sooner: Ctrl-C arrives twice where npm passes it on as well.
      say('Stopping at once; the next start recovers 立即停止')
      if (!supervision) process.exit(130)
      void supervision.stop(true).then(() => process.exit(130))
    }
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal)

  try {
    supervision = await supervise({ config: readConfig(), programs: rows, say, signal: starting.signal })
  } catch (problem) {
    if (askedAt !== undefined) process.exit(0)
    say(problem instanceof Error ? problem.message : String(problem))
    process.exit(problem instanceof ConfigError ? refused : 1)
  }
  const { addresses, notes, failed, stop } = supervision
  const width = Math.max(0, ...addresses.map(({ title }) => columns(title)))
  say(`\nTwinline is running 已启动 (${((performance.now() - begun) / 1000).toFixed(1)} s)`)
  for (const { title, url } of addresses) say(`  ${title}${' '.repeat(width - columns(title))}  ${url}`)
  for (const note of notes) say(`  ${note}`)
  say('Ctrl-C stops it 按 Ctrl-C 停止\n')
  say(`${await failed}. Stopping.`)
  await stop()
  process.exit(1)
}

/** Width in a terminal, where a Chinese character takes two columns. */
const columns = (text: string) => [...text].reduce((sum, character) => sum + (character > '\u2e7f' ? 2 : 1), 0)

if (import.meta.main) await main()
