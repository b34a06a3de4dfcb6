// Rooms on real media workers without a browser: who may do what, what is refused, what is left after calls.
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { MediaError, type CallRole, type MediaParty, type MediaPush, type MediaRequest } from '#wire/media.ts'
import { MAX_PARTIES, type Rooms } from './options.ts'
import { receives, sends } from './reach.ts'
import { startRooms } from './rooms.ts'
import { chromium, testOptions, testWorker } from '../testing/media.ts'

const workerBin = testWorker()
type Ask = MediaRequest extends infer M ? M extends MediaRequest ? Omit<M, 'id'> : never : never

const parties = (request: string): [MediaParty, MediaParty] => [
  { request, role: 'visitor', participant: `${request}/v` }, { request, role: 'agent', participant: `${request}/a` },
]

describe.skipIf(!workerBin)('rooms', () => {
  const { options, failed, logged } = testOptions(workerBin!)
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

  describe('of many parties', () => {
    const CREW = { v: 'visitor', a: 'agent', b: 'agent', g: 'guest', w: 'whisperer', x: 'barger', l1: 'listener', l2: 'listener', l3: 'listener' } as const
    const crew = (request: string, roles: Readonly<Record<string, CallRole>>): MediaParty[] => Object.entries(roles).map(([participant, role]) => ({ request, role, participant }))

    /** A party who has joined with a microphone, unless he only listens. */
    const enter = async (party: MediaParty, n: number) => {
      const one = client(party)
      let producer = ''
      await one.ask({ type: 'media.capabilities' })
      if (sends(party.role)) {
        const { transport } = await one.ask({ type: 'media.open', direction: 'send' })
        producer = (await one.ask({ type: 'media.produce', transport: transport!, kind: 'audio', source: 'microphone', rtpParameters: ssrc(chromium.audio, n) })).producer!
      }
      const { transport } = await one.ask({ type: 'media.open', direction: 'recv' })
      await one.ask({ type: 'media.receive', transport: transport!, rtpCapabilities: chromium.rtpCapabilities })
      return { ...one, party, producer }
    }
    const enterAll = async (request: string, roles: Readonly<Record<string, CallRole>> = CREW) => {
      await rooms.open(request, crew(request, roles), false)
      const all = await Promise.all(crew(request, roles).map(enter))
      return Object.fromEntries(all.map((one) => [one.party.participant, one]))
    }
    type Entered = Awaited<ReturnType<typeof enter>>
    /** The tracks a page has just now, by what it was told. */
    const tracks = ({ pushes }: Entered): { who: string; paused: boolean }[] => {
      const from = new Map<string, { who: string; paused: boolean }>()
      for (const push of pushes) {
        if (push.type === 'media.consume') from.set(push.consumer, { who: push.participant, paused: push.paused })
        if (push.type === 'media.paused') from.get(push.consumer)!.paused = push.paused
        if (push.type === 'media.gone') from.delete(push.consumer)
      }
      return [...from.values()]
    }
    const hears = (one: Entered): string[] => tracks(one).map(({ who }) => who).sort()
    const paused = (one: Entered): string[] => tracks(one).flatMap(({ who, paused }) => paused ? [who] : []).sort()
    const allowed = (roles: Readonly<Record<string, CallRole>>, to: string): string[] =>
      Object.keys(roles).filter((from) => from !== to && receives(roles[to]!, roles[from]!)).sort()

    test('each is told of exactly those whom the table lets him receive', async () => {
      const all = await enterAll('crew')
      await vi.waitFor(() => {
        for (const [name, one] of Object.entries(all)) expect([name, hears(one)]).toEqual([name, allowed(CREW, name)])
      })
      // What the table says, said once by hand.
      expect(hears(all.v!)).toEqual(['a', 'b', 'g', 'x'])
      expect(hears(all.a!)).toEqual(['b', 'g', 'v', 'w', 'x'])
      expect(hears(all.l1!)).toEqual(['a', 'b', 'g', 'v', 'x'])
    })

    test('who only listens is refused to send', async () => {
      await rooms.open('mute crew', crew('mute crew', CREW), false)
      const listener = client({ request: 'mute crew', role: 'listener', participant: 'l1' })
      expect(await listener.ask({ type: 'media.capabilities' })).toMatchObject({ role: 'listener', held: false })
      expect(await listener.code({ type: 'media.open', direction: 'send' })).toBe('forbidden')
      const { transport } = await listener.ask({ type: 'media.open', direction: 'recv' })
      expect(await listener.code({ type: 'media.produce', transport: transport!, kind: 'audio', source: 'microphone', rtpParameters: chromium.audio })).toBe('forbidden')
    })

    test('parties come and go in an open room: who is gone is closed and no longer answered, the others stay as they were', async () => {
      const { v, a } = await enterAll('doors', { v: 'visitor', a: 'agent' })
      const roles = { v: 'visitor', a: 'agent', b: 'agent' } as const
      expect(await client({ request: 'doors', role: 'agent', participant: 'b' }).code({ type: 'media.capabilities' })).toBe('no_room')
      await rooms.open('doors', crew('doors', roles), false)
      const b = await enter({ request: 'doors', role: 'agent', participant: 'b' }, 7)
      await vi.waitFor(() => expect([hears(v!), hears(b)]).toEqual([['a', 'b'], ['a', 'v']]))
      const before = (await rooms.report())[0]!.transports
      await rooms.open('doors', crew('doors', { v: 'visitor', b: 'agent' }), false)
      await vi.waitFor(() => expect([hears(v!), hears(b)]).toEqual([['b'], ['v']]))
      expect((await rooms.report())[0]!.transports).toBe(before - 2)
      expect(await a!.code({ type: 'media.capabilities' })).toBe('no_room')
      expect(v!.pushes.filter(({ type }) => type === 'media.restart')).toEqual([])
    })

    test('another role is another joining of the same participant, who is asked for it', async () => {
      const roles = { v: 'visitor', a: 'agent', s: 'listener' } as const
      const { v, a, s } = await enterAll('roles', roles)
      await rooms.open('roles', crew('roles', { ...roles, s: 'whisperer' }), false)
      expect(s!.pushes.at(-1)).toEqual({ type: 'media.restart' })
      expect(await s!.code({ type: 'media.capabilities' })).toBe('no_room')
      await enter({ request: 'roles', role: 'whisperer', participant: 's' }, 5)
      await vi.waitFor(() => expect([hears(v!), hears(a!)]).toEqual([['a'], ['s', 'v']]))
      await rooms.open('roles', crew('roles', { ...roles, s: 'barger' }), false)
      await enter({ request: 'roles', role: 'barger', participant: 's' }, 6)
      await vi.waitFor(() => expect([hears(v!), hears(a!)]).toEqual([['a', 's'], ['s', 'v']]))
    })

    test('hold pauses what the callers receive and send, tells every page, and ends as it began', async () => {
      const all = await enterAll('held')
      await vi.waitFor(() => { for (const [name, one] of Object.entries(all)) expect(hears(one)).toEqual(allowed(CREW, name)) })
      await rooms.open('held', crew('held', CREW), true)
      await rooms.open('held', crew('held', CREW), true)
      expect(paused(all.v!)).toEqual(['a', 'b', 'g', 'x'])
      expect(paused(all.g!)).toEqual(['a', 'b', 'v', 'x'])
      expect(paused(all.a!)).toEqual(['g', 'v'])
      expect(paused(all.l2!)).toEqual(['g', 'v'])
      // Someone who joins meanwhile finds it held, and a mute under hold is not undone by its end.
      expect(await all.b!.ask({ type: 'media.capabilities' })).toMatchObject({ held: true })
      await vi.waitFor(() => expect(hears(all.v!)).toEqual(['a', 'g', 'x']))
      const b = all.b = await enter({ request: 'held', role: 'agent', participant: 'b' }, 40)
      await vi.waitFor(() => expect(paused(b)).toEqual(['g', 'v']))
      await all.g!.ask({ type: 'media.pause', producer: all.g!.producer, paused: true })
      await rooms.open('held', crew('held', CREW), false)
      await vi.waitFor(() => expect(hears(all.v!)).toEqual(['a', 'b', 'g', 'x']))
      for (const [name, one] of Object.entries(all)) {
        expect([name, paused(one)]).toEqual([name, name === 'g' ? [] : ['g']])
        expect(one.pushes.findLast(({ type }) => type === 'media.held')).toEqual({ type: 'media.held', held: false })
      }
      expect(all.l3!.pushes.filter(({ type }) => type === 'media.held')).toHaveLength(2)
    })

    test('ICE is restarted for one’s own transport alone', async () => {
      const { v, a } = await enterAll('ice', { v: 'visitor', a: 'agent' })
      await a!.ask({ type: 'media.capabilities' })
      const open = await a!.ask({ type: 'media.open', direction: 'recv' }) as unknown as { transport: string; iceParameters: { usernameFragment: string } }
      const { iceParameters } = await a!.ask({ type: 'media.restartIce', transport: open.transport }) as unknown as typeof open
      expect(iceParameters.usernameFragment).not.toBe(open.iceParameters.usernameFragment)
      expect(await v!.code({ type: 'media.restartIce', transport: open.transport })).toBe('unknown_media')
    })

    test('a room has places for sixteen; who is beyond that is not let in', async () => {
      const many = Array.from({ length: MAX_PARTIES + 1 }, (_, i): MediaParty => ({ request: 'many', role: 'guest', participant: `g${i}` }))
      await rooms.open('many', many, false)
      expect(await client(many[MAX_PARTIES - 1]!).code({ type: 'media.capabilities' })).toBe('answered')
      expect(await client(many[MAX_PARTIES]!).code({ type: 'media.capabilities' })).toBe('no_room')
      expect(logged.at(-1)).toMatch(/many has 17 parties/)
    })
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
