// The log on a real database: batches, repeats, gaps, fencing, snapshots.
import { afterAll, expect, test } from 'vitest'
import { freshDatabase } from '../testing/database.ts'
import { PostgresEventLog } from './event-log.ts'
import { EventSource } from './event-source.ts'
import { Fenced } from './failure.ts'
import { lead } from './leader.ts'
import { connect } from './orm.ts'
import { facts, inputsOf } from './testing.ts'

const db = await connect(await freshDatabase())
afterAll(() => db.close())

async function all<T>(batches: AsyncIterable<T[]>): Promise<T[][]> {
  const list: T[][] = []
  for await (const batch of batches) list.push(batch)
  return list
}

let runs = 0
async function newRun() {
  const leadership = await lead(db, `run-${++runs}`)
  return { run: leadership.run, leadership, log: new PostgresEventLog(db, leadership) }
}

test('what is appended is read back as it was, in order, from any seq', async () => {
  const { log, run } = await newRun()
  const events = facts(1, 25, run)
  await log.append(events.slice(0, 10), inputsOf(events.slice(0, 10)))
  await log.append(events.slice(10), [])
  expect(await log.read(0, 100)).toEqual(events)
  expect(await log.read(20, 3)).toEqual(events.slice(20, 23))
  expect(await log.recentAnswers(2)).toEqual([{ cmd: 'cmd-9', first: 9, last: 9 }, { cmd: 'cmd-10', first: 10, last: 10 }])
})

test('the source reads batch by batch and knows the head', async () => {
  const { log, run } = await newRun()
  const events = facts(1, 7, run)
  await log.append(events, inputsOf(events))
  const source = new EventSource(db)
  expect((await all(source.read(run, 1, 3))).map((batch) => batch.map((e) => e.seq))).toEqual([[2, 3, 4], [5, 6, 7]])
  expect(await source.head(run)).toBe(7)
  expect(await source.head('no-such-run')).toBe(0)
  expect((await all(source.inputs(run, 4))).flat()).toEqual(inputsOf(events))
})

test('a batch given again is written once, also when only a part of it had been written', async () => {
  const { log, run } = await newRun()
  const events = facts(1, 6, run)
  await log.append(events, inputsOf(events))
  await log.append(events, inputsOf(events))
  const more = facts(7, 4, run)
  await log.append(more.slice(0, 2), inputsOf(more.slice(0, 2)))
  await log.append(more, inputsOf(more))
  expect(await log.read(0, 100)).toEqual([...events, ...more])
  expect(await log.recentAnswers(100)).toHaveLength(10)
})

test('two tries of one batch at the same time leave it there once', async () => {
  const { log, run } = await newRun()
  const events = facts(1, 200, run)
  await Promise.all([log.append(events, inputsOf(events)), log.append(events, inputsOf(events)), log.append(events, inputsOf(events))])
  expect(await log.read(0, 1_000)).toEqual(events)
})

test('a batch that would leave a gap, or that contradicts what is there, is fenced and changes nothing', async () => {
  const { log, run } = await newRun()
  const events = facts(1, 3, run)
  await log.append(events, [])
  await expect(log.append(facts(5, 1, run), [])).rejects.toThrow(Fenced)
  await expect(log.append([{ ...events[2]!, cmd: 'another' }], [])).rejects.toThrow(/other facts at seq 3/)
  expect(await log.read(0, 10)).toEqual(events)
})

test('a batch is there whole or not at all', async () => {
  const { log, run } = await newRun()
  const events = facts(1, 3, run)
  const broken = { ...events[2]!, data: { agent: 'a\u0000b' } } // PostgreSQL keeps no NUL in jsonb
  await expect(log.append([events[0]!, events[1]!, broken as never], inputsOf(events))).rejects.toMatchObject({ code: '22P05' })
  expect(await log.read(0, 10)).toEqual([])
  expect(await log.recentAnswers(10)).toEqual([])
})

test('whoever led before is refused once another leads, and nothing of it is kept', async () => {
  const { log, run, leadership } = await newRun()
  const events = facts(1, 2, run)
  await log.append(events, [])
  await leadership.release() // its process believes that it still leads
  const next = new PostgresEventLog(db, await lead(db, run))
  await expect(log.append(facts(3, 1, run), [])).rejects.toMatchObject({ code: 'fenced' })
  await next.append(facts(3, 2, run), [])
  await expect(log.append(facts(3, 2, run), [])).rejects.toMatchObject({ code: 'fenced' })
  expect(await next.read(0, 10)).toEqual(facts(1, 4, run))
})

test('the newest snapshot is loaded, and old ones go', async () => {
  const { log, run } = await newRun()
  expect(await log.loadSnapshot()).toBeNull()
  for (const seq of [10, 20, 30]) await log.saveSnapshot(seq, { seq, nested: [1, { b: 2, a: 1 }] })
  await log.saveSnapshot(30, { seq: 30, again: true })
  expect(await log.loadSnapshot()).toEqual({ seq: 30, state: { seq: 30, nested: [1, { b: 2, a: 1 }] } })
  const { rows } = await db.sql.query('select seq::int from snapshots where run = $1 order by seq', [run])
  expect(rows).toEqual([{ seq: 20 }, { seq: 30 }])
})
