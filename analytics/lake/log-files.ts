// A log in files of JSON lines, as simulated runs and fixture days are: events, between them inputs, which only a replay needs.
import { open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { EventError, parseEvent, type TwinlineEvent } from '#events/event.ts'
import type { EventSource } from './source.ts'

/** A log that cannot be read: the sentence names the file and the line. */
export class LogError extends Error {
  readonly code = 'bad_log'
}

interface Part { path: string; run: string; firstSeq: number }

/** One file, or every *.ndjson of a folder; each holds a stretch of one run. */
export class LogFiles implements EventSource {
  readonly #parts: Part[]

  private constructor(parts: Part[]) {
    this.#parts = parts
  }

  /** Looks at the first event of every file. Throws LogError where there is nothing to read. */
  static async open(path: string): Promise<LogFiles> {
    const found = await stat(path).catch(() => { throw new LogError(`There is no log at ${path}`) })
    const paths = found.isDirectory() ? (await readdir(path)).filter((name) => name.endsWith('.ndjson')).map((name) => join(path, name)).sort() : [path]
    const parts: Part[] = []
    for (const each of paths) {
      for await (const e of eventsIn(each)) {
        parts.push({ path: each, run: e.run, firstSeq: e.seq })
        break
      }
    }
    if (parts.length === 0) throw new LogError(`There are no events in ${path}`)
    return new LogFiles(parts.sort((a, b) => a.firstSeq - b.firstSeq))
  }

  /** The runs in these files. */
  get runs(): string[] {
    return [...new Set(this.#parts.map((p) => p.run))].sort()
  }

  async *read(run: string, afterSeq: number, limit: number): AsyncGenerator<TwinlineEvent[]> {
    let seq = afterSeq
    let batch: TwinlineEvent[] = []
    const parts = this.#parts.filter((p) => p.run === run)
    for (const [i, { path }] of parts.entries()) {
      // A file that ends before what is wanted need not be read.
      const next = parts[i + 1]
      if (next && next.firstSeq <= afterSeq + 1) continue
      for await (const e of eventsIn(path)) {
        if (e.run !== run) throw new LogError(`${path} holds events of the runs ${run} and ${e.run}: one file, one run`)
        if (e.seq <= afterSeq) continue
        if (e.seq !== seq + 1) throw new LogError(`${path}: event ${e.seq} does not follow ${seq}: the log of run ${run} has a gap, or is there twice`)
        seq = e.seq
        batch.push(e)
        if (batch.length < limit) continue
        yield batch
        batch = []
      }
    }
    if (batch.length > 0) yield batch
  }

  async head(run: string): Promise<number> {
    let head = 0
    for (const { path } of this.#parts.filter((p) => p.run === run)) for await (const e of eventsIn(path)) head = e.seq
    return head
  }
}

async function* eventsIn(path: string): AsyncGenerator<TwinlineEvent> {
  const file = await open(path)
  try {
    let n = 0
    for await (const line of file.readLines()) {
      n++
      if (line === '' || line.startsWith('{"input":')) continue
      yield parsed(path, n, line)
    }
  } finally {
    await file.close()
  }
}

function parsed(path: string, n: number, line: string): TwinlineEvent {
  try {
    return parseEvent(JSON.parse(line))
  } catch (e) {
    throw new LogError(`${path}, line ${n}: ${e instanceof EventError ? e.message : 'not JSON'}`)
  }
}
