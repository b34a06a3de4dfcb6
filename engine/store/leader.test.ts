// Who may write a run: one at a time, the next one after it, and nobody by accident.
import { afterAll, expect, test } from 'vitest'
import { freshDatabase } from '../testing/database.ts'
import { Fenced } from './failure.ts'
import { lead, Led } from './leader.ts'
import { connect } from './orm.ts'

const db = await connect(await freshDatabase())
afterAll(() => db.close())

/** The database's processes that hold a run's lock, or that wait for it. */
async function sessions(run: string, granted: boolean): Promise<number[]> {
  const { rows } = await db.sql.query(
    `select pid from pg_locks where locktype = 'advisory' and granted = $2 and (classid::bigint << 32 | objid::bigint) = hashtextextended('twinline ' || $1, 0)`, [run, granted])
  return rows.map(({ pid }) => pid as number)
}

test('a second engine is refused with a sentence that names the first', async () => {
  const first = await lead(db, 'live')
  const second = lead(db, 'live')
  await expect(second).rejects.toThrow(Led)
  await expect(second).rejects.toThrow(new RegExp(`Another engine leads run "live".*process ${process.pid}`))
  expect(await lead(db, 'another')).toMatchObject({ epoch: 1 })
  await first.release()
})

test('a standby leads as soon as the leader lets go, under a later epoch', async () => {
  const first = await lead(db, 'standby')
  const second = lead(db, 'standby', Infinity)
  await first.release()
  expect((await second).epoch).toBe(first.epoch + 1)
})

test('an engine whose lock connection breaks keeps the run unless another took it', async () => {
  const first = await lead(db, 'cut')
  const [before] = await sessions('cut', true)
  await db.sql.query('select pg_terminate_backend($1)', [before])
  await expect.poll(async () => (await sessions('cut', true)).filter((pid) => pid !== before)).toHaveLength(1)
  await expect(lead(db, 'cut')).rejects.toThrow(Led)

  const second = lead(db, 'cut', Infinity) // stands by, and so is first in the line
  await expect.poll(() => sessions('cut', false)).toHaveLength(1)
  await db.sql.query('select pg_terminate_backend($1)', await sessions('cut', true))
  expect((await second).epoch).toBe(first.epoch + 1)
  expect(await first.lost).toBeInstanceOf(Fenced)
})
