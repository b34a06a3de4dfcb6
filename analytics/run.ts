// The lake's process: the supervisor keeps it running, it keeps the lake close behind the log. DuckDB works here, away from the engine's event loop.
import { join } from 'node:path'
import { ConfigError, readConfig } from '../engine/config.ts'
import { refused, reportReady, stopRequest } from '../engine/host/supervised.ts'
import { EventSource } from '../engine/store/event-source.ts'
import { SchemaTooNew } from '../engine/store/failure.ts'
import { LakeManifest } from '../engine/store/lake-manifest.ts'
import { connect } from '../engine/store/orm.ts'
import { DISK } from './lake/disk.ts'
import { DuckDb } from './lake/duckdb.ts'
import { Exporter } from './lake/exporter.ts'
import { Garbage } from './lake/garbage.ts'
import { keepLake } from './lake/keep.ts'
import { Verifier } from './lake/verify.ts'

/** Enough to rewrite a day of some millions of events; more spills to the disk. One thread: the engine has the processor first. */
const LAKE_DUCKDB = { memoryMb: 512, threads: 1 }

async function main(): Promise<void> {
  const { databaseUrl, dataFolder, run } = readConfig()
  if (databaseUrl === undefined) throw new ConfigError('DATABASE_URL is missing: the lake reads its log there; "npm start" gives it.')
  const stop = new AbortController()
  void stopRequest().then(() => stop.abort())
  const root = join(dataFolder, 'lake')
  await DISK.folder(join(root, '.tmp'))
  const database = await connect(databaseUrl)
  const db = await DuckDb.open({ ...LAKE_DUCKDB, folders: [root], spill: join(root, '.tmp') })
  const manifest = new LakeManifest(database)
  const exporter = new Exporter({ root, run, source: new EventSource(database), manifest, db, disk: DISK, verifier: new Verifier(root) })
  reportReady()
  await keepLake({ run, exporter, garbage: new Garbage(root, manifest), signal: stop.signal, say: (line) => process.stderr.write(`${line}\n`) })
  db.close()
  await database.close()
}

try {
  await main()
} catch (problem) {
  process.stderr.write(`${problem instanceof Error ? problem.message : String(problem)}\n`)
  // Starting again would not help where the settings or the database's version are wrong.
  process.exitCode = problem instanceof ConfigError || problem instanceof SchemaTooNew ? refused : 1
}
