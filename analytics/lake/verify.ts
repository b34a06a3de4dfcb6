// Is this file still what was written? A single flipped bit in a Parquet file mostly gives wrong numbers, not an error: so every file is checked before its first use.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { FOLD_VERSION, type Carry } from '#metrics/fold.ts'
import { digestOf, type Digest } from './disk.ts'
import { pathOf, type LakeFile } from './manifest.ts'

/** A file of the lake is not what the manifest says: missing, cut short, longer or changed. It must be rebuilt from the log. */
export class LakeCorruption extends Error {
  readonly code = 'lake_corrupt'
  readonly file: LakeFile

  constructor(file: LakeFile, what: string) {
    super(`The lake's file ${pathOf(file)} (${file.kind} of ${file.day}) ${what}`)
    this.file = file
  }
}

/** The rows of a lake were made by another version of the fold: they must be made anew from the log. */
export class LakeOutdated extends Error {
  readonly code = 'lake_outdated'

  constructor(run: string, what: string) {
    super(`The lake of run ${run} was made by another version of Twinline; ${what}`)
  }
}

/** Checks each file of a lake once in the life of a process: files never change while they are listed. */
export class Verifier {
  readonly #root: string
  readonly #good = new Map<string, string>()

  constructor(root: string) {
    this.#root = root
  }

  /** The file's path, once it is known to be good. Rejects with LakeCorruption. */
  async pathOf(file: LakeFile): Promise<string> {
    const path = join(this.#root, pathOf(file))
    if (this.#good.get(path) === file.sha256) return path
    let found: Digest
    try {
      found = await digestOf(path)
    } catch (e) {
      if ((e as NodeJS.ErrnoException).code === 'ENOENT') throw new LakeCorruption(file, 'is missing')
      throw e
    }
    if (found.bytes !== file.bytes) throw new LakeCorruption(file, `has ${found.bytes} bytes instead of ${file.bytes}`)
    if (found.sha256 !== file.sha256) throw new LakeCorruption(file, 'has been changed: its sha256 is another')
    this.#good.set(path, file.sha256)
    return path
  }

  /** What the fold remembered at the end of a day: by it a lake says which version made it. Rejects with LakeCorruption or LakeOutdated. */
  async carryOf(file: LakeFile): Promise<Carry> {
    const carry = JSON.parse(await readFile(await this.pathOf(file), 'utf8')) as Carry
    if (carry.version !== FOLD_VERSION) throw new LakeOutdated(file.run, '"npm run -s metrics -- export" makes it anew from its log')
    return carry
  }

  /** A file this process has just written and read back. */
  trust(file: LakeFile): void {
    this.#good.set(join(this.#root, pathOf(file)), file.sha256)
  }

  /** A file that is no more. */
  forget(file: LakeFile): void {
    this.#good.delete(join(this.#root, pathOf(file)))
  }
}
