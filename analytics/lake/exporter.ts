// Brings the lake of one run up to the log: idempotent, so that it may be stopped at any byte and started again, by whoever.
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { TwinlineEvent } from '#events/event.ts'
import { Fold, type Carry } from '#metrics/fold.ts'
import type { Disk } from './disk.ts'
import type { DuckDb } from './duckdb.ts'
import { isRunName, pathOf, type LakeFile, type Manifest, type Watermark } from './manifest.ts'
import type { EventSource } from './source.ts'
import { dayOf, Staging, TABLE_KINDS, type Content } from './staging.ts'
import { LakeCorruption, type Verifier } from './verify.ts'

/** Events read at once from the log. */
const READ = 2_000
/** Events folded before their rows are handed to DuckDB: bounds what JavaScript holds. */
const STAGE = 20_000
/** Events that wait before their partitions are written: bounds how often a long day is written again while catching up. */
const FLUSH = 500_000
/** How often a catch-up starts over because someone else moved the watermark, or a file must be rebuilt first. */
const TRIES = 5

export interface ExporterPorts {
  /** Folder of the lake, an absolute path. */
  root: string
  run: string
  source: EventSource
  manifest: Manifest
  db: DuckDb
  disk: Disk
  verifier: Verifier
}

interface Standing {
  watermark: Watermark | null
  files: Map<string, LakeFile>
  fold: Fold
}

/**
 * Exports one run. What is on the disk before a commit of the manifest is nobody's; after it, it is the lake. All it
 * remembers between calls can be read again from the manifest, and is, after any failure.
 */
export class Exporter {
  readonly #ports: ExporterPorts
  readonly #staging: Staging
  #standing: Standing | null = null
  #temporary = 0

  constructor(ports: ExporterPorts) {
    if (!isRunName(ports.run)) throw new TypeError(`${ports.run} cannot be the name of a run in the lake`)
    this.#ports = ports
    this.#staging = new Staging(ports.db)
  }

  /** Exports everything committed to the log up to now and resolves to the watermark; null for a run without events. Rebuilds a day whose file is found damaged on the way. */
  async catchUp(): Promise<Watermark | null> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#catchUp()
      } catch (e) {
        this.#standing = null
        if (tries >= TRIES) throw e
        if (e instanceof LakeCorruption) await this.rebuild(e.file.day)
        else if ((e as { code?: string }).code !== 'lake_conflict') throw e
      }
    }
  }

  /** Writes all partitions of a UTC day anew from the log alone. The watermark stays where it is. Throws ManifestConflict when it moved meanwhile. */
  async rebuild(day: string): Promise<void> {
    this.#standing = null
    const { run, source, manifest } = this.#ports
    const { watermark, files } = await manifest.read(run)
    if (!watermark) return
    const fold = new Fold(await this.#carryBefore(day, files) ?? undefined)
    await this.#staging.clear()
    let carry: Carry | null = null
    for await (const batch of source.read(run, fold.seq, READ)) {
      const events = batch.filter((e) => e.seq <= watermark.seq)
      for (const e of events) {
        if (dayOf(e.at) > day && dayOf(fold.at) === day) carry = fold.carry()
        fold.apply(e)
      }
      await this.#staging.add(events, fold.drain(), day)
      if (events.length < batch.length) break
    }
    if (dayOf(fold.at) === day) carry = fold.carry()
    const current = byPartition(files)
    const written: LakeFile[] = []
    const there = new Set(this.#staging.dirty().map((p) => p.kind))
    for (const kind of TABLE_KINDS.filter((k) => there.has(k) || current.has(`${k}/${day}`))) written.push(await this.#write(kind, day, current, watermark.seq, (path) => this.#staging.write({ kind, day }, null, path)))
    if (carry) written.push(await this.#writeCarry(carry, day, current))
    await manifest.commit({ run, from: watermark.seq, to: watermark, files: written })
    await this.#staging.clear()
  }

  async #catchUp(): Promise<Watermark | null> {
    const standing = (this.#standing ??= await this.#load())
    const { fold } = standing
    let events: TwinlineEvent[] = []
    let waiting = 0
    const stage = async (): Promise<void> => {
      waiting += events.length
      await this.#staging.add(events, fold.drain())
      events = []
    }
    for await (const batch of this.#ports.source.read(this.#ports.run, fold.seq, READ)) {
      for (const e of batch) {
        // A day ends with a carry of its own, from which the days after it can be computed again.
        const nextDay = fold.seq > 0 && dayOf(e.at) !== dayOf(fold.at)
        if (events.length >= STAGE || nextDay) await stage()
        if (waiting >= FLUSH || (nextDay && waiting > 0)) {
          await this.#flush(standing)
          waiting = 0
        }
        fold.apply(e)
        events.push(e)
      }
    }
    await stage()
    if (waiting > 0) await this.#flush(standing)
    return standing.watermark
  }

  async #load(): Promise<Standing> {
    const { watermark, files } = await this.#ports.manifest.read(this.#ports.run)
    await this.#staging.clear()
    const last = files.filter((f) => f.kind === 'carry').sort((a, b) => (a.day < b.day ? 1 : -1))[0]
    return { watermark, files: byPartition(files), fold: new Fold(last ? await this.#readCarry(last) : undefined) }
  }

  /** Writes what waits into its partitions and moves the watermark there. */
  async #flush(standing: Standing): Promise<void> {
    const { run, manifest, verifier } = this.#ports
    const { fold, files } = standing
    const to = { seq: fold.seq, at: fold.at }
    const written: LakeFile[] = []
    for (const partition of this.#staging.dirty()) {
      const before = files.get(`${partition.kind}/${partition.day}`)
      const beforePath = before ? await verifier.pathOf(before) : null
      written.push(await this.#write(partition.kind, partition.day, files, to.seq, (path) => this.#staging.write(partition, beforePath, path)))
    }
    written.push(await this.#writeCarry(fold.carry(), dayOf(fold.at), files))
    await manifest.commit({ run, from: standing.watermark?.seq ?? 0, to, files: written })
    standing.watermark = to
    for (const f of written) {
      const before = files.get(`${f.kind}/${f.day}`)
      if (before) verifier.forget(before)
      files.set(`${f.kind}/${f.day}`, f)
    }
    await this.#staging.clear()
  }

  #writeCarry(carry: Carry, day: string, files: Map<string, LakeFile>): Promise<LakeFile> {
    return this.#write('carry', day, files, carry.seq, async (path) => {
      await this.#ports.disk.write(path, JSON.stringify(carry))
      return { rows: 1 }
    })
  }

  /** Writes one file: elsewhere first, made durable, read back for its sha256, then moved to the next free generation. */
  async #write(kind: string, day: string, files: Map<string, LakeFile>, lastSeq: number, content: (path: string) => Promise<Content>): Promise<LakeFile> {
    const { root, run, disk, verifier } = this.#ports
    const temporary = join(root, '.tmp', `${run}-${kind}-${day}-${process.pid}-${++this.#temporary}`)
    await disk.folder(dirname(temporary))
    const what = await content(temporary)
    await disk.sync(temporary)
    const digest = await disk.digest(temporary)
    const file: LakeFile = { run, kind, day, generation: (files.get(`${kind}/${day}`)?.generation ?? 0) + 1, ...digest, firstSeq: 0, lastSeq, ...what }
    const folder = join(root, dirname(pathOf(file)))
    await disk.folder(folder)
    // A taken name is what an export that died left behind, or another one that is under way.
    while (!await disk.publish(temporary, join(root, pathOf(file)))) file.generation = 1 + Math.max(...(await disk.names(folder)).map(generationOf))
    verifier.trust(file)
    return file
  }

  async #carryBefore(day: string, files: LakeFile[]): Promise<Carry | null> {
    for (const file of files.filter((f) => f.kind === 'carry' && f.day < day).sort((a, b) => (a.day < b.day ? 1 : -1))) {
      try {
        return await this.#readCarry(file)
      } catch (e) {
        // An older one, or the first event, serves as well: it only takes longer.
        if (!(e instanceof LakeCorruption)) throw e
      }
    }
    return null
  }

  async #readCarry(file: LakeFile): Promise<Carry> {
    return JSON.parse(await readFile(await this.#ports.verifier.pathOf(file), 'utf8')) as Carry
  }
}

const generationOf = (name: string): number => Number(/^g(\d+)\./.exec(name)?.[1] ?? 0)
const byPartition = (files: LakeFile[]): Map<string, LakeFile> => new Map(files.map((f) => [`${f.kind}/${f.day}`, f]))
