// http and https on one app; ports that are taken; cookies as each of them needs.
import { createServer } from 'node:net'
import { once } from 'node:events'
import { request } from 'node:https'
import type { AddressInfo } from 'node:net'
import { generate } from 'selfsigned'
import { afterAll, expect, test } from 'vitest'
import { listen } from './listen.ts'
import { PASSWORD, startServer, TestPage } from './testing.ts'

const { server } = await startServer()
const pems = await generate([{ name: 'commonName', value: 'localhost' }], { keyType: 'ec', curve: 'P-256' })
const both = await listen(server.app, { listeners: [{ host: '127.0.0.1', port: 0, tls: false }, { host: '127.0.0.1', port: 0, tls: true }], tls: { cert: pems.cert, key: pems.private } })
afterAll(() => both.close())
const [http, https] = both.addresses

test('both ports serve the same, sockets too', async () => {
  expect(await (await fetch(`http://127.0.0.1:${http!.port}/healthz`)).json()).toMatchObject({ ok: true })
  const page = await TestPage.open(`http://127.0.0.1:${http!.port}`, '/ws/visitor')
  page.socket.close()
  expect(both.encrypted).toHaveLength(1)
})

test('over https the cookie is bound to this very host', async () => {
  const asked = request(`https://127.0.0.1:${https!.port}/api/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, rejectUnauthorized: false })
  asked.end(JSON.stringify({ name: 'ann', password: PASSWORD }))
  const [response] = await once(asked, 'response')
  response.resume()
  expect(response.headers['set-cookie'][0]).toMatch(/^__Host-twinline=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=Strict$/)
  expect(response.headers['strict-transport-security']).toBe('max-age=31536000')
})

test('a port that is taken is named, and nothing is left open', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const { port } = other.address() as AddressInfo
  await expect(listen(server.app, { listeners: [{ host: '127.0.0.1', port, tls: false }] })).rejects.toThrow(`Cannot listen on 127.0.0.1 port ${port}: another program has it. Set TWINLINE_PORT to another port.`)
  await expect(listen(server.app, { listeners: [{ host: '127.0.0.1', port: http!.port, tls: true }], tls: { cert: pems.cert, key: pems.private } })).rejects.toThrow('TWINLINE_HTTPS_PORT')
  other.close()
})

test('https without a certificate is refused with a sentence', async () => {
  await expect(listen(server.app, { listeners: [{ host: '127.0.0.1', port: 0, tls: true }] })).rejects.toThrow('No certificate')
})
