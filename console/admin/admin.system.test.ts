// An administrator's afternoon in a real browser on a real engine: a plan edited under every tab, saved, met by another editor, brought back.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Browser } from 'playwright-core'
import type { Plan } from '#events/plan.ts'
import { startInstallation, type Installation } from '../../engine/testing/installation.ts'
import { makeAgent, openBrowser, person, type Person } from '../../engine/testing/people.ts'

let twinline: Installation
let browser: Browser
let admin: Person
beforeAll(async () => {
  [twinline, browser] = await Promise.all([startInstallation(), openBrowser()])
  admin = await person(browser)
  await makeAgent(admin, twinline.url, twinline.password, { name: 'anna', password: 'correct horse battery', nickname: '小安', realName: '安娜' })
})
afterAll(async () => {
  await browser?.close()
  await twinline?.remove()
})

const press = (...names: string[]) => names.reduce((before, name) => before.then(() => admin.page.getByTestId(name).click()), Promise.resolve())
const fill = (name: string, text: string) => admin.page.getByTestId(name).fill(text)
const inForce = () => admin.page.evaluate(async () => ((await (await fetch('/api/plan')).json()) as { plan: Plan }).plan)
const saved = () => admin.page.getByTestId('save-bar').waitFor({ state: 'detached' })

test('what is edited under every tab is one plan, saved as one version', async () => {
  const { page } = admin
  await press('admin-groups', 'new-group')
  await fill('group-name', '贵宾')
  await page.getByRole('button', { name: '＋ 小安' }).click()
  await press('admin-hours', 'new-hours')
  await fill('hours-zone', 'America/New_York')
  await press('admin-settings')
  await fill('attribute-id', 'vip')
  await press('new-attribute')
  await fill('timer-ringMs', '33')
  await page.getByTestId('approval').check()
  await press('admin-rules', 'new-rule', 'new-condition')
  await page.getByLabel('取值为其中之一').fill('gold, silver')
  await fill('rule-priority', '7')
  await press('admin-access', 'way-h5', 'new-access')
  await fill('access-name', '菜单')
  const before = await inForce()
  await press('save')
  await fill('save-note', '第一次')
  await press('save-yes')
  await saved()
  const plan = await inForce()
  const group = plan.groups.find(({ name }) => name === '贵宾')
  expect(plan.version).toBe(before.version + 1)
  expect(plan.agents.find(({ id }) => id === 'anna')?.groups).toEqual([{ group: group?.id, tier: 1 }])
  expect(plan.rules).toMatchObject([{ group: group?.id, priority: 7, when: { attributes: [{ name: 'vip', in: ['gold', 'silver'] }] } }])
  expect(plan.access).toContainEqual(expect.objectContaining({ name: '菜单', channel: 'web', form: 'h5' }))
  expect([plan.timers.ringMs, plan.approval]).toEqual([33_000, true])
  // The engine wrote what the time zone means: winter and summer time.
  expect(new Set(plan.hours?.[0]?.offsets.map(({ minutes }) => minutes))).toEqual(new Set([-300, -240]))
})

test('rules are dragged and moved by keys; the warning stands at the one that no longer decides', async () => {
  const { page } = admin
  const order = () => page.locator('.sortable b').allTextContents()
  await press('admin-rules', 'new-rule')
  await fill('rule-name', '全部')
  const handles = page.getByTestId('handle')
  const [from, to] = await Promise.all([handles.nth(1).boundingBox(), handles.nth(0).boundingBox()])
  await page.mouse.move(from!.x + 9, from!.y + 20)
  await page.mouse.down()
  await page.mouse.move(to!.x + 9, to!.y + 4, { steps: 6 })
  await page.mouse.up()
  await expect.poll(order).toEqual(['全部', '新规则'])
  await page.locator('[data-testid=rule]').nth(1).locator('.tabs-alert').waitFor()
  await handles.nth(0).focus()
  await page.keyboard.press('ArrowDown')
  await expect.poll(order).toEqual(['新规则', '全部'])
  await page.locator('[data-testid=rule] .tabs-alert').waitFor({ state: 'detached' })
})

test('another editor saves first: both changes stand once this one saves again', async () => {
  await admin.page.evaluate(async () => {
    const { plan } = (await (await fetch('/api/plan')).json()) as { plan: Plan }
    const body = JSON.stringify({ plan: { ...plan, version: plan.version + 1, awayAfterMisses: 9 } })
    const answer = await fetch('/api/plan', { method: 'PUT', headers: { 'content-type': 'application/json' }, body })
    if (!answer.ok) throw new Error(await answer.text())
  })
  await press('save', 'save-yes')
  await admin.page.getByTestId('met').waitFor()
  await press('save', 'save-yes')
  await saved()
  const plan = await inForce()
  expect([plan.awayAfterMisses, plan.rules.map(({ name }) => name)]).toEqual([9, ['新规则', '全部']])
})

test('an app is created with a secret, its sample downloaded, a verification file served', async () => {
  const { page } = admin
  await press('admin-access', 'way-app', 'quick-create')
  await fill('quick-name', '手机银行')
  await press('quick-send')
  expect((await page.getByTestId('secret-text').textContent())?.length).toBe(43)
  await press('secret-kept')
  const [sample] = await Promise.all([page.waitForEvent('download'), press('sample-webview-android')])
  expect(sample.suggestedFilename()).toBe('TwinlineActivity.kt')
  await press('way-mini', 'new-access')
  await page.getByTestId('site-file').setInputFiles({ name: 'WW_verify_Ab12.txt', mimeType: 'text/plain', buffer: Buffer.from('abc') })
  await page.getByText('/WW_verify_Ab12.txt').waitFor()
  expect(await (await fetch(`${twinline.url}/WW_verify_Ab12.txt`)).text()).toBe('abc')
  await press('discard')
  await saved()
})

test('a version of before is brought back as a new one', async () => {
  const { page } = admin
  const before = await inForce()
  await press('admin-versions')
  await page.getByTestId('version').filter({ hasText: '第一次' }).getByRole('button').click()
  await press('restore')
  await page.getByTestId('version').filter({ hasText: `版本 ${before.version + 1}` }).waitFor()
  const plan = await inForce()
  expect([plan.version, plan.rules.map(({ name }) => name), plan.access.some(({ name }) => name === '手机银行')]).toEqual([before.version + 1, ['新规则'], false])
  expect(admin.complaints).toEqual([])
})
