// For system tests: people in front of real browsers, who click what people click.
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { chromiumPath } from './chromium.mjs'

const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
]

/** The browser of the tests, or another `executablePath`. Rejects with a sentence where none can be had. */
export async function openBrowser(more: string[] = [], executablePath = chromiumPath()): Promise<Browser> {
  if (!executablePath) throw new Error('No Chromium: "node engine/setup.mjs --tests" installs one, or TWINLINE_CHROMIUM names it.')
  return await chromium.launch({ executablePath, headless: true, args: [...FLAGS, ...more] })
}

/** One person: a browser profile of his own with one page, and what went wrong in it. */
export interface Person { page: Page; context: BrowserContext; complaints: string[] }

export async function person(browser: Browser, locale = 'zh-CN', viewport = { width: 1280, height: 800 }): Promise<Person> {
  const context = await browser.newContext({ locale, viewport })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  return { page, context, complaints }
}

/** An administrator signs in and makes an agent account on the members page. */
export async function makeAgent({ page }: Person, url: string, password: string, agent: { name: string; password: string; nickname: string; realName: string }): Promise<void> {
  await page.goto(`${url}/admin`)
  await page.getByTestId('sign-in').or(page.getByTestId('new-agent')).first().waitFor()
  if (await page.getByTestId('sign-in').isVisible()) {
    await page.getByTestId('name').fill('admin')
    await page.getByTestId('password').fill(password)
    await page.getByTestId('sign-in').click()
  }
  await page.getByTestId('new-agent').click()
  await page.getByTestId('agent-nickname').fill(agent.nickname)
  await page.getByTestId('agent-real-name').fill(agent.realName)
  await page.getByTestId('agent-name').fill(agent.name)
  await page.getByTestId('agent-password').fill(agent.password)
  await page.getByTestId('agent-create').click()
  await page.getByRole('row').filter({ hasText: agent.name }).waitFor()
}

/** An agent signs in, checks his devices and goes idle. */
export async function goToWork({ page }: Person, url: string, { name, password }: { name: string; password: string }): Promise<void> {
  await page.goto(`${url}/agent`)
  await page.getByTestId('name').fill(name)
  await page.getByTestId('password').fill(password)
  await page.getByTestId('sign-in').click()
  await page.getByTestId('device-check').click()
  await page.getByTestId('speaker-tone').click()
  await page.getByTestId('speaker-heard').click()
  await page.getByTestId('device-done').click()
  await page.getByTestId('status-idle').click()
  await page.locator('[data-testid=status][data-status=idle]').waitFor()
}

/** A visitor opens a widget's page, agrees and calls. */
export async function callIn({ page }: Person, url: string, access = 'web'): Promise<void> {
  await page.goto(`${url}/v/${access}`)
  await page.getByTestId('consent').check()
  await page.getByTestId('call').click()
}

/** Pictures this person's page has decoded from the other side, once there are more than `least`. */
export async function framesSeen({ page }: Person, least: number): Promise<number> {
  const video = page.getByTestId('remote-video')
  await video.waitFor()
  const handle = await page.waitForFunction(
    ({ least }) => {
      const frames = document.querySelector<HTMLVideoElement>('video[data-testid=remote-video]')?.getVideoPlaybackQuality().totalVideoFrames ?? 0
      return frames > least ? frames : false
    },
    { least }, { timeout: 30_000 })
  return Number(await handle.jsonValue())
}
