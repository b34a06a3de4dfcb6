// What the host of an access point says of its visitor: signed by the host with the access point's secret, for a few minutes.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import type { AccessSecrets } from '../store/access-secrets.ts'
import { Refused } from './errors.ts'
import { HOST_TOKEN_MS, HOST_TOKEN_SKEW_MS } from './limits.ts'
import type { Seal } from './seal.ts'
import { isStorable } from './text.ts'

// A JSON Web Token (RFC 7519), so that the host signs with a library of its own; one algorithm only.
const header = Compile(Type.Object({ alg: Type.Literal('HS256'), typ: Type.Optional(Type.Literal('JWT')) }, { additionalProperties: false }))
const Seconds = Type.Number({ minimum: 0, maximum: 1e11 })
const claims = Compile(Type.Object({
  exp: Seconds, iat: Type.Optional(Seconds), nbf: Type.Optional(Seconds), iss: Type.Optional(Type.String()), sub: Type.Optional(Type.String()), jti: Type.Optional(Type.String()),
  /** The access point's id. */
  aud: Type.Optional(Type.String()),
  visitor: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })),
  attributes: Type.Optional(Type.Record(Type.String({ minLength: 1, maxLength: 64 }), Type.String({ maxLength: 200 }), { maxProperties: 20 })),
}, { additionalProperties: false }))

/** `visitor`: the host's own id of its customer. It is personal data, as are attributes that the plan does not declare. */
export interface HostSays { visitor: string | null; attributes: Record<string, string> }

export class Hosts {
  readonly #secrets: AccessSecrets
  readonly #seal: Seal
  readonly #now: () => number
  constructor(secrets: AccessSecrets, seal: Seal, now: () => number) {
    this.#secrets = secrets
    this.#seal = seal
    this.#now = now
  }

  /** Gives an access point a new secret, the one before it is no longer good; returned this once. */
  async issue(access: string, createdBy: string): Promise<string> {
    const secret = randomBytes(32).toString('base64url')
    await this.#secrets.set({ access, secret: this.#seal.seal(`access ${access}`, secret), createdBy, createdAt: this.#now() })
    return secret
  }

  /**
   * What the bearer's host says of him. Throws Refused `bad_token`: no secret, another signature, expired, for longer than
   * HOST_TOKEN_MS, or not of this form; the detail says which, for whoever builds the host.
   */
  async verify(access: string, token: string): Promise<HostSays> {
    const no = (why: string): Refused => new Refused('bad_token', why)
    const [head = '', body = '', signature = '', ...rest] = token.split('.')
    if (rest.length > 0 || !header.Check(parsed(head))) throw no('not a JSON Web Token signed with HS256')
    const kept = await this.#secrets.find(access)
    const secret = kept && this.#seal.open(`access ${access}`, kept.secret)
    if (!secret) throw no('this access point has no secret')
    const given = Buffer.from(signature, 'base64url')
    const right = createHmac('sha256', secret).update(`${head}.${body}`).digest()
    if (given.length !== right.length || !timingSafeEqual(given, right)) throw no('the signature')
    const says = parsed(body)
    if (!claims.Check(says) || !isStorable(says)) throw no(`${claims.Errors(says)[0]?.instancePath ?? ''} ${claims.Errors(says)[0]?.message ?? 'text'}`.trim())
    const now = this.#now()
    if (says.aud !== undefined && says.aud !== access) throw no('aud is another access point')
    if (says.exp * 1000 <= now - HOST_TOKEN_SKEW_MS) throw no('expired')
    if (says.exp * 1000 > now + HOST_TOKEN_MS + HOST_TOKEN_SKEW_MS) throw no('exp is too far away')
    if (says.nbf !== undefined && says.nbf * 1000 > now + HOST_TOKEN_SKEW_MS) throw no('nbf is still to come')
    return { visitor: says.visitor ?? null, attributes: says.attributes ?? {} }
  }
}

/** A part of the token as a value; undefined when it is none. */
function parsed(part: string): unknown {
  try { return JSON.parse(Buffer.from(part, 'base64url').toString()) } catch { return undefined }
}
