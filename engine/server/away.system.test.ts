// The database goes away under a running server: nothing is told that is not kept, everyone hears a code, nothing is lost.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { startPostgres } from '../postgres.ts'
import { json, PASSWORD, signIn, startServer, TestPage } from './testing.ts'

const dataFolder = mkdtempSync(join(tmpdir(), 'twinline-away-'))
let database = await startPostgres({ dataFolder, durable: false })
// Registered before the server's, so run after it: the server writes to the end.
afterAll(async () => {
  await database.stop()
  rmSync(dataFolder, { recursive: true, force: true })
})
const { origin, driver, events } = await startServer({ databaseUrl: database.url })

async function visitor(): Promise<{ page: TestPage; request: string }> {
  const visit = (await (await fetch(`${origin}/api/visits`, json({ access: 'web' }))).json()) as { token: string; request: string }
  const page = await TestPage.open(origin, '/ws/visitor')
  await page.ask('hello', { token: visit.token })
  return { page, request: visit.request }
}
const kinds = (request: string) => events.filter((e) => (e.data as { request?: string }).request === request).map((e) => e.type)

test('a call made while the database is away is told to nobody until it is kept; whoever leaves meanwhile is lost all the same', async () => {
  const cookie = await signIn(origin, 'ann')
  const waiting = await visitor()
  await waiting.page.ask('call', { consent: true })
  const caller = await visitor()

  await database.stop()
  const calling = caller.page.ask('call', { consent: true }, 'the-call')
  calling.catch(() => {}) // answered much later, below
  await expect.poll(() => driver.trouble, { timeout: 10_000 }).toBe('store_away')
  expect(caller.page.heard.some((told) => told.type === 'view'), 'nothing told').toBe(false)
  expect(await caller.page.ask('hangup')).toMatchObject({ ok: false, code: 'store_away' })
  const health = await fetch(`${origin}/healthz`)
  expect([health.status, ((await health.json()) as { code: string }).code]).toEqual([503, 'store_away'])
  expect((await fetch(`${origin}/api/session`, { headers: { cookie } })).status).toBe(503)
  expect((await fetch(`${origin}/api/session`, json({ name: 'ann', password: PASSWORD }))).status).toBe(503)
  const agent = await TestPage.open(origin, '/ws/agent', { cookie })
  expect(await agent.ask('hello')).toMatchObject({ ok: false, code: 'store_away' })
  expect((await agent.end()).code).toBe(1013)
  waiting.page.socket.close()
  await waiting.page.end()

  database = await startPostgres({ dataFolder, durable: false, port: database.port })
  expect(await caller.page.until((told) => told.re === 'the-call', 10_000)).toMatchObject({ ok: true })
  await caller.page.view((view) => view['phase'] === 'queued')
  await expect.poll(() => kinds(waiting.request), { timeout: 5_000 }).toContain('visitor.disconnected')
  expect(kinds(caller.request).filter((type) => type === 'request.created')).toHaveLength(1)
  expect((await fetch(`${origin}/healthz`)).status).toBe(200)
  expect((await fetch(`${origin}/api/session`, { headers: { cookie } })).status).toBe(200)
  await caller.page.ask('hangup')
})
