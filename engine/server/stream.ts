// The facts themselves, for programs: page by page, or as a stream that goes on from wherever its reader was.
import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import Type from 'typebox'
import { CATALOGUE, type EventType } from '#events/catalogue.ts'
import { ACTORS, type TwinlineEvent } from '#events/event.ts'
import { Refused } from './errors.ts'
import { AGAIN_MS, FACTS_AT_ONCE, FACTS_SCANNED, HEARTBEAT_MS, MAX_STREAMS, STREAM_STALLED_MS } from './limits.ts'
import type { Ports } from './ports.ts'
import { route, type Route } from './route.ts'
import { Ms, Seq } from './schemas.ts'
import { pause, type Tail } from './tail.ts'

const common = { seq: Type.Integer(), at: Ms, run: Type.String(), v: Type.Integer(), plan: Type.Integer(), cmd: Type.String(), by: Type.Enum([...ACTORS]) }
/** Each fact of the catalogue with its envelope. */
export const FACTS: Readonly<Record<string, Type.TSchema>> = Object.fromEntries(Object.entries(CATALOGUE).map(([type, { en, zh, data }]) =>
  [type, Type.Object({ ...common, type: Type.Literal(type), data: data as Type.TSchema }, { title: `${zh} ${type}`, description: en })]))
export const Fact = Type.Union(Object.values(FACTS))

/** A list of types in a query string; all of them where it is left out. Throws Refused. */
export function typesOf(list: string | undefined): ReadonlySet<string> | null {
  if (list === undefined) return null
  const types = new Set(list.split(','))
  for (const type of types) if (!Object.hasOwn(CATALOGUE, type)) throw new Refused('bad_message', `?types: there is no fact ${type}`)
  return types
}
const Types = Type.Optional(Type.String({ maxLength: 2_000, description: 'types of facts, with commas between them; else all' }))
export const wanted = (e: TwinlineEvent, types: ReadonlySet<string> | null): boolean => types === null || types.has(e.type satisfies EventType)

/** The streams that are open, so that they end with whoever may read them, and with the engine. */
export class Streams {
  readonly #open = new Map<AbortController, () => Promise<boolean>>()

  /** Sends a stream of facts after `seq`. `may`: whether its reader still may. Throws Refused `too_many`. */
  send(reply: FastifyReply, tail: Tail, seq: number, types: ReadonlySet<string> | null, may: () => Promise<boolean>): FastifyReply {
    if (this.#open.size >= MAX_STREAMS) throw new Refused('too_many')
    const end = new AbortController()
    this.#open.set(end, may)
    // One batch at a time is made, and only when the one before it was taken.
    const stream = Readable.from(follow(tail, seq, types, may, end), { highWaterMark: 1 })
    const over = (): void => {
      this.#open.delete(end)
      end.abort()
      stream.destroy()
    }
    reply.raw.once('close', over)
    stream.once('close', over)
    // Closed when it ends: kept alive, it would hold up the stop of the engine.
    return reply.headers({ 'content-type': 'text/event-stream', 'x-accel-buffering': 'no', connection: 'close' }).send(stream)
  }

  /** Ends the streams whose readers may no longer read. */
  async recheck(): Promise<void> {
    await Promise.all([...this.#open].map(async ([end, may]) => { if (!(await may())) end.abort() }))
  }

  /** Ends them all. */
  close(): void {
    for (const end of this.#open.keys()) end.abort()
  }
}

/** Facts as server-sent events, for ever: at least once, in order; `id` is the seq from which a reader goes on. */
async function* follow(tail: Tail, from: number, types: ReadonlySet<string> | null, may: () => Promise<boolean>, end: AbortController): AsyncGenerator<string> {
  let [seq, told] = [from, from]
  /** Cut when this is not taken in time. */
  const offered = (): NodeJS.Timeout => setTimeout(() => end.abort(), STREAM_STALLED_MS)
  let stalled = offered()
  yield `retry: ${AGAIN_MS}\n\n`
  try {
    for (;;) {
      clearTimeout(stalled)
      if (end.signal.aborted) return
      let text = ''
      try {
        const batch = await tail.after(seq, FACTS_AT_ONCE)
        seq = batch.at(-1)?.seq ?? seq
        for (const e of batch) if (wanted(e, types)) text += `id: ${(told = e.seq)}\ndata: ${JSON.stringify(e)}\n\n`
        if (batch.length === 0 && !(await tail.wait(seq, HEARTBEAT_MS, end.signal))) {
          if (end.signal.aborted || !(await may())) return
          // An id without data moves the reader's place past what he did not want to hear.
          text = seq === told ? ':\n\n' : `id: ${(told = seq)}\n\n`
        }
      } catch { // the database is away; the reader's place is his own
        await pause(AGAIN_MS, end.signal)
        text = ':\n\n'
      }
      if (text === '') continue
      stalled = offered()
      yield text
    }
  } finally {
    clearTimeout(stalled)
  }
}

const PAGE = 100
export function streamRoutes({ tail, streams, auth }: Ports): Route[] {
  return [
    route({
      method: 'GET', url: '/api/events', who: ['read', 'stream'],
      about: 'Facts after `after` (else from the first), in order, at most `limit` (1 to 199, else 100) of these `types`. `next` is the `after` of the next page; at `head` there are no more yet.',
      summary: { zh: '事件，按页读取', en: 'Facts, page by page' },
      query: Type.Object({ after: Seq, limit: Type.Optional(Type.String({ pattern: '^(1[0-9]{2}|[1-9][0-9]?)$' })), types: Types }, { additionalProperties: false }),
      answer: Type.Object({ events: Type.Array(Fact), next: Type.Integer(), head: Type.Integer() }),
      handle: async ({ query }) => {
        const types = typesOf(query.types)
        const limit = Number(query.limit ?? PAGE)
        const events: TwinlineEvent[] = []
        let next = Number(query.after ?? 0)
        for (let scanned = 0; scanned < FACTS_SCANNED && events.length < limit;) {
          const batch = await tail.after(next, types ? 1_000 : limit)
          if (batch.length === 0) break
          scanned += batch.length
          for (const e of batch) {
            if (events.length === limit) break
            next = e.seq
            if (wanted(e, types)) events.push(e)
          }
        }
        return { events, next, head: tail.head }
      },
    }),
    route({
      method: 'GET', url: '/api/events/stream', who: ['read', 'stream'],
      about: 'The same as server-sent events, for ever: at least once, in order; each has its `seq` as `id`. Begins after `after` or `Last-Event-ID`, else with what comes next. A comment every 15 s.',
      summary: { zh: '事件流（SSE）', en: 'Facts as a stream (SSE)' }, mediaType: 'text/event-stream',
      query: Type.Object({ after: Seq, types: Types }, { additionalProperties: false }), answer: Fact,
      handle: ({ query, request, reply, who }) => {
        const types = typesOf(query.types)
        const last = request.headers['last-event-id']
        if (typeof last === 'string' && !/^(0|[1-9]\d{0,14})$/.test(last)) throw new Refused('bad_message', 'Last-Event-ID')
        const from = Number(last ?? query.after ?? tail.head)
        // Still the same sign-in or key: one with other rights would have ended it.
        return streams.send(reply, tail, from, types, async () => (await auth.whoAsks(request))?.id === who!.id)
      },
    }),
  ]
}
