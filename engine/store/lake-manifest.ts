// The lake's manifest in PostgreSQL: which files are current, and how far they speak. One transaction moves both.
import { asked } from './failure.ts'
import type { Database } from './orm.ts'

/** One file of the lake; the fields are the lake's own. */
export interface LakeFile {
  run: string
  kind: string
  day: string
  generation: number
  rows: number
  bytes: number
  sha256: string
  firstSeq: number
  lastSeq: number
}
export interface Watermark { seq: number; at: number }

/** Someone else has moved the watermark: nothing was written. */
export class LakeConflict extends Error {
  readonly code = 'lake_conflict'
}

// Checks and moves the watermark first: two exporters that start from the same one meet on this row, and the second is refused.
const COMMIT = `
  with moved as (
    insert into lake_marks as m (run, seq, at) select $1, $3, $4 where $2::bigint = 0 or exists (select from lake_marks where run = $1)
    on conflict (run) do update set seq = excluded.seq, at = excluded.at where m.seq = $2 returning run
  ), files as (
    insert into lake_files as f (run, kind, day, generation, rows, bytes, sha256, first_seq, last_seq)
    select n.run, n.kind, n.day, n.generation, n.rows, n.bytes, n.sha256, n."firstSeq", n."lastSeq"
    from moved, json_to_recordset($5::json) as n(run text, kind text, day text, generation int, rows bigint, bytes bigint, sha256 text, "firstSeq" bigint, "lastSeq" bigint)
    on conflict (run, kind, day) do update set generation = excluded.generation, rows = excluded.rows, bytes = excluded.bytes,
      sha256 = excluded.sha256, first_seq = excluded.first_seq, last_seq = excluded.last_seq
  )
  select count(*)::int as moved from moved`

export class LakeManifest {
  readonly #db: Database
  constructor(db: Database) { this.#db = db }

  /** The current file of every partition of `run` and its watermark, in one snapshot. */
  async read(run: string): Promise<{ watermark: Watermark | null; files: LakeFile[] }> {
    const { rows } = await asked(this.#db.sql.query(
      `select m.seq, m.at, f.kind, f.day, f.generation, f.rows, f.bytes, f.sha256, f.first_seq, f.last_seq
       from lake_marks m left join lake_files f using (run) where run = $1 order by f.kind, f.day`, [run]))
    const files = rows.filter((row) => row.kind !== null).map((row): LakeFile => ({
      run, kind: row.kind, day: row.day, generation: row.generation, rows: Number(row.rows), bytes: Number(row.bytes), sha256: row.sha256,
      firstSeq: Number(row.first_seq), lastSeq: Number(row.last_seq),
    }))
    return { watermark: rows[0] ? { seq: Number(rows[0].seq), at: Number(rows[0].at) } : null, files }
  }

  /** Makes the files current and moves the watermark from `from` to `to`. Throws LakeConflict, having changed nothing, when it stands elsewhere. */
  async commit({ run, from, to, files }: { run: string; from: number; to: Watermark; files: LakeFile[] }): Promise<void> {
    if (files.some((file) => file.run !== run)) throw new TypeError(`A commit of run ${run} holds files of another run.`)
    const { rows } = await asked(this.#db.sql.query(COMMIT, [run, from, to.seq, to.at, JSON.stringify(files)]))
    if (rows[0].moved === 0) throw new LakeConflict(`The watermark of run "${run}" does not stand at ${from} any more.`)
  }
}
