// For system tests: a whole Twinline as an operator starts it, on free ports and a data folder of its own.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const root = join(import.meta.dirname, '..', '..')

export interface Installation {
  /** Where pages are served, without a trailing slash. */
  url: string
  dataFolder: string
  /** Of the first administrator, who is called "admin". */
  password: string
  /** Environment for command-line tools that work on this installation. */
  env: Record<string, string>
  /** What it has printed so far. */
  lines: string[]
  /** Process of one supervised program, read from the process table. */
  pidOf(file: string): Promise<number>
  /** Ctrl-C; resolves with the exit code. */
  stop(): Promise<number | null>
  /** Stops it if it runs, and removes its data. */
  remove(): Promise<void>
}

/** A TCP port that is free now, with as many free ones above it as asked for. */
async function freePorts(count: number): Promise<number> {
  const listening = async (port: number) => {
    const server = createServer().listen(port, '127.0.0.1')
    await Promise.race([once(server, 'listening'), once(server, 'error').then(([problem]) => { throw problem as Error })])
    return server
  }
  for (;;) {
    const first = 20_000 + Math.floor(Math.random() * 10_000)
    const servers = await Promise.allSettled(Array.from({ length: count }, (_, i) => listening(first + i)))
    for (const each of servers) if (each.status === 'fulfilled') each.value.close()
    if (servers.every((each) => each.status === 'fulfilled')) return first
  }
}

/** Starts one (again, on `dataFolder`; by the command `through`) and resolves when it says that it is running. */
export async function startInstallation(
  more: Record<string, string> = {}, dataFolder = mkdtempSync(join(tmpdir(), 'twinline-system-')), through: string[] = [],
): Promise<Installation> {
  const media = await freePorts(2)
  const env = {
    ...(process.env as Record<string, string>), TWINLINE_DATA: dataFolder, TWINLINE_HOST: '127.0.0.1', TWINLINE_PORT: String(await freePorts(1)),
    TWINLINE_MEDIA_WORKERS: '2', TWINLINE_MEDIA_PORT: String(media), ...more,
  }
  const [program = '', ...args] = [...through, process.execPath, join(root, 'engine', 'supervisor.ts')]
  const child = spawn(program, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const lines: string[] = []
  const started = Promise.withResolvers<void>()
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line)
      if (line.startsWith('Ctrl-C stops it')) started.resolve()
    })
  }
  const ended = once(child, 'close').then(([code]) => code as number | null)
  void ended.then((code) => started.reject(new Error(`Twinline ended with ${code}:\n${lines.join('\n')}`)))
  await started.promise
  const found = (pattern: RegExp): string => lines.map((line) => pattern.exec(line)?.[1]).find((match) => match !== undefined) ?? ''
  return {
    url: found(/(https?:\/\/\S+?)\/$/), dataFolder, password: found(/password 密码: (\S+)/), env, lines,
    pidOf: (file) => pidOf(child, file),
    stop: async () => {
      child.kill('SIGINT')
      return await ended
    },
    remove: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGINT')
      await ended
      rmSync(dataFolder, { recursive: true, force: true })
    },
  }
}

async function pidOf(supervisor: ChildProcess, file: string): Promise<number> {
  const ps = spawn('ps', ['-o', 'pid=,args=', '--ppid', String(supervisor.pid)], { stdio: ['ignore', 'pipe', 'ignore'] })
  let text = ''
  ps.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
  await once(ps, 'close')
  const line = text.split('\n').find((each) => each.includes(file))
  if (!line) throw new Error(`${file} does not run: ${text}`)
  return Number.parseInt(line, 10)
}
