// Certificates: that a client which trusts the authority gets through, and when they are made anew.
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, get } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { readConfig } from './config.ts'
import { networkAddresses } from './host/addresses.ts'
import { certificate, keepFresh, type Tls } from './tls.ts'

const folder = mkdtempSync(join(tmpdir(), 'twinline-tls-'))
afterAll(() => rmSync(folder, { recursive: true }))
const day = 86_400_000
const selfSigned = (name: string, env = {}) => readConfig({ TWINLINE_DATA: join(folder, name), ...env })
const leafOf = (tls: Tls) => new X509Certificate(tls.cert)

async function serve(tls: Tls) {
  const server = createServer({ cert: tls.cert, key: tls.key }, (_request, response) => response.end('hello'))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, port: (server.address() as AddressInfo).port }
}

/** The certificate that a client which trusts only `ca` is shown; rejects when it does not trust it. */
function shownTo(ca: string, host: string, port: number): Promise<string> {
  return new Promise((settle, reject) => {
    const servername = /\d$/.test(host) ? '' : host
    get({ host: '127.0.0.1', port, path: '/', ca, agent: false, servername, headers: { host } }, (response) => {
      const { fingerprint256 } = (response.socket as import('node:tls').TLSSocket).getPeerCertificate()
      response.resume().on('end', () => settle(fingerprint256))
    }).on('error', reject)
  })
}

describe('made here', () => {
  test('a client that trusts the authority, and no other, gets through', async () => {
    const tls = (await certificate(selfSigned('trust')))!
    const { server, port } = await serve(tls)
    expect(await shownTo(tls.authority!.cert, 'localhost', port)).toBe(leafOf(tls).fingerprint256)
    expect(await shownTo(tls.authority!.cert, '127.0.0.1', port)).toBe(leafOf(tls).fingerprint256)
    const stranger = (await certificate(selfSigned('stranger')))!
    await expect(shownTo(stranger.authority!.cert, 'localhost', port)).rejects.toThrow()
    server.close()
  })
  test('it covers every address of this machine, the public name and the announced addresses', async () => {
    const tls = (await certificate(selfSigned('names', { TWINLINE_PUBLIC_URL: 'https://cc.example.com:8443/x', TWINLINE_ANNOUNCED_ADDRESS: '203.0.113.7' })))!
    for (const address of [...networkAddresses(), '127.0.0.1', '::1', '203.0.113.7']) expect(leafOf(tls).checkIP(address), address).toBeDefined()
    expect(leafOf(tls).checkHost('cc.example.com')).toBeDefined()
    expect(leafOf(tls).checkHost('example.com')).toBeUndefined()
  })
  test('kept from start to start; the keys are their owner’s alone', async () => {
    const config = selfSigned('kept')
    expect(await certificate(config)).toEqual(await certificate(config))
    expect(statSync(join(config.dataFolder, 'tls', 'authority.pem')).mode & 0o777).toBe(0o600)
  })
  test('renewed near its end, and when a name is new, under the same authority', async () => {
    const first = (await certificate(selfSigned('renew')))!
    const later = (await certificate(selfSigned('renew'), new Date(Date.now() + 368 * day)))!
    const renamed = (await certificate(selfSigned('renew', { TWINLINE_ANNOUNCED_ADDRESS: '203.0.113.8' })))!
    expect(new Set([first, later, renamed].map((tls) => leafOf(tls).fingerprint256)).size).toBe(3)
    expect(later.authority).toEqual(first.authority)
    expect(renamed.authority).toEqual(first.authority)
  })
  test('a broken file is made anew', async () => {
    const config = selfSigned('broken')
    await certificate(config)
    writeFileSync(join(config.dataFolder, 'tls', 'server.pem'), 'half of a cert')
    expect(leafOf((await certificate(config))!).checkHost('localhost')).toBe('localhost')
  })
})

describe('one’s own', () => {
  const certFile = join(folder, 'cert.pem')
  const keyFile = join(folder, 'key.pem')
  const own = readConfig({ TWINLINE_TLS_CERT: certFile, TWINLINE_TLS_KEY: keyFile, TWINLINE_DATA: folder })
  const use = (tls: Tls, key = tls.key) => {
    writeFileSync(certFile, tls.cert)
    writeFileSync(keyFile, key)
  }

  test('served as it is, and what is wrong with it is said', async () => {
    const [first, second] = [(await certificate(selfSigned('own1')))!, (await certificate(selfSigned('own2')))!]
    use(first)
    expect(await certificate(own)).toEqual({ cert: first.cert, key: first.key, authority: undefined })
    await expect(certificate(own, new Date(Date.now() + 400 * day))).rejects.toThrow(/ended on \d{4}-\d\d-\d\d\.$/)
    use(first, second.key)
    await expect(certificate(own)).rejects.toThrow('does not belong to the first certificate')
    use(first, 'nonsense')
    await expect(certificate(own)).rejects.toThrow(`${keyFile} holds no private key`)
    rmSync(keyFile)
    await expect(certificate(own)).rejects.toThrow(`TWINLINE_TLS_KEY names ${keyFile}, which cannot be read (ENOENT).`)
  })

  test('renewed in its files, it is served without a restart; a bad one is not', async () => {
    const [first, second] = [(await certificate(selfSigned('fresh1')))!, (await certificate(selfSigned('fresh2')))!]
    use(first)
    const { server, port } = await serve(first)
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const problems: string[] = []
    const stop = keepFresh(server, own, first, (problem) => problems.push(problem.message))
    try {
      use(second, first.key)
      vi.advanceTimersByTime(60_000)
      await vi.waitFor(() => expect(problems).toHaveLength(1))
      expect(await shownTo(first.authority!.cert, 'localhost', port)).toBe(leafOf(first).fingerprint256)
      use(second)
      vi.advanceTimersByTime(60_000)
      await vi.waitFor(async () => expect(await shownTo(second.authority!.cert, 'localhost', port)).toBe(leafOf(second).fingerprint256))
    } finally {
      stop()
      vi.useRealTimers()
      server.close()
    }
  })
})

test('behind a proxy or on localhost alone there is none', async () => {
  expect(await certificate(readConfig({ TWINLINE_TRUST_PROXY: 'loopback' }))).toBeUndefined()
  expect(await certificate(readConfig({ TWINLINE_HOST: '127.0.0.1' }))).toBeUndefined()
})
