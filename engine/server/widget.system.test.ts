// The widget on somebody's site, in a real browser: a button, a frame that may use the camera, a token that no server's log sees.
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser, person } from '../testing/people.ts'
import { asking, signIn, startServer } from './testing.ts'

const { origin, driver } = await startServer()
let browser: Browser
/** Two sites; the access point names the first. Of a name that is not the engine's, so that they are other sites. */
const sites: string[] = []
const tokens: string[] = []

beforeAll(async () => {
  for (const _ of [0, 1]) {
    const site = createServer((request, response) => {
      if (request.url === '/token') {
        tokens.push(`a.b.${tokens.length}`)
        return response.end(tokens.at(-1))
      }
      // As strict as a host may be.
      response.writeHead(200, { 'content-type': 'text/html', 'content-security-policy': `default-src 'self'; script-src ${origin}; frame-src ${origin}` })
      return response.end(`<!doctype html><html lang="en"><title>Shop</title><p>Hello</p><script src="${origin}/widget.js?access=shop" data-token-url="/token" async></script>`)
    }).listen(0, '127.0.0.1')
    await once(site, 'listening')
    afterAll(() => { site.closeAllConnections(); site.close() })
    sites.push(`http://localhost:${(site.address() as AddressInfo).port}`)
  }
  const plan = driver.committed.plan!
  const access = { id: 'shop', name: 'Shop', channel: 'web', enabled: true, origins: [sites[0]], theme: '#aa0033' }
  const saved = await asking(origin)('PUT', '/api/plan', await signIn(origin, 'admin'), { plan: { ...plan, version: plan.version + 1, access: [...plan.access, access] } })
  if (saved.status !== 200) throw new Error(saved.text)
  browser = await openBrowser()
})
afterAll(() => browser?.close())

// The widget's insides are closed to the page it is on; its script's door is not.
const open = (page: Page) => page.evaluate(() => (window as unknown as { Twinline: Record<string, { open: () => void }> }).Twinline['shop']!.open())
const frameOf = (page: Page) => page.frames().find((frame) => frame.url().startsWith(origin))

test('the site that the access point names shows the visitor’s page, which may use camera and microphone', async () => {
  const { page, complaints } = await person(browser, 'en-US')
  await page.goto(sites[0]!)
  await page.waitForFunction(() => 'Twinline' in window && document.body.lastElementChild?.tagName === 'DIV')
  expect(tokens).toEqual([])
  const { width, height } = (await page.viewportSize())!
  await page.mouse.click(width - 48, height - 48) // on the button, in the corner
  await expect.poll(() => frameOf(page)?.url()).toBe(`${origin}/v/shop#host=a.b.0`)
  const frame = frameOf(page)!
  await frame.waitForLoadState()
  expect(await frame.title()).toBe('visitor.html')
  expect(await frame.evaluate(async () => (await navigator.mediaDevices.getUserMedia({ video: true, audio: true })).getTracks().map(({ kind }) => kind).toSorted())).toEqual(['audio', 'video'])
  // Hidden and shown again, it is the same frame: a call goes on.
  await page.keyboard.press('Escape')
  await page.mouse.click(width - 48, height - 48)
  expect([frameOf(page) === frame, tokens]).toEqual([true, ['a.b.0']])
  expect(complaints).toEqual([])
  await page.context().close()
})

test('another site is shown nothing', async () => {
  const { page } = await person(browser, 'en-US')
  const refused: string[] = []
  page.on('console', (message) => { if (message.type() === 'error') refused.push(message.text()) })
  await page.goto(sites[1]!)
  await page.waitForFunction(() => 'Twinline' in window)
  await open(page)
  await expect.poll(() => refused.join()).toContain('frame-ancestors')
  await expect(frameOf(page)?.title() ?? Promise.resolve('')).resolves.not.toBe('visitor.html')
  await page.context().close()
})
