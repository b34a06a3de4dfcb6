// Who is asking: passwords, sign-ins and their cookies. What they may then do stands in rights.ts.
import { createHash, randomBytes } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Account, Accounts, Session } from '../store/accounts.ts'
import type { ApiKeys } from '../store/keys.ts'
import { Refused } from './errors.ts'
import { HASHES_AT_ONCE, HASHES_WAITING, SESSION_MS, SIGN_IN_TRIES, SIGN_IN_TRIES_PER_ADDRESS, SIGN_IN_WINDOW_MS } from './limits.ts'
import { Gate, Throttle } from './throttle.ts'

export const MIN_PASSWORD = 10
export const MAX_PASSWORD = 200

const gate = new Gate(HASHES_AT_ONCE, HASHES_WAITING)
const gated = async <T>(work: () => Promise<T>): Promise<T> => {
  const result = await gate.run(async () => ({ value: await work() }))
  if (!result) throw new Refused('too_fast')
  return result.value
}

/** The argon2id hash to keep of a password (19 MiB, 2 passes: OWASP's choice). */
export const hashPassword = (password: string): Promise<string> => gated(() => hash(password))

/** A sign-in and the account it belongs to; `id` names it in the log and opens nothing. */
export interface SignedIn { account: Account; session: Session; id: string }

/** Of a machine's key, or of a session's secret: both are 256 random bits. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex')
const idOf = (session: Session): string => session.hash.slice(0, 16)
const SECRET = /^[A-Za-z0-9_-]{43}$/
const BEARER = /^Bearer (tk_[A-Za-z0-9_-]{43})$/i

/** A new key for a machine. It can be recognized where it should not be, such as in a log. */
export const newKey = (): string => `tk_${randomBytes(32).toString('base64url')}`

export class Auth {
  readonly #accounts: Accounts
  readonly #keys: ApiKeys
  readonly #now: () => number
  readonly #tries = new Throttle(SIGN_IN_TRIES / (SIGN_IN_WINDOW_MS / 1000), SIGN_IN_TRIES)
  readonly #triesOfAddress = new Throttle(SIGN_IN_TRIES_PER_ADDRESS / (SIGN_IN_WINDOW_MS / 1000), SIGN_IN_TRIES_PER_ADDRESS)
  /** Unknown names are checked against this, so that they take as long as known ones. */
  #nobody: Promise<string> | null = null

  constructor({ accounts, keys }: { accounts: Accounts; keys: ApiKeys }, now: () => number) {
    this.#accounts = accounts
    this.#keys = keys
    this.#now = now
  }

  /** Checks name and password and begins a session, whose secret goes into the cookie. Throws Refused: bad_credentials, too_fast. */
  async signIn(request: FastifyRequest, reply: FastifyReply, name: string, password: string): Promise<SignedIn> {
    const who = `${request.ip} ${name}`
    if (!this.#tries.take(who) || !this.#triesOfAddress.take(request.ip)) throw new Refused('too_fast')
    const account = await this.#accounts.find(name)
    this.#nobody ??= hashPassword(randomBytes(16).toString('hex'))
    const known = account?.password ?? (await this.#nobody)
    const right = await gated(() => verify(known, password))
    if (!account || account.disabled || !right) throw new Refused('bad_credentials')
    this.#tries.give(who)
    this.#triesOfAddress.give(request.ip)

    const secret = randomBytes(32).toString('base64url')
    const createdAt = this.#now()
    const session = { hash: hashOf(secret), account, createdAt, expiresAt: createdAt + SESSION_MS }
    await this.#accounts.sweepSessions(createdAt)
    await this.#accounts.openSession({ ...session, account: account.name })
    reply.setCookie(cookieOf(request), secret, { ...cookieOptions(request), maxAge: SESSION_MS / 1000 })
    return { account, session, id: idOf(session) }
  }

  /** Whose cookie this request carries, or null. */
  async whoIs(request: FastifyRequest): Promise<SignedIn | null> {
    const secret = request.cookies[cookieOf(request)]
    if (!secret || !SECRET.test(secret)) return null
    const session = await this.#accounts.session(hashOf(secret), this.#now())
    return session && { account: session.account, session, id: idOf(session) }
  }

  /** Whose cookie, or whose key, this request carries, or null. A key is an account of its own, without an agent. */
  async whoAsks(request: FastifyRequest): Promise<SignedIn | null> {
    const { authorization } = request.headers
    if (authorization === undefined) return await this.whoIs(request)
    const [, secret] = BEARER.exec(authorization) ?? []
    const key = secret === undefined ? null : await this.#keys.find(hashOf(secret), this.#now())
    if (!key) return null
    const { id, name, hash, roles, groups, createdAt } = key
    const account: Account = { name: `key:${id}`, password: '', roles, groups, agent: null, nickname: name, realName: null, disabled: false, createdAt }
    return { account, session: { hash, account, createdAt, expiresAt: key.expiresAt ?? Infinity }, id: `key:${id}` }
  }

  /** Whether this is the account's password. Throws Refused: too_fast. */
  async isPassword(request: FastifyRequest, account: Account, password: string): Promise<boolean> {
    const who = `${request.ip} ${account.name}`
    if (!this.#tries.take(who)) throw new Refused('too_fast')
    const right = await gated(() => verify(account.password, password))
    if (right) this.#tries.give(who)
    return right
  }

  /** Which of these sign-ins (their `id`) are still in force. */
  alive(ids: readonly string[]): Promise<Set<string>> {
    return this.#accounts.alive(ids, this.#now())
  }

  /** Ends a session at once. */
  async signOut(request: FastifyRequest, reply: FastifyReply, session: Session): Promise<void> {
    await this.#accounts.closeSession(session.hash)
    reply.clearCookie(cookieOf(request), cookieOptions(request))
  }
}

// Browsers accept a `__Host-` cookie only if it is Secure and of this very host; http, where that cannot be, is for localhost.
const cookieOf = (request: FastifyRequest): string => (request.protocol === 'https' ? '__Host-twinline' : 'twinline')
const cookieOptions = (request: FastifyRequest) => ({ path: '/', httpOnly: true, sameSite: 'strict' as const, secure: request.protocol === 'https' })

/** Makes the first admin where there is no account yet; returns name and password to be shown once, or null. */
export async function ensureFirstAdmin(accounts: Accounts, now = Date.now()): Promise<{ name: string; password: string } | null> {
  if ((await accounts.count()) > 0) return null
  const password = randomBytes(15).toString('base64url')
  await accounts.create({ name: 'admin', password: await hashPassword(password), roles: ['admin'], agent: null, createdAt: now })
  return { name: 'admin', password }
}
