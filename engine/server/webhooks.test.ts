// Webhooks against a real server next door: every fact, in order, signed, again until it is taken, also after a crash.
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, expect, test } from 'vitest'
import type { TwinlineEvent } from '#events/event.ts'
import { Seal } from './seal.ts'
import { Tail } from './tail.ts'
import { asking, eventually, signIn, startServer } from './testing.ts'
import { WebhookDelivery } from './webhook-delivery.ts'
import { mayPost, networks, NotTaken, post } from './webhook-post.ts'

const { origin, driver, events, store } = await startServer()
const ask = asking(origin)
const engineer = await signIn(origin, 'engineer')
/** The tails of the deliveries that a test started itself; they hear of each commit as an engine's own does. */
const tails = new Set<Tail>()
let n = 0
const state = async () => {
  const id = `w${++n}`
  const before = events.length
  await driver.ask('request.create', 'visitor', `cmd-${id}`, { request: id, visitor: `visitor-${id}`, channel: 'web', access: 'web' })
  for (const tail of tails) tail.committed(events.slice(before))
}

/** Somebody's server: answers what it is told to, remembers what it took. */
async function receiver() {
  const got: { headers: IncomingHttpHeaders; body: string; seqs: number[]; status: number }[] = []
  const said = { status: 200, wait: Promise.resolve() as Promise<unknown> }
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const { status } = said
    got.push({ headers: request.headers, body, seqs: (JSON.parse(body) as { events: TwinlineEvent[] }).events.map(({ seq }) => seq), status })
    await said.wait
    response.writeHead(status, status === 302 ? { location: `${origin}/healthz` } : {}).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = () => { server.closeAllConnections(); return new Promise((done) => server.close(done)) }
  afterAll(close)
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, got, said, taken: () => got.filter(({ status }) => status === 200).flatMap(({ seqs }) => seqs) }
}
const make = async (url: string, more: object = {}): Promise<{ id: string; secret: string }> => {
  const { status, body, text } = await ask('POST', '/api/webhooks', engineer, { url, types: [], after: 0, ...more })
  if (status !== 200) throw new Error(text)
  return body as { id: string; secret: string }
}
const statusOf = async (id: string) => (await ask('GET', `/api/webhooks/${id}`, engineer)).body
const upTo = (head: number): number[] => Array.from({ length: head }, (_, i) => i + 1)

test('every fact arrives once, in order, signed; new ones as they are stated', async () => {
  const to = await receiver()
  const { id, secret } = await make(to.url)
  for (let i = 0; i < 5; i++) await state()
  await eventually(() => to.taken().at(-1) === driver.committed.seq)
  expect(to.taken()).toEqual(upTo(events.length))
  expect(to.got.flatMap(({ body }) => JSON.parse(body).events)).toEqual(JSON.parse(JSON.stringify(events)))
  for (const { headers, body } of to.got) {
    const [, t, v1] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(headers['twinline-signature'] as string)!
    expect(createHmac('sha256', secret).update(`${t}.${body}`).digest('hex')).toBe(v1)
    expect(Math.abs(Number(t) * 1000 - Date.now())).toBeLessThan(60_000)
    expect(headers).toMatchObject({ 'twinline-webhook': id, 'content-type': 'application/json' })
  }
  await eventually(async () => (await statusOf(id))['lag'] === 0)
  expect(await statusOf(id)).toMatchObject({ url: to.url, enabled: true, seq: driver.committed.seq, failures: 0, error: null, deliveredAt: expect.any(Number) })
  expect((await ask('GET', '/api/webhooks', engineer)).text).not.toMatch(/whsec|"secret"/)
  await ask('DELETE', `/api/webhooks/${id}`, engineer)
  const before = to.got.length
  await state()
  expect([to.got.length, (await ask('GET', `/api/webhooks/${id}`, engineer)).status]).toEqual([before, 404])
})

test('only the types asked for, and the place moves past the others', async () => {
  const to = await receiver()
  const { id } = await make(to.url, { types: ['request.created'] })
  await state()
  await eventually(() => to.taken().length === events.filter(({ type }) => type === 'request.created').length)
  expect(to.taken()).toEqual(events.filter(({ type }) => type === 'request.created').map(({ seq }) => seq))
  await ask('PATCH', `/api/webhooks/${id}`, engineer, { enabled: false }) // writes the place down
  await eventually(async () => (await statusOf(id))['lag'] === 0)
  await ask('DELETE', `/api/webhooks/${id}`, engineer)
})

/** A delivery of its own on the same log: what another process would be. */
function delivery(): WebhookDelivery {
  const tail = new Tail(store.facts, () => driver.committed.seq)
  tails.add(tail)
  return new WebhookDelivery({ store: store.webhooks, tail, seal: new Seal('a secret for tests'), now: () => Date.now(), opened: networks(['loopback']), backOff: () => 1, report: (problem) => { throw problem } })
}
const kept = async (id: string, url: string) => {
  await store.webhooks.create({
    id, url, types: [], secret: new Seal('a secret for tests').seal(`webhook ${id}`, 'whsec_x'), enabled: true, createdBy: 'admin', createdAt: 1, seq: 0, failures: 0, error: null, errorAt: null, deliveredAt: null,
  })
}

test.for([500, 404, 302])('an answer of %i is no taking: the same facts again, nothing after them before', async (status) => {
  const to = await receiver()
  to.said.status = status
  await kept(`again-${status}`, to.url)
  const mine = delivery()
  mine.begin(`again-${status}`)
  await eventually(() => to.got.length >= 4)
  expect(new Set(to.got.map(({ seqs }) => seqs[0]))).toEqual(new Set([1]))
  const failing = await statusOf(`again-${status}`)
  expect(failing).toMatchObject({ seq: 0, error: expect.stringContaining(`answered ${status}`) })
  expect(failing['failures']).toBeGreaterThanOrEqual(3)
  expect(failing['lag']).toBe(failing['head'])
  to.said.status = 200
  await eventually(() => to.taken().at(-1) === driver.committed.seq)
  expect(to.taken()).toEqual(upTo(driver.committed.seq))
  await eventually(async () => (await statusOf(`again-${status}`))['lag'] === 0)
  expect(await statusOf(`again-${status}`)).toMatchObject({ failures: 0, error: null })
  await mine.stop()
  await store.webhooks.remove(`again-${status}`)
})

test('killed in the middle, the next engine goes on from the last post that was taken: nothing is missing, nothing out of order', async () => {
  const to = await receiver()
  while (driver.committed.seq < 350) await state()
  await kept('crash', to.url)
  const first = delivery()
  first.begin('crash')
  await eventually(() => to.taken().length >= 100)
  // Taken by the other side, but never written down: what a kill -9 between the two leaves.
  const { promise: hold, resolve: release } = Promise.withResolvers<void>()
  to.said.wait = hold
  const posts = to.got.length
  await eventually(() => to.got.length > posts || to.taken().at(-1) === driver.committed.seq)
  const halted = first.halt('crash')
  release()
  await halted
  const place = (await store.webhooks.find('crash'))!.seq
  to.said.wait = Promise.resolve()
  const second = delivery()
  await second.start()
  await state()
  await eventually(() => to.taken().at(-1) === driver.committed.seq)
  await second.stop()
  const seqs = to.taken()
  expect([...new Set(seqs)]).toEqual(upTo(driver.committed.seq))
  // In order but for the one place at which it began again, and there it went back no further than to what was written down.
  const back = seqs.flatMap((seq, i) => (i > 0 && seq <= seqs[i - 1]! ? [seq] : []))
  expect(back.length).toBeLessThanOrEqual(1)
  for (const seq of back) expect(seq).toBe(place + 1)
  await store.webhooks.remove('crash')
})

test('one that hangs holds up no other', async () => {
  const [slow, quick] = [await receiver(), await receiver()]
  const { promise, resolve } = Promise.withResolvers<void>()
  slow.said.wait = promise
  await kept('slow', slow.url)
  await kept('quick', quick.url)
  const mine = delivery()
  await mine.start()
  await eventually(() => slow.got.length === 1 && quick.taken().at(-1) === driver.committed.seq)
  await state()
  await eventually(() => quick.taken().at(-1) === driver.committed.seq)
  expect(slow.got).toHaveLength(1)
  await mine.stop()
  resolve()
  for (const id of ['slow', 'quick']) await store.webhooks.remove(id)
})

test('a webhook is changed while it runs: another address, a place of before, a new secret', async () => {
  const [one, two] = [await receiver(), await receiver()]
  const { id, secret } = await make(one.url)
  await eventually(() => one.taken().at(-1) === driver.committed.seq)
  await ask('PATCH', `/api/webhooks/${id}`, engineer, { url: two.url, after: 10 })
  await eventually(() => two.taken().at(-1) === driver.committed.seq)
  expect(two.taken()[0]).toBe(11)
  const renewed = await ask('POST', `/api/webhooks/${id}/secret`, engineer)
  expect(renewed.body['secret']).not.toBe(secret)
  await state()
  await eventually(() => two.taken().at(-1) === driver.committed.seq)
  const { headers, body } = two.got.at(-1)!
  const [, t, v1] = /^t=(\d+),v1=(.*)$/.exec(headers['twinline-signature'] as string)!
  expect(createHmac('sha256', renewed.body['secret']).update(`${t}.${body}`).digest('hex')).toBe(v1)
  await ask('DELETE', `/api/webhooks/${id}`, engineer)
})

test.for(['ftp://x.example', 'https://', 'javascript:alert(1)', 'https://user:pass@x.example/', 'https://x.example/#f', '/hook'])('an address that is none is refused: %s', async (url) => {
  expect(await ask('POST', '/api/webhooks', engineer, { url, types: [] })).toMatchObject({ status: 400, body: { code: 'bad_message' } })
})

test('nothing is posted to addresses that are not public, unless they were opened, and nothing public without encryption', async () => {
  const none = networks([])
  for (const address of ['127.0.0.1', '10.1.2.3', '172.20.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0', '224.0.0.1', '::1', '::', 'fd00::1', 'fe80::1', '::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:a9fe:a9fe', '64:ff9b::7f00:1', '2002:7f00:1::']) {
    expect(mayPost('https:', address, none), address).toBe(false)
  }
  for (const address of ['93.184.216.34', '2606:2800:220:1:248:1893:25c8:1946']) expect([mayPost('https:', address, none), mayPost('http:', address, none)]).toEqual([true, false])
  const opened = networks(['10.0.0.0/8', 'loopback', 'fd00::/8', '192.168.7.7'])
  for (const address of ['10.200.0.1', '127.0.0.1', '::1', 'fd12::1', '192.168.7.7', '::ffff:10.0.0.1']) expect(mayPost('http:', address, opened), address).toBe(true)
  for (const address of ['192.168.7.8', '172.16.0.1', '169.254.169.254']) expect(mayPost('http:', address, opened), address).toBe(false)

  const to = await receiver()
  const send = (url: string, opened: (address: string) => boolean) => post({ url, secret: 's', body: '{"events":[]}', headers: {}, now: 1, opened, signal: new AbortController().signal })
  await expect(send(to.url, none)).rejects.toThrow(/no address that may be posted to/)
  await expect(send(to.url.replace('127.0.0.1', 'localhost'), none)).rejects.toThrow(NotTaken)
  await expect(send(to.url.replace('127.0.0.1', '[::ffff:127.0.0.1]'), none)).rejects.toThrow(/no address/)
  expect(to.got).toEqual([])
  await send(to.url.replace('127.0.0.1', 'localhost'), networks(['loopback']))
  expect(to.got).toHaveLength(1)
  await expect(send('http://127.0.0.1:1/', networks(['loopback']))).rejects.toThrow(/ECONNREFUSED/)
})
