// Takes the pictures of the READMEs from a real call on a fresh installation: `node engine/testing/screenshots.ts`.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { startInstallation } from './installation.ts'
import { callIn, framesSeen, goToWork, makeAgent, openBrowser, person, type Person } from './people.ts'

const folder = join(import.meta.dirname, '..', '..', 'console', 'screenshots')
const ANNA = { name: 'anna', password: 'correct horse battery', nickname: '小安 Anna', realName: '安娜' }
const LANGUAGES = [['zh', 'zh-CN'], ['en', 'en-US']] as const

mkdirSync(folder, { recursive: true })
const twinline = await startInstallation()
const browser = await openBrowser()
try {
  for (const [lang, locale] of LANGUAGES) {
    const shoot = async ({ page }: Person, name: string): Promise<void> => { await page.screenshot({ path: join(folder, `${name}-${lang}.png`), animations: 'disabled' }) }
    const admin = await person(browser, locale)
    await admin.page.goto(`${twinline.url}/`)
    await admin.page.getByRole('link').first().waitFor()
    await shoot(admin, 'home')
    await makeAgent(admin, twinline.url, twinline.password, { ...ANNA, name: `${ANNA.name}-${lang}` })
    await shoot(admin, 'admin')

    const agent = await person(browser, locale)
    await goToWork(agent, twinline.url, { ...ANNA, name: `${ANNA.name}-${lang}` })
    await shoot(agent, 'agent-idle')
    const visitor = await person(browser, locale, { width: 390, height: 844 })
    await visitor.page.goto(`${twinline.url}/v/web`)
    await visitor.page.getByTestId('consent').check()
    await visitor.page.locator('video[data-testid=self-video]').waitFor()
    await shoot(visitor, 'visitor')
    await callIn(visitor, twinline.url)
    await agent.page.getByTestId('accept').waitFor()
    await shoot(agent, 'agent-ringing')
    await shoot(visitor, 'visitor-waiting')
    await agent.page.getByTestId('accept').click()
    for (const who of [agent, visitor]) await framesSeen(who, 60)
    await shoot(agent, 'agent-call')
    await shoot(visitor, 'visitor-call')
    await visitor.page.getByTestId('hangup').click()
    await visitor.page.getByTestId('rate-5').click()
    await shoot(visitor, 'visitor-rating')
    await visitor.page.getByTestId('rate-send').click()
    await agent.page.getByTestId('summary-category').fill(lang === 'zh' ? '账单咨询' : 'Billing')
    await agent.page.getByTestId('summary-note').fill(lang === 'zh' ? '已解释十月账单。' : 'Explained the October bill.')
    await shoot(agent, 'agent-wrapup')
    await agent.page.getByTestId('summary-save').click()
    await agent.page.getByTestId('wrapup-done').click()
    await agent.page.locator('[data-testid=status][data-status=idle]').waitFor()
    await agent.page.getByTestId('status-offline').click()
    await admin.page.goto(`${twinline.url}/records`)
    await admin.page.getByRole('row').nth(1).waitFor()
    await shoot(admin, 'records')
    for (const who of [admin, agent, visitor]) await who.context.close()
  }
} finally {
  await browser.close()
  await twinline.remove()
}
