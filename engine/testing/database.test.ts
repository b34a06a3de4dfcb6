// The test server itself: reachable, and as strict as a real installation.
import pg from 'pg'
import { expect, test } from 'vitest'
import { freshDatabase } from './database.ts'

const url = await freshDatabase()

test('a fresh database is empty, and belongs to a role without a superuser’s rights', async () => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows: tables } = await client.query(`select * from pg_tables where schemaname = 'public'`)
  const { rows: roles } = await client.query('select rolsuper, rolcreatedb from pg_roles where rolname = current_user')
  await client.query('create table made_by_us (id int)')
  await client.end()
  expect(tables).toEqual([])
  expect(roles).toEqual([{ rolsuper: false, rolcreatedb: false }])
})
