// Who may sign in, and who is signed in. Passwords arrive hashed, session secrets arrive hashed: nothing here opens a door.
import { UniqueConstraintViolationException } from '@mikro-orm/postgresql'
import { AccountRow, SessionRow } from './entities.ts'
import { asked } from './failure.ts'
import type { Database } from './orm.ts'

export interface Account {
  name: string
  /** An argon2 hash in PHC form. */
  password: string
  roles: string[]
  /** His id in the plan, if he takes calls. */
  agent: string | null
  createdAt: number
}

/** A sign-in in force; `hash` of its secret is its key. Times are UTC ms. */
export interface Session {
  hash: string
  account: Account
  createdAt: number
  expiresAt: number
}

/** The name, or the agent, already has an account. */
export class AccountTaken extends Error {
  readonly code = 'account_taken'
}

export class Accounts {
  readonly #db: Database
  constructor(db: Database) { this.#db = db }

  get #em() { return this.#db.orm.em.fork() }

  /** Throws AccountTaken. */
  async create(account: Account): Promise<void> {
    const { name, password, roles, agent, createdAt } = account
    try {
      await this.#em.insert(AccountRow, { name, password, roles, agent, createdAt })
    } catch (problem) {
      if (problem instanceof UniqueConstraintViolationException) throw new AccountTaken(`"${name}", or agent ${agent}, already has an account.`)
      return await asked(Promise.reject(problem))
    }
  }

  async find(name: string): Promise<Account | null> {
    const row = await asked(this.#em.findOne(AccountRow, { name }))
    return row && plain(row)
  }

  /** All accounts, by name. */
  async list(): Promise<Account[]> {
    return (await asked(this.#em.find(AccountRow, {}, { orderBy: { name: 'asc' } }))).map(plain)
  }

  count(): Promise<number> {
    return asked(this.#em.count(AccountRow))
  }

  /** Replaces an account's password and ends its sign-ins, both or neither; returns how many those were, or null without such an account. */
  async setPassword(name: string, password: string): Promise<number | null> {
    return await asked(this.#em.transactional(async (em) =>
      (await em.nativeUpdate(AccountRow, { name }, { password })) === 0 ? null : await em.nativeDelete(SessionRow, { account: name })))
  }

  async openSession(session: Omit<Session, 'account'> & { account: string }): Promise<void> {
    const { hash, account, createdAt, expiresAt } = session
    await asked(this.#em.insert(SessionRow, { hash, account, createdAt, expiresAt }))
  }

  /** The session of this hash, if it is in force at `now`. */
  async session(hash: string, now: number): Promise<Session | null> {
    const row = await asked(this.#em.findOne(SessionRow, { hash, expiresAt: { $gt: now } }, { populate: ['account'] }))
    return row && { hash: row.hash, account: plain(row.account), createdAt: row.createdAt, expiresAt: row.expiresAt }
  }

  async closeSession(hash: string): Promise<void> {
    await asked(this.#em.nativeDelete(SessionRow, { hash }))
  }

  /** Removes the sessions that ended before `now`; returns how many. */
  sweepSessions(now: number): Promise<number> {
    return asked(this.#em.nativeDelete(SessionRow, { expiresAt: { $lte: now } }))
  }
}

const plain = ({ name, password, roles, agent, createdAt }: { name: string; password: string; roles: string[]; agent: string | null | undefined; createdAt: number }): Account =>
  ({ name, password, roles, agent: agent ?? null, createdAt })
