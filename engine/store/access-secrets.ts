// The secrets with which the hosts of access points sign; they arrive sealed.
import { AccessSecretRow } from './entities.ts'
import { asked } from './failure.ts'
import type { Database } from './orm.ts'

export interface AccessSecret { access: string; secret: string; createdBy: string; createdAt: number }

export class AccessSecrets {
  readonly #db: Database
  constructor(db: Database) { this.#db = db }

  /** Keeps the secret of an access point; the one before it is no longer good. */
  async set(secret: AccessSecret): Promise<void> {
    await asked(this.#db.orm.em.fork().upsert(AccessSecretRow, { ...secret }))
  }

  async find(access: string): Promise<AccessSecret | null> {
    const row = await asked(this.#db.orm.em.fork().findOne(AccessSecretRow, { access }))
    return row && { access: row.access, secret: row.secret, createdBy: row.createdBy, createdAt: row.createdAt }
  }

  /** Which access points have one, since when and by whom. */
  async list(): Promise<Omit<AccessSecret, 'secret'>[]> {
    const rows = await asked(this.#db.orm.em.fork().find(AccessSecretRow, {}, { orderBy: { access: 'asc' } }))
    return rows.map(({ access, createdBy, createdAt }) => ({ access, createdBy, createdAt }))
  }
}
