// What the exporter does to the disk, one durable step at a time: a port, so that a test can stop it between any two.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

export interface Disk {
  /** Makes a folder and those above it. */
  folder(path: string): Promise<void>
  /** Writes a text file. Not durable before `sync`. */
  write(path: string, text: string): Promise<void>
  /** Makes the content of a file survive a power cut. */
  sync(path: string): Promise<void>
  /** Length and sha256 of a file as it lies on the disk. */
  digest(path: string): Promise<Digest>
  /** Moves a file to a name that nobody has taken, durably; false, and nothing moved, when the name is taken. */
  publish(from: string, to: string): Promise<boolean>
  /** Names of the files in a folder. */
  names(path: string): Promise<string[]>
}

export interface Digest { bytes: number; sha256: string }

/** The machine's disk. */
export const DISK: Disk = {
  folder: async (path) => { await mkdir(path, { recursive: true }) },
  write: async (path, text) => { await withFile(path, 'w', (file) => file.writeFile(text)) },
  sync: (path) => withFile(path, 'r+', (file) => file.sync()),
  digest: digestOf,
  publish: async (from, to) => {
    // Whoever makes the empty file owns the name; then the whole content appears under it at once.
    try {
      await (await open(to, 'wx')).close()
    } catch (e) {
      if ((e as NodeJS.ErrnoException).code === 'EEXIST') return false
      throw e
    }
    await rename(from, to)
    await syncFolder(dirname(to))
    return true
  },
  names: (path) => readdir(path),
}

/** Reads a file once, for its length and sha256. Rejects as the file system does when it is not there. */
export async function digestOf(path: string): Promise<Digest> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    hash.update(chunk)
    bytes += chunk.length
  }
  return { bytes, sha256: hash.digest('hex') }
}

/** Makes the names in a folder survive a power cut, where the system can. */
export async function syncFolder(path: string): Promise<void> {
  try {
    await withFile(path, 'r', (folder) => folder.sync())
  } catch (e) {
    // Windows does not open folders; its rename is durable enough without.
    if (!['EISDIR', 'EPERM', 'EINVAL'].includes((e as NodeJS.ErrnoException).code ?? '')) throw e
  }
}

async function withFile<T>(path: string, flags: string, work: (file: Awaited<ReturnType<typeof open>>) => Promise<T>): Promise<T> {
  const file = await open(path, flags)
  try {
    return await work(file)
  } finally {
    await file.close()
  }
}
