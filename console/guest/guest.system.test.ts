// A visitor who takes an agent's call by its link, and a guest who joins them by his: real browsers, real engine, real media.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Browser } from 'playwright-core'
import { startInstallation, type Installation } from '../../engine/testing/installation.ts'
import { framesSeen, goToWork, makeAgent, openBrowser, person, type Person } from '../../engine/testing/people.ts'

const ANNA = { name: 'anna', password: 'correct horse battery', nickname: '小安', realName: '安娜' }
let twinline: Installation
let browser: Browser
let agent: Person
let visitor: Person
let guest: Person
beforeAll(async () => {
  [twinline, browser] = await Promise.all([startInstallation(), openBrowser()])
  await makeAgent(await person(browser), twinline.url, twinline.password, ANNA)
  agent = await person(browser)
  await goToWork(agent, twinline.url, ANNA)
})
afterAll(async () => {
  await browser?.close()
  await twinline?.remove()
})
const phase = (who: Person, name: string) => who.page.locator(`[data-phase=${name}]`).first().waitFor({ state: 'attached' })
const link = async () => (await agent.page.getByTestId('link').first().evaluate((element) => (element as HTMLInputElement).value || element.textContent || '')).trim()

test('a link rings the visitor, who takes the call with consent; the link leaves the address bar', async () => {
  await agent.page.getByTestId('dial-open').click()
  await agent.page.getByTestId('dial-start').click()
  visitor = await person(browser, 'zh-CN', { width: 390, height: 800 })
  await visitor.page.goto(await link())
  await phase(visitor, 'dialled')
  expect(new URL(visitor.page.url()).hash).toBe('')
  await visitor.page.getByTestId('answer').click()
  await visitor.page.locator('.consent-missing').waitFor()
  await visitor.page.getByTestId('consent').check()
  await visitor.page.getByTestId('answer').click()
  await phase(visitor, 'in_call')
  expect(await framesSeen(visitor, 10)).toBeGreaterThan(10)
})

test('a guest knocks, is let in, is seen by name, and a reload is back in the call', async () => {
  await agent.page.getByTestId('guest-link').click()
  guest = await person(browser, 'en-GB', { width: 900, height: 640 })
  await guest.page.goto(await link())
  await guest.page.getByTestId('guest-name').fill('Ms Wang')
  await guest.page.getByTestId('consent').check()
  await guest.page.getByTestId('knock').click()
  await phase(guest, 'knocking')
  await agent.page.getByTestId('admit').click()
  await phase(guest, 'in')
  await visitor.page.getByText('Ms Wang').waitFor()
  await guest.page.getByText('Agent 小安').first().waitFor()
  await guest.page.reload()
  await phase(guest, 'in')
  await guest.page.getByTestId('hangup').click()
  await phase(guest, 'gone')
  await phase(visitor, 'in_call')
})

test('hold is told to the visitor; after the call he rates it', async () => {
  await agent.page.getByTestId('hold').click()
  await visitor.page.getByTestId('held').waitFor()
  await agent.page.getByTestId('hold').click()
  await visitor.page.getByTestId('held').waitFor({ state: 'detached' })
  await visitor.page.getByTestId('hangup').click()
  await visitor.page.getByTestId('rate-5').click()
  await visitor.page.getByTestId('rate-send').click()
  await visitor.page.getByTestId('rated').waitFor()
  expect([agent, visitor, guest].flatMap(({ complaints }) => complaints)).toEqual([])
})

test('a link that was never given out is refused in words', async () => {
  const stranger = await person(browser)
  await stranger.page.goto(`${twinline.url}/g#nonsense`)
  await phase(stranger, 'unavailable')
})
