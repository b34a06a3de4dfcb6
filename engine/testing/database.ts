// A real PostgreSQL for the tests: one server per test run, a fresh database per test file.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, inject } from 'vitest'
import type { TestProject } from 'vitest/node'
import { startPostgres, stopLeftover } from '../postgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    postgres: { url: string; adminUrl: string }
  }
}

/** Vitest's global set-up: starts the server before the first test file and returns how to stop it. */
export default async function startServer(project: TestProject): Promise<() => Promise<void>> {
  const prefix = 'twinline-test-'
  await sweep(prefix)
  const dataFolder = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`))
  const server = await startPostgres({ dataFolder, durable: false })
  project.provide('postgres', { url: server.url, adminUrl: server.adminUrl })
  return async () => {
    await server.stop()
    rmSync(dataFolder, { recursive: true, force: true })
  }
}

/**
 * Connection string of an empty database for this test file, dropped when the file is done. Call it at the top of the file
 * (`const url = await freshDatabase()`) or in `beforeAll`.
 */
export async function freshDatabase(): Promise<string> {
  const { url, adminUrl } = inject('postgres')
  const name = `test_${randomBytes(6).toString('hex')}`
  await administer(adminUrl, `create database ${name} owner twinline`)
  afterAll(() => administer(adminUrl, `drop database ${name} with (force)`))
  return Object.assign(new URL(url), { pathname: `/${name}` }).href
}

async function administer(adminUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  await client.query(statement)
  await client.end()
}

/** Stops and removes what test runs that were killed left behind: their folders carry the number of their process. */
async function sweep(prefix: string): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((name) => name.startsWith(prefix))) {
    const pid = Number(name.slice(prefix.length).split('-')[0])
    if (alive(pid)) continue
    const folder = join(tmpdir(), name)
    await stopLeftover(join(folder, 'postgres'))
    rmSync(folder, { recursive: true, force: true })
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (problem) {
    return (problem as NodeJS.ErrnoException).code === 'EPERM'
  }
}
