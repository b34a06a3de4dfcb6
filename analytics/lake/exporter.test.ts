// The lake is a function of the log: whatever the cadence, wherever an export dies, whoever exports beside it, and whatever happens to a file.
import { readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EventType, TwinlineEvent } from '#events/event.ts'
import { FACT_NAMES, keyOf, type Row } from '#metrics/facts.ts'
import { Fold } from '#metrics/fold.ts'
import { FactTable } from '#metrics/table.ts'
import { dice, randomDay } from '../../fixtures/random-day.ts'
import { DISK, type Disk } from './disk.ts'
import { Garbage, RETIRE_MS } from './garbage.ts'
import { ManifestConflict, pathOf, type LakeFile, type Manifest } from './manifest.ts'
import { TABLE_KINDS } from './staging.ts'
import { ArrayLog, testLake, type Content, type TestLake } from './testing.ts'
import { LakeCorruption, LakeOutdated } from './verify.ts'

const EVENTS = randomDay(5, 800, Date.UTC(2026, 9, 24, 22, 30))
let expected: Content
const lakes: TestLake[] = []
const lake = async (folder?: string): Promise<TestLake> => {
  const made = await testLake('random', folder)
  lakes.push(made)
  return made
}
beforeAll(async () => {
  const whole = await lake()
  await whole.exporter(new ArrayLog(EVENTS)).catchUp()
  expected = await whole.content()
})
afterAll(async () => { for (const l of lakes) await l.remove() })

/** Every seq of the log lies in exactly one events file. */
async function expectTiled(manifest: Manifest): Promise<void> {
  const { watermark, files } = await manifest.read('random')
  let next = 1
  for (const f of files.filter((x) => x.kind === 'events').sort((a, b) => a.firstSeq - b.firstSeq)) {
    expect(f.firstSeq).toBe(next)
    expect(f.lastSeq - f.firstSeq + 1).toBe(f.rows)
    next = f.lastSeq + 1
  }
  expect(next - 1).toBe(watermark!.seq)
}

describe('export', () => {
  it('holds the log and the rows of the fold, over several days', async () => {
    const fold = new Fold()
    for (const e of EVENTS) fold.apply(e)
    const table = new FactTable().take(fold.drain())
    for (const fact of FACT_NAMES) {
      const byKey = (rows: Iterable<Row>): Map<string, Row> => new Map([...rows].map((r) => [keyOf(fact, r), { ...r }]))
      expect(byKey(expected[fact] as unknown as Row[])).toEqual(byKey(table.rowsOf(fact)))
    }
    const events = expected['events']!.map((r): unknown => ({ seq: r['seq'], at: r['at_ms'], run: 'random', v: r['v'], plan: r['plan'], cmd: r['cmd'], by: r['actor'], type: r['type'], data: JSON.parse(r['data'] as string) as unknown }))
    expect(events).toEqual(EVENTS)
    expect(new Set(EVENTS.map((e) => new Date(e.at).toISOString().slice(0, 10))).size).toBeGreaterThan(2)
  })

  it('comes to the same lake in any number of steps, by one exporter or by many', async () => {
    const { exporter, content, manifest } = await lake()
    const log = new ArrayLog(EVENTS, 0)
    const roll = dice(3)
    let same = exporter(log)
    expect(await same.catchUp()).toBeNull()
    while (log.upTo < EVENTS.length) {
      log.upTo = Math.min(EVENTS.length, log.upTo + Math.ceil(roll() * 200))
      if (roll() < 0.4) same = exporter(log)
      expect(await same.catchUp()).toEqual({ seq: log.upTo, at: EVENTS[log.upTo - 1]!.at })
      await expectTiled(manifest)
    }
    expect(await content()).toEqual(expected)
  })

  it('dies at any step and is taken up again', async () => {
    const { exporter, content, manifest } = await lake()
    const whole = await lake()
    const log = new ArrayLog(EVENTS, 0)
    const roll = dice(5)
    let crashes = 0
    // From nothing, and from a lake whose partitions go on, into the next day.
    for (const cut of [60, 100]) {
      log.upTo = cut
      for (let step = 1; ; step += 1 + Math.floor(roll() * 10)) {
        const done = await exporter(log, dyingAfter(step, manifest)).catchUp().catch((e: Error) => e)
        if ((await manifest.read('random')).watermark) await expectTiled(manifest)
        if (!(done instanceof Error)) break
        expect(done.message).toBe('died here')
        crashes++
      }
    }
    expect(crashes).toBeGreaterThan(10)
    await whole.exporter(log).catchUp()
    expect(await content()).toEqual(await whole.content())
  })

  it('goes on when the answer to a commit was lost', async () => {
    const { exporter, content, manifest } = await lake()
    let lost = 0
    const forgetful: Manifest = {
      read: (run) => manifest.read(run),
      commit: async (change) => {
        await manifest.commit(change)
        if (++lost % 2 === 1) throw new Error('the connection is gone')
      },
    }
    const log = new ArrayLog(EVENTS)
    const one = exporter(log, { manifest: forgetful })
    for (;;) {
      const done = await one.catchUp().catch((e: Error) => e)
      if (!(done instanceof Error)) break
    }
    expect(lost).toBeGreaterThan(2)
    expect(await content()).toEqual(expected)
  })

  it('tolerates a second exporter: one wins each commit, the other reads again', async () => {
    const { root, exporter, content, manifest } = await lake()
    const rival = await lake(root)
    const log = new ArrayLog(EVENTS, 0)
    const mine = exporter(log)
    while (log.upTo < EVENTS.length) {
      log.upTo = Math.min(EVENTS.length, log.upTo + 200)
      // Just when the rival is about to commit, this one has done it.
      let raced = false
      const racing: Manifest = {
        read: (run) => manifest.read(run),
        commit: async (change) => {
          if (!raced) await mine.catchUp()
          raced = true
          await manifest.commit(change)
        },
      }
      expect((await rival.exporter(log, { manifest: racing }).catchUp())?.seq).toBe(log.upTo)
      await expectTiled(manifest)
    }
    expect(await content()).toEqual(expected)
  })
})

it('takes rows back that later facts undo', async () => {
  const { exporter, content } = await lake()
  const other = await lake()
  const nine = Date.UTC(2026, 9, 24, 9)
  const facts: [number, EventType, unknown][] = [
    [0, 'agent.loggedIn', { agent: 'ann', session: 's' }], [60_000, 'agent.disconnected', { agent: 'ann' }],
    [61_000, 'agent.statusSet', { agent: 'ann', from: 'offline', to: 'away', actor: 'supervisor', reason: '' }],
    [90_000, 'agent.loggedOut', { agent: 'ann', why: 'lost', lastSeen: nine + 60_000 }],
  ]
  const log = new ArrayLog(facts.map(([ms, type, data], i) => ({ seq: i + 1, at: nine + ms, run: 'random', v: 1, plan: 0, cmd: `c${i}`, by: 'acd', type, data }) as TwinlineEvent), 3)
  const one = exporter(log)
  await one.catchUp()
  expect((await content())['status_sets']).toHaveLength(1)
  log.upTo = 4
  await one.catchUp()
  expect((await content())['status_sets']).toEqual([])
  expect((await content())['agent_time']!.map((r) => r['ms'])).toEqual([60_000])
  await other.exporter(log).catchUp()
  expect(await content()).toEqual(await other.content())
})

describe('a manifest in a file', () => {
  it('moves from where it stands only', async () => {
    const { manifest } = await lake()
    const file: LakeFile = { run: 'random', kind: 'events', day: '2026-01-01', generation: 1, rows: 1, bytes: 1, sha256: 'x', firstSeq: 1, lastSeq: 5 }
    await manifest.commit({ run: 'random', from: 0, to: { seq: 5, at: 1 }, files: [file] })
    await expect(manifest.commit({ run: 'random', from: 0, to: { seq: 9, at: 2 }, files: [] })).rejects.toThrow(ManifestConflict)
    expect(await manifest.read('random')).toEqual({ watermark: { seq: 5, at: 1 }, files: [file] })
    await manifest.commit({ run: 'random', from: 5, to: { seq: 9, at: 2 }, files: [{ ...file, generation: 2 }] })
    expect((await manifest.read('random')).files.map((f) => f.generation)).toEqual([2])
    expect(await manifest.runs()).toEqual(['random'])
  })
})

it('a name that is taken is left alone', async () => {
  const { root } = await lake()
  await DISK.write(join(root, 'mine'), 'mine')
  await DISK.write(join(root, 'g1'), 'theirs')
  expect(await DISK.publish(join(root, 'mine'), join(root, 'g1'))).toBe(false)
  expect(await readFile(join(root, 'g1'), 'utf8')).toBe('theirs')
  expect(await DISK.publish(join(root, 'mine'), join(root, 'g2'))).toBe(true)
  expect(await readFile(join(root, 'g2'), 'utf8')).toBe('mine')
})

describe('a damaged lake', () => {
  const damages: [string, (path: string) => Promise<void>][] = [
    ['a flipped bit', async (path) => {
      const bytes = await readFile(path)
      bytes[Math.floor(bytes.length / 2)]! ^= 1
      await writeFile(path, bytes)
    }],
    ['cut short', (path) => truncate(path, 100)],
    ['missing', (path) => rm(path)],
  ]
  it('is found before it answers, and rebuilt from the log, whatever file it is', async () => {
    const { root, exporter, content, manifest } = await lake()
    await exporter(new ArrayLog(EVENTS)).catchUp()
    const current = async (kind: string): Promise<LakeFile[]> => (await manifest.read('random')).files.filter((f) => f.kind === kind && f.day <= '2026-10-26')
    for (const [i, kind] of ['carry', ...TABLE_KINDS].entries()) {
      const files = await current(kind)
      const file = files[i % files.length]!
      const [what, damage] = damages[i % damages.length]!
      await damage(join(root, pathOf(file)))
      if (kind !== 'carry') await expect(content(), `${kind}: ${what}`).rejects.toThrow(LakeCorruption)
      await exporter(new ArrayLog(EVENTS)).rebuild(file.day)
      expect(await content()).toEqual(expected)
    }
    await expectTiled(manifest)
  })

  it('is repaired by the export that meets the damage', async () => {
    const { root, exporter, content, manifest } = await lake()
    const log = new ArrayLog(EVENTS, EVENTS.length - 5)
    await exporter(log).catchUp()
    const { files } = await manifest.read('random')
    const last = files.filter((f) => f.kind === 'events' || f.kind === 'carry').sort((a, b) => (a.day < b.day ? 1 : -1)).slice(0, 2)
    for (const f of last) await truncate(join(root, pathOf(f)), 10)
    log.upTo = EVENTS.length
    await exporter(log).catchUp()
    expect(await content()).toEqual(expected)
  })
})

describe('a lake that another version made', () => {
  /** Other rows, on other days too, whose carries name another version. */
  const older = async ({ exporter }: TestLake): Promise<void> => {
    const events = EVENTS.slice(0, 300).map((e) => ({ ...e, at: e.at - 86_400_000 }))
    await exporter(new ArrayLog(events), { disk: { ...DISK, write: (path, text) => DISK.write(path, text.replace(/^\{"version":\d+/, '{"version":0')) } }).catchUp()
  }
  it('is not read, and made anew as a whole by the next export; one that dies on the way leaves it as it was', async () => {
    const old = await lake()
    await older(old)
    const { root, exporter, content, manifest } = old
    await expect(content()).rejects.toThrow(LakeOutdated)
    const before = await manifest.read('random')
    for (const step of [2, 9, 40, 41]) {
      await expect(exporter(new ArrayLog(EVENTS), dyingAfter(step, manifest)).catchUp()).rejects.toThrow('died here')
      expect(await manifest.read('random')).toEqual(before)
    }
    expect((await exporter(new ArrayLog(EVENTS)).catchUp())?.seq).toBe(EVENTS.length)
    expect(await content()).toEqual(expected)
    const garbage = new Garbage(root, manifest)
    await garbage.collect('random', 0)
    await garbage.collect('random', RETIRE_MS)
    expect(await content()).toEqual(expected)
  })
  it('is made anew too where a day of it is damaged, and by whoever comes second', async () => {
    const old = await lake()
    await older(old)
    const { root, exporter, content, manifest } = old
    const newest = (await manifest.read('random')).files.filter((f) => f.kind === 'carry').sort((a, b) => (a.day < b.day ? 1 : -1))[0]!
    await truncate(join(root, pathOf(newest)), 10)
    const mine = exporter(new ArrayLog(EVENTS))
    let raced = false
    const racing: Manifest = {
      read: (run) => manifest.read(run),
      commit: async (change) => {
        if (!raced) await mine.catchUp()
        raced = true
        await manifest.commit(change)
      },
    }
    await exporter(new ArrayLog(EVENTS), { manifest: racing }).catchUp()
    expect(await content()).toEqual(expected)
  })
  it('is kept where its log is not there any more', async () => {
    const old = await lake()
    await older(old)
    const before = await old.manifest.read('random')
    await expect(old.exporter(new ArrayLog(EVENTS, 200)).catchUp()).rejects.toThrow('its log is not there any more')
    expect(await old.manifest.read('random')).toEqual(before)
  })
})

describe('garbage', () => {
  it('goes when it has been unlisted for longer than a query may take, never a listed file', async () => {
    const { root, exporter, content, manifest } = await lake()
    const log = new ArrayLog(EVENTS, 0)
    const one = exporter(log)
    for (log.upTo = 40; log.upTo < EVENTS.length; log.upTo += 200) await one.catchUp()
    log.upTo = EVENTS.length
    await one.catchUp()
    await expect(exporter(log, dyingAfter(4, manifest)).rebuild('2026-10-24')).rejects.toThrow('died here')
    const { files } = await manifest.read('random')
    const before = await filesIn(root)
    expect(before.length).toBeGreaterThan(files.length)
    const garbage = new Garbage(root, manifest)
    expect(await garbage.collect('random', 0)).toBe(0)
    expect(await garbage.collect('random', RETIRE_MS - 1)).toBe(0)
    expect(await garbage.collect('random', RETIRE_MS)).toBe(before.length - files.length)
    expect(await filesIn(root)).toEqual(files.map(pathOf).sort())
    expect(await content()).toEqual(expected)
  })
})

async function filesIn(root: string): Promise<string[]> {
  return (await readdir(root, { recursive: true, withFileTypes: true })).filter((f) => f.isFile() && f.name !== 'manifest.json').map((f) => join(f.parentPath, f.name).slice(root.length + 1)).sort()
}

/** A disk and a manifest whose n-th change does not come about, or comes about and is not heard of. */
function dyingAfter(n: number, manifest: Manifest): { disk: Disk; manifest: Manifest } {
  let left = n
  let dead = false
  const guard = async <T>(work: () => Promise<T>): Promise<T> => {
    if (dead) throw new Error('died here')
    left--
    if (left === 0) {
      dead = true
      // Half of the deaths come after the deed.
      if (n % 2 === 0) await work()
      throw new Error('died here')
    }
    return await work()
  }
  return {
    disk: {
      folder: (path) => guard(() => DISK.folder(path)), write: (path, text) => guard(() => DISK.write(path, text)), sync: (path) => guard(() => DISK.sync(path)),
      digest: (path) => guard(() => DISK.digest(path)), publish: (from, to) => guard(() => DISK.publish(from, to)), names: (path) => guard(() => DISK.names(path)),
    },
    manifest: { read: (run) => manifest.read(run), commit: (change) => guard(() => manifest.commit(change)) },
  }
}
