// A route as data: where, who may, what it takes; mounted with the same manners for all: parsed once, coded errors, no store.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type Type from 'typebox'
import { Compile } from 'typebox/compile'
import type { Auth, SignedIn } from './auth.ts'
import { Refused } from './errors.ts'
import { can, type Thing, type Verb } from './rights.ts'
import { isStorable } from './text.ts'

/** Everybody, everybody who is signed in, or whoever may do this to that. */
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
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  url: string
  who: Who
  /** One line for PROTOCOL.md. */
  about: string
  body?: Type.TSchema
  query?: Type.TSchema
  /** Of the body, in bytes, where it is not BODY_BYTES. */
  bodyLimit?: number
  /** The answer as JSON. Throws Refused. */
  handle: (asked: Asked<never, never>) => Promise<object> | object
}

/** A route whose handler knows the types of its body and query. */
export const route = <B extends Type.TSchema = Type.TObject<{}>, Q extends Type.TSchema = Type.TObject<{}>>(
  r: Omit<Route, 'handle' | 'body' | 'query'> & { body?: B; query?: Q; handle: (asked: Asked<Type.Static<B>, Type.Static<Q>>) => Promise<object> | object },
): Route => r as Route

/** Mounts routes. */
export function mount(app: FastifyInstance, auth: Auth, routes: readonly Route[]): void {
  for (const r of routes) {
    const body = r.body && checker(r.body)
    const query = checker(r.query ?? NO_QUERY)
    app.route({
      method: r.method, url: r.url, ...(r.bodyLimit === undefined ? {} : { bodyLimit: r.bodyLimit }),
      handler: async (request, reply) => {
        reply.header('cache-control', 'no-store')
        const who = r.who === 'anyone' ? null : await signedIn(auth, request)
        if (Array.isArray(r.who) && !can(who!.account.roles, r.who[0], r.who[1])) throw new Refused('forbidden')
        query(request.query, '?')
        body?.(request.body, '')
        return await r.handle({ body: request.body, query: request.query, params: request.params, who, request, reply } as Asked<never, never>)
      },
    })
  }
}

async function signedIn(auth: Auth, request: FastifyRequest): Promise<SignedIn> {
  const who = await auth.whoIs(request)
  if (!who) throw new Refused('not_signed_in')
  return who
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
