// The command line as people use it: the same words give the same answer, bad words a sentence, and every log replays, the live one too.
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Plan } from '#events/plan.ts'
import { METRIC_IDS } from '#metrics/catalogue.ts'
import { PostgresEventLog } from '../engine/store/event-log.ts'
import { lead } from '../engine/store/leader.ts'
import { connect } from '../engine/store/orm.ts'
import { freshDatabase } from '../engine/testing/database.ts'
import type { Compared } from './differences.ts'
import type { Replay } from './replay.ts'
import { seats } from './seats.ts'

// Processes are started here, also on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

interface Ran { code: number; out: string; err: string; last: () => Record<string, unknown> }
const sim = (words: string[], env: Record<string, string> = {}): Promise<Ran> => new Promise((done) => {
  execFile(process.execPath, ['simulator/cli.ts', ...words], { cwd: join(import.meta.dirname, '..'), env: { ...process.env, ...env } }, (error, out, err) => {
    done({ code: error === null ? 0 : Number(error.code), out, err, last: () => JSON.parse(out.trimEnd().split('\n').at(-1)!) as Record<string, unknown> })
  })
})

const folder = mkdtempSync(join(tmpdir(), 'twinline-sim-'))
afterAll(() => rmSync(folder, { recursive: true }))
const DAY = ['--seed', 'cli', '--agents', '3', '--rate', '30/h', '--aht', '4min', '--patience', '90s']

describe('a simulated day', () => {
  let first: Ran
  beforeAll(async () => { first = await sim([...DAY, '--out', folder, '--json']) })

  it('answers with one line, every metric of the catalogue in it', () => {
    expect([first.code, first.out.trimEnd().split('\n').length]).toEqual([0, 1])
    const { metrics, ...rest } = first.last()
    expect(Object.keys(metrics as object)).toEqual(METRIC_IDS)
    expect(rest).toMatchObject({ seed: 'cli', agents: 3, rate_per_h: 30, aht_s: 240, patience_s: 90, days: 1, from: '2026-01-05' })
    expect(metrics).toMatchObject({ 'agent.login_time': 3 * 86_400_000 })
    expect((metrics as { requests: number }).requests).toBeGreaterThan(600)
  })
  it('prints seed, commit and command first', () => {
    expect(first.err.split('\n')[0]).toMatch(/^seed cli, commit \S+, command: npm run -s sim -- --seed cli --agents 3/)
  })
  it('answers the same again, wherever it writes', async () => {
    expect((await sim([...DAY, '--json'])).out).toBe(first.out)
    expect((await sim([...DAY, '--rate', '0.5/min', '--json'])).out).toBe(first.out)
  })
  it('has a log that replays, as a folder and as a file, and leaves nothing else', async () => {
    expect(readdirSync(folder)).toEqual(['log.ndjson'])
    const { events } = first.last()
    expect((await sim(['replay', '--log', folder, '--json'])).last()).toMatchObject({ run: first.last()['run'], events, identical: events, percent: 100, difference: null })
    expect((await sim(['replay', '--log', join(folder, 'log.ndjson')])).out).toBe(`${String(first.last()['run'])}: ${events} of ${events} events identical (100 %)\n`)
  })
  it('is told apart from a log that was changed, with exit code 1', async () => {
    const changed = join(folder, 'changed.ndjson')
    writeFileSync(changed, readFileSync(join(folder, 'log.ndjson'), 'utf8').replace('"outcome":"answered"', '"outcome":"declined"'))
    const { code, out } = await sim(['replay', '--log', changed])
    rmSync(changed)
    expect(code).toBe(1)
    expect(out).toMatch(/events identical \(99\.\d+ %\)\nfirst difference: event \d+ \(request\.closed\): data\.outcome is "declined" in the log and "answered" in the replay\n$/)
  })
  it('reads well without --json', async () => {
    const { out } = await sim(DAY)
    expect(out).toMatch(/^sim-[0-9a-f]{12}: \d+ calls, [\d,]+ commands, [\d,]+ events\n/)
    expect(out).toContain('Abandon rate 视频放弃率')
  })
})

it('replays the live run from the database', async () => {
  const url = await freshDatabase()
  const db = await connect(url)
  const leadership = await lead(db, 'live')
  const log = new PostgresEventLog(db, leadership)
  const batches: Parameters<PostgresEventLog['append']>[] = []
  seats({
    seed: 'live', run: 'live', fromMs: Date.UTC(2026, 0, 5), hours: 3, agents: 3, perHour: 40, ahtMs: 240_000, wrapUpMs: 20_000, patienceMs: 90_000,
    sink: { take: (now, command, events) => { if (events.length > 0) batches.push([events, [{ now, command, first: events[0]!.seq, last: events.at(-1)!.seq }]]) } },
  }).run()
  for (let i = 0; i < batches.length; i += 100) await log.append(batches.slice(i, i + 100).flatMap(([events]) => events), batches.slice(i, i + 100).flatMap(([, inputs]) => inputs))
  await leadership.release()
  await db.close()
  const { code, last, err } = await sim(['replay', '--log', 'live', '--json'], { DATABASE_URL: url })
  expect([code, err.split('\n').length]).toEqual([0, 2])
  const replay = last() as unknown as Replay
  expect(replay).toMatchObject({ run: 'live', inputs: batches.length, identical: replay.events, percent: 100, difference: null })
  expect(replay.events).toBeGreaterThan(1000)

  const file = join(folder, 'live-plan.json')
  const { document } = batches[0]![0][0]!.data as { document: Plan }
  writeFileSync(file, JSON.stringify({ ...document, version: 2, idleClock: 'fewest_calls' }))
  const compared = await sim(['replay', '--log', 'live', '--day', '2026-01-05', '--plan', file, '--json'], { DATABASE_URL: url })
  rmSync(file)
  expect([compared.code, compared.last()]).toMatchObject([0, { run: 'live', identical: replay.events, plan: 2, reasons: { clock: expect.any(Number) } }])
})

describe('what another plan would have decided', () => {
  const log = 'fixtures/days/rush-hour.ndjson'
  const plan = (JSON.parse(readFileSync(log, 'utf8').split('\n').find((line) => line.includes('"plan.changed"'))!) as { data: { document: Plan } }).data.document
  const file = join(folder, 'plan.json')
  const compare = (change: Partial<Plan>, ...words: string[]): Promise<Ran> => {
    writeFileSync(file, JSON.stringify({ ...plan, ...change }))
    return sim(['replay', '--log', log, '--plan', file, ...words])
  }

  it('is nothing for the plan itself', async () => {
    const { code, out } = await compare({})
    expect([code, out]).toEqual([0, expect.stringMatching(/^\S+ \(UTC\), self-check: (\d+) of \1 events identical; plan \d+ decides 0 of \d+ decisions otherwise/)])
  })
  it('is told line by line, the same every time, and as one line of JSON', async () => {
    const change = { agents: plan.agents.map((a, i) => ({ ...a, video: i > 0 })) }
    const first = await compare(change)
    const lines = first.out.trimEnd().split('\n')
    const all = (await compare(change, '--json')).last() as unknown as Compared
    expect(all.different).toBeGreaterThan(3)
    expect(lines.filter((line) => / → /.test(line))).toHaveLength(all.different)
    expect(lines[0]).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} {2}\S+ {2}\S+\/\S+ → \S+\/\S+ {2}\((video|nobody)\)$/)
    expect([all.asked, all.same, all.differences.length]).toEqual([all.routings.asked + all.choices.asked, all.asked - all.different, all.different])
    expect((await compare(change)).out).toBe(first.out)
    const day = new Date(all.differences[0]!.at).toISOString().slice(0, 10)
    expect((await compare(change, '--json', '--day', day)).last()).toMatchObject({ day, tz: 'UTC', different: all.different })
    expect((await compare(change, '--json', '--day', '2020-02-02', '--tz', 'Asia/Shanghai')).last()).toMatchObject({ day: '2020-02-02', tz: 'Asia/Shanghai', asked: 0, differences: [] })
  })
  it('is not told of a log that does not replay', async () => {
    const changed = join(folder, 'changed.ndjson')
    writeFileSync(changed, readFileSync(log, 'utf8').replace('"outcome":"answered"', '"outcome":"declined"'))
    const { code, out, err } = await sim(['replay', '--log', changed, '--plan', file])
    rmSync(changed)
    expect([code, out]).toEqual([2, ''])
    expect(err.trimEnd().split('\n')[1]).toMatch(/^bad_log: the self-check failed, so nothing is compared: under its recorded plans \S+ states \d+ of \d+ events again; first difference: event \d+ \(request\.closed\)/)
  })
  it('is refused for what is no plan', async () => {
    const cases: [words: Promise<Ran>, sentence: RegExp][] = [
      [sim(['replay', '--log', log, '--plan', '/nowhere']), /^bad_plan: there is no plan at \/nowhere$/m],
      [sim(['replay', '--log', log, '--plan', 'package.json']), /^bad_plan: the plan must have required properties/m],
      [sim(['replay', '--log', log, '--plan', file, '--tz', 'No/Where']), /^bad_zone: /m],
    ]
    for (const [ran, sentence] of cases) expect(await ran).toMatchObject({ code: 2, out: '', err: expect.stringMatching(sentence) })
    expect(await compare({ rules: [{ id: 'r', name: 'r', group: 'none', when: {} }] })).toMatchObject({ code: 2, err: expect.stringContaining('bad_plan: rule r: there is no group none') })
  })
})

describe('what cannot be done is said in one sentence', () => {
  it.each([
    ['bad words', ['--rate', 'fast'], 2, /^bad_argument: --rate must be a rate .*, not "fast"\nusage:$/m],
    ['no log', ['replay', '--log', '/nowhere/at/all'], 2, /^bad_log: there is no log at \/nowhere\/at\/all$/m],
    ['not a log', ['replay', '--log', 'simulator/cli.ts'], 2, /^bad_log: line 1 is not JSON$/m],
    ['a folder that cannot be made', [...DAY, '--out', join(import.meta.filename, 'below')], 1, /^(ENOTDIR|EEXIST): .*below/m],
    ['a bad setting', ['replay', '--log', 'live'], 1, /^live_unavailable: DATABASE_URL is not right/m],
  ] as const)('%s', async (_name, words, exit, sentence) => {
    const { code, out, err } = await sim([...words], { DATABASE_URL: 'nonsense' })
    expect([code, out]).toEqual([exit, ''])
    expect(err).toMatch(sentence)
  })
})
