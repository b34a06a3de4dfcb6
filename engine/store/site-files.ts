// Small texts that are served at the site's root, such as the domain verification of a mini program.
import { SiteFileRow } from './entities.ts'
import { asked } from './failure.ts'
import type { Database } from './orm.ts'

export interface SiteFile { name: string; text: string; uploadedBy: string; uploadedAt: number }

export class SiteFiles {
  readonly #db: Database
  constructor(db: Database) { this.#db = db }

  get #em() { return this.#db.orm.em.fork() }

  /** Keeps a file; written again, it replaces. */
  async set(file: SiteFile): Promise<void> {
    await asked(this.#em.upsert(SiteFileRow, { ...file }))
  }

  /** The text of a file, or null. */
  async text(name: string): Promise<string | null> {
    return (await asked(this.#em.findOne(SiteFileRow, { name })))?.text ?? null
  }

  async list(): Promise<Omit<SiteFile, 'text'>[]> {
    return (await asked(this.#em.find(SiteFileRow, {}, { orderBy: { name: 'asc' } }))).map(({ name, uploadedBy, uploadedAt }) => ({ name, uploadedBy, uploadedAt }))
  }

  /** False when there was none. */
  async remove(name: string): Promise<boolean> {
    return (await asked(this.#em.nativeDelete(SiteFileRow, { name }))) > 0
  }
}
