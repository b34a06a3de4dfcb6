// Agent and visitor on networks of their own call over https with the certificate that Twinline makes for itself: trusted as its
// page says, and from then on verified like any other.
import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startInstallation, type Installation } from './testing/installation.ts'
import { makeLan, whyNoLan, type Lan, type Machine } from './testing/lan.ts'
import { callIn, framesSeen, goToWork, makeAgent, openBrowser, person, type Person } from './testing/people.ts'

const PORT = 8443
const ANNA = { name: 'anna', password: 'correct horse battery', nickname: '小安', realName: '安娜 Anna' }
const reason = whyNoLan()
if (reason) console.warn(`Skipped: ${reason}`)

describe.skipIf(reason !== null)('over https in a local network', () => {
  let lan: Lan
  let twinline: Installation
  let authority: string
  const browsers: Browser[] = []

  beforeAll(async () => {
    lan = await makeLan()
    twinline = await startInstallation({ TWINLINE_HOST: '0.0.0.0', TWINLINE_HTTPS_PORT: String(PORT) }, undefined, lan.server)
  })
  afterAll(async () => {
    try {
      for (const browser of browsers) await browser.close()
      await twinline?.remove()
    } finally {
      lan?.remove()
    }
  })

  const urlFor = ({ server }: Machine): string => `https://${server}:${PORT}`
  const open = async (machine: Machine, trusted?: string): Promise<Browser> => {
    const browser = await openBrowser([], machine.browser(trusted))
    browsers.push(browser)
    return browser
  }

  test('the addresses of every network are printed, and where the certificate is explained', () => {
    const printed = twinline.lines.join('\n')
    for (const machine of [lan.agent, lan.visitor]) expect(printed).toContain(`${urlFor(machine)}/`)
    expect(printed).toMatch(/信任证书 +https:\S+\/trust\n/)
  })

  test('a browser refuses the certificate until its authority is trusted, which /trust offers with the printed fingerprint', async () => {
    const browser = await open(lan.visitor)
    const stranger = await person(browser)
    await expect(stranger.page.goto(urlFor(lan.visitor))).rejects.toThrow('net::ERR_CERT_AUTHORITY_INVALID')

    const page = await browser.newPage({ ignoreHTTPSErrors: true }) // whoever clicks "proceed" to read how it is done
    expect((await page.goto(`${urlFor(lan.visitor)}/trust`))!.status()).toBe(200)
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: '下载证书' }).click()])
    authority = join(twinline.dataFolder, 'downloaded.crt')
    copyFileSync(await download.path(), authority)
    const { fingerprint256 } = new X509Certificate(readFileSync(authority))
    expect(await page.locator('body').innerText()).toContain(fingerprint256)
    expect(twinline.lines.join('\n')).toContain(`(SHA-256): ${fingerprint256}`)
    await browser.close()
  })

  test('that authority verifies the server at each of its addresses', () => {
    const source = `import { connect } from 'node:tls'
import { readFileSync } from 'node:fs'
const [host, ca] = process.argv.slice(1)
const socket = connect({ host, port: ${PORT}, ...(ca && { ca: readFileSync(ca) }) }, () => { console.log('verified', socket.authorized); socket.end() })
socket.on('error', ({ code }) => console.log(code))`
    const asked = ({ through, server }: Machine, ...ca: string[]): string => {
      const [program = '', ...args] = [...through, process.execPath, '--input-type=module', '--eval', source, server, ...ca]
      return execFileSync(program, args, { encoding: 'utf8' }).trim()
    }
    for (const machine of [lan.agent, lan.visitor]) expect(asked(machine, authority)).toBe('verified true')
    expect(asked(lan.agent)).toBe('SELF_SIGNED_CERT_IN_CHAIN')
  })

  test('agent and visitor hold a call, and no certificate error is ignored', async () => {
    const office = await open(lan.agent, authority)
    const admin = await person(office)
    await makeAgent(admin, urlFor(lan.agent), twinline.password, ANNA)
    const agent = await person(office)
    await noteConnections(agent)
    await goToWork(agent, urlFor(lan.agent), ANNA)
    const visitor = await person(await open(lan.visitor, authority), 'en-US')
    await noteConnections(visitor)
    await callIn(visitor, urlFor(lan.visitor))
    await agent.page.getByTestId('accept').click()

    expect(await framesSeen(agent, 40)).toBeGreaterThan(40)
    expect(await framesSeen(visitor, 40)).toBeGreaterThan(40)
    // Each page sends to the address of its own network: there is no way to the other one.
    expect(await mediaGoesTo(agent)).toEqual([`udp ${lan.agent.server}`])
    expect(await mediaGoesTo(visitor)).toEqual([`udp ${lan.visitor.server}`])

    await visitor.page.getByTestId('hangup').click()
    await agent.page.getByTestId('summary-save').waitFor()
    expect([...agent.complaints, ...visitor.complaints]).toEqual([])
  })

  test('Ctrl-C leaves nothing running', async () => {
    for (const browser of browsers) await browser.close()
    expect(await twinline.stop()).toBe(0)
    expect(lan.running()).toEqual([])
  })
})

/** Keeps the page's peer connections in reach, for what their statistics say. */
async function noteConnections({ context }: Person): Promise<void> {
  await context.addInitScript(() => {
    const connections: RTCPeerConnection[] = []
    const Native = RTCPeerConnection
    Object.assign(window, {
      connections,
      RTCPeerConnection: class extends Native {
        constructor(settings?: RTCConfiguration) {
          super(settings)
          connections.push(this)
        }
      },
    })
  })
}

/** Protocol and address of the other end of the pairs that this page's media takes, each once. */
async function mediaGoesTo({ page }: Person): Promise<string[]> {
  return await page.evaluate(async () => {
    const ends = new Set<string>()
    for (const connection of (window as unknown as { connections: RTCPeerConnection[] }).connections) {
      const report = await connection.getStats()
      for (const { type, selectedCandidatePairId } of report.values()) {
        if (type !== 'transport' || !selectedCandidatePairId) continue
        const { protocol, address } = report.get(report.get(selectedCandidatePairId).remoteCandidateId)
        ends.add(`${protocol} ${address}`)
      }
    }
    return [...ends]
  })
}
