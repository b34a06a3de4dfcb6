// Who may sign in, and who is signed in. Passwords arrive hashed, session secrets arrive hashed: nothing here opens a door.
import { isDeepStrictEqual } from 'node:util'
import { LockMode, UniqueConstraintViolationException, type EntityManager } from '@mikro-orm/postgresql'
import { AccountRow, SessionRow } from './entities.ts'
import { asked } from './failure.ts'
import type { Database } from './orm.ts'

export interface Account {
  name: string
  /** An argon2 hash in PHC form. */
  password: string
  roles: string[]
  /** The skill groups a supervisor looks after; none, or `*`: all. */
  groups: string[]
  /** His id in the plan, if he takes calls. */
  agent: string | null
  /** His names, where he takes no calls; an agent's stand in the plan. */
  nickname: string | null
  realName: string | null
  disabled: boolean
  createdAt: number
}
/** What is left out of `groups` and after is none. */
export type NewAccount = Pick<Account, 'name' | 'password' | 'roles' | 'agent' | 'createdAt'> & Partial<Pick<Account, 'groups' | 'nickname' | 'realName'>>
export type AccountChange = Partial<Pick<Account, 'roles' | 'groups' | 'agent' | 'nickname' | 'realName' | 'disabled'>>

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

/** Nobody would be left who may change accounts. */
export class LastAdmin extends Error {
  readonly code = 'last_admin'
}

/** On this channel the database tells every engine that sign-ins of an account were ended. */
export const SESSIONS_CHANNEL = 'twinline_sessions'
/** What of an account decides what its sign-ins may do: when it changes, they end. */
const DECIDES = ['roles', 'groups', 'agent', 'disabled'] as const

export class Accounts {
  readonly #db: Database
  constructor(db: Database) { this.#db = db }

  get #em() { return this.#db.orm.em.fork() }

  /** Throws AccountTaken. */
  async create(account: NewAccount): Promise<void> {
    const { name, password, roles, groups = [], agent, nickname = null, realName = null, createdAt } = account
    try {
      await this.#em.insert(AccountRow, { name, password, roles, groups, agent, nickname, realName, disabled: false, createdAt })
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

  /**
   * Changes an account; null without one of this name. When it may now do other things than before, its sign-ins end, both or
   * neither. Throws LastAdmin, AccountTaken.
   */
  async change(name: string, change: AccountChange): Promise<Account | null> {
    try {
      return await asked(this.#em.transactional(async (em) => {
        // All admins are locked first: two who take away each other's role meet here.
        const admins = await em.find(AccountRow, { roles: { $contains: ['admin'] }, disabled: false }, { lockMode: LockMode.PESSIMISTIC_WRITE, orderBy: { name: 'asc' } })
        const row = await em.findOne(AccountRow, { name }, { lockMode: LockMode.PESSIMISTIC_WRITE })
        if (!row) return null
        const before = plain(row)
        const after = { ...before, ...change }
        if (admins.length === 1 && admins[0] === row && (after.disabled || !after.roles.includes('admin'))) throw new LastAdmin(`"${name}" is the last administrator.`)
        em.assign(row, change)
        await em.flush()
        if (!isDeepStrictEqual(DECIDES.map((key) => before[key]), DECIDES.map((key) => after[key]))) await endSessions(em, name)
        return after
      }))
    } catch (problem) {
      if (problem instanceof UniqueConstraintViolationException) throw new AccountTaken(`agent ${change.agent} already has an account.`)
      throw problem
    }
  }

  /** Replaces an account's password and ends its sign-ins, both or neither; returns how many those were, or null without such an account. */
  async setPassword(name: string, password: string): Promise<number | null> {
    return await asked(this.#em.transactional(async (em) =>
      (await em.nativeUpdate(AccountRow, { name }, { password })) === 0 ? null : await endSessions(em, name)))
  }

  async openSession(session: Omit<Session, 'account'> & { account: string }): Promise<void> {
    const { hash, account, createdAt, expiresAt } = session
    await asked(this.#em.insert(SessionRow, { hash, account, createdAt, expiresAt }))
  }

  /** Which of these sign-ins, named by the beginnings of their hashes, are in force at `now`. */
  async alive(ids: readonly string[], now: number): Promise<Set<string>> {
    if (ids.length === 0) return new Set()
    const { rows } = await asked(this.#db.sql.query(
      'select h.id from unnest($1::text[]) as h(id) where exists (select from sessions where starts_with(hash, h.id) and expires_at > $2)', [ids, now]))
    return new Set(rows.map((row) => row.id as string))
  }

  /** The session of this hash, if it is in force at `now`. */
  async session(hash: string, now: number): Promise<Session | null> {
    const row = await asked(this.#em.findOne(SessionRow, { hash, expiresAt: { $gt: now }, account: { disabled: false } }, { populate: ['account'] }))
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

/** Ends all sign-ins of an account; engines hear of it when the transaction is committed. */
async function endSessions(em: EntityManager, account: string): Promise<number> {
  await em.execute('select pg_notify(?, ?)', [SESSIONS_CHANNEL, account])
  return await em.nativeDelete(SessionRow, { account })
}

const plain = ({ name, password, roles, groups, agent, nickname, realName, disabled, createdAt }: Loaded): Account =>
  ({ name, password, roles, groups, agent: agent ?? null, nickname: nickname ?? null, realName: realName ?? null, disabled, createdAt })
/** As the ORM hands it over: what is null may be undefined. */
type Loaded = Pick<Account, 'name' | 'password' | 'roles' | 'groups' | 'disabled' | 'createdAt'> & { [K in 'agent' | 'nickname' | 'realName']: string | null | undefined }
