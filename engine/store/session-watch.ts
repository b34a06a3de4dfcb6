// Hears from the database that sign-ins were ended, whoever ended them: this engine, another one, or the command line.
import pg from 'pg'
import { SESSIONS_CHANNEL } from './accounts.ts'
import { asked } from './failure.ts'
import type { Database } from './orm.ts'

const AGAIN_MS = 1_000

/**
 * Calls `ended` whenever sign-ins may have ended: after each that did, and after every time in which this could not be heard.
 * Returns how to stop. Rejects with StoreAway when the database is away from the start.
 */
export async function watchSessions(db: Database, ended: () => void): Promise<() => Promise<void>> {
  let client: pg.Client
  let stopped = false
  let again: NodeJS.Timeout | null = null

  const listen = async (): Promise<void> => {
    client = new pg.Client({ connectionString: db.url, application_name: 'twinline', keepAlive: true, connectionTimeoutMillis: 5_000 })
    const mine = client
    let broken = false
    const lost = () => {
      if (broken) return
      broken = true
      mine.end().catch(() => {})
      retry()
    }
    client.on('error', lost)
    client.on('notification', () => ended())
    try {
      await asked(client.connect())
      await asked(client.query(`listen ${SESSIONS_CHANNEL}`))
    } catch (problem) {
      broken = true
      await mine.end().catch(() => {})
      throw problem
    }
    client.on('end', lost)
  }
  const retry = (): void => {
    if (stopped) return
    again = setTimeout(() => void listen().then(ended, retry), AGAIN_MS)
  }

  await listen()
  return async () => {
    stopped = true
    if (again) clearTimeout(again)
    await client.end().catch(() => {})
  }
}
