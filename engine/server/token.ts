// A visit's token: says which request its bearer may make and follow. Signed, bound to one request, one algorithm only.
import { createHmac, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto'
import { Compile } from 'typebox/compile'
import Type from 'typebox'

const VisitSchema = Type.Object({
  request: Type.String({ maxLength: 64 }), visitor: Type.String({ maxLength: 64 }), access: Type.String({ maxLength: 64 }), expiresAt: Type.Integer(),
  attributes: Type.Optional(Type.Record(Type.String(), Type.String())), client: Type.Optional(Type.String({ maxLength: 64 })),
}, { additionalProperties: false })
const check = Compile(VisitSchema)

const GuestSchema = Type.Object({ request: Type.String({ maxLength: 64 }), guest: Type.String({ maxLength: 64 }) }, { additionalProperties: false })
const checkGuest = Compile(GuestSchema)
/** Who may knock at which call. */
export type Invited = Type.Static<typeof GuestSchema>

/** `attributes`: what the host said of the visitor, as far as rules may ask for it. `visitor` is the pseudonym under which the log knows the bearer; `expiresAt` (UTC ms) ends the time to start the call. */
export type Visit = Type.Static<typeof VisitSchema>

/** Signs and reads tokens, and makes pseudonyms, with keys derived from one secret. */
export class Tokens {
  // Key objects: a Buffer as the key costs five times as much (26 against 5 µs), as it is made into one each time.
  readonly #visitKey: KeyObject
  readonly #guestKey: KeyObject
  readonly #visitorKey: KeyObject

  constructor(secret: string) {
    const derive = (purpose: string) => createSecretKey(createHmac('sha256', secret).update(purpose).digest())
    this.#visitKey = derive('visit token')
    this.#guestKey = derive('guest token')
    this.#visitorKey = derive('visitor pseudonym')
  }

  sign(visit: Visit): string { return sealed(this.#visitKey, visit) }

  /** The visit of a token that was signed here, or null. Whether it has expired is for the caller to judge. */
  read(token: string): Visit | null {
    const visit = opened(this.#visitKey, token)
    return check.Check(visit) ? visit : null
  }

  signGuest(guest: Invited): string { return sealed(this.#guestKey, guest) }

  /** The guest of a token that was signed here, or null. */
  readGuest(token: string): Invited | null {
    const guest = opened(this.#guestKey, token)
    return checkGuest.Check(guest) ? guest : null
  }

  /**
   * The name by which records and agents know the holder of a visitor key. The key itself stays with the page: whoever
   * reads the log cannot act as the visitor.
   */
  pseudonym(visitorKey: string): string {
    return `v-${createHmac('sha256', this.#visitorKey).update(visitorKey).digest('hex').slice(0, 20)}`
  }
}

const signature = (key: KeyObject, body: string): Buffer => createHmac('sha256', key).update(body).digest()

function sealed(key: KeyObject, value: object): string {
  const body = Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${body}.${signature(key, body).toString('base64url')}`
}

/** What was sealed with this key; undefined where it was not. */
function opened(key: KeyObject, token: string): unknown {
  const [body = '', given = '', ...rest] = token.split('.')
  const [read, right] = [Buffer.from(given, 'base64url'), signature(key, body)]
  if (rest.length > 0 || read.length !== right.length || !timingSafeEqual(read, right)) return undefined
  return JSON.parse(Buffer.from(body, 'base64url').toString())
}
