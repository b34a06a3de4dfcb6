// For the lake's tests: a log in memory, lakes in folders of their own, and what a lake holds.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TwinlineEvent } from '#events/event.ts'
import { DISK, type Disk } from './disk.ts'
import { DuckDb, type Value } from './duckdb.ts'
import { Exporter } from './exporter.ts'
import { FileManifest } from './file-manifest.ts'
import type { Manifest } from './manifest.ts'
import { openViews } from './reader.ts'
import type { EventSource } from './source.ts'
import { TABLE_KINDS } from './staging.ts'
import { Verifier } from './verify.ts'

/** A log whose head a test moves. */
export class ArrayLog implements EventSource {
  readonly #events: readonly TwinlineEvent[]
  upTo: number

  constructor(events: readonly TwinlineEvent[], upTo = events.length) {
    this.#events = events
    this.upTo = upTo
  }

  async *read(_run: string, afterSeq: number, limit: number): AsyncGenerator<TwinlineEvent[]> {
    for (let seq = afterSeq; seq < this.upTo; seq += limit) yield this.#events.slice(seq, Math.min(this.upTo, seq + limit))
  }

  async head(): Promise<number> {
    return this.upTo
  }
}

export type Content = Record<string, Record<string, Value>[]>
export interface TestLake {
  root: string
  manifest: FileManifest
  /** A new exporter to this lake. */
  exporter: (source: EventSource, ports?: { disk?: Disk; manifest?: Manifest }) => Exporter
  /** Every row of every table. */
  content: () => Promise<Content>
  remove: () => Promise<void>
}

/** A lake with a DuckDB of its own, in a temporary folder or in the one given. */
export async function testLake(run: string, folder?: string): Promise<TestLake> {
  const root = folder ?? await mkdtemp(join(tmpdir(), 'twinline-lake-'))
  const db = await DuckDb.open({ memoryMb: 256, threads: 1, folders: [root] })
  const manifest = new FileManifest(root)
  return {
    root, manifest,
    exporter: (source, ports) => new Exporter({ root, run, source, manifest, db, disk: DISK, verifier: new Verifier(root), ...ports }),
    content: async () => {
      await openViews(db, await manifest.read(run), { first: '0000-01-01', last: '9999-12-31' }, new Verifier(root))
      const content: Content = {}
      for (const kind of TABLE_KINDS) content[kind] = await db.rows(`FROM ${kind} ORDER BY ALL`)
      return content
    },
    remove: async () => {
      db.close()
      await rm(root, { recursive: true, force: true })
    },
  }
}
