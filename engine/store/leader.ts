// One engine writes a run. A session lock says who may begin; the epoch it is granted fences off whoever led before.
import { hostname } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import type { Database } from './orm.ts'
import { asked, Fenced } from './failure.ts'

/** Another engine leads this run and did not let go in time. */
export class Led extends Error {
  readonly code = 'led'
}

/** The right to write a run, until it is released or another engine is granted a later epoch. */
export interface Leadership {
  run: string
  epoch: number
  /** Resolves when another engine has been granted the run: stop at once. Never resolves otherwise. */
  lost: Promise<Fenced>
  /** Lets go, so that another may lead without waiting. */
  release: () => Promise<void>
}

/** How often a lost lock connection is made again. */
const RETRY_MS = 500
const lockOf = `hashtextextended('twinline ' || $1, 0)`

/**
 * Becomes the leader of a run. While another engine holds it, waits up to `waitMs` (Infinity: stands by until it goes), then
 * rejects with Led and a sentence that names the holder. A database restart keeps the leadership unless another took it meanwhile.
 */
export async function lead(db: Database, run: string, waitMs = 0): Promise<Leadership> {
  let lock = await asked(open(db.url))
  try {
    await asked(take(lock, run, waitMs))
  } catch (problem) {
    await lock.end().catch(() => {})
    if ((problem as { cause?: { code?: string } }).cause?.code !== LOCK_NOT_AVAILABLE) throw problem
    const { rows } = await asked(db.sql.query('select holder, since from leaders where run = $1', [run]))
    const who = rows[0] ? ` (${rows[0].holder}, since ${new Date(Number(rows[0].since)).toISOString()})` : ''
    throw new Led(`Another engine leads run "${run}" on this database${who}. Stop it first, or give this one a database of its own.`)
  }
  // Waits for an append of the former leader that is under way: it is in the log before the new leader reads it, or fails.
  const { rows } = await asked(db.sql.query(
    `insert into leaders as l (run, epoch, head, holder, since) values ($1, 1, 0, $2, $3)
     on conflict (run) do update set epoch = l.epoch + 1, holder = excluded.holder, since = excluded.since returning epoch`,
    [run, `${hostname()} process ${process.pid}`, Date.now()]))
  const { epoch } = rows[0] as { epoch: number }

  const released = new AbortController()
  const { promise: lost, resolve: lose } = Promise.withResolvers<Fenced>()
  const guard = () => {
    lock.once('end', () => {
      if (!released.signal.aborted) void regain()
    })
  }
  const regain = async () => {
    while (!released.signal.aborted) {
      try {
        const { rows } = await db.sql.query('select epoch from leaders where run = $1', [run])
        if (rows[0]?.epoch !== epoch) return lose(new Fenced(`Another engine has taken over run "${run}".`))
        const again = await open(db.url)
        try {
          await take(again, run, 0)
          lock = again
          guard()
          return released.signal.aborted ? await again.end() : undefined
        } catch (problem) {
          await again.end().catch(() => {})
          throw problem
        }
      } catch {
        await pause(RETRY_MS, undefined, { signal: released.signal, ref: false }).catch(() => {})
      }
    }
  }
  guard()
  return {
    run, epoch, lost,
    release: async () => {
      released.abort()
      await lock.end().catch(() => {})
    },
  }
}

const LOCK_NOT_AVAILABLE = '55P03'

async function open(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000, keepAlive: true, application_name: 'twinline leader' })
  client.on('error', () => {}) // "end" follows, and is what is listened to
  await client.connect()
  return client
}

/** Takes the session lock of a run on this connection; fails with LOCK_NOT_AVAILABLE after `waitMs`. */
async function take(client: pg.Client, run: string, waitMs: number): Promise<void> {
  const timeout = waitMs === Infinity ? 0 : Math.max(1, Math.ceil(waitMs))
  await client.query(`set lock_timeout = ${timeout}`)
  await client.query(`select pg_advisory_lock(${lockOf})`, [run])
}
