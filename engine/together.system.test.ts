// A call with everybody in it: two agents, a guest by link, a supervisor who listens, hold, a hand-over; each sees the pictures he may see, and the log replays.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startInstallation, type Installation } from './testing/installation.ts'
import { callIn, goToWork, openBrowser, person, type Person } from './testing/people.ts'

const root = join(import.meta.dirname, '..')
const PASSWORD = 'correct horse battery'

let twinline: Installation
let browser: Browser
let ann: Person, ben: Person, sue: Person, visitor: Person, guest: Person

beforeAll(async () => {
  twinline = await startInstallation()
  browser = await openBrowser()
  const signedIn = await fetch(`${twinline.url}/api/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ name: 'admin', password: twinline.password }) })
  const cookie = signedIn.headers.get('set-cookie')!.split(';')[0]!
  for (const [name, roles, agent] of [['ann', ['agent'], { video: true, groups: [] }], ['ben', ['agent'], { video: true, groups: [] }], ['sue', ['supervisor'], undefined]] as const) {
    const made = await fetch(`${twinline.url}/api/accounts`, {
      method: 'POST', headers: { 'content-type': 'application/json', cookie },
      body: JSON.stringify({ name, password: PASSWORD, roles, nickname: `Nick ${name}`, realName: `Real ${name}`, ...(agent ? { agent: { ...agent, nickname: `Nick ${name}`, realName: `Real ${name}` } } : {}) }),
    })
    if (!made.ok) throw new Error(await made.text())
  }
})
afterAll(async () => {
  await browser?.close()
  await twinline?.remove()
})

/** Waits until so many pictures of others move on this page: frames decoded in each. */
async function pictures(page: Page, count: number): Promise<void> {
  await page.waitForFunction((least) => {
    const seen = [...document.querySelectorAll<HTMLVideoElement>('video[data-testid=remote-video]')].filter((v) => v.getVideoPlaybackQuality().totalVideoFrames > 5)
    return seen.length >= least
  }, count, { timeout: 45_000 })
}

test('ann has the call, ben is invited into it: all three see each other', async () => {
  ann = await person(browser, 'en-US')
  await goToWork(ann, twinline.url, { name: 'ann', password: PASSWORD })
  ben = await person(browser, 'zh-CN')
  await goToWork(ben, twinline.url, { name: 'ben', password: PASSWORD })
  visitor = await person(browser, 'en-US', { width: 390, height: 844 })
  await callIn(visitor, twinline.url)
  await ann.page.getByTestId('accept').click()
  await pictures(ann.page, 1)
  await ann.page.getByTestId('invite').click()
  await ann.page.locator('[data-target=ben]').click()
  await ann.page.getByTestId('ask-in').click()
  await ben.page.getByTestId('accept').click()
  for (const { page } of [visitor, ann, ben]) await pictures(page, 2)
})

test('a guest opens his link, knocks, is let in', async () => {
  await ann.page.getByTestId('guest-link').click()
  const link = await ann.page.getByTestId('link').inputValue()
  guest = await person(browser, 'zh-CN', { width: 390, height: 844 })
  await guest.page.goto(link)
  await guest.page.getByTestId('guest-name').fill('王女士')
  await guest.page.getByTestId('consent').check()
  await guest.page.getByTestId('knock').click()
  await ann.page.getByTestId('admit').click()
  await pictures(guest.page, 3)
  await pictures(visitor.page, 3)
})

test('a supervisor listens: she sees everyone, nobody outside sees her', async () => {
  sue = await person(browser, 'en-US')
  await sue.page.goto(`${twinline.url}/board`)
  await sue.page.getByTestId('name').fill('sue')
  await sue.page.getByTestId('password').fill(PASSWORD)
  await sue.page.getByTestId('sign-in').click()
  await sue.page.getByTestId('board-calls').getByTestId('listen').click()
  await sue.page.getByTestId('monitor').waitFor()
  await pictures(sue.page, 4)
  await ann.page.locator('[data-party=sue]').waitFor()
  expect(await visitor.page.locator('video[data-testid=remote-video]').count()).toBe(3)
})

test('on hold the visitor sees nobody, then everybody again', async () => {
  await ann.page.getByTestId('hold').click()
  await visitor.page.getByTestId('held').waitFor()
  await ann.page.getByTestId('hold').click()
  await visitor.page.getByTestId('held').waitFor({ state: 'detached' })
  await pictures(visitor.page, 3)
})

test('ann leaves, the call is ben’s and ends with him; the log replays event for event', async () => {
  await ann.page.getByTestId('leave').click()
  await ann.page.getByTestId('wrapup').waitFor()
  await ben.page.getByTestId('hangup').click()
  await visitor.page.getByTestId('outcome').waitFor()
  await guest.page.locator('[data-testid=guest][data-phase=gone]').waitFor()
  const { stdout } = await promisify(execFile)(process.execPath, [join(root, 'simulator', 'cli.ts'), 'replay', '--log', 'live', '--json'], { cwd: root, env: twinline.env, maxBuffer: 1 << 26 })
  const replay = JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as { identical: number; events: number }
  expect(replay.identical).toBe(replay.events)
  for (const { complaints } of [ann, ben, sue, visitor, guest]) expect(complaints).toEqual([])
})
