// Brings the lake of one run up to the log: idempotent, so that it may be stopped at any byte and started again, by whoever.
import { dirname, join } from 'node:path'
import type { TwinlineEvent } from '#events/event.ts'
import { Fold, type Carry } from '#metrics/fold.ts'
import type { Disk } from './disk.ts'
import type { DuckDb } from './duckdb.ts'
import { carriesIn, isRunName, pathOf, type LakeFile, type Manifest, type Watermark } from './manifest.ts'
import type { EventSource } from './source.ts'
import { dayOf, Staging, TABLE_KINDS, type Content } from './staging.ts'
import { LakeCorruption, LakeOutdated, type Verifier } from './verify.ts'

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
  /** Of a lake that is made anew: the files it consists of until then. What is written replaces them all at once, at the end. */
  replaces: Map<string, LakeFile> | null
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

  /** Exports everything committed to the log up to now and resolves to the watermark; null for a run without events. Rebuilds a day whose file is found damaged on the way, and the whole lake where another version of the fold made it. */
  async catchUp(): Promise<Watermark | null> {
    let mend: (() => Promise<void>) | null = null
    for (let tries = 1; ; tries++) {
      try {
        await mend?.()
        return await this.#catchUp()
      } catch (e) {
        this.#standing = null
        mend = null
        if (tries >= TRIES) throw e
        if (e instanceof LakeCorruption) mend = () => this.rebuild(e.file.day)
        else if (e instanceof LakeOutdated) mend = () => this.#remake()
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
    const before = await this.#carryBefore(day, files)
    if (before === 'outdated') return await this.#remake()
    const fold = new Fold(before ?? undefined)
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

  /** Makes the whole lake anew from the log, day by day beside the old one, which stands until the one commit at the end. */
  async #remake(): Promise<void> {
    const { run, source, manifest } = this.#ports
    const { watermark, files } = await manifest.read(run)
    // A log that was taken away meanwhile, or is another one, must not empty the lake.
    if (await source.head(run) < (watermark?.seq ?? 0)) throw new LakeOutdated(run, 'its log is not there any more to make it anew')
    await this.#staging.clear()
    await this.#bring({ watermark, files: new Map(), fold: new Fold(), replaces: byPartition(files) })
  }

  async #catchUp(): Promise<Watermark | null> {
    return await this.#bring(this.#standing ??= await this.#load())
  }

  /** Brings a lake from where it stands to the head of the log. */
  async #bring(standing: Standing): Promise<Watermark | null> {
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
    if (standing.replaces) await this.#replace(standing, standing.replaces)
    return standing.watermark
  }

  async #load(): Promise<Standing> {
    const { watermark, files } = await this.#ports.manifest.read(this.#ports.run)
    await this.#staging.clear()
    const [last] = carriesIn(files)
    return { watermark, files: byPartition(files), fold: new Fold(last ? await this.#ports.verifier.carryOf(last) : undefined), replaces: null }
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
    if (!standing.replaces) {
      await manifest.commit({ run, from: standing.watermark?.seq ?? 0, to, files: written })
      standing.watermark = to
    }
    for (const f of written) {
      const before = files.get(`${f.kind}/${f.day}`)
      if (before) verifier.forget(before)
      files.set(`${f.kind}/${f.day}`, f)
    }
    await this.#staging.clear()
  }

  /** The one commit of a lake that was made anew; a partition that has no rows any more becomes an empty one. */
  async #replace({ watermark, files, fold }: Standing, old: Map<string, LakeFile>): Promise<void> {
    for (const [partition, { kind, day }] of old) {
      if (files.has(partition)) continue
      const table = TABLE_KINDS.find((k) => k === kind)
      if (table) files.set(partition, await this.#write(table, day, files, fold.seq, (path) => this.#staging.write({ kind: table, day }, null, path)))
    }
    const { run, manifest } = this.#ports
    await manifest.commit({ run, from: watermark?.seq ?? 0, to: { seq: fold.seq, at: fold.at }, files: [...files.values()] })
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

  async #carryBefore(day: string, files: LakeFile[]): Promise<Carry | 'outdated' | null> {
    for (const file of carriesIn(files).filter((f) => f.day < day)) {
      try {
        return await this.#ports.verifier.carryOf(file)
      } catch (e) {
        if (e instanceof LakeOutdated) return 'outdated'
        // An older one, or the first event, serves as well: it only takes longer.
        if (!(e instanceof LakeCorruption)) throw e
      }
    }
    return null
  }
}

const generationOf = (name: string): number => Number(/^g(\d+)\./.exec(name)?.[1] ?? 0)
const byPartition = (files: LakeFile[]): Map<string, LakeFile> => new Map(files.map((f) => [`${f.kind}/${f.day}`, f]))
