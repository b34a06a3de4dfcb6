// The supervisor with a real database and programs of a few lines.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { readConfig } from './config.ts'
import type { Patience } from './host/keeper.ts'
import { checkDatabase, runningPostgres } from './postgres.ts'
import { type Row, supervise } from './supervisor.ts'
import { freshDatabase } from './testing/database.ts'

const root = mkdtempSync(join(tmpdir(), 'twinline-supervisor-'))
afterAll(() => rmSync(root, { recursive: true }))
const url = await freshDatabase()
const quick: Patience = { firstDelayMs: 1, maxDelayMs: 10, maxDeaths: 3, steadyMs: 60_000 }
const supervised = JSON.stringify(join(import.meta.dirname, 'host', 'supervised.ts'))

let folder: string
let lines: string[]
const say = (line: string) => void lines.push(line)
const diary = () => readFileSync(join(folder, 'diary'), 'utf8').trim().split('\n')
beforeEach(() => {
  folder = mkdtempSync(join(root, 'run-'))
  appendFileSync(join(folder, 'diary'), '')
  lines = []
})

const config = (env: Record<string, string> = {}) => readConfig({ TWINLINE_DATA: folder, TWINLINE_HOST: '127.0.0.1', TWINLINE_PORT: '0', TWINLINE_MEDIA_PORT: '0', DATABASE_URL: url, ...env })

/** A program that writes its life into the diary. */
function row(name: string, vital: boolean, source = lives(name)): Row {
  const file = join(folder, `${name}.ts`)
  writeFileSync(file, source)
  return { name, file, vital, stopTimeoutMs: 10_000 }
}
const lives = (name: string) => `import { appendFileSync } from 'node:fs'
import { reportReady, stopRequest } from ${supervised}
const write = (what: string) => appendFileSync(process.env['TWINLINE_DATA'] + '/diary', \`${name} \${what}\\n\`)
const asked = stopRequest()
write('starts ' + process.pid)
reportReady({ addresses: [{ title: '${name}', url: process.env['DATABASE_URL']! }], notes: ['${name} says hello'] })
await asked
write('stops')
process.exit(0)`

describe('a service', () => {
  test('starts in order, says where to go, outlives the death of a program, and stops in order, the database last', async () => {
    const service = await supervise({ config: config({ DATABASE_URL: '' }), programs: [row('engine', true), row('lake', false)], say, patience: quick })
    const database = service.addresses[0]!.url
    await checkDatabase(database)
    expect(service.addresses.map(({ title }) => title)).toEqual(['engine'])
    expect(service.notes).toEqual(['engine says hello'])
    await vi.waitFor(() => expect(diary()).toHaveLength(2), 10_000)
    const [, pid] = /^engine starts (\d+)$/.exec(diary()[0]!)!

    process.kill(Number(pid), 'SIGKILL')
    await vi.waitFor(() => expect(diary()).toHaveLength(3), 10_000)
    expect(diary().map((line) => line.replace(/ \d+$/, ''))).toEqual(['engine starts', 'lake starts', 'engine starts'])
    expect(await runningPostgres(folder)).toBe(database)
    expect(lines).toEqual(['engine has ended (killed by SIGKILL); starting it again in 0.001 s'])

    await service.stop()
    expect(diary().slice(3)).toEqual(['engine stops', 'lake stops'])
    expect(await runningPostgres(folder)).toBeUndefined()
    expect(existsSync(join(folder, 'supervisor.json'))).toBe(false)
  }, 30_000)

  test('goes on without a program that is not vital, and ends with one that is', async () => {
    const dies = `import { reportReady } from ${supervised}\nreportReady()\nsetTimeout(() => process.exit(1), 20)`
    const service = await supervise({ config: config(), programs: [row('engine', true, dies), row('lake', false, 'process.exit(1)')], say, patience: quick })
    const givenUp = 'lake has ended 3 times in a row and is not started again; the last time: exit code 1; everything else goes on without it'
    await vi.waitFor(() => expect(lines).toContain(givenUp), 10_000)
    expect(await service.failed).toBe('engine has ended 3 times in a row and is not started again; the last time: exit code 1')
    await service.stop()
  })

  test('does not wait for a program that is not vital', async () => {
    const service = await supervise({ config: config(), programs: [row('engine', true), row('lake', false, 'setInterval(() => {}, 1000)')], say, patience: quick })
    expect(service.notes).toEqual(['engine says hello'])
    await service.stop()
  })

  test('a stop during the start is an orderly one', async () => {
    const never = `import { stopRequest } from ${supervised}\nconst asked = stopRequest()\nconsole.log('up')\nawait asked\nconsole.log('asked')\nprocess.exit(0)`
    const starting = new AbortController()
    const service = supervise({ config: config(), programs: [row('engine', true, never), row('lake', false)], say, signal: starting.signal })
    await vi.waitFor(() => expect(lines).toContain('engine   │ up'), 10_000)
    starting.abort()
    await expect(service).rejects.toThrow()
    expect(lines).toContain('engine   │ asked')
    expect(diary()).toEqual([''])
  })

  test('after a kill -9 the next one finds what was left running, ends it and starts', async () => {
    const programs = [row('engine', true)]
    const source = `import { readConfig } from ${JSON.stringify(join(import.meta.dirname, 'config.ts'))}
import { supervise } from ${JSON.stringify(join(import.meta.dirname, 'supervisor.ts'))}
await supervise({ config: readConfig(), programs: ${JSON.stringify(programs)}, say: () => {} })
process.stdout.write('running')`
    const env = { ...process.env, TWINLINE_DATA: folder, TWINLINE_HOST: '127.0.0.1', TWINLINE_PORT: '0', TWINLINE_MEDIA_PORT: '0', DATABASE_URL: '' }
    const first = spawn(process.execPath, ['--input-type=module', '--eval', source], { env, stdio: ['ignore', 'pipe', 'inherit'] })
    await once(first.stdout, 'data')
    await expect(supervise({ config: config(), programs, say })).rejects.toThrow(`Another Twinline (process ${first.pid}) runs on the data folder ${folder}.`)
    first.kill('SIGKILL')
    await once(first, 'exit')
    expect(await runningPostgres(folder)).toBeDefined()

    const next = await supervise({ config: config({ DATABASE_URL: '' }), programs, say })
    expect(diary().map((line) => line.replace(/ \d+$/, ''))).toEqual(['engine starts', 'engine stops', 'engine starts'])
    await next.stop()
    expect(await runningPostgres(folder)).toBeUndefined()
  }, 30_000)
})

describe('refuses to start with one sentence, and leaves nothing running', () => {
  const refusal = async (env: Record<string, string>, programs = [row('engine', true)]) => {
    const problem: unknown = await supervise({ config: config(env), programs, say }).catch((problem: unknown) => problem)
    expect(existsSync(join(folder, 'supervisor.json'))).toBe(false)
    return (problem as Error).message
  }

  test('when a program refuses', async () => {
    const refuses = `console.error('The plan is of a newer version.'); process.exit(78)`
    expect(await refusal({ DATABASE_URL: '' }, [row('engine', true, refuses)])).toBe('The plan is of a newer version.')
    expect(await runningPostgres(folder)).toBeUndefined()
  }, 30_000)

  test('when a port is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    expect(await refusal({ TWINLINE_PORT: `${port}` })).toBe(`Port ${port} on 127.0.0.1 is taken by another program; set TWINLINE_PORT to another one.`)
    expect(diary()).toEqual([''])
    server.close()
  })

  test('when the database is away', async () => {
    expect(await refusal({ DATABASE_URL: 'postgresql://me:hunter2@127.0.0.1:1/calls' })).toBe('The database "calls" at 127.0.0.1:1 does not answer: connect ECONNREFUSED 127.0.0.1:1.')
  })

  test('when the data folder cannot be written', async () => {
    expect(await refusal({ TWINLINE_DATA: join(folder, 'diary') })).toBe(`The data folder ${join(folder, 'diary')} cannot be written (EEXIST); set TWINLINE_DATA to one that can.`)
  })
})
