// The facts as programs read them: every one, in order, from where each reader was.
import { connect, type AddressInfo } from 'node:net'
import fastify from 'fastify'
import { expect, test } from 'vitest'
import type { TwinlineEvent } from '#events/event.ts'
import { MAX_STREAMS, TAIL_FACTS } from './limits.ts'
import { Streams } from './stream.ts'
import { Tail } from './tail.ts'
import { asking, eventually, signIn, startServer } from './testing.ts'

const { origin, driver, events, server } = await startServer()
const ask = asking(origin)
const engineer = await signIn(origin, 'engineer')
let n = 0
/** States at least one fact: a new request of a new visitor. */
const state = async () => {
  const id = `s${++n}`
  await driver.ask('request.create', 'visitor', `cmd-${id}`, { request: id, visitor: `visitor-${id}`, channel: 'web', access: 'web' })
}

/** A reader of the stream, as a program is one. */
async function read(query = '', headers: Record<string, string> = {}) {
  const end = new AbortController()
  const response = await fetch(`${origin}/api/events/stream${query}`, { headers: { cookie: engineer, ...headers }, signal: end.signal })
  const heard: TwinlineEvent[] = []
  const ids: number[] = []
  let text = ''
  const over = (async () => {
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk
      const frames = text.split('\n\n')
      text = frames.pop()!
      for (const frame of frames) {
        const [, id] = /^id: (\d+)$/m.exec(frame) ?? []
        const [, data] = /^data: (.*)$/m.exec(frame) ?? []
        if (id) ids.push(Number(id))
        if (data) heard.push(JSON.parse(data))
      }
    }
  })().catch(() => {})
  return { response, heard, ids, over, end: () => { end.abort(); return over } }
}

test('a stream begins after a seq, goes on as facts are stated, and is resumed from the last id', async () => {
  await state()
  const first = await read('?after=0')
  expect(first.response.headers.get('content-type')).toBe('text/event-stream')
  await state()
  await eventually(() => first.heard.length === events.length)
  expect(first.heard).toEqual(JSON.parse(JSON.stringify(events)))
  expect(first.ids).toEqual(events.map(({ seq }) => seq))
  await first.end()
  const last = first.ids.at(-1)!
  await state()
  const second = await read('?after=0', { 'last-event-id': String(last) })
  await eventually(() => (second.ids.at(-1) ?? 0) === driver.committed.seq)
  expect(second.heard.map(({ seq }) => seq)).toEqual(events.slice(last).map(({ seq }) => seq))
  await second.end()
  const live = await read()
  await eventually(async () => { await state(); return live.heard.length > 0 })
  expect(live.heard[0]!.seq).toBeGreaterThan(last)
  await live.end()
})

test('only the types asked for; one that is none is refused', async () => {
  const stream = await read('?after=0&types=request.created,plan.changed')
  await state()
  await eventually(() => stream.heard.some((e) => e.type === 'request.created' && e.data.request === `s${n}`))
  expect(new Set(stream.heard.map(({ type }) => type))).toEqual(new Set(['request.created', 'plan.changed']))
  await stream.end()
  for (const query of ['types=nothing', 'types=', 'after=-1', 'after=1e3', 'x=1']) {
    expect((await ask('GET', `/api/events/stream?${query}`, engineer)).status, query).toBe(400)
    expect((await ask('GET', `/api/events?${query}`, engineer)).status, query).toBe(400)
  }
  expect((await ask('GET', '/api/events/stream', engineer, undefined, { 'last-event-id': 'x' })).status).toBe(400)
})

test('page by page every fact is read once', async () => {
  await state()
  const seen: number[] = []
  for (let after = 0; ;) {
    const { body } = await ask('GET', `/api/events?after=${after}&limit=3`, engineer)
    seen.push(...body['events'].map((e: TwinlineEvent) => e.seq))
    after = body['next']
    if (after === body['head']) break
  }
  expect(seen).toEqual(events.map(({ seq }) => seq))
  const { body } = await ask('GET', '/api/events?types=request.created&limit=2', engineer)
  const created = events.filter(({ type }) => type === 'request.created')
  expect([body['events'].map((e: TwinlineEvent) => e.seq), body['next']]).toEqual([created.slice(0, 2).map(({ seq }) => seq), created[1]!.seq])
  const rest = await ask('GET', `/api/events?types=request.created&after=${body['next']}`, engineer)
  expect(rest.body['events']).toHaveLength(created.length - 2)
})

test('a stream ends when its reader signs out', async () => {
  const cookie = await signIn(origin, 'engineer')
  const stream = await read('', { cookie })
  expect(stream.response.status).toBe(200)
  await ask('DELETE', '/api/session', cookie)
  server.sessionsEnded()
  await stream.over
})

test('the tail gives what the log gives, however much of it is still in memory', async () => {
  const log = Array.from({ length: 5 * TAIL_FACTS }, (_, i) => ({ seq: i + 1 })) as TwinlineEvent[]
  let [head, reads] = [0, 0]
  const tail = new Tail(async (after, limit) => { reads++; return log.slice(after, Math.min(after + limit, head)) }, () => head)
  head = 100 // from before this engine
  for (let next = 100; next < log.length; next += 700) {
    head = Math.min(next + 700, log.length)
    tail.committed(log.slice(next, head))
    for (const after of [0, 50, 100, next - 1, next, head - 1, head, head - TAIL_FACTS, Math.max(0, head - 3 * TAIL_FACTS)]) {
      if (after >= 0) expect(await tail.after(after, 50)).toEqual(log.slice(after, Math.min(after + 50, head)))
    }
  }
  const before = reads
  await tail.after(head - 10, 10)
  expect(reads).toBe(before)
})

test('waiting ends with the next fact, after its time, or by a signal', async () => {
  let head = 5
  const tail = new Tail(async () => [], () => head)
  const never = new AbortController()
  expect(await tail.wait(4, 60_000, never.signal)).toBe(true)
  const next = tail.wait(5, 60_000, never.signal)
  head = 6
  tail.committed([{ seq: 6 } as TwinlineEvent])
  expect(await next).toBe(true)
  expect(await tail.wait(6, 1, never.signal)).toBe(false)
  const stopped = tail.wait(6, 60_000, never.signal)
  never.abort()
  expect(await stopped).toBe(false)
  expect(await tail.wait(6, 60_000, never.signal)).toBe(false)
})

/** A server of its own with one stream on this tail, for what a whole engine does too slowly to be waited for. */
async function serve(tail: Tail, types: ReadonlySet<string> | null, may: () => Promise<boolean>) {
  const app = fastify()
  const streams = new Streams()
  app.setErrorHandler((problem, _request, reply) => reply.code(409).send({ code: (problem as { code?: string }).code }))
  app.get('/', (_, reply) => streams.send(reply, tail, 0, types, may))
  await app.listen({ port: 0, host: '127.0.0.1' })
  return { port: (app.server.address() as AddressInfo).port, streams, close: () => { streams.close(); return app.close() } }
}
/** Nothing happens quickly. */
class QuickTail extends Tail {
  override wait(seq: number, _ms: number, signal: AbortSignal): Promise<boolean> { return super.wait(seq, 5, signal) }
}
const facts = (count: number) => Array.from({ length: count }, (_, i) => ({ seq: i + 1, type: 'agent.reconnected' })) as TwinlineEvent[]

test('while nothing happens a sign of life, a place that moves past what was not asked for, and an end with the reader’s right', async () => {
  let left = 6
  const { port, close } = await serve(new QuickTail(async (after) => facts(7).slice(after), () => 7), new Set(['plan.changed']), async () => left-- > 0)
  const text = await (await fetch(`http://127.0.0.1:${port}/`)).text()
  expect(text).toBe('retry: 1000\n\nid: 7\n\n:\n\n:\n\n:\n\n:\n\n:\n\n')
  await close()
})

test('a database that is away delays the facts, and loses none', async () => {
  let away = 1
  const tail = new QuickTail(async (after) => { if (away-- > 0) throw new Error('away'); return facts(3).slice(after) }, () => 3)
  let asked = 0
  const { port, close } = await serve(tail, null, async () => asked++ < 1)
  const text = await (await fetch(`http://127.0.0.1:${port}/`)).text()
  expect([...text.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data!).seq)).toEqual([1, 2, 3])
  await close()
})

test('there are only so many streams at once, and a place is free again when one ends', async () => {
  const { port, close, streams } = await serve(new Tail(async () => [], () => 0), null, async () => true)
  const ends = Array.from({ length: MAX_STREAMS }, () => new AbortController())
  const open = (signal: AbortSignal | null = null) => fetch(`http://127.0.0.1:${port}/`, { signal })
  for (const { signal } of ends) expect((await open(signal)).status).toBe(200)
  expect(await (await open()).json()).toEqual({ code: 'too_many' })
  ends[0]!.abort()
  await eventually(async () => {
    const more = await open()
    await more.body!.cancel()
    return more.status === 200
  })
  await streams.recheck()
  for (const end of ends) end.abort()
  await close()
})

test('a reader that takes nothing is not read ahead for', async () => {
  const reads: number[] = []
  const big = 'x'.repeat(20_000)
  const tail = new Tail(async (after, limit) => {
    reads.push(after)
    return Array.from({ length: limit }, (_, i) => ({ seq: after + i + 1, type: 'agent.reconnected', data: { agent: big } })) as unknown as TwinlineEvent[]
  }, () => 1_000_000)
  const { port, close } = await serve(tail, null, async () => true)
  const socket = connect(port, '127.0.0.1')
  socket.pause()
  socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
  await eventually(() => reads.length >= 1)
  let count = 0
  await eventually(async () => {
    await new Promise((resolve) => setTimeout(resolve, 50))
    return count === (count = reads.length)
  })
  // Each batch is 4 MB: what the two kernels' buffers take, one in the response, one in the making.
  expect(reads.length).toBeLessThan(8)
  socket.destroy()
  await close()
})
