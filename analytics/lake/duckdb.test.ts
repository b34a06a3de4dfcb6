// DuckDB stays where it is put: in its folders, in its memory, with its settings.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { DuckDb } from './duckdb.ts'

let inside = ''
let outside = ''
let db: DuckDb
beforeAll(async () => {
  inside = await mkdtemp(join(tmpdir(), 'twinline-duckdb-'))
  outside = await mkdtemp(join(tmpdir(), 'twinline-duckdb-'))
  await writeFile(join(inside, 'a.csv'), 'x\n1\n')
  await writeFile(join(outside, 'b.csv'), 'x\n2\n')
  db = await DuckDb.open({ memoryMb: 64, threads: 1, folders: [inside] })
})
afterAll(async () => {
  db.close()
  for (const folder of [inside, outside]) await rm(folder, { recursive: true })
})

it('reads and writes its folders and nothing else', async () => {
  expect(await db.rows(`FROM '${inside}/a.csv'`)).toEqual([{ x: 1 }])
  await db.run(`COPY (SELECT 3 AS x) TO '${inside}/c.parquet'`)
  for (const sql of [`FROM '${outside}/b.csv'`, `COPY (SELECT 1) TO '${outside}/d.csv'`, `ATTACH '${outside}/e.db'`, `FROM read_text('/etc/hostname')`, 'INSTALL httpfs', `FROM read_csv('${inside}/../${outside.split('/').at(-1)}/b.csv')`]) {
    await expect(db.run(sql), sql).rejects.toThrow(/Permission|disabled|not allowed|file system operations/i)
  }
})

it('keeps its settings', async () => {
  for (const sql of ['SET enable_external_access = true', `SET memory_limit = '8GB'`, `SET allowed_directories = ['/']`, 'SET lock_configuration = false', 'SET threads = 64']) {
    await expect(db.run(sql), sql).rejects.toThrow(/locked|cannot be changed|while database is running/i)
  }
})

it('refuses what does not fit into its memory', async () => {
  await expect(db.rows('SELECT count(*) FROM (SELECT DISTINCT hash(i) AS h, i FROM range(20_000_000) t(i))')).rejects.toThrow(/Out of Memory/i)
  expect(await db.rows('SELECT 1 AS one')).toEqual([{ one: 1 }])
})

it('gives whole numbers as numbers, and says when one is too large', async () => {
  expect(await db.rows('SELECT 5::BIGINT AS a, sum(i) AS b, [1::BIGINT, 2] AS c, NULL AS d FROM range(4) t(i)')).toEqual([{ a: 5, b: 6, c: [1, 2], d: null }])
  await expect(db.rows('SELECT 9007199254740993::BIGINT AS x')).rejects.toThrow(RangeError)
})
