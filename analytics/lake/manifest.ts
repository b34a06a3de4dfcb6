// The lake's manifest: which files are the lake, and up to which seq of the log they speak. Readers take their file lists from here, never from a folder.

/** One file of the lake: the whole content of one partition (run, kind, UTC day). A file never changes; a newer generation replaces it. */
export interface LakeFile {
  run: string
  /** `events`, a fact of `metrics/facts.ts`, or `carry` (what the fold must remember from one day to the next). */
  kind: string
  /** The UTC day, `YYYY-MM-DD`. */
  day: string
  /** Counts up within the partition from 1. */
  generation: number
  rows: number
  bytes: number
  /** Of the file's bytes, in hexadecimal; compared when a process first opens the file. */
  sha256: string
  /** The lowest and highest seq of the log that lie in this partition (events), or up to which it was computed (other kinds: `firstSeq` 0). */
  firstSeq: number
  lastSeq: number
}

/** How far the lake has come: everything up to `seq`, whose instant is `at` (UTC ms), and nothing beyond it, is in the files. */
export interface Watermark { seq: number; at: number }

/** The lake of one run at one moment. `watermark` null: nothing has been exported yet. */
export interface Snapshot { watermark: Watermark | null; files: LakeFile[] }

/** What one export changes. `from` is the seq of the watermark it started from (0: none). */
export interface Commit { run: string; from: number; to: Watermark; files: LakeFile[] }

/** Someone else has moved the watermark: nothing was written, read the snapshot again. */
export class ManifestConflict extends Error {
  readonly code = 'lake_conflict'
}

/** Where the manifest is kept: a table of the engine's database, or a file beside a lake that stands alone. */
export interface Manifest {
  /** The current file of every partition of `run` and its watermark, read in one snapshot. */
  read(run: string): Promise<Snapshot>
  /**
   * In one transaction: checks that the watermark still stands at `from`, makes each given file the current one of its
   * partition (run, kind, day), and moves the watermark to `to`. Durable when it resolves. Throws ManifestConflict, having
   * changed nothing, when the watermark stands elsewhere.
   */
  commit(change: Commit): Promise<void>
}

const RUN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/

/** Whether a run's name may become a folder of the lake. */
export const isRunName = (run: string): boolean => RUN.test(run)

/** Path of a lake file below the lake's root; hive-style, so that other tools read run and day from it. */
export const pathOf = (file: Pick<LakeFile, 'run' | 'kind' | 'day' | 'generation'>): string =>
  `${file.kind}/run=${file.run}/day=${file.day}/g${file.generation}.${file.kind === 'carry' ? 'json' : 'parquet'}`

/** The carries of a lake, the newest first. */
export const carriesIn = (files: Iterable<LakeFile>): LakeFile[] => [...files].filter((f) => f.kind === 'carry').sort((a, b) => (a.day < b.day ? 1 : -1))
