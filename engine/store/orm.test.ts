// The tables: made by the migrations, the same as the entities say, never opened by an older program.
import { expect, test } from 'vitest'
import { freshDatabase } from '../testing/database.ts'
import { SchemaTooNew, StoreAway } from './failure.ts'
import { connect } from './orm.ts'

const url = await freshDatabase()

test('the migrations make exactly the tables of the entities, also when two programs start at once', async () => {
  const [one, two] = await Promise.all([connect(url), connect(url)])
  expect(await one.orm.schema.getUpdateSchemaSQL({ wrap: false })).toBe('')
  await Promise.all([one.close(), two.close()])
})

test('a database of a later version is refused', async () => {
  const db = await connect(url)
  await db.sql.query(`insert into mikro_orm_migrations (name) values ('9999-future')`)
  await expect(connect(url)).rejects.toThrow(SchemaTooNew)
  await expect(connect(url)).rejects.toThrow(/newer Twinline.*9999-future/)
  await db.close()
})

test('a database that is not there is reported as away', async () => {
  await expect(connect('postgresql://nobody:x@127.0.0.1:1/none')).rejects.toThrow(StoreAway)
})
