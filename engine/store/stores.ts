// Everything the server keeps and reads, on one database.
import { AccessSecrets } from './access-secrets.ts'
import { Accounts } from './accounts.ts'
import { readEvents } from './event-source.ts'
import { ApiKeys } from './keys.ts'
import type { Database } from './orm.ts'
import { PersonalData } from './personal.ts'
import { PlanVersions } from './plan-versions.ts'
import { Records } from './records.ts'
import { Shadows } from './shadows.ts'
import { SiteFiles } from './site-files.ts'
import { Tickets } from './tickets.ts'
import { Webhooks } from './webhooks.ts'

/** The stores of a database; those of facts are of this run. */
export const openStores = (db: Database, run: string) => ({
  accounts: new Accounts(db), keys: new ApiKeys(db), personal: new PersonalData(db, run), records: new Records(db, run), plans: new PlanVersions(db, run), shadows: new Shadows(db, run),
  secrets: new AccessSecrets(db), files: new SiteFiles(db), tickets: new Tickets(db, run), webhooks: new Webhooks(db),
  /** Facts after `seq`, in order, at most `limit`. */
  facts: (afterSeq: number, limit: number) => readEvents(db, run, afterSeq, limit),
})
export type Stores = ReturnType<typeof openStores>
