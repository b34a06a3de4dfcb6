// Where facts are posted to and how far each has come. A subscription's place moves only when the other side has taken the facts.
import { WebhookRow } from './entities.ts'
import { asked } from './failure.ts'
import type { Database } from './orm.ts'

export interface Webhook {
  id: string
  url: string
  /** Types of facts; none: all. */
  types: string[]
  /** Sealed. */
  secret: string
  enabled: boolean
  createdBy: string
  createdAt: number
  /** Every fact up to this one was taken or is none of its types. */
  seq: number
  /** Tries since the last that was taken. */
  failures: number
  error: string | null
  errorAt: number | null
  deliveredAt: number | null
}

export class Webhooks {
  readonly #db: Database
  constructor(db: Database) { this.#db = db }

  get #em() { return this.#db.orm.em.fork() }

  async create(webhook: Webhook): Promise<void> {
    await asked(this.#em.insert(WebhookRow, { ...webhook }))
  }

  async find(id: string): Promise<Webhook | null> {
    const row = await asked(this.#em.findOne(WebhookRow, { id }))
    return row && plain(row)
  }

  /** All of them, the oldest first. */
  async list(): Promise<Webhook[]> {
    return (await asked(this.#em.find(WebhookRow, {}, { orderBy: { createdAt: 'asc', id: 'asc' } }))).map(plain)
  }

  /** Changes one; false when there is none of this id. */
  async change(id: string, change: Partial<Pick<Webhook, 'url' | 'types' | 'secret' | 'enabled' | 'seq' | 'failures'>>): Promise<boolean> {
    return (await asked(this.#em.nativeUpdate(WebhookRow, { id }, change))) > 0
  }

  async remove(id: string): Promise<boolean> {
    return (await asked(this.#em.nativeDelete(WebhookRow, { id }))) > 0
  }

  /** Everything up to `seq` is done with: posted at `at`, or (null) of other types. The place never moves back. */
  async passed(id: string, seq: number, at: number | null): Promise<void> {
    await asked(at === null
      ? this.#db.sql.query('update webhooks set seq = greatest(seq, $2) where id = $1', [id, seq])
      : this.#db.sql.query('update webhooks set seq = greatest(seq, $2), failures = 0, error = null, error_at = null, delivered_at = $3 where id = $1', [id, seq, at]))
  }

  /** A try failed. */
  async failed(id: string, error: string, at: number): Promise<void> {
    await asked(this.#db.sql.query('update webhooks set failures = failures + 1, error = $2, error_at = $3 where id = $1', [id, error, at]))
  }
}

type Loaded = Omit<Webhook, 'error' | 'errorAt' | 'deliveredAt'> & { error: string | null | undefined; errorAt: number | null | undefined; deliveredAt: number | null | undefined }
const plain = ({ id, url, types, secret, enabled, createdBy, createdAt, seq, failures, error, errorAt, deliveredAt }: Loaded): Webhook =>
  ({ id, url, types, secret, enabled, createdBy, createdAt, seq, failures, error: error ?? null, errorAt: errorAt ?? null, deliveredAt: deliveredAt ?? null })
