// Rooms on real media workers without a browser: who may do what, what is refused, what is left after calls.
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { MediaError, type MediaParty, type MediaPush, type MediaRequest } from '#wire/media.ts'
import type { Rooms } from './options.ts'
import { startRooms } from './rooms.ts'
import { chromium, testOptions, testWorker } from '../testing/media.ts'

const workerBin = testWorker()
type Ask = MediaRequest extends infer M ? M extends MediaRequest ? Omit<M, 'id'> : never : never

const parties = (request: string): [MediaParty, MediaParty] => [
  { request, role: 'visitor', participant: `${request}/v` }, { request, role: 'agent', participant: `${request}/a` },
]

describe.skipIf(!workerBin)('rooms', () => {
  const { options, failed } = testOptions(workerBin!)
  let rooms: Rooms
  let count = 0
  beforeAll(async () => { rooms = await startRooms(options) })
  afterAll(() => rooms.stop())

  /** One party's side of a call, with what it has been told. */
  const client = (party: MediaParty) => {
    const pushes: MediaPush[] = []
    const ask = async (message: Ask) => await rooms.handle(party, { ...message, id: `${++count}` } as MediaRequest, (push) => pushes.push(push)) as Record<string, string>
    const code = async (message: Ask) => ask(message).then(() => 'answered', (error: unknown) => error instanceof MediaError ? error.code : error)
    const join = async () => {
      await ask({ type: 'media.capabilities' })
      const send = await ask({ type: 'media.open', direction: 'send' })
      const recv = await ask({ type: 'media.open', direction: 'recv' })
      return { send: send.transport!, recv: recv.transport! }
    }
    return { ask, code, join, pushes }
  }
  const room = async (name: string) => {
    await rooms.open(name, parties(name), false)
    return parties(name)
  }
  const ssrc = (parameters: typeof chromium.audio | typeof chromium.video, by: number) => ({ ...parameters, encodings: parameters.encodings.map((encoding) => ({ ...encoding, ssrc: encoding.ssrc + by })) })

  test('two parties get each other’s tracks, once each', async () => {
    const [visitor, agent] = (await room('both')).map(client)
    const [v, a] = [await visitor!.join(), await agent!.join()]
    await visitor!.ask({ type: 'media.produce', transport: v.send, kind: 'audio', source: 'microphone', rtpParameters: chromium.audio })
    await agent!.ask({ type: 'media.receive', transport: a.recv, rtpCapabilities: chromium.rtpCapabilities })
    await visitor!.ask({ type: 'media.produce', transport: v.send, kind: 'video', source: 'camera', rtpParameters: chromium.video })
    await vi.waitFor(() => expect(agent!.pushes).toHaveLength(2))
    expect(agent!.pushes).toMatchObject([
      { type: 'media.consume', participant: 'both/v', role: 'visitor', kind: 'audio', source: 'microphone', paused: false },
      { type: 'media.consume', participant: 'both/v', role: 'visitor', kind: 'video', source: 'camera', paused: false },
    ])
    // Lost sound is asked for again, on both legs.
    expect(JSON.stringify(agent!.pushes[0])).toContain('"type":"nack"')
    expect(visitor!.pushes).toEqual([])
  })

  test('muting, unmuting and leaving are told to the other party', async () => {
    const [v, a] = await room('mute')
    const [visitor, agent] = [client(v), client(a)]
    const { recv } = await agent.join()
    await agent.ask({ type: 'media.receive', transport: recv, rtpCapabilities: chromium.rtpCapabilities })
    const { send } = await visitor.join()
    const { producer } = await visitor.ask({ type: 'media.produce', transport: send, kind: 'audio', source: 'microphone', rtpParameters: chromium.audio })
    await vi.waitFor(() => expect(agent.pushes).toHaveLength(1))
    await visitor.ask({ type: 'media.pause', producer: producer!, paused: true })
    await visitor.ask({ type: 'media.pause', producer: producer!, paused: false })
    rooms.leave(v)
    await vi.waitFor(() => expect(agent.pushes.map((push) => push.type)).toEqual(['media.consume', 'media.paused', 'media.paused', 'media.gone']))
    expect(agent.pushes.slice(1, 3)).toMatchObject([{ paused: true }, { paused: false }])
    // The room stays: the visitor can come back.
    await visitor.join()
  })

  test('joining afresh closes what the former joining had', async () => {
    const [v] = await room('again')
    const visitor = client(v)
    const first = await visitor.join()
    await visitor.join()
    expect(await visitor.code({ type: 'media.connect', transport: first.send, dtlsParameters: chromium.dtlsParameters })).toBe('unknown_media')
    const [worker] = await rooms.report()
    rooms.close('again')
    expect((await rooms.report())[0]!.transports).toBe(worker!.transports - 2)
  })

  test('whoever is not of the call is refused', async () => {
    const [v] = await room('mine')
    expect(await client({ ...v, request: 'no such call' }).code({ type: 'media.capabilities' })).toBe('no_room')
    expect(await client({ ...v, participant: 'stranger' }).code({ type: 'media.capabilities' })).toBe('no_room')
    expect(await client({ ...v, role: 'agent' }).code({ type: 'media.capabilities' })).toBe('no_room')
  })

  test('opening is idempotent; a closed room is gone for its parties', async () => {
    const [v] = await room('twice')
    const visitor = client(v)
    const { send } = await visitor.join()
    await rooms.open('twice', parties('twice'), false)
    expect(await visitor.code({ type: 'media.connect', transport: send, dtlsParameters: chromium.dtlsParameters })).toBe('answered')
    rooms.close('twice')
    rooms.close('twice')
    expect(await visitor.code({ type: 'media.capabilities' })).toBe('no_room')
  })

  test('what comes out of turn or too often is refused', async () => {
    const [v, a] = await room('limits')
    const visitor = client(v)
    const join = async () => {
      const { send, recv } = await visitor.join()
      return { send, recv, produce: (source: 'microphone' | 'camera', by = 0) => visitor.code({ type: 'media.produce', transport: send, kind: source === 'camera' ? 'video' : 'audio', source, rtpParameters: ssrc(source === 'camera' ? chromium.video : chromium.audio, by) }) }
    }
    expect(await visitor.code({ type: 'media.open', direction: 'send' })).toBe('unknown_media')
    const { send, recv, produce } = await join()
    expect(await visitor.code({ type: 'media.open', direction: 'send' })).toBe('bad_media')
    expect(await visitor.code({ type: 'media.connect', transport: send, dtlsParameters: chromium.dtlsParameters })).toBe('answered')
    expect(await visitor.code({ type: 'media.connect', transport: send, dtlsParameters: chromium.dtlsParameters })).toBe('bad_media')
    expect(await visitor.code({ type: 'media.produce', transport: recv, kind: 'audio', source: 'microphone', rtpParameters: chromium.audio })).toBe('unknown_media')
    expect(await visitor.code({ type: 'media.produce', transport: send, kind: 'audio', source: 'camera', rtpParameters: chromium.audio })).toBe('bad_media')
    expect(await visitor.code({ type: 'media.receive', transport: send, rtpCapabilities: chromium.rtpCapabilities })).toBe('unknown_media')
    expect(await visitor.code({ type: 'media.resume', consumer: 'none' })).toBe('unknown_media')
    expect(await visitor.code({ type: 'media.pause', producer: 'none', paused: true })).toBe('unknown_media')
    // Two messages at once are one too many, and the refused one leaves the first alone.
    expect((await Promise.all([produce('microphone'), produce('microphone', 5)])).sort()).toEqual(['answered', 'bad_media'])
    expect(await produce('camera')).toBe('answered')
    expect(await produce('camera', 7)).toBe('bad_media')
    // mediasoup’s own refusal: this SSRC is another track’s.
    const agent = client(a)
    const { send: other } = await agent.join()
    const audio = { type: 'media.produce', transport: other, kind: 'audio', source: 'microphone', rtpParameters: chromium.audio } as const
    expect(await agent.code(audio)).toBe('answered')
    const clash = { ...chromium.video, mid: '9', encodings: chromium.video.encodings.map((encoding) => ({ ...encoding, ssrc: chromium.audio.encodings[0]!.ssrc })) }
    expect(await agent.code({ ...audio, kind: 'video', source: 'camera', rtpParameters: clash })).not.toBe('answered')
    // A party that floods the engine is held off; the other party is not.
    const flood = await Promise.all(Array.from({ length: 150 }, () => visitor.ask({ type: 'media.resume', consumer: 'none' }).catch((error: MediaError) => error.message)))
    expect(flood).toContain('Too many media messages')
    expect(await agent.code({ type: 'media.open', direction: 'send' })).toBe('bad_media')
  })

  test('malformed structures are refused and the worker does not notice', async () => {
    const [v] = await room('malformed')
    const [before] = await rooms.report()
    const nonsense: Record<string, unknown>[] = [
      {}, { role: 'client' }, { role: 'client', fingerprints: [] }, { role: 'client', fingerprints: [null] }, { role: 'client', fingerprints: {} },
      { role: 'client', fingerprints: [{ algorithm: 'sha-256', value: '' }] }, { role: 'client', fingerprints: [{ algorithm: 'sha-256', value: 'A'.repeat(60_000) }] },
      { role: 7, fingerprints: chromium.dtlsParameters.fingerprints }, { codecs: [], encodings: [] }, { codecs: null }, { codecs: [{ mimeType: 'audio/opus' }], encodings: [{}] },
    ]
    for (const junk of nonsense) {
      const visitor = client(v)
      const { send, recv } = await visitor.join()
      expect(await visitor.code({ type: 'media.connect', transport: send, dtlsParameters: junk })).toBe('bad_media')
      expect(await visitor.code({ type: 'media.produce', transport: send, kind: 'audio', source: 'microphone', rtpParameters: junk })).toBe('bad_media')
      expect(await visitor.code({ type: 'media.receive', transport: recv, rtpCapabilities: junk })).toBe('bad_media')
      await rooms.open('malformed', parties('malformed'), false)
      rooms.close('malformed')
      await rooms.open('malformed', parties('malformed'), false)
    }
    expect((await rooms.report())[0]).toMatchObject({ pid: before!.pid, deaths: 0 })
  })

  test('fifty rooms leave nothing behind', async () => {
    const held = async () => {
      const { routers, transports, rooms: seats } = (await rooms.report())[0]!
      return { routers, transports, seats, handles: process.getActiveResourcesInfo().filter((name) => name !== 'Timeout' && name !== 'Immediate').length }
    }
    const use = async (name: string) => {
      const [v, a] = (await room(name)).map(client)
      const [at, from] = [await v!.join(), await a!.join()]
      await v!.ask({ type: 'media.produce', transport: at.send, kind: 'video', source: 'camera', rtpParameters: chromium.video })
      await a!.ask({ type: 'media.receive', transport: from.recv, rtpCapabilities: chromium.rtpCapabilities })
      await vi.waitFor(() => expect(a!.pushes).toHaveLength(1), { interval: 1 })
    }
    await use('warm')
    rooms.close('warm')
    const before = await held()
    for (let i = 0; i < 50; i++) await use(`fifty ${i}`)
    expect(await held()).toMatchObject({ routers: before.routers + 50, transports: before.transports + 200, seats: before.seats + 50 })
    for (let i = 0; i < 50; i++) rooms.close(`fifty ${i}`)
    expect(await held()).toEqual(before)
    // As many again need no more memory than the first fifty did: nothing was kept.
    const { peakResidentKiB } = (await rooms.report())[0]!
    for (let i = 0; i < 50; i++) await use(`fifty ${i}`)
    for (let i = 0; i < 50; i++) rooms.close(`fifty ${i}`)
    expect(await held()).toEqual(before)
    expect((await rooms.report())[0]!.peakResidentKiB).toBeLessThan(peakResidentKiB + 1_024)
  })

  test('when the worker dies, everyone is asked to join afresh and the same room takes them', async () => {
    const [v, a] = (await room('restart')).map(client)
    await Promise.all([v!.join(), a!.join()])
    process.kill((await rooms.report())[0]!.pid!, 'SIGKILL')
    await vi.waitFor(() => expect([v!.pushes, a!.pushes]).toEqual([[{ type: 'media.restart' }], [{ type: 'media.restart' }]]))
    await Promise.all([v!.join(), a!.join()])
    expect(failed).toEqual([])
  })

  test('a room that loses its worker again and again is given up, and told once', async () => {
    const [v] = await room('poison')
    await vi.waitFor(async () => {
      const [report] = await rooms.report()
      if (report?.pid) process.kill(report.pid, 'SIGKILL')
      expect(failed.filter((line) => line.startsWith('poison'))).toEqual(['poison worker_lost_too_often'])
    }, { timeout: 10_000, interval: 50 })
    expect(await client(v).code({ type: 'media.capabilities' })).toBe('no_room')
  }, 15_000)
})
