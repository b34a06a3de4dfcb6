// kill -9 of the engine while one visitor waits, one is ringing and one talks: the supervisor starts it again, and everyone
// goes on where he was: same call, same place in the queue, same offer until the same instant.
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { TwinlineEvent } from '#events/event.ts'
import { Acd } from '#core/acd.ts'
import { audit } from '#core/audit.ts'
import { runningPostgres } from './postgres.ts'
import { startInstallation, type Installation } from './testing/installation.ts'
import { callIn, framesSeen, goToWork, makeAgent, openBrowser, person, type Person } from './testing/people.ts'

const AGENTS = ['anna', 'ben'].map((name) => ({ name, password: 'correct horse battery', nickname: name, realName: name }))

let twinline: Installation
let browser: Browser
let database: pg.Client
const agents: Person[] = []
const visitors: Person[] = []

beforeAll(async () => {
  twinline = await startInstallation()
  browser = await openBrowser()
  database = new pg.Client({ connectionString: await runningPostgres(twinline.dataFolder) })
  await database.connect()
  const admin = await person(browser)
  for (const each of AGENTS) await makeAgent(admin, twinline.url, twinline.password, each)
  // Rings last long enough for three browsers on a small machine.
  await admin.page.evaluate(async () => {
    const { plan } = await (await fetch('/api/plan')).json()
    plan.version++
    plan.timers.ringMs = 120_000
    const answer = await fetch('/api/plan', { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ plan }) })
    if (!answer.ok) throw new Error(await answer.text())
  })
  await admin.context.close()
})
afterAll(async () => {
  await database?.end()
  await browser?.close()
  await twinline?.remove()
})

/** The log as it is in the database. */
async function log(): Promise<TwinlineEvent[]> {
  const { rows } = await database.query(`select seq, at, run, v, plan, cmd, "by", type, data from events where run = 'live' order by seq`)
  return rows.map((row) => ({ ...row, seq: Number(row.seq), at: Number(row.at) }) as TwinlineEvent)
}
const fold = (events: TwinlineEvent[]) => {
  const { state } = new Acd('live').fold(events)
  audit(state)
  return state
}
const phase = (p: Person, phase: string) => p.page.locator(`[data-testid=phase][data-phase=${phase}]`).waitFor({ state: 'attached' })

/** Calls in and leaves this person waiting in `phase`. */
async function comesIn(expected: string): Promise<void> {
  const visitor = await person(browser, 'en-US', { width: 390, height: 844 })
  visitors.push(visitor)
  await callIn(visitor, twinline.url)
  await phase(visitor, expected)
}

test('one talks, one is ringing, one waits', async () => {
  for (const each of AGENTS) {
    const agent = await person(browser)
    agents.push(agent)
    await goToWork(agent, twinline.url, each)
  }
  await comesIn('ringing')
  await agents[0]!.page.getByTestId('accept').click()
  await phase(visitors[0]!, 'in_call')
  await comesIn('ringing')
  await comesIn('queued')
  expect(await framesSeen(agents[0]!, 20)).toBeGreaterThan(20)
})

test('the engine is killed; the same state is back, and the same call goes on', async () => {
  const events = await log()
  const before = fold(events)
  process.kill(await twinline.pidOf('engine/main.ts'), 'SIGKILL')

  // Everybody is back: each reconnected, nobody was closed or logged out.
  const back = async () => {
    const now = fold(await log())
    return now.agents.size > 0 && [...now.agents.values(), ...now.requests.values()].every((x) => x.lostAt === 0) && now.seq > before.seq ? now : null
  }
  let after = await back()
  for (let tries = 0; !after && tries < 150; tries++) {
    await pause(100)
    after = await back()
  }
  expect(after, 'everyone reconnected within 15 s').not.toBeNull()
  const restarted = (await log()).slice(events.length)
  expect(restarted[0]?.type).toBe('engine.started')
  expect(restarted.every((e) => ['engine.started', 'visitor.reconnected', 'agent.reconnected', 'offer.ringing', 'visitor.disconnected', 'agent.disconnected'].includes(e.type)), restarted.map((e) => e.type).join()).toBe(true)

  const requests = (s: typeof before) => [...s.requests.values()].map((r) => [r.id, r.phase, r.agent, r.connectedAt, r.legs.map((l) => [l.offer, l.agent, l.place, l.waitBy, l.ringBy])])
  const idle = (s: typeof before) => [...s.agents.values()].map((a) => [a.id, a.status, a.work, a.request, a.idleSince, a.lastOffer, a.misses])
  expect(requests(after!)).toEqual(requests(before))
  expect(idle(after!)).toEqual(idle(before))
  expect([...after!.group('ungrouped').queue].map((r) => r.id)).toEqual([...before.group('ungrouped').queue].map((r) => r.id))
})

test('media flows again in the same call, the offer can be accepted, the one who waits comes next', async () => {
  for (const who of [agents[0]!, visitors[0]!]) {
    const seen = await framesSeen(who, 0)
    expect(await framesSeen(who, seen + 20)).toBeGreaterThan(seen + 20)
  }
  await agents[1]!.page.getByTestId('accept').click()
  await phase(visitors[1]!, 'in_call')
  await visitors[0]!.page.getByTestId('hangup').click()
  await agents[0]!.page.getByTestId('wrapup-done').click()
  await agents[0]!.page.getByTestId('accept').click()
  await phase(visitors[2]!, 'in_call')
  const connected = (await log()).filter((e) => e.type === 'call.connected').length
  expect(connected).toBe(3)
})
