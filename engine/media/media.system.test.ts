// Calls of headless Chromium pages through real rooms, with the console's own media code: over UDP and TCP, through a worker's death,
// a lost connection, muting, missing devices and malformed messages; and one of nine parties in every role, with hold.
import { fileURLToPath } from 'node:url'
import { chromium as playwright, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { MediaError, type CallRole, type MediaParty, type MediaPush, type MediaRequest } from '#wire/media.ts'
import { chromiumPath } from '../testing/chromium.mjs'
import type { Rooms, RoomsOptions } from './options.ts'
import { startRooms } from './rooms.ts'
import { testOptions, testWorker } from '../testing/media.ts'

const workerBin = testWorker()

/** What the page's script (`enter` below) leaves on its window. */
interface Entered {
  call: { join(): void; push(message: MediaPush): void; setOn(source: string, on: boolean): Promise<void>; replace(source: string, track: MediaStreamTrack | null): Promise<void>; statistics(): Promise<Statistics>; close(): void }
  states: string[]
  role: string
  held: boolean
  /** Whether the other side's camera is off, as last heard. */
  cameraOff: boolean | null
  videos: Map<string, HTMLVideoElement>
  /** Track of each consumer, and who sends it. */
  from: Map<string, { participant: string; track: MediaStreamTrack }>
  joinedAt: number
  firstFrameAt: number | null
}
interface Statistics { rttMs: number | null; protocol: string | null; sent: Stream[]; received: Stream[] }
interface Stream { kind: string; track: string | null; frames: number; packets: number; kbitPerS: number; width: number; lossShare: number }
declare global {
  interface Window extends Entered {
    media: { CallMedia: new (options: object) => Entered['call'] }
    ask(message: object): Promise<{ answer: object } | { code: string }>
  }
}

/** In the page: joins the room and shows what arrives, as a page of the console does. */
async function enter(devices: 'large' | 'small' | 'none'): Promise<void> {
  const video = devices === 'large' ? { width: 1280, height: 720 } : { width: 160, height: 120, frameRate: 5 }
  const stream = devices === 'none' ? new MediaStream() : await navigator.mediaDevices.getUserMedia({ audio: true, video })
  const tracks = { microphone: stream.getAudioTracks()[0] ?? null, camera: stream.getVideoTracks()[0] ?? null }
  Object.assign(window, { states: [], role: null, held: null, cameraOff: null, videos: new Map(), from: new Map(), firstFrameAt: null })
  window.call = new window.media.CallMedia({
    tracks,
    request: async (message: object) => {
      const result = await window.ask(message)
      if ('code' in result) throw new Error(result.code)
      return result.answer
    },
    onTrack: ({ consumer, participant, track, paused }: { consumer: string; participant: string; track: MediaStreamTrack; paused: boolean }) => {
      window.from.set(consumer, { participant, track })
      if (track.kind !== 'video') return
      window.cameraOff = paused
      const video = document.createElement('video')
      Object.assign(video, { muted: true, autoplay: true, srcObject: new MediaStream([track]) })
      video.requestVideoFrameCallback(() => { window.firstFrameAt ??= performance.now() })
      document.body.append(video)
      window.videos.set(consumer, video)
    },
    onGone: (consumer: string) => { window.from.delete(consumer); window.videos.get(consumer)?.remove(); window.videos.delete(consumer) },
    onPaused: (consumer: string, paused: boolean) => { if (window.videos.has(consumer)) window.cameraOff = paused },
    onState: (state: string) => window.states.push(state),
    onRole: (role: string) => { window.role = role },
    onHeld: (held: boolean) => { window.held = held },
  })
  window.joinedAt = performance.now()
  window.call.join()
}

const frames = (page: Page): Promise<number> => page.evaluate(async () => {
  const { received } = await window.call.statistics()
  return received.filter(({ kind }) => kind === 'video').reduce((sum, { frames }) => sum + frames, 0)
})
const statistics = (page: Page): Promise<Statistics> => page.evaluate(() => window.call.statistics())
const moves = (pages: Page[], more: number, timeoutMs: number) => vi.waitFor(async () => {
  for (const page of pages) expect(await frames(page)).toBeGreaterThan(more)
}, { timeout: timeoutMs, interval: 50 })

describe.skipIf(!workerBin)('browsers', () => {
  let browser: Browser
  let script: string
  let rooms: Rooms
  let told: ReturnType<typeof testOptions>
  let contexts: BrowserContext[] = []
  /** What each party's page has asked of the rooms. */
  let asked: Record<string, string[]> = {}

  beforeAll(async () => {
    const [bundle] = await build({
      configFile: false, logLevel: 'error',
      build: { write: false, lib: { entry: fileURLToPath(new URL('../../console/media.ts', import.meta.url)), formats: ['iife'], name: 'media' } },
    }) as unknown as { output: [{ code: string }] }[]
    script = bundle!.output[0].code
    browser = await playwright.launch({
      executablePath: chromiumPath()!,
      args: ['--no-sandbox', '--disable-gpu', '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    })
  })
  afterAll(() => browser?.close())
  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((context) => context.close()))
    await rooms.stop()
    asked = {}
  })

  const openRooms = async (more: Partial<RoomsOptions> = {}) => {
    told = testOptions(workerBin!, more)
    rooms = await startRooms(told.options)
    const parties: [MediaParty, MediaParty] = [{ request: 'r1', role: 'visitor', participant: 'v1' }, { request: 'r1', role: 'agent', participant: 'a1' }]
    await rooms.open('r1', parties, false)
    return parties
  }

  /** A page of its own browser context; its link to the rooms is a function that Playwright puts into the page. */
  const openPage = async (party: MediaParty, devices: 'large' | 'small' | 'none' = 'large'): Promise<Page> => {
    const context = await browser.newContext()
    contexts.push(context)
    const page = await context.newPage()
    let count = 0
    const said: string[] = asked[party.participant] = []
    await page.route('http://localhost/**', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>call</title>' }))
    await page.exposeFunction('ask', (message: { type: string }) => (said.push(message.type),
      rooms.handle(party, { ...message, id: `${++count}` } as MediaRequest, (push) => { void page.evaluate((push) => window.call.push(push), push).catch(() => {}) })
        .then((answer) => ({ answer }), (error: unknown) => ({ code: error instanceof MediaError ? error.code : String(error) }))))
    await page.goto('http://localhost/')
    await page.addScriptTag({ content: script })
    await page.evaluate(enter, devices)
    return page
  }

  test('hold a call over UDP; the worker is killed under it; nonsense does not disturb it', async () => {
    const [v, a] = await openRooms()
    const visitor = await openPage(v)
    await vi.waitFor(async () => expect(await visitor.evaluate(() => window.states)).toEqual(['live']), { timeout: 10_000 })
    expect(told.flowing).toEqual([])
    const agent = await openPage(a)
    await vi.waitFor(() => expect(told.flowing).toEqual(['r1']), { timeout: 5_000, interval: 5 })
    await moves([visitor, agent], 40, 20_000)
    for (const page of [visitor, agent]) {
      const { protocol, sent, received, rttMs } = await statistics(page)
      expect({ protocol, kinds: received.map(({ kind }) => kind).sort() }).toEqual({ protocol: 'udp', kinds: ['audio', 'video'] })
      expect(received.every(({ packets, lossShare }) => packets > 30 && lossShare < 0.2)).toBe(true)
      expect(sent.map(({ kind }) => kind).sort()).toEqual(['audio', 'video'])
      expect(rttMs).toBeLessThan(200)
    }
    console.info(`join to first frame of the other side: ${(await agent.evaluate(() => window.firstFrameAt! - window.joinedAt)).toFixed(0)} ms`)

    // Raw nonsense in the middle of the call.
    for (const junk of [{}, { role: 'client', fingerprints: [{ algorithm: 'sha-256', value: 'nonsense' }] }, { role: 'client', fingerprints: [null] }, { codecs: [{}], encodings: [{ ssrc: -1 }] }]) {
      for (const message of [{ type: 'media.connect', transport: 'x', dtlsParameters: junk }, { type: 'media.produce', transport: 'x', kind: 'audio', source: 'microphone', rtpParameters: junk }, { type: 'media.receive', transport: 'x', rtpCapabilities: junk }])
        expect(await visitor.evaluate((message) => window.ask(message), message)).toEqual({ code: expect.stringMatching(/bad_media|unknown_media/) })
    }
    const [report] = await rooms.report()
    expect(report).toMatchObject({ deaths: 0, rooms: 1, routers: 1, transports: 4 })
    const before = await frames(agent)
    await moves([agent], before + 10, 5_000)

    const killedAt = performance.now()
    process.kill(report!.pid!, 'SIGKILL')
    await vi.waitFor(async () => expect((await rooms.report())[0]).toMatchObject({ deaths: 1, transports: 4 }), { timeout: 3_000, interval: 10 })
    // Statistics of the new connections start from nothing, so any frame is a frame after the death.
    await moves([visitor, agent], 0, 5_000)
    const backMs = performance.now() - killedAt
    console.info(`worker killed to frames decoded on both sides again: ${backMs.toFixed(0)} ms`)
    expect(backMs).toBeLessThan(3_000)
    await moves([visitor, agent], 20, 10_000)
    expect({ flowing: told.flowing, failed: told.failed }).toEqual({ flowing: ['r1'], failed: [] })
    expect(await visitor.evaluate(() => window.videos.size)).toBe(1)

    rooms.close('r1')
    expect((await rooms.report())[0]).toMatchObject({ rooms: 0, routers: 0, transports: 0 })
  })

  test('hold a call where only TCP gets through', async () => {
    const [v, a] = await openRooms({ udp: false })
    const pages = [await openPage(v), await openPage(a)]
    await vi.waitFor(() => expect(told.flowing).toEqual(['r1']), { timeout: 10_000 })
    await moves(pages, 20, 20_000)
    expect((await statistics(pages[0]!)).protocol).toBe('tcp')
  })

  test('a party without camera and microphone is in the call as soon as it is reached', async () => {
    const [v, a] = await openRooms()
    const visitor = await openPage(v, 'none')
    const agent = await openPage(a)
    await vi.waitFor(() => expect(told.flowing).toEqual(['r1']), { timeout: 10_000 })
    await moves([visitor], 10, 10_000)
    // It finds a camera later on: then it is seen.
    await visitor.evaluate(async () => {
      const stream = await navigator.mediaDevices.getUserMedia({ video: true })
      await window.call.replace('camera', stream.getVideoTracks()[0]!)
    })
    await moves([agent], 10, 10_000)
  })

  test('muting reaches the other side and outlives a joining; what the engine closed comes back by itself', async () => {
    const [v, a] = await openRooms()
    const visitor = await openPage(v)
    const agent = await openPage(a)
    const cameraOff = (off: boolean) => vi.waitFor(async () => expect(await agent.evaluate(() => window.cameraOff)).toBe(off), { timeout: 5_000 })
    await moves([visitor, agent], 5, 20_000)
    await cameraOff(false)
    await visitor.evaluate(() => window.call.setOn('camera', false))
    await cameraOff(true)

    const leftAt = performance.now()
    rooms.leave(v)
    await vi.waitFor(async () => expect(await agent.evaluate(() => window.videos.size)).toBe(0), { timeout: 3_000, interval: 20 })
    await vi.waitFor(async () => expect(await agent.evaluate(() => window.videos.size)).toBe(1), { timeout: 15_000, interval: 20 })
    const backMs = performance.now() - leftAt
    console.info(`connection closed by the engine to tracks back: ${backMs.toFixed(0)} ms`)
    // The browser itself would need 6 to 8 s to notice.
    expect(backMs).toBeLessThan(5_000)
    await cameraOff(true)
    await visitor.evaluate(() => window.call.setOn('camera', true))
    await cameraOff(false)
    const before = await frames(agent)
    await moves([agent], before + 10, 10_000)
    expect(await visitor.evaluate(() => window.states)).toEqual(['live', 'joining', 'live'])
  })

  test('a media path that falls silent is mended over the same connections', async () => {
    const [v, a] = await openRooms()
    const pages = [await openPage(v, 'small'), await openPage(a, 'small')]
    await moves(pages, 5, 20_000)
    const [{ pid } = { pid: null }] = await rooms.report()
    process.kill(pid!, 'SIGSTOP')
    try {
      await vi.waitFor(() => expect([asked.v1, asked.a1]).toEqual([expect.arrayContaining(['media.restartIce']), expect.arrayContaining(['media.restartIce'])]), { timeout: 10_000, interval: 20 })
    } finally {
      process.kill(pid!, 'SIGCONT')
    }
    const before = await Promise.all(pages.map(frames))
    const backAt = performance.now()
    await moves(pages, Math.max(...before) + 5, 5_000)
    console.info(`way free again to pictures: ${(performance.now() - backAt).toFixed(0)} ms`)
    expect([asked.v1, asked.a1].map((all) => all!.filter((type) => type === 'media.capabilities').length)).toEqual([1, 1])
  })

  test('nine parties in every role: each receives whom he may, also on hold and after it', async () => {
    const ROLES = { v: 'visitor', a: 'agent', b: 'agent', g: 'guest', w: 'whisperer', x: 'barger', l1: 'listener', l2: 'listener', l3: 'listener' } as const
    const crew = (roles: Readonly<Record<string, CallRole>>): MediaParty[] => Object.entries(roles).map(([participant, role]) => ({ request: 'r1', role, participant }))
    told = testOptions(workerBin!)
    rooms = await startRooms(told.options)
    await rooms.open('r1', crew({ v: 'visitor', a: 'agent' }), false)
    const pages: Record<string, Page> = {}
    for (const party of crew({ v: 'visitor', a: 'agent' })) pages[party.participant] = await openPage(party, 'small')
    await vi.waitFor(() => expect(told.flowing).toEqual(['r1']), { timeout: 20_000 })

    await rooms.open('r1', crew(ROLES), false)
    // The listeners' pages have devices open; nothing of them is sent all the same.
    const joining = crew(ROLES)
    for (const party of joining) pages[party.participant] ??= await openPage(party, 'small')

    /** Packets of sound and picture that arrived so far, by sender. */
    const packets = async (page: Page): Promise<Record<string, number>> => Object.fromEntries(await page.evaluate(async () => {
      const sum = new Map<string, number>()
      const { received } = await window.call.statistics()
      for (const { participant, track } of window.from.values()) {
        const one = received.find((stream) => stream.track === track.id)
        sum.set(participant, (sum.get(participant) ?? 0) + (one?.packets ?? 0))
      }
      return [...sum]
    }))
    /** Who is being received: those of whom more has arrived at a second look. */
    const arriving = async (name: string): Promise<string[]> => {
      const before = await packets(pages[name]!)
      await new Promise((next) => setTimeout(next, 400))
      const now = await packets(pages[name]!)
      return Object.keys(now).filter((from) => now[from]! > (before[from] ?? 0)).sort()
    }
    const all = async (expected: Record<string, string[]>) => {
      for (const [name, from] of Object.entries(expected))
        await vi.waitFor(async () => expect([name, await arriving(name)]).toEqual([name, from]), { timeout: 20_000 })
    }
    const open = {
      v: ['a', 'b', 'g', 'x'], g: ['a', 'b', 'v', 'x'], a: ['b', 'g', 'v', 'w', 'x'], b: ['a', 'g', 'v', 'w', 'x'], w: ['a', 'b', 'g', 'v', 'x'],
      x: ['a', 'b', 'g', 'v', 'w'], l1: ['a', 'b', 'g', 'v', 'x'], l2: ['a', 'b', 'g', 'v', 'x'], l3: ['a', 'b', 'g', 'v', 'x'],
    }
    await all(open)
    expect((await statistics(pages.l1!)).sent).toEqual([])
    expect(asked.l1).not.toContain('media.produce')

    await rooms.open('r1', crew(ROLES), true)
    await all({ v: [], g: [], a: ['b', 'w', 'x'], b: ['a', 'w', 'x'], w: ['a', 'b', 'x'], x: ['a', 'b', 'w'], l1: ['a', 'b', 'x'], l3: ['a', 'b', 'x'] })
    expect(await pages.v!.evaluate(() => [window.role, window.held])).toEqual(['visitor', true])

    const resumedAt = performance.now()
    await rooms.open('r1', crew(ROLES), false)
    await all({ v: open.v })
    console.info(`hold ended to everyone seen and heard by the visitor: at most ${(performance.now() - resumedAt).toFixed(0)} ms`)
    await all({ a: open.a, l1: open.l1 })
    expect(await pages.v!.evaluate(() => window.held)).toBe(false)

    // One agent hands over and leaves, the whisperer goes on as a barger, two listeners leave: the others stay as they are.
    joining.find(({ participant }) => participant === 'w')!.role = 'barger'
    await rooms.open('r1', crew({ v: 'visitor', b: 'agent', g: 'guest', w: 'barger', l1: 'listener' }), false)
    await all({ v: ['b', 'g', 'w'], b: ['g', 'v', 'w'], l1: ['b', 'g', 'v', 'w'] })
    expect(asked.v!.filter((type) => type === 'media.capabilities')).toHaveLength(1)
    expect((await rooms.report())[0]).toMatchObject({ routers: 1, transports: 2 * 4 + 1, deaths: 0 })
  })
})
