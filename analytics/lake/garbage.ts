// Takes away files that no manifest lists any more: superseded generations, and what an export that was stopped left behind.
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pathOf, type Manifest } from './manifest.ts'

/** Longer than a query takes: who took its list of files before they were replaced is done by then. */
export const RETIRE_MS = 300_000

/**
 * Remembers when it first saw a file unlisted and removes it once it has been so for RETIRE_MS, counted on a clock that
 * never runs backwards. Starting anew only makes it wait longer.
 */
export class Garbage {
  readonly #root: string
  readonly #manifest: Manifest
  readonly #seen = new Map<string, number>()

  constructor(root: string, manifest: Manifest) {
    this.#root = root
    this.#manifest = manifest
  }

  /** Looks through the folders of a run from a UTC day on, at `now` (ms), and removes what is due. Resolves to the number of files removed. */
  async collect(run: string, now: number, fromDay = ''): Promise<number> {
    const listed = new Set((await this.#manifest.read(run)).files.map(pathOf))
    const found = [...await filesOf(this.#root, run, fromDay), ...await temporaries(this.#root, run)]
    const unlisted = found.filter((path) => !listed.has(path))
    let removed = 0
    for (const path of unlisted) {
      const since = this.#seen.get(path) ?? now
      this.#seen.set(path, since)
      if (now - since < RETIRE_MS) continue
      await rm(join(this.#root, path), { force: true })
      this.#seen.delete(path)
      removed++
    }
    for (const path of this.#seen.keys()) if (listed.has(path)) this.#seen.delete(path)
    return removed
  }
}

async function filesOf(root: string, run: string, fromDay: string): Promise<string[]> {
  const paths: string[] = []
  for (const kind of await names(root)) {
    const folder = join(root, kind, `run=${run}`)
    for (const day of (await names(folder)).filter((d) => d >= `day=${fromDay}`)) for (const file of await names(join(folder, day))) paths.push([kind, `run=${run}`, day, file].join('/'))
  }
  return paths
}

/** Files that an export writes before they have their name. */
async function temporaries(root: string, run: string): Promise<string[]> {
  return (await names(join(root, '.tmp'))).filter((name) => name.startsWith(`${run}-`)).map((name) => `.tmp/${name}`)
}

async function names(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (e) {
    if (['ENOENT', 'ENOTDIR'].includes((e as NodeJS.ErrnoException).code ?? '')) return []
    throw e
  }
}
