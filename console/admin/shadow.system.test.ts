// A candidate plan beside a real engine, from the administration's page: run, asked about a live call, seen to differ, downloaded, stopped.
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Browser } from 'playwright-core'
import type { Plan } from '#events/plan.ts'
import { startInstallation, type Installation } from '../../engine/testing/installation.ts'
import { callIn, goToWork, makeAgent, openBrowser, person, type Person } from '../../engine/testing/people.ts'

const anna = { name: 'anna', password: 'correct horse battery', nickname: '小安', realName: '安娜' }
let twinline: Installation
let browser: Browser
let admin: Person
beforeAll(async () => {
  [twinline, browser] = await Promise.all([startInstallation(), openBrowser()])
  admin = await person(browser)
  await makeAgent(admin, twinline.url, twinline.password, anna)
})
afterAll(async () => {
  await browser?.close()
  await twinline?.remove()
})

const press = async (...names: string[]) => { for (const name of names) await admin.page.getByTestId(name).click() }
const count = (name: string) => admin.page.getByTestId(`shadow-${name}`).textContent()

test('a draft that routes elsewhere runs as the shadow and differs at the next call, which is not affected', async () => {
  const { page } = admin
  await press('admin-groups', 'new-group')
  await page.getByTestId('group-name').fill('贵宾')
  await page.getByRole('button', { name: '＋ 小安' }).click()
  await press('admin-rules', 'new-rule')
  await page.getByTestId('rule-name').fill('全部')
  await page.getByTestId('rule-group').selectOption({ label: '贵宾' })
  // A second rule behind it never decides: a warning.
  await press('new-rule', 'admin-hours', 'new-hours')
  await page.getByTestId('hours-zone').fill('America/New_York')
  await press('admin-shadow', 'shadow-run')
  // What would be regretted is told before.
  await page.getByRole('dialog').locator('.warned li').first().waitFor()
  await page.getByTestId('shadow-name').fill('VIP first')
  expect(await page.getByTestId('shadow-run-yes').isDisabled()).toBe(true)
  await page.getByTestId('shadow-name').fill('vip-first')
  await press('shadow-run-yes')
  await page.getByTestId('shadow').filter({ hasText: 'vip-first' }).waitFor()
  expect(await count('asked')).toBe('0')

  const [agent, visitor] = [await person(browser), await person(browser)]
  await goToWork(agent, twinline.url, anna)
  await callIn(visitor, twinline.url)
  await agent.page.getByTestId('offer').waitFor()
  await expect.poll(() => count('different'), { timeout: 10_000 }).toBe('2')
  expect([await count('asked'), await count('same'), await count('dropped')]).toEqual(['2', '0', '0'])
  const rows = await page.getByTestId('shadow-newest').locator('tbody tr').allTextContents()
  expect(rows[0]).toMatch(/小安未分组.*→无人可派/)
  expect(rows[1]).toMatch(/未分组.*→贵宾.*全部.*命中的规则不同/)
  for (const each of [agent, visitor]) expect(each.complaints).toEqual([])
  await Promise.all([agent.context.close(), visitor.context.close()])
})

test('the draft is downloaded as the file that a replay takes', async () => {
  const [file] = await Promise.all([admin.page.waitForEvent('download'), press('shadow-download')])
  const plan = JSON.parse(readFileSync(await file.path(), 'utf8')) as Plan
  expect(await admin.page.getByTestId('shadow-command').textContent()).toMatch(new RegExp(`--plan ${file.suggestedFilename()}$`))
  expect(plan.rules.map(({ name }) => name)).toEqual(['全部', '新规则'])
  expect(new Set(plan.hours?.[0]?.offsets.map(({ minutes }) => minutes))).toEqual(new Set([-300, -240]))
})

test('it is stopped after a question; the draft stays', async () => {
  await press('shadow-stop', 'confirm')
  await admin.page.getByTestId('shadow-none').waitFor()
  expect(await admin.page.getByTestId('save-bar').isVisible()).toBe(true)
  expect(admin.complaints).toEqual([])
})
