// The manifest on a real database: files and watermark move together, or not at all.
import { afterAll, expect, test } from 'vitest'
import { freshDatabase } from '../testing/database.ts'
import { LakeConflict, LakeManifest } from './lake-manifest.ts'
import { connect } from './orm.ts'

const db = await connect(await freshDatabase())
afterAll(() => db.close())
const manifest = new LakeManifest(db)
const file = (day: string, generation: number, kind = 'events') => ({ run: 'live', kind, day, generation, rows: 3, bytes: 99, sha256: 'ab', firstSeq: 1, lastSeq: 3 * generation })

test('nothing was exported yet', async () => {
  expect(await manifest.read('live')).toEqual({ watermark: null, files: [] })
})

test('a later generation replaces its partition, others stay', async () => {
  await manifest.commit({ run: 'live', from: 0, to: { seq: 3, at: 30 }, files: [file('2026-11-01', 1), file('2026-11-02', 1)] })
  await manifest.commit({ run: 'live', from: 3, to: { seq: 6, at: 60 }, files: [file('2026-11-02', 2), file('2026-11-02', 1, 'requests')] })
  expect(await manifest.read('live')).toEqual({ watermark: { seq: 6, at: 60 }, files: [file('2026-11-01', 1), file('2026-11-02', 2), file('2026-11-02', 1, 'requests')] })
  await manifest.commit({ run: 'live', from: 6, to: { seq: 7, at: 70 }, files: [] })
  expect((await manifest.read('live')).watermark).toEqual({ seq: 7, at: 70 })
})

test('whoever starts from another watermark changes nothing', async () => {
  const before = await manifest.read('live')
  for (const from of [0, 3, 8]) await expect(manifest.commit({ run: 'live', from, to: { seq: 9, at: 90 }, files: [file('2026-11-03', 1)] })).rejects.toThrow(LakeConflict)
  await expect(manifest.commit({ run: 'new', from: 5, to: { seq: 9, at: 90 }, files: [] })).rejects.toMatchObject({ code: 'lake_conflict' })
  expect(await manifest.read('live')).toEqual(before)
  expect(await manifest.read('new')).toEqual({ watermark: null, files: [] })
})

test('of two at the same time one wins', async () => {
  const both = await Promise.allSettled([1, 2].map((n) => manifest.commit({ run: 'race', from: 0, to: { seq: n, at: n }, files: [] })))
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
})
