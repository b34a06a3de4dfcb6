// The packaged PostgreSQL on one data folder through its life: made, stopped, killed, left over, found again.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, describe, expect, test } from 'vitest'
import { checkDatabase, openDatabase, runningPostgres, startPostgres } from './postgres.ts'

// Closed to everyone but its owner, as /root and temporary folders are: the server's system user gets through all the same.
const dataFolder = mkdtempSync(join(tmpdir(), 'twinline-postgres-'))
afterAll(() => rmSync(dataFolder, { recursive: true }))
const options = { dataFolder, durable: false }

async function query(url: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(statement)).rows
  } finally {
    await client.end()
  }
}

describe('one data folder', () => {
  test('a first start makes it, past what a broken-off one left, and with secrets for their owner alone', async () => {
    mkdirSync(join(dataFolder, 'postgres.new', 'base'), { recursive: true })
    const server = await startPostgres({ dataFolder })
    expect(await query(server.url, 'show fsync')).toEqual([{ fsync: 'on' }])
    await query(server.url, 'create table kept as select 42 as answer')
    for (const name of ['postgres', 'postgres-admin']) expect(statSync(join(dataFolder, 'secrets', name)).mode & 0o777).toBe(0o600)
    await server.stop()
    expect(await server.exited).toBe('exit code 0')
  }, 30_000)

  test('nobody gets in without the password, and its user cannot write as root does', async () => {
    const server = await startPostgres(options)
    const wrong = Object.assign(new URL(server.url), { password: 'guess' }).href
    await expect(query(wrong, 'select 1')).rejects.toThrow('password authentication failed')
    if (process.getuid?.() === 0) {
      const target = join(dataFolder, 'secrets', 'written')
      await expect(query(server.adminUrl, `copy (select 1) to '${target}'`)).rejects.toThrow('Permission denied')
    }
    await server.stop()
  })

  test('killed, it recovers at the next start', async () => {
    const server = await startPostgres(options)
    process.kill(server.pid, 'SIGKILL')
    expect(await server.exited).toBe('killed by SIGKILL')
    const next = await startPostgres(options)
    expect(await query(next.url, 'select answer from kept')).toEqual([{ answer: 42 }])
    await next.stop()
  })

  test('left running by a process that was killed, it is found, and stopped in order by the next start', async () => {
    const source = `import { startPostgres } from ${JSON.stringify(join(import.meta.dirname, 'postgres.ts'))}
const { url } = await startPostgres(${JSON.stringify(options)})
process.stdout.write(url)`
    const starter = spawn(process.execPath, ['--input-type=module', '--eval', source], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [url] = await once(starter.stdout, 'data')
    starter.kill('SIGKILL')
    await once(starter, 'exit')
    expect(await query(String(url), 'select answer from kept')).toEqual([{ answer: 42 }])
    expect(await runningPostgres(dataFolder)).toBe(String(url))
    const tool = await openDatabase({ dataFolder })
    expect(tool.url).toBe(String(url))
    await tool.close()

    const log: string[] = []
    const next = await startPostgres({ ...options, onLog: (line) => log.push(line) })
    expect(log.join('\n')).not.toContain('not properly shut down')
    await expect(query(String(url), 'select 1')).rejects.toThrow()
    expect(await query(next.url, 'select answer from kept')).toEqual([{ answer: 42 }])
    await next.stop()
  })

  test('a pid file that names another program’s process does not keep it from starting', async () => {
    const lines = [process.pid, join(dataFolder, 'postgres'), 0, 1, '', '127.0.0.1', '', 'ready']
    writeFileSync(join(dataFolder, 'postgres', 'postmaster.pid'), lines.join('\n'))
    expect(await runningPostgres(dataFolder)).toBeUndefined()
    const server = await startPostgres(options)
    expect(readFileSync(join(dataFolder, 'postgres', 'postmaster.pid'), 'utf8')).toMatch(new RegExp(`^${server.pid}\n`))
    await server.stop()
  })

  test('a tool that needs the database when nothing runs starts it, and stops it again', async () => {
    const tool = await openDatabase({ dataFolder })
    expect(await query(tool.url, 'select answer from kept')).toEqual([{ answer: 42 }])
    await tool.close()
    expect(await runningPostgres(dataFolder)).toBeUndefined()
  })

  test('what it cannot do it says, with the end of its log', async () => {
    writeFileSync(join(dataFolder, 'postgres', 'PG_VERSION'), '9\n')
    await expect(startPostgres(options)).rejects.toThrow(/did not start: it left with 1\n[^]*version 9/)
  })
})

test('a database that is away is named without its password', async () => {
  const problem = await checkDatabase('postgresql://me:hunter2@127.0.0.1:1/calls').catch((problem: Error) => problem.message)
  expect(problem).toBe('The database "calls" at 127.0.0.1:1 does not answer: connect ECONNREFUSED 127.0.0.1:1.')
})
