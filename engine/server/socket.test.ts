// A page's socket under pages that misbehave in ways no browser does: raw connections that never read, never answer a ping, leave early.
import { createServer } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import websocket, { type WebSocket } from '@fastify/websocket'
import fastify from 'fastify'
import { afterAll, expect, test } from 'vitest'
import { parseVisitor, type VisitorMessage } from '#wire/messages.ts'
import { MAX_BUFFER_BYTES } from './limits.ts'
import { PageSocket, type Manners } from './socket.ts'

const app = fastify()
await app.register(websocket)
let next: (socket: WebSocket) => void
app.get('/ws', { websocket: true }, (socket) => next(socket))
await app.ready()
const server = createServer(app.routing)
server.on('upgrade', (...upgrade) => app.server.emit('upgrade', ...upgrade))
await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await app.close()
})

/** A connection that speaks no websocket but for what the test writes. */
async function raw(manners: Partial<Manners<VisitorMessage>> = {}) {
  const { promise, resolve } = Promise.withResolvers<WebSocket>()
  next = resolve
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  client.on('error', () => {})
  client.write('GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n')
  const socket = await promise
  const closed = new Promise<number>((done) => socket.once('close', (code: number) => done(code)))
  let gone = 0
  const page = new PageSocket<VisitorMessage>(socket, {
    parse: parseVisitor, hello: async () => ({ hi: true }), hear: () => ({}), gone: () => void gone++, report: (problem) => { throw problem }, ...manners,
  })
  return { client, socket, page, closed, gone: () => gone }
}

/** A masked text frame, as clients must send them (the mask is of zeros). */
function frame(message: object): Buffer {
  const text = Buffer.from(JSON.stringify(message))
  return Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), text])
}
const hello = frame({ type: 'hello', id: '1', token: '' })
const answered = (client: Socket) => new Promise<void>((resolve) => client.on('data', (data) => { if (data.includes('"re":"1"')) resolve() }))

test('a page that answers no ping is gone by the next one; one that says anything is not', async () => {
  const { client, page, closed, gone } = await raw()
  client.write(hello)
  await answered(client)
  page.ping(false)
  client.write(frame({ type: 'ping', id: '2' }))
  await new Promise<void>((resolve) => client.on('data', (data) => { if (data.includes('"re":"2"')) resolve() }))
  page.ping(false)
  expect(gone()).toBe(0)
  page.ping(true) // after a sleep of our own nobody is blamed
  expect(gone()).toBe(0)
  page.ping(false)
  expect(await closed).toBe(1006)
  expect(gone()).toBe(1)
})

test('a page that does not read is shown no more views, and is cut when too much waits for it', async () => {
  const { client, socket, page, closed, gone } = await raw()
  client.write(hello)
  await answered(client)
  client.pause()
  let shown = 0
  const view = (n: number) => ({ n, text: 'x'.repeat(10_000) })
  while (page.show(view(shown), 0)) shown++
  expect(socket.bufferedAmount).toBeLessThan(MAX_BUFFER_BYTES / 4)
  expect(page.show(view(shown), 0)).toBe(false)
  while (socket.readyState === socket.OPEN) page.send({ text: 'x'.repeat(100_000) })
  expect(socket.bufferedAmount).toBeLessThan(2 * MAX_BUFFER_BYTES)
  await closed
  expect(gone()).toBe(1)
})

test('the same view is sent once', async () => {
  const { client, page } = await raw()
  const chunks: string[] = []
  client.on('data', (data) => chunks.push(data.toString()))
  client.write(hello)
  await answered(client)
  for (let i = 0; i < 3; i++) expect(page.show({ phase: 'queued' }, i)).toBe(true)
  page.send({ end: true })
  await expect.poll(() => chunks.join('')).toContain('"end"')
  expect(chunks.join('').split('"view"')).toHaveLength(3) // its type and its field, once
})

test.for(['before', 'after'] as const)('a page that leaves while it is greeted has gone once, whether its hello is accepted %s or not', async (when) => {
  const { promise: leave, resolve: left } = Promise.withResolvers<void>()
  const { client, closed, gone } = await raw({ hello: async () => { await leave; return {} } })
  client.write(hello)
  await new Promise((resolve) => setImmediate(resolve))
  if (when === 'before') {
    left()
    await answered(client)
  }
  client.destroy()
  await closed
  left()
  await expect.poll(gone).toBe(1)
})

test('what is said before the answer to hello is refused, and hello goes on', async () => {
  const { promise: greeted, resolve: greet } = Promise.withResolvers<void>()
  const { client, socket } = await raw({ hello: async () => { await greeted; return {} } })
  const heard: string[] = []
  client.on('data', (data) => heard.push(data.toString()))
  client.write(Buffer.concat([hello, frame({ type: 'hangup', id: '2' }), frame({ type: 'hello', id: '3', token: '' })]))
  await expect.poll(() => heard.join('')).toMatch(/"re":"2","ok":false,"code":"hello_first".*"re":"3","ok":false,"code":"hello_first"/s)
  greet()
  await expect.poll(() => heard.join('')).toContain('"re":"1","ok":true')
  expect(socket.readyState).toBe(socket.OPEN)
})

test('a page whose hello was refused has never been there', async () => {
  const { client, closed, gone } = await raw({ hello: async () => { throw Object.assign(new Error(), { code: 'store_away' }) } })
  client.write(hello)
  await answered(client)
  client.on('data', () => client.end())
  await closed
  expect(gone()).toBe(0)
})
