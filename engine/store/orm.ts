// Opens the database: one pool through MikroORM, and the tables brought up to this version before anyone uses them.
import { Migrator } from '@mikro-orm/migrations'
import { MikroORM } from '@mikro-orm/postgresql'
import pg from 'pg'
import { ENTITIES } from './entities.ts'
import { asked, SchemaTooNew } from './failure.ts'
import { MIGRATIONS } from './migrations/index.ts'

/** What the queries of pages share. */
const POOL_MAX = 10
/** The log's own: one writes, one more for trying again while the first has not given up. */
const LOG_POOL_MAX = 2
/** Longer than a slow commit, shorter than a person's patience; then the result is unknown and the statement is tried again. */
const STATEMENT_TIMEOUT_MS = 10_000
const CONNECT_TIMEOUT_MS = 5_000
/** Any fixed number: engines that start at the same time migrate one after the other. */
const MIGRATION_LOCK = 7_236_901

/** The open database: `orm` for what is edited row by row, `sql` (the same pool) for reading in bulk. */
export interface Database {
  orm: MikroORM
  sql: pg.Pool
  /** The log's connections, apart, so that no page's query holds up a call. */
  log: pg.Pool
  url: string
  close: () => Promise<void>
}

/** Opens the pool and runs pending migrations. Rejects with a sentence when the database is away or newer than this program. */
export async function connect(url: string): Promise<Database> {
  const settings = {
    application_name: 'twinline', keepAlive: true, connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS, query_timeout: STATEMENT_TIMEOUT_MS + 1_000,
  }
  const orm = await MikroORM.init({
    clientUrl: url,
    entities: ENTITIES,
    extensions: [Migrator],
    pool: { min: 0, max: POOL_MAX, idleTimeoutMillis: 60_000 },
    driverOptions: settings,
    migrations: { migrationsList: MIGRATIONS, snapshot: false, silent: true },
    // Whoever ran a statement hears how it failed; log lines of the library would only repeat it.
    logger: () => {},
  })
  try {
    await asked(migrate(orm, url))
    const log = new pg.Pool({ ...settings, connectionString: url, max: LOG_POOL_MAX })
    log.on('error', () => {}) // an idle connection broke: the next statement opens another one, or says that it can't
    const close = async () => {
      await log.end()
      await orm.close(true)
    }
    return { orm, url, log, sql: await orm.em.getConnection().getNativeClient(), close }
  } catch (problem) {
    await orm.close(true)
    throw problem
  }
}

/** Runs `work` in one transaction on one connection. Rejects with StoreAway, or what `work` threw; then nothing has changed. */
export async function transaction<T>(db: Database, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await asked(db.sql.connect())
  let broken: Error | undefined
  try {
    await client.query('begin')
    const result = await work(client)
    await client.query('commit')
    return result
  } catch (problem) {
    await client.query('rollback').catch((error: Error) => (broken = error))
    return await asked(Promise.reject(problem))
  } finally {
    client.release(broken)
  }
}

async function migrate(orm: MikroORM, url: string): Promise<void> {
  const gate = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS })
  gate.on('error', () => {}) // its next query rejects, that is enough
  await gate.connect()
  try {
    await gate.query('select pg_advisory_lock($1)', [MIGRATION_LOCK])
    const known = new Set(MIGRATIONS.map((migration) => migration.name))
    const newer = (await orm.migrator.getExecuted()).filter(({ name }) => !known.has(name))
    if (newer.length > 0) {
      throw new SchemaTooNew(`The database was written by a newer Twinline (it has ${newer.map(({ name }) => name).join(', ')}): start that version, or restore a backup.`)
    }
    await orm.migrator.up()
  } finally {
    await gate.end().catch(() => {})
  }
}
