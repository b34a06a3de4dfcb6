// Keys of machines: who may ask without signing in. A key arrives hashed; whoever reads the table can't use one.
import { KeyRow } from './entities.ts'
import { asked } from './failure.ts'
import type { Database } from './orm.ts'

export interface ApiKey {
  id: string
  name: string
  /** SHA-256 of the key, which is 256 random bits: nothing slower is needed. */
  hash: string
  roles: string[]
  groups: string[]
  createdBy: string
  createdAt: number
  /** UTC ms; null: until it is removed. */
  expiresAt: number | null
}

export class ApiKeys {
  readonly #db: Database
  constructor(db: Database) { this.#db = db }

  get #em() { return this.#db.orm.em.fork() }

  async create(key: ApiKey): Promise<void> {
    const { id, name, hash, roles, groups, createdBy, createdAt, expiresAt } = key
    await asked(this.#em.insert(KeyRow, { id, name, hash, roles, groups, createdBy, createdAt, expiresAt }))
  }

  /** The key of this hash, if it is in force at `now`. */
  async find(hash: string, now: number): Promise<ApiKey | null> {
    const row = await asked(this.#em.findOne(KeyRow, { hash, $or: [{ expiresAt: null }, { expiresAt: { $gt: now } }] }))
    return row && plain(row)
  }

  /** All keys, the newest first. */
  async list(): Promise<ApiKey[]> {
    return (await asked(this.#em.find(KeyRow, {}, { orderBy: { createdAt: 'desc', id: 'asc' } }))).map(plain)
  }

  /** Ends a key at once; false when there was none. */
  async remove(id: string): Promise<boolean> {
    return (await asked(this.#em.nativeDelete(KeyRow, { id }))) > 0
  }
}

const plain = ({ id, name, hash, roles, groups, createdBy, createdAt, expiresAt }: Omit<ApiKey, 'expiresAt'> & { expiresAt: number | null | undefined }): ApiKey =>
  ({ id, name, hash, roles, groups, createdBy, createdAt, expiresAt: expiresAt ?? null })
