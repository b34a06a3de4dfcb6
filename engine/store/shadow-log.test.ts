// The log of a candidate plan while the database is away: it holds so much, drops the rest, and writes what it held once it can, without a gap.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { firstPlan } from '#events/plan.ts'
import { startPostgres } from '../postgres.ts'
import { readEvents } from './event-source.ts'
import { lead } from './leader.ts'
import { connect } from './orm.ts'
import { Shadows } from './shadows.ts'
import type { Unnumbered } from './shadow-log.ts'
import { facts } from './testing.ts'

const dataFolder = mkdtempSync(join(tmpdir(), 'twinline-shadow-'))
let server = await startPostgres({ dataFolder, durable: false })
const db = await connect(server.url)
afterAll(async () => {
  await db.close()
  await server.stop()
  rmSync(dataFolder, { recursive: true, force: true })
})

const plan: Unnumbered = { at: 5, plan: 1, cmd: 'p', by: 'admin', type: 'plan.changed', data: { version: 1, diff: [], document: firstPlan() } }
const answers = (n: number, from = 1): Unnumbered[] => facts(from, n).map(({ seq: _s, run: _r, v: _v, ...fact }) => fact)

test('what it has no room for is dropped and counted; what it took is written in order', async () => {
  const counted = { dropped: 0, written: 0 }
  const problems: Error[] = []
  const log = new Shadows(db, 'live').log('away', { plan, written: async () => void counted.written++, dropped: (n) => { counted.dropped += n }, report: (problem) => problems.push(problem) })
  const [one, ...rest] = answers(10_500)
  log.take([one!])
  await expect.poll(() => counted.written).toBe(1)
  await server.stop()
  await server.exited
  for (const fact of rest) log.take([fact])
  expect(counted).toEqual({ dropped: 499, written: 1 })
  server = await startPostgres({ dataFolder, durable: false, port: server.port })
  await expect.poll(() => counted.written, { timeout: 10_000 }).toBe(2)
  await log.stop()
  const written = await readEvents(db, 'shadow-away', 0, 20_000)
  expect(written.map((e) => e.seq)).toEqual(Array.from({ length: 10_002 }, (_, i) => i + 1))
  expect(written.slice(1).map((e) => e.cmd)).toEqual([one!, ...rest].slice(0, 10_001).map((e) => e.cmd))
  expect([problems, written[0]]).toMatchObject([[], { type: 'plan.changed', at: 5 }])
})

test('a log goes on after the last fact, in time too, and does not say its plan twice', async () => {
  const open = (own: Unnumbered) => new Shadows(db, 'live').log('twice', { plan: own, written: async () => {}, dropped: () => {}, report: (problem) => { throw problem } })
  const first = open(plan)
  first.take(answers(2, 50))
  await first.stop()
  const second = open(plan)
  second.take(answers(1))
  await second.stop()
  const third = open({ ...plan, cmd: 'q' })
  third.take([])
  await third.stop()
  const written = await readEvents(db, 'shadow-twice', 0, 10)
  expect(written.map((e) => e.cmd)).toEqual(['p', 'cmd-50', 'cmd-51', 'cmd-1', 'q'])
  expect(written.map((e) => e.at)).toEqual(written.map((e) => e.at).toSorted((a, b) => a - b))
})

test('a log that another still leads is written when that one lets go, and said once', async () => {
  const other = await lead(db, 'shadow-led')
  const problems: Error[] = []
  let written = 0
  const log = new Shadows(db, 'live').log('led', { plan, written: async () => void written++, dropped: () => {}, report: (problem) => problems.push(problem) })
  log.take(answers(1))
  await expect.poll(() => problems.length).toBe(1)
  await other.release()
  await expect.poll(() => written, { timeout: 5_000 }).toBe(1)
  await log.stop()
  expect(problems.map(({ message }) => message)).toEqual([expect.stringContaining('Another engine leads run "shadow-led"')])
  expect(await readEvents(db, 'shadow-led', 0, 10)).toHaveLength(2)
})
