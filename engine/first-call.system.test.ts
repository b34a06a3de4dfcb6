// The test that matters most: two browsers hold a real call on a freshly started Twinline; that very call is then in the
// records, in Parquet, in the metrics, and the simulator replays it event for event.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startInstallation, type Installation } from './testing/installation.ts'
import { callIn, framesSeen, goToWork, makeAgent, openBrowser, person, type Person } from './testing/people.ts'

const root = join(import.meta.dirname, '..')
const ANNA = { name: 'anna', password: 'correct horse battery', nickname: '小安', realName: '安娜 Anna' }

let twinline: Installation
let browser: Browser
let agent: Person
let visitor: Person

beforeAll(async () => {
  twinline = await startInstallation()
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await twinline?.remove()
})

/** A command-line tool of the product on this installation; its last line on stdout as JSON. */
async function tool(file: string, ...args: string[]): Promise<Record<string, any>> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(root, file), ...args, '--json'], { cwd: root, env: twinline.env, maxBuffer: 1 << 26 })
  return JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as Record<string, any>
}

const utcDay = (shift: number): string => new Date(Date.now() + shift * 86_400_000).toISOString().slice(0, 10)

test('an administrator makes an agent, who goes to work', async () => {
  const admin = await person(browser)
  await makeAgent(admin, twinline.url, twinline.password, ANNA)
  agent = await person(browser)
  await goToWork(agent, twinline.url, ANNA)
  await admin.context.close()
})

test('a visitor calls; both see and hear each other', async () => {
  visitor = await person(browser, 'en-US', { width: 390, height: 844 })
  await callIn(visitor, twinline.url)
  await agent.page.getByTestId('accept').click()
  expect(await framesSeen(agent, 40)).toBeGreaterThan(40)
  expect(await framesSeen(visitor, 40)).toBeGreaterThan(40)
  // Sound, too: what the other side's microphone sent has been received and decoded.
  for (const { page } of [agent, visitor]) {
    await page.waitForFunction(() => {
      const stream = document.querySelector<HTMLVideoElement>('video[data-testid=remote-video]')?.srcObject as MediaStream | null
      return stream !== null && stream.getAudioTracks().some((track) => track.readyState === 'live' && !track.muted)
    })
  }
})

test('the visitor hangs up and rates; the agent files the summary and ends wrap-up', async () => {
  await visitor.page.getByTestId('hangup').click()
  await visitor.page.getByTestId('rate-5').click()
  await visitor.page.getByTestId('rate-send').click()
  await visitor.page.getByTestId('rated').waitFor()
  await agent.page.getByTestId('summary-category').fill('账单')
  await agent.page.getByTestId('summary-note').fill('已解释账单 🙂')
  await agent.page.getByTestId('summary-resolved').check()
  await agent.page.getByTestId('summary-save').click()
  await agent.page.getByTestId('wrapup-done').click()
  await agent.page.locator('[data-testid=status][data-status=idle]').waitFor()
  expect(agent.complaints).toEqual([])
  expect(visitor.complaints).toEqual([])
})

test('the call is in the records', async () => {
  await agent.page.goto(`${twinline.url}/records`)
  const row = agent.page.getByRole('row').filter({ hasText: '账单' })
  await row.waitFor()
  expect(await row.innerText()).toContain('小安')
})

test('the call is in Parquet and in the metrics: literal readings of 视频统计', async () => {
  const range = ['--from', utcDay(0), '--to', utcDay(1), '--tz', 'UTC']
  const slots = await tool('analytics/cli.ts', 'slots', ...range, '--slots', '48')
  expect(slots.total).toMatchObject({ requests: 1, calls: 1, connect_rate: 1, abandons: 0, answered_10s: 1, answered_over_10s: 0 })
  expect(slots.total.avg_talk).toBeGreaterThan(1000)
  expect(slots.total.talk_time).toBe(slots.total.avg_talk)
  expect(slots.rows.length).toBe(48)
  const agents = await tool('analytics/cli.ts', 'agents', ...range)
  expect(agents.rows).toHaveLength(1)
  expect(agents.rows[0]).toMatchObject({ calls: 1, offered_requests: 1, ended_by_visitor: 1, ended_by_agent: 0, talk_time: slots.total.talk_time })
})

test('the simulator replays the live run: every event identical', async () => {
  const replay = await tool('simulator/cli.ts', 'replay', '--log', 'live')
  expect(replay).toMatchObject({ identical: replay.events, percent: 100 })
  expect(replay.events).toBeGreaterThan(20)
})

test('Ctrl-C stops everything in order', async () => {
  expect(await twinline.stop()).toBe(0)
})
