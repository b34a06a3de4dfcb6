// The same seed gives the same bytes in a browser as in Node: the what-if of a page and that of a server are one.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Browser } from 'playwright-core'
import { build, type Rolldown } from 'vite'
import { openBrowser } from '../engine/testing/people.ts'
import { linesOf } from './log.ts'
import { seats, type Seats } from './seats.ts'

const DAY: Omit<Seats, 'sink'> = { seed: 'engines', run: 'sim-engines', fromMs: Date.UTC(2026, 0, 5), hours: 8, agents: 6, perHour: 80, ahtMs: 300_000, wrapUpMs: 20_000, patienceMs: 90_000 }

/** The simulator as one script that leaves `simulated(day)` behind. */
async function bundle(): Promise<string> {
  const id = '\0entry'
  const [built] = await build({
    configFile: false, root: import.meta.dirname, logLevel: 'error',
    build: { write: false, minify: false, lib: { entry: 'entry', formats: ['iife'], name: 'entry' } },
    plugins: [{
      name: 'entry', enforce: 'pre',
      resolveId: (source) => (source.endsWith('entry') ? id : null),
      load: (source) => (source !== id ? null : `
        import { linesOf } from '#sim/log.ts'
        import { seats } from '#sim/seats.ts'
        globalThis.simulated = (day) => {
          let log = ''
          seats({ ...day, sink: { take(now, command, events) { log += linesOf(now, command, events) } } }).run()
          return log
        }`),
    }],
  }) as Rolldown.RolldownOutput[]
  return built!.output[0].code
}

let browser: Browser
beforeAll(async () => { browser = await openBrowser() })
afterAll(() => browser.close())

it('in Chromium as in Node', async () => {
  const page = await browser.newPage()
  await page.addScriptTag({ content: await bundle() })
  const there = await page.evaluate((day) => (globalThis as unknown as { simulated: (day: object) => string }).simulated(day), DAY)
  let here = ''
  seats({ ...DAY, sink: { take(now, command, events) { here += linesOf(now, command, events) } } }).run()
  expect(here.length).toBeGreaterThan(1_000_000)
  expect(there === here).toBe(true)
})
