// The house's manners: who may import what, no clock or dice where decisions are made, nothing left for later. And that each rule can fail.
import { execFileSync } from 'node:child_process'
import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { arrows, declared, firstLine, leftOut, leftovers, length, links, purity, settings, topLevel } from './testing/tidy/rules.ts'
import type { Source } from './testing/tidy/syntax.ts'

const root = join(import.meta.dirname, '..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

/** What git keeps (scratch files are nobody's business); in a download without git, all that is not installed, built or made. */
function kept(): string[] {
  try {
    return execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8', stdio: 'pipe' }).split('\0').filter((path) => path !== '' && existsSync(join(root, path)))
  } catch {
    return globSync('**/*', { cwd: root, exclude: (path) => /(^|\/)(node_modules|dist|data|\.[^/]*)$/.test(path) }).filter((path) => statSync(join(root, path)).isFile())
  }
}
const paths = kept()
const house: Source[] = paths.map((path) => ({ path, text: read(path) })).filter(({ text }) => !text.includes('\0'))
const manifest = JSON.parse(read('package.json')) as { dependencies: object; devDependencies: object }
const wrong = (rule: (source: Source) => string[]): string[] => house.flatMap((source) => rule(source))

test('there is a house to look at', () => expect(house.length).toBeGreaterThan(200))
test('each room imports only what its row allows', () => expect(wrong(arrows)).toEqual([]))
test('every library is a dependency of the house', () => expect(wrong((source) => declared(source, manifest))).toEqual([]))
test('no clock, no dice, nothing of this machine where things must be pure', () => expect(wrong(purity)).toEqual([]))
test('the first line of a source says what it is for', () => expect(wrong(firstLine)).toEqual([]))
test('no file holds more than one noun', () => expect(wrong(length)).toEqual([]))
test('nothing is left for later, no path of anybody’s machine', () => expect(wrong(leftovers)).toEqual([]))
test('no test stands alone or is left out without a reason', () => expect(wrong(leftOut)).toEqual([]))
test('the top level is what it is', () => expect(topLevel(paths)).toEqual([]))
test('links between documents lead somewhere', () => expect(wrong((source) => links(source, paths))).toEqual([]))
test('every setting is explained', () => expect(settings(house, read('engine/README.md'))).toEqual([]))

const source = (path: string, text: string): Source => ({ path, text })
/** Put together, so that this file is not found by the rules it tests. */
const later = `TO${'DO'}`
const home = ['', 'home', 'ann', 'x'].join('/')

test.for<[path: string, code: string, says: RegExp | null]>([
  ['engine/core/call.ts', `import { x } from './evolve.ts'; import type { E } from '#events/event.ts'`, null],
  ['engine/core/call.ts', `import { x } from '#wire/messages.ts'`, /may not import #wire/],
  ['engine/core/call.ts', `import { readFileSync } from 'node:fs'`, /nothing of Node/],
  ['engine/core/call.ts', `import Type from 'typebox'`, /no door/],
  ['engine/core/call.ts', `import { play } from './scenarios/play.ts'`, /may not import/],
  ['engine/core/call.ts', `export { x } from '../driver.ts'`, /may not import/],
  ['engine/core/call.ts', `export * from '../driver.ts'`, /may not import/],
  ['engine/core/call.ts', `const x = () => import('../store/orm.ts')`, /may not import/],
  ['engine/core/call.ts', `type X = import('../store/orm.ts').Database`, /may not import/],
  ['engine/core/call.ts', `import '../store/orm.ts'`, /may not import/],
  ['engine/core/call.test.ts', `import { x } from '../store/orm.ts'; import fc from 'fast-check'`, null],
  ['engine/core/call.test.ts', `import { x } from '../wire/messages.ts'`, /called #wire\/messages/],
  ['engine/events/event.ts', `import { Compile } from 'typebox/compile'`, null],
  ['engine/driver.ts', `import { Acd } from '#core/acd.ts'`, null],
  ['engine/driver.ts', `import { Acd } from './core/acd.ts'`, /called #core\/acd.ts/],
  ['engine/driver.ts', `import { PostgresEventLog } from './store/event-log.ts'`, /may not import/],
  ['engine/server/app.ts', `import type { Driver } from '../driver.ts'; import { type Config } from '../config.ts'`, null],
  ['engine/server/app.ts', `import { Driver } from '../driver.ts'`, /its types perhaps/],
  ['engine/server/app.ts', `import { type Config, readConfig } from '../config.ts'`, /its types perhaps/],
  ['engine/server/app.ts', `import '../config.ts'`, /its types perhaps/],
  ['engine/server/app.ts', `import { EntityManager } from '@mikro-orm/core'`, /no door/],
  ['engine/server/app.ts', `import helmet from '@fastify/helmet'`, null],
  ['engine/server/app.ts', `import { database } from '../testing/database.ts'`, /an aid of tests/],
  ['engine/setup.mjs', `const { x } = await import('vite')`, /no door/],
  ['engine/media/room.ts', `const x = await import(name)`, /may not import computed/],
  ['analytics/metrics/fold.ts', `import { x } from '#core/acd.ts'`, /may not import/],
  ['analytics/lake/duckdb.ts', `import { DuckDBInstance } from '@duckdb/node-api'; import { x } from '#metrics/fold.ts'`, null],
  ['simulator/world.ts', `import { Acd } from '#core/acd.ts'; import seedrandom from 'seedrandom'`, null],
  ['simulator/world.ts', `import { readFileSync } from 'node:fs'`, /nothing of Node/],
  ['console/agent/page.tsx', `import { World } from '#sim/world.ts'; import { x } from 'preact/hooks'; export const a = <b>c</b>`, null],
  ['console/agent/page.tsx', `import { x } from '#sim/cli.ts'`, /may not import/],
  ['console/agent/page.tsx', `import { evolve } from '#core/evolve.ts'`, /may not import/],
  ['engine/attic/old.ts', `export {}`, /no row/],
])('arrows: %s %s', ([path, code, says]) => {
  const found = arrows(source(path, `// For a test.\n${code}\n`))
  if (says === null) expect(found).toEqual([])
  else expect(found.join()).toMatch(says)
})

test.for<[code: string, says: RegExp | null]>([
  [`import fastify from 'fastify'; import './x.css'; import fs from 'node:fs'`, null],
  [`import { x } from '@fastify/cookie/plugin'`, null],
  [`import x from 'left-pad'`, /in no list/],
  [`import { chromium } from 'playwright-core'`, /development only/],
  [`import type { Page } from 'playwright-core'`, null],
])('declared: %s', ([code, says]) => {
  const found = declared(source('engine/media/x.ts', code), { dependencies: { fastify: '1', '@fastify/cookie': '1' }, devDependencies: { 'playwright-core': '1' } })
  expect(found.length === 0 ? null : found.join()).toEqual(says === null ? null : expect.stringMatching(says))
})

test.for<[path: string, code: string, pure: boolean]>([
  ['engine/core/x.ts', 'export const a = (now: number) => now + 1', true],
  ['engine/core/x.ts', 'export const a = Date.now()', false],
  ['engine/core/x.ts', 'export const a = new Date(0)', false],
  ['engine/core/x.ts', 'export const a = Math.random()', false],
  ['engine/core/x.ts', 'export const { random } = Math', false],
  ['engine/core/x.ts', 'export const a = Math["random"]()', false],
  ['engine/core/x.ts', 'export const a = Math.min(1, 2)', true],
  ['engine/core/x.ts', 'export const a = performance.now()', false],
  ['engine/core/x.ts', 'setTimeout(() => {}, 1)', false],
  ['engine/core/x.ts', 'export const a = globalThis.process', false],
  ['engine/core/x.ts', 'export const a = { process }', false],
  ['engine/core/x.ts', 'export const a = crypto.randomUUID()', false],
  ['engine/core/x.ts', 'console.log(1)', false],
  ['engine/core/x.ts', 'export const a = () => fetch("x")', false],
  ['engine/core/x.ts', 'export async function a() {}', false],
  ['engine/core/x.ts', '/** Date.now(), process */ export const a = "Math.random()" + `setTimeout`', true],
  ['engine/core/x.ts', 'export const a = (x: { process: number }) => x.process', true],
  ['engine/core/x.test.ts', 'export const a = Date.now()', true],
  ['engine/core/scenarios/play.ts', 'export const a = new Date(0).toISOString()', true],
  ['analytics/metrics/x.ts', 'export const a = new Date(0).toISOString()', true],
  ['analytics/metrics/x.ts', 'export const a = (d: Date) => d.toISOString()', true],
  ['analytics/metrics/x.ts', 'export const a = new Date()', false],
  ['analytics/metrics/x.ts', 'export const { now } = Date', false],
  ['analytics/metrics/x.ts', 'export const a = new Date(2026, 0, 1)', false],
  ['analytics/metrics/x.ts', 'export const a = Date()', false],
  ['analytics/metrics/x.ts', 'export const a = (d: Date) => d.getHours()', false],
  ['analytics/metrics/x.ts', 'export const a = "a".localeCompare("b")', false],
  ['analytics/metrics/x.ts', 'export const a = (1).toLocaleString("en-US")', true],
  ['analytics/metrics/x.ts', 'export const a = async () => 1', true],
  ['simulator/x.ts', 'export const a = Math.random()', false],
  ['engine/driver.ts', 'export const a = Date.now()', true],
])('purity: %s %s', ([path, code, pure]) => expect(purity(source(path, code)).length === 0).toBe(pure))

test('a file without its first line, one too long, one with things left for later', () => {
  expect(firstLine(source('engine/x.ts', 'export {}\n'))).toHaveLength(1)
  expect(firstLine(source('engine/x.ts', '//\nexport {}\n'))).toHaveLength(1)
  expect(firstLine(source('console/x.css', 'a { }\n'))).toHaveLength(1)
  expect(firstLine(source('engine/x.mjs', '#!/usr/bin/env node\n// Runs.\n'))).toEqual([])
  expect(firstLine(source('engine/x.ts', '/** What it is for. */\n'))).toEqual([])
  expect(firstLine(source('engine/x.md', 'Text\n'))).toEqual([])
  expect(length(source('engine/x.ts', '//\n'.repeat(401)))).toHaveLength(1)
  expect(length(source('engine/x.ts', '//\n'.repeat(400)))).toEqual([])
  expect(length(source('fixtures/x.ndjson', '{}\n'.repeat(401)))).toEqual([])
  expect(leftovers(source('README.md', `a\n${later} b\n`))).toEqual([`README.md:2: ${later}`])
  expect(leftovers(source('engine/x.ts', `const a = '${home}'\n`))).toHaveLength(1)
  expect(leftovers(source('engine/x.ts', `// C:\\${'Users'}\\ann\n`))).toHaveLength(1)
  expect(leftovers(source('engine/x.ts', `// ${['', 'work', 'main'].join('/')}\n`))).toHaveLength(1)
  expect(leftovers(source('engine/x.ts', `import './work/x.ts' // https://a.b/work, after/work, /root\n`))).toEqual([])
})

test('tests that stand alone or are left out', () => {
  const found = (code: string): number => leftOut(source('engine/x.test.ts', code)).length
  const [only, skip] = ['only', 'skip']
  expect(found(`test.${only}('x', () => {})`)).toBe(1)
  expect(found(`describe.concurrent.${only}('x', () => {})`)).toBe(1)
  expect(found(`// A reason is none.\nit.${only}('x', () => {})`)).toBe(1)
  expect(found(`test.${skip}('x', () => {})`)).toBe(1)
  expect(found(`// The platform lacks it.\ntest.${skip}('x', () => {})`)).toBe(0)
  expect(found(`describe.skipIf(!worker)('x', () => {})`)).toBe(0)
  expect(found(`test('x', () => { expect(list.${skip}).toBe(1) })`)).toBe(0)
})

test('a top level with too much or too little', () => {
  const all = ['engine', 'analytics', 'console', 'simulator', 'loadtest', 'fixtures'].map((room) => `${room}/README.md`)
  const rest = ['package.json', 'package-lock.json', 'tsconfig.json', 'Dockerfile', 'README.md', 'CHANGELOG.md', 'LICENSE', '.gitignore']
  expect(topLevel([...all, ...rest])).toEqual([])
  expect(topLevel([...all, ...rest, 'notes/x.md'])).toEqual(['notes: not at the top level'])
  expect(topLevel([...all, ...rest].filter((path) => path !== 'LICENSE'))).toEqual(['LICENSE: missing'])
  expect(topLevel([...all.slice(1), 'engine/main.ts', ...rest])).toEqual(['engine/README.md: missing'])
})

test('links that lead somewhere, and one that does not', () => {
  const found = (link: string): number => links(source('engine/README.md', `See [it](${link}).`), ['README.md', 'engine/core/acd.ts', 'engine/PROTOCOL.md']).length
  for (const link of ['PROTOCOL.md', 'PROTOCOL.md#errors', '../README.md', 'core', 'core/', '#here', 'https://example.org/x', 'mailto:a@b.c']) expect(found(link), link).toBe(0)
  for (const link of ['CLOSING.md', '../engine/core/x.ts', 'cor']) expect(found(link), link).toBe(1)
})

test('a setting without an explanation, and one that is explained but gone', () => {
  const code = source('engine/config.ts', `text('TWINLINE_DATA') || text('TWINLINE_NEW')`)
  expect(settings([code], '`TWINLINE_DATA` `TWINLINE_OLD`')).toEqual(['TWINLINE_NEW: not explained in engine/README.md', 'TWINLINE_OLD: explained, but nothing reads it'])
})
