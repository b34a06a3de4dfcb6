// Secrets made at install: one random value per file, readable by its owner only. Nothing has a default password.
import { randomBytes } from 'node:crypto'
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The secret of this name in a data folder (64 hexadecimal digits), made when there is none. */
export async function secret(dataFolder: string, name: string): Promise<string> {
  const folder = join(dataFolder, 'secrets')
  const file = join(folder, name)
  const missing = (problem: NodeJS.ErrnoException) => {
    if (problem.code !== 'ENOENT') throw problem
  }
  const known = await readFile(file, 'utf8').catch(missing)
  if (known) return known
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const fresh = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`
  await writeFile(fresh, randomBytes(32).toString('hex'), { mode: 0o600 })
  // A link fails where the name is taken: of two who make it at once one wins whole, and both read the winner's.
  await link(fresh, file).catch((problem: NodeJS.ErrnoException) => {
    if (problem.code !== 'EEXIST') throw problem
  })
  await unlink(fresh)
  return await readFile(file, 'utf8')
}
