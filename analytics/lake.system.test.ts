// The lake as processes: killed again and again while it exports, beside a log that grows; asked on the command line; damaged and repaired.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TwinlineEvent } from '#events/event.ts'
import { dice, randomDay } from '../fixtures/random-day.ts'
import { PostgresEventLog } from '../engine/store/event-log.ts'
import { LakeManifest } from '../engine/store/lake-manifest.ts'
import { lead, type Leadership } from '../engine/store/leader.ts'
import { connect, type Database } from '../engine/store/orm.ts'
import { freshDatabase } from '../engine/testing/database.ts'
import { DuckDb } from './lake/duckdb.ts'
import { FileManifest } from './lake/file-manifest.ts'
import { pathOf, type Manifest } from './lake/manifest.ts'
import { openViews } from './lake/reader.ts'
import { TABLE_KINDS } from './lake/staging.ts'
import { ArrayLog, testLake, type Content } from './lake/testing.ts'
import { Verifier } from './lake/verify.ts'

const START = Date.UTC(2026, 9, 24, 6)
const folders: string[] = []
async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'twinline-lake-'))
  folders.push(made)
  return made
}
const children: ChildProcess[] = []
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  for (const f of folders) await rm(f, { recursive: true, force: true })
})

function start(file: string, args: string[], env: Record<string, string> = {}, ipc = false): ChildProcess {
  const child = spawn(process.execPath, [join(import.meta.dirname, file), ...args], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe', ...(ipc ? ['ipc' as const] : [])] })
  children.push(child)
  return child
}
async function finished(child: ChildProcess): Promise<{ code: number | null; out: string; err: string }> {
  let out = ''
  let err = ''
  child.stdout!.on('data', (d) => { out += String(d) })
  child.stderr!.on('data', (d) => { err += String(d) })
  const [code] = await once(child, 'close') as [number | null]
  return { code, out, err }
}
async function contentOf(root: string, manifest: Manifest, run: string): Promise<Content> {
  const db = await DuckDb.open({ memoryMb: 256, threads: 1, folders: [root] })
  try {
    await openViews(db, await manifest.read(run), { first: '0000-01-01', last: '9999-12-31' }, new Verifier(root))
    const content: Content = {}
    for (const kind of TABLE_KINDS) content[kind] = await db.rows(`FROM ${kind} ORDER BY ALL`)
    return content
  } finally {
    db.close()
  }
}
async function expectedOf(events: readonly TwinlineEvent[], run: string): Promise<Content> {
  const lake = await testLake(run)
  await lake.exporter(new ArrayLog(events)).catchUp()
  const content = await lake.content()
  await lake.remove()
  return content
}

it('an export that is killed again and again ends as if it never was', async () => {
  const events = randomDay(17, 5_000, START)
  const expected = await expectedOf(events, 'random')
  const log = join(await folder(), 'log.ndjson')
  await writeFile(log, events.map((e) => `${JSON.stringify(e)}\n`).join(''))
  const root = await folder()
  const manifest = new FileManifest(root)
  const roll = dice(1)
  let kills = 0
  let halfway = 0
  for (;;) {
    const child = start('cli.ts', ['export', '--log', log, '--out', root])
    const done = finished(child)
    // Into the middle of its work: once it has begun to write, after a moment.
    const writing = await Promise.race([done.then(() => false), begun(root)])
    if (writing) await Promise.race([done, pause(roll() * (60 + 60 * kills))])
    child.kill('SIGKILL')
    if ((await done).code === 0) break
    kills++
    const { watermark } = await manifest.read('random')
    if (watermark && watermark.seq < events.length) halfway++
    // Whatever is listed is whole.
    await contentOf(root, manifest, 'random')
  }
  expect(kills).toBeGreaterThan(5)
  expect(halfway).toBeGreaterThan(0)
  expect((await manifest.read('random')).watermark?.seq).toBe(events.length)
  expect(await contentOf(root, manifest, 'random')).toEqual(expected)
})

/** Resolves when an exporter has a file under way. */
async function begun(root: string): Promise<boolean> {
  const before = new Set(await readdir(join(root, '.tmp')).catch(() => []))
  for (;;) {
    if ((await readdir(join(root, '.tmp')).catch(() => [])).some((name) => !before.has(name))) return true
    await pause(5)
  }
}

describe('of an installation', () => {
  const events = randomDay(29, 1_500, START).map((e) => ({ ...e, run: 'live' }))
  let db: Database
  let leadership: Leadership
  let log: PostgresEventLog
  let manifest: LakeManifest
  let data = ''
  let env: Record<string, string> = {}
  let written = 0
  const write = async (until: number): Promise<void> => {
    await log.append(events.slice(written, until), [])
    written = until
  }
  const metrics = async (...args: string[]): Promise<{ code: number | null; out: string; err: string }> => await finished(start('cli.ts', args, env))
  beforeAll(async () => {
    const url = await freshDatabase()
    db = await connect(url)
    leadership = await lead(db, 'live')
    log = new PostgresEventLog(db, leadership)
    manifest = new LakeManifest(db)
    data = await folder()
    env = { DATABASE_URL: url, TWINLINE_DATA: data, LANG: 'C' }
  })
  afterAll(async () => {
    await leadership.release()
    await db.close()
  })

  it('the lake process follows the log within ten seconds, through kill -9, and stops in order', async () => {
    const roll = dice(2)
    for (let i = 1; i <= 6; i++) {
      await write(Math.floor(events.length * i / 10))
      const child = start('run.ts', [], env, true)
      const done = finished(child)
      await Promise.race([once(child, 'message'), done])
      await pause(roll() * 250)
      child.kill('SIGKILL')
      await done
    }
    const child = start('run.ts', [], env, true)
    const done = finished(child)
    expect((await once(child, 'message'))[0]).toEqual({ ready: true })
    await write(Math.floor(events.length * 0.8))
    await expect.poll(async () => (await manifest.read('live')).watermark?.seq, { timeout: 10_000, interval: 100 }).toBe(written)
    // What is in the log when it is told to stop is still carried over.
    await write(Math.floor(events.length * 0.9))
    child.kill('SIGTERM')
    expect(await done).toMatchObject({ code: 0, err: '' })
    expect((await manifest.read('live')).watermark?.seq).toBe(written)
    expect(await contentOf(join(data, 'lake'), manifest, 'live')).toEqual(await expectedOf(events.slice(0, written), 'live'))
  })

  const range = ['--from', '2026-10-23', '--to', '2026-11-23', '--tz', 'UTC']
  it('the command line answers up to the head of the log, in every report', async () => {
    await write(events.length)
    const { code, out } = await metrics('slots', ...range, '--json')
    expect(code).toBe(0)
    const report = JSON.parse(out.trimEnd().split('\n').at(-1)!) as { asOf: { seq: number }; rows: unknown[]; total: Record<string, number>; identities: { failures: unknown[] } }
    expect(report.asOf.seq).toBe(events.length)
    const inbound = new Set(events.flatMap((e) => (e.type === 'request.created' && e.data.direction === 'inbound' ? [e.data.request] : [])))
    expect(report.total['requests']).toBe(inbound.size)
    expect(report.total['calls']).toBe(events.filter((e) => e.type === 'call.connected' && inbound.has(e.data.request)).length)
    expect(report.rows).toHaveLength(48)
    expect(report.identities.failures).toEqual([])
    const agents = await metrics('agents', ...range, '--lang', 'zh')
    expect(agents.code).toBe(0)
    expect(agents.out).toContain('登录时')
    expect(agents.out).toContain('昵称a1/')
    expect(agents.out).toContain('✓ 恒等式成立 (2, 3, 4)')
    const queues = await metrics('queues', ...range, '--csv')
    expect(queues.out).toMatch(/^group,entered,accepted,.*\ncare,\d+,/)
  })

  it('a damaged file is found before it answers, told, and rebuilt', async () => {
    const before = await metrics('slots', ...range, '--csv')
    const { files } = await manifest.read('live')
    await truncate(join(data, 'lake', pathOf(files.find((f) => f.kind === 'requests')!)), 200)
    const after = await metrics('slots', ...range, '--csv')
    expect(after.err).toContain('is rebuilt from the log')
    expect(after).toMatchObject({ code: 0, out: before.out })
  })

  it('refuses in one sentence, with code 2', async () => {
    const { code, out, err } = await metrics('slots', '--slots', '47', '--json')
    expect([code, out]).toEqual([2, ''])
    expect(err).toMatch(/^bad_slot: .*\n$/)
    expect(await metrics('slots', '--run', 'sim-unknown', '--tz', 'UTC')).toMatchObject({ code: 2, err: 'bad_run: The run sim-unknown has no events\n' })
  })
})
