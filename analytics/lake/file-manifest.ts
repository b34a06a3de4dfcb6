// A manifest in a file beside the lake: for a lake that stands alone, without the engine's database.
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DISK, syncFolder } from './disk.ts'
import { ManifestConflict, type Commit, type LakeFile, type Manifest, type Snapshot, type Watermark } from './manifest.ts'

/** Name of the manifest within the lake's folder. */
export const MANIFEST_FILE = 'manifest.json'

type Content = Record<string, { watermark: Watermark; files: LakeFile[] }>

/** Keeps the manifest of a lake's folder in `manifest.json`. One process at a time may write it. */
export class FileManifest implements Manifest {
  readonly #path: string

  constructor(root: string) {
    this.#path = join(root, MANIFEST_FILE)
  }

  async read(run: string): Promise<Snapshot> {
    return (await this.#content())[run] ?? { watermark: null, files: [] }
  }

  async commit({ run, from, to, files }: Commit): Promise<void> {
    const content = await this.#content()
    const before = content[run]
    if ((before?.watermark.seq ?? 0) !== from) throw new ManifestConflict(`the lake of run ${run} stands at ${before?.watermark.seq ?? 0}, not at ${from}`)
    const partition = (f: LakeFile): string => `${f.kind}/${f.day}`
    const replaced = new Set(files.map(partition))
    content[run] = { watermark: to, files: [...(before?.files ?? []).filter((f) => !replaced.has(partition(f))), ...files] }
    const next = `${this.#path}.${process.pid}`
    await mkdir(dirname(this.#path), { recursive: true })
    await writeFile(next, JSON.stringify(content))
    await DISK.sync(next)
    await rename(next, this.#path)
    await syncFolder(dirname(this.#path))
  }

  /** The runs that the lake holds. */
  async runs(): Promise<string[]> {
    return Object.keys(await this.#content())
  }

  async #content(): Promise<Content> {
    try {
      return JSON.parse(await readFile(this.#path, 'utf8')) as Content
    } catch (e) {
      if ((e as NodeJS.ErrnoException).code === 'ENOENT') return {}
      throw e
    }
  }
}
