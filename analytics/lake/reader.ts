// The lake as tables: which files a question needs, checked, under the names of the facts.
import { FACT_NAMES } from '#metrics/facts.ts'
import { carriesIn, type Snapshot } from './manifest.ts'
import { quote, type DuckDb } from './duckdb.ts'
import { columnsOfKind } from './staging.ts'
import type { Verifier } from './verify.ts'

/** The first and last UTC day (`YYYY-MM-DD`) that a question reads. */
export interface Days { first: string; last: string }

/**
 * Makes every fact, and `events`, a view of its name over the files that a snapshot lists for these days. Rejects with
 * LakeCorruption when one of them is not what was written, with LakeOutdated when the lake was made by another version; no
 * view is changed then.
 */
export async function openViews(db: DuckDb, snapshot: Snapshot, days: Days, verifier: Verifier): Promise<void> {
  const [newest] = carriesIn(snapshot.files)
  if (newest) await verifier.carryOf(newest)
  const views: string[] = []
  for (const kind of ['events', ...FACT_NAMES] as const) {
    // The roster speaks for all days after its own.
    const files = snapshot.files.filter((f) => f.kind === kind && f.day <= days.last && (f.day >= days.first || kind === 'agents'))
    const paths: string[] = []
    for (const file of files) paths.push(await verifier.pathOf(file))
    const columns = columnsOfKind(kind)
    const source = paths.length > 0 ? `SELECT ${columns.map(([c]) => c).join(', ')} FROM read_parquet([${paths.map(quote).join(', ')}])` : `SELECT ${columns.map(([c, t]) => `NULL::${t} AS ${c}`).join(', ')} WHERE false`
    views.push(`CREATE OR REPLACE TEMP VIEW ${kind} AS ${source}`)
  }
  for (const view of views) await db.run(view)
}

/** Names of an agent, the newest that holds before the end of a range. */
export interface AgentName { agent: string; nickname: string; realName: string }

/** The roster as of the end of the days whose views are open. */
export async function agentNames(db: DuckDb): Promise<Map<string, AgentName>> {
  const rows = await db.rows('SELECT agent, arg_max(nickname, at_ms) AS nickname, arg_max(real_name, at_ms) AS "realName" FROM agents GROUP BY agent')
  return new Map(rows.map((r) => [r['agent'] as string, r as unknown as AgentName]))
}
