// A route as data: where, who may, what it takes, what it answers; mounted with the same manners for all, described by the same schemas.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type Type from 'typebox'
import { Compile } from 'typebox/compile'
import type { Auth, SignedIn } from './auth.ts'
import { Refused } from './errors.ts'
import { can, type Thing, type Verb } from './rights.ts'
import { isStorable } from './text.ts'

/** Everybody, every person who is signed in (a machine's key is not), or whoever may do this to that. */
export type Who = 'anyone' | 'signed_in' | readonly [Verb, Thing]

/** What a route's handler is given. `who` is null only where anyone may ask. */
export interface Asked<Body, Query> {
  body: Body
  query: Query
  params: Record<string, string>
  who: SignedIn | null
  request: FastifyRequest
  reply: FastifyReply
}

export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  url: string
  who: Who
  /** One line for PROTOCOL.md. */
  about: string
  /** What it does, in a few words of each language. */
  summary: { zh: string; en: string }
  /** Of each name in the url that starts with a colon. */
  params?: Type.TSchema
  body?: Type.TSchema
  query?: Type.TSchema
  /** The answer when all goes well. */
  answer: Type.TSchema
  /** Of the answer, where it is not JSON. */
  mediaType?: string
  /** Of the body, in bytes, where it is not BODY_BYTES. */
  bodyLimit?: number
  /** The answer as JSON, or the reply itself once it was sent. Throws Refused. */
  handle: (asked: Asked<never, never>) => Promise<object> | object
}

/** A route whose handler knows the types of its body and query. */
export const route = <B extends Type.TSchema = Type.TObject<{}>, Q extends Type.TSchema = Type.TObject<{}>>(
  r: Omit<Route, 'handle' | 'body' | 'query'> & { body?: B; query?: Q; handle: (asked: Asked<Type.Static<B>, Type.Static<Q>>) => Promise<object> | object },
): Route => r as Route

/** Mounts routes. `checkAnswers`: an answer that is not as the route says is a defect, and told as one. */
export function mount(app: FastifyInstance, auth: Auth, routes: readonly Route[], checkAnswers = false): void {
  for (const r of routes) {
    const body = r.body && checker(r.body)
    const query = checker(r.query ?? NO_QUERY)
    const params = r.params && checker(r.params)
    const answer = checkAnswers && !r.mediaType ? Compile(r.answer) : null
    app.route({
      method: r.method, url: r.url, ...(r.bodyLimit === undefined ? {} : { bodyLimit: r.bodyLimit }),
      handler: async (request, reply) => {
        reply.header('cache-control', 'no-store')
        const who = r.who === 'anyone' ? null : await asker(auth, request, r.who)
        params?.(request.params, 'address')
        query(request.query, '?')
        body?.(request.body, '')
        const answered = await r.handle({ body: request.body, query: request.query, params: request.params, who, request, reply } as Asked<never, never>)
        if (answer) {
          const told: unknown = JSON.parse(JSON.stringify(answered))
          if (!answer.Check(told)) throw new TypeError(`${r.method} ${r.url} answers ${JSON.stringify(answer.Errors(told)[0])}: ${JSON.stringify(told).slice(0, 500)}`)
        }
        return answered
      },
    })
  }
}

/** Who asks, if he may. Throws not_signed_in, forbidden. */
async function asker(auth: Auth, request: FastifyRequest, who: 'signed_in' | readonly [Verb, Thing]): Promise<SignedIn> {
  const asks = who === 'signed_in' ? await auth.whoIs(request) : await auth.whoAsks(request)
  if (!asks) throw new Refused('not_signed_in')
  if (who !== 'signed_in' && !can(asks.account.roles, who[0], who[1])) throw new Refused('forbidden')
  return asks
}

const NO_QUERY = { type: 'object', additionalProperties: false } as Type.TSchema

/** Throws `bad_message` that names the first thing that does not fit. */
function checker(schema: Type.TSchema): (value: unknown, where: string) => void {
  const check = Compile(schema)
  return (value, where) => {
    if (!check.Check(value)) {
      const first = check.Errors(value)[0]
      throw new Refused('bad_message', `${where}${first?.instancePath ?? ''} ${first?.message ?? ''}`.trim().slice(0, 200))
    }
    if (!isStorable(value)) throw new Refused('bad_message', 'text that is not valid Unicode')
  }
}
