// `npm run -s metrics -- …`: the seed's reports over the live run, a recorded or simulated log, or a lake. The answer on stdout, all else on stderr.
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { compile } from '#metrics/compile.ts'
import { document } from '#metrics/document.ts'
import { QueryError } from '#metrics/errors.ts'
import type { AnswerCell } from '#metrics/evaluate.ts'
import { checkQuery, type CheckedQuery } from '#metrics/query.ts'
import { utcDaysOf } from '#metrics/spine.ts'
import { langOf, readArguments, USAGE, type Asked } from './arguments.ts'
import { DISK } from './lake/disk.ts'
import { DuckDb } from './lake/duckdb.ts'
import { Exporter } from './lake/exporter.ts'
import { FileManifest, MANIFEST_FILE } from './lake/file-manifest.ts'
import { LogError, LogFiles } from './lake/log-files.ts'
import { isRunName, type Manifest, type Snapshot } from './lake/manifest.ts'
import { agentNames, openViews } from './lake/reader.ts'
import type { EventSource } from './lake/source.ts'
import { LakeCorruption, Verifier } from './lake/verify.ts'
import { makeReport, reportMeasurement, type Report } from './report.ts'
import { csv, table } from './text.ts'

const say = (text: string): void => { process.stderr.write(`${text}\n`) }
const answer = (text: string): void => { process.stdout.write(`${text}\n`) }

/** A lake to ask, the log it comes from (none for a lake that stands alone), and what to do at the end. */
interface Lake { root: string; manifest: Manifest; source: EventSource | null; run: string; close: () => Promise<void> }

async function standingAlone(root: string, run: string | null): Promise<Lake> {
  const manifest = new FileManifest(root)
  return { root, manifest, source: null, run: oneOf(await manifest.runs(), run), close: async () => {} }
}

/** A lake for as long as the question takes, made from log files. */
async function ofFiles(path: string, run: string | null): Promise<Lake> {
  const source = await LogFiles.open(path)
  const root = await mkdtemp(join(tmpdir(), 'twinline-metrics-'))
  return { root, manifest: new FileManifest(root), source, run: oneOf(source.runs, run), close: () => rm(root, { recursive: true, force: true }) }
}

/** The lake of this installation. Loaded when asked for: its libraries are of no use to a question about files. */
async function ofInstallation(run: string | null): Promise<Lake> {
  const [{ readConfig }, { openDatabase }, { EventSource: Log }, { LakeManifest }, { connect }] = await Promise.all([
    import('../engine/config.ts'), import('../engine/postgres.ts'), import('../engine/store/event-source.ts'), import('../engine/store/lake-manifest.ts'), import('../engine/store/orm.ts'),
  ])
  const config = readConfig()
  const server = await openDatabase(config)
  try {
    const database = await connect(server.url)
    return {
      root: join(config.dataFolder, 'lake'), manifest: new LakeManifest(database), source: new Log(database), run: run ?? config.run,
      close: async () => {
        await database.close()
        await server.close()
      },
    }
  } catch (e) {
    await server.close()
    throw e
  }
}

function oneOf(runs: string[], run: string | null): string {
  if (run === null ? runs.length === 1 : runs.includes(run)) return run ?? runs[0]!
  const names = runs.slice(0, 10).join(', ')
  throw run === null
    ? new QueryError('bad_run', `这里有多个运行，请用 --run 选择：${names}`, `There are several runs here, choose one with --run: ${names}`)
    : new QueryError('bad_run', `这里没有运行 ${run}，只有：${names}`, `There is no run ${run} here, only: ${names}`)
}

async function withDuckDb<T>(root: string, work: (db: DuckDb) => Promise<T>): Promise<T> {
  await DISK.folder(join(root, '.tmp'))
  const db = await DuckDb.open({ memoryMb: 1024, threads: Math.min(4, availableParallelism()), folders: [root], spill: join(root, '.tmp') })
  try {
    return await work(db)
  } finally {
    db.close()
  }
}

/** Brings the lake up to the log's head and opens it for the days of a query; a damaged file is rebuilt on the way. */
async function openLake({ root, manifest, source, run }: Lake, q: CheckedQuery, db: DuckDb): Promise<Snapshot> {
  const verifier = new Verifier(root)
  const days = utcDaysOf(q.spine)
  for (let rebuilt = new Set<string>(); ;) {
    const exporter = source && new Exporter({ root, run, source, manifest, db, disk: DISK, verifier })
    await exporter?.catchUp()
    const snapshot = await manifest.read(run)
    try {
      await openViews(db, snapshot, { first: days[0]!, last: days.at(-1)! }, verifier)
      return snapshot
    } catch (e) {
      if (!(e instanceof LakeCorruption) || !exporter || rebuilt.has(e.file.day)) throw e
      say(`${e.message}; ${e.file.day} is rebuilt from the log`)
      rebuilt.add(e.file.day)
      await exporter.rebuild(e.file.day)
    }
  }
}

async function report({ report, query, run, log, form, lang }: Asked & { what: 'report' }): Promise<void> {
  const lake = log === null ? await ofInstallation(run) : existsSync(join(log, MANIFEST_FILE)) ? await standingAlone(resolve(log), run) : await ofFiles(log, run)
  try {
    const q = checkQuery({ ...query, run: lake.run })
    if (form === 'sql') return answer(compile(reportMeasurement(report, q)))
    const result = await withDuckDb(lake.root, async (db): Promise<Report> => {
      const { watermark } = await openLake(lake, q, db)
      if (!watermark) throw new QueryError('bad_run', `运行 ${lake.run} 没有任何事件`, `The run ${lake.run} has no events`)
      return await makeReport(report, q, watermark, await agentNames(db), async (m) => await db.rows(compile(m)) as AnswerCell[])
    })
    answer(form === 'json' ? JSON.stringify(result) : form === 'csv' ? csv(result) : table(result, lang))
  } finally {
    await lake.close()
  }
}

async function exportLog({ log, out, run: asked }: Asked & { what: 'export' }): Promise<void> {
  const source = await LogFiles.open(log)
  const root = resolve(out)
  const manifest = new FileManifest(root)
  for (const run of asked === null ? source.runs : [oneOf(source.runs, asked)]) {
    if (!isRunName(run)) throw new QueryError('bad_run', `运行名不能用作文件夹：${run}`, `The run ${run} cannot be a folder's name`)
    const watermark = await withDuckDb(root, (db) => new Exporter({ root, run, source, manifest, db, disk: DISK, verifier: new Verifier(root) }).catchUp())
    say(`${run}: ${watermark!.seq} events in ${root}`)
  }
}

const lang = langOf(process.argv.slice(2), process.env)
try {
  const asked = readArguments(process.argv.slice(2), process.env, Date.now())
  if (asked.what === 'help') answer(USAGE.trimEnd())
  else if (asked.what === 'catalogue') answer(document().trimEnd())
  else if (asked.what === 'export') await exportLog(asked)
  else await report(asked)
} catch (e) {
  const { code, message } = e as { code?: string; message: string }
  const refused = e instanceof QueryError || e instanceof LogError
  if (refused) say(`${code}: ${e instanceof QueryError ? e[lang] : message}`)
  else if (typeof code === 'string') say(`${code}: ${message}`)
  else throw e
  process.exitCode = refused ? 2 : 1
}
