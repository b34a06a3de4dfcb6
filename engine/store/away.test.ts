// The database goes and comes back while an engine runs: the log says so in its own words and goes on under the same leadership.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { startPostgres } from '../postgres.ts'
import { PostgresEventLog } from './event-log.ts'
import { StoreAway } from './failure.ts'
import { lead } from './leader.ts'
import { connect } from './orm.ts'
import { facts, inputsOf } from './testing.ts'

const dataFolder = mkdtempSync(join(tmpdir(), 'twinline-away-'))
let server = await startPostgres({ dataFolder, durable: false })
const db = await connect(server.url)
afterAll(async () => {
  await db.close()
  await server.stop()
  rmSync(dataFolder, { recursive: true, force: true })
})

test.for(['stopped in order', 'killed'] as const)('a database that is %s: appends are refused as store_away, then the same batch goes in', async (how) => {
  const leadership = await lead(db, how)
  const log = new PostgresEventLog(db, leadership)
  const [before, during] = [facts(1, 5, how), facts(6, 5, how)]
  await log.append(before, inputsOf(before))

  if (how === 'killed') process.kill(server.pid, 'SIGQUIT')
  else await server.stop()
  await server.exited
  await expect(log.append(during, inputsOf(during))).rejects.toThrow(StoreAway)
  await expect(log.read(0, 10)).rejects.toMatchObject({ code: 'store_away' })

  server = await startPostgres({ dataFolder, durable: false, port: server.port })
  await log.append(during, inputsOf(during))
  expect(await log.read(0, 100)).toEqual([...before, ...during])
  await leadership.release()
})
