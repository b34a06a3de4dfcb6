// The browser's side of a call's media: joins the room, sends camera and microphone, plays the others, and mends or joins afresh by
// itself when the network, the link or the media worker was lost. No user interface; every page that is in a call uses it alike.
import { Device, type types } from 'mediasoup-client'
import type { CallRole, MediaPush, MediaRequest } from '#wire/media.ts'
import { arrived, more, Rates, Silence, type MediaStatistics, type Stat } from './call/statistics.ts'

export type Source = 'microphone' | 'camera'
/** A media request without the id that the link gives it. */
export type MediaAsk = MediaRequest extends infer M ? M extends MediaRequest ? Omit<M, 'id'> : never : never
export type LocalTracks = Record<Source, MediaStreamTrack | null>

/** A track of another party, as it is to be played. */
export interface RemoteTrack { consumer: string; participant: string; role: CallRole; source: Source; paused: boolean; track: MediaStreamTrack }

/** joining: on the way in, or back in; live: joined and connected; interrupted: connected before, nothing arrives just now. */
export type MediaState = 'joining' | 'live' | 'interrupted' | 'closed'

export interface CallMediaOptions {
  /** Sends a request over the page's link; rejects when it is refused or the link is down. */
  request(message: MediaAsk): Promise<object>
  /** What to send. The tracks stay the page's: they are never stopped here. */
  tracks: LocalTracks
  onTrack(remote: RemoteTrack): void
  onPaused(consumer: string, paused: boolean): void
  onGone(consumer: string): void
  onState(state: MediaState): void
  /** How this page takes part, told with every joining. */
  onRole(role: CallRole): void
  /** Whether the visitor is on hold, told with every joining and every change. */
  onHeld(held: boolean): void
}

/** How long a connection that is being mended may stay without a sign of life before the room is joined afresh: shorter than a caller's patience, longer than a hiccup of Wi-Fi. */
const MEND_MS = 2_000
/** How often it is looked whether anything still arrives. */
const LOOK_MS = 750
const FIRST_RETRY_MS = 250
const MAX_RETRY_MS = 4_000

/** What the camera sends, by how many parties send to this page: each receives all the others, and where there are many the tiles are small. */
const PICTURES = [
  { upTo: 1, maxBitrate: 1_500_000, scaleResolutionDownBy: 1 },
  { upTo: 3, maxBitrate: 700_000, scaleResolutionDownBy: 1.5 },
  { upTo: Infinity, maxBitrate: 300_000, scaleResolutionDownBy: 2 },
] as const

/** A newer joining has taken over, or the call is closed: what the older one still does is dropped. */
class Superseded extends Error {}

/** One direction's connection. */
interface Line { readonly transport: types.Transport; readonly silence: Silence; mending: boolean }
interface Sent { readonly producer: types.Producer; readonly id: string }

export class CallMedia {
  readonly #options: CallMediaOptions
  readonly #tracks: LocalTracks
  readonly #off = new Set<Source>()
  readonly #sent = new Map<Source, Sent>()
  /** Tracks the engine sends, by consumer; without a consumer of ours until it is made. */
  readonly #remote = new Map<string, { participant: string; paused: boolean; consumer: types.Consumer | null }>()
  #rates = new Rates()
  #send: Line | null = null
  #recv: Line | null = null
  /** Settles when the engine has told of every track there is as this page joins: those are set up in one go. */
  #receiving: Promise<object> = Promise.resolve({})
  #picture: (typeof PICTURES)[number] = PICTURES[0]
  /** Counts the joinings. */
  #round = 0
  #failures = 0
  #retry: ReturnType<typeof setTimeout> | undefined
  #looks: ReturnType<typeof setInterval> | undefined
  #state: MediaState = 'joining'

  constructor(options: CallMediaOptions) {
    this.#options = options
    this.#tracks = { ...options.tracks }
  }

  /** Joins the room, or joins it afresh (after the link was lost, say). Tries again by itself until it succeeds or `close` is called. */
  join(): void {
    if (this.#state === 'closed') return
    this.#failures = 0
    this.#start()
  }

  /** Takes what the engine says unasked. */
  push(message: MediaPush): void {
    switch (message.type) {
      case 'media.restart': return this.join()
      case 'media.consume': return void this.#consume(message, this.#round)
      case 'media.paused': return this.#pause(message.consumer, message.paused)
      case 'media.gone': return this.#drop(message.consumer)
      case 'media.held': return this.#options.onHeld(message.held)
    }
  }

  /** Switches a track off or on (mute, camera off); kept across joinings. */
  async setOn(source: Source, on: boolean): Promise<void> {
    if (on) this.#off.delete(source)
    else this.#off.add(source)
    const track = this.#tracks[source]
    if (track) track.enabled = on
    const sent = this.#sent.get(source)
    // If it cannot be told now, the next joining tells it; here the track is switched already.
    if (sent) await this.#tell(source, sent).catch(() => {})
  }

  /** Sends another track from now on: another camera or microphone. Joins afresh when this source was not sent before. */
  async replace(source: Source, track: MediaStreamTrack | null): Promise<void> {
    this.#tracks[source] = track
    if (track) track.enabled = !this.#off.has(source)
    const sent = this.#sent.get(source)
    if (sent) await sent.producer.replaceTrack({ track })
    else if (track) this.join()
  }

  async statistics(): Promise<MediaStatistics> {
    const [sent, received] = await Promise.all([report(this.#send), report(this.#recv)])
    return this.#rates.read(sent, received)
  }

  /** Leaves for good. */
  close(): void {
    if (this.#state === 'closed') return
    this.#reset()
    this.#enter('closed')
  }

  #start(): void {
    this.#reset()
    this.#enter('joining')
    const round = this.#round
    this.#enterRoom(round).then(() => this.#settle(), (error: unknown) => this.#failed(round, error))
  }

  /** Something that the joining needs was refused or could not be asked: it begins again, ever more slowly. */
  #failed(round: number, error: unknown): void {
    if (error instanceof Superseded || round !== this.#round) return
    clearTimeout(this.#retry)
    this.#retry = setTimeout(() => this.#start(), Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#failures++))
  }

  async #enterRoom(round: number): Promise<void> {
    // The picture first: it is what is waited for.
    const sources = (['camera', 'microphone'] as const).filter((source) => this.#tracks[source]?.readyState === 'live')
    // One after the other on the link, so that one round trip is enough for all three. Opening a transport to send on says
    // that tracks will come; without it the engine counts this party as one without camera and microphone.
    const joined = this.#ask<Room>(round, { type: 'media.capabilities' })
    const sending = sources.length > 0 ? this.#ask<TransportAnswer>(round, { type: 'media.open', direction: 'send' }) : null
    const receiving = this.#ask<TransportAnswer>(round, { type: 'media.open', direction: 'recv' })
    // Refused to one who only listens; he sends nothing, whatever devices are open.
    sending?.catch(() => {})
    const [{ rtpCapabilities, role, held }, recv] = await Promise.all([joined, receiving])
    const send = role === 'listener' ? null : await sending
    this.#options.onRole(role)
    this.#options.onHeld(held)
    const device = await loadDevice(rtpCapabilities)
    this.#current(round)

    this.#recv = this.#line(round, device.createRecvTransport(options(recv)))
    this.#receiving = this.#ask(round, { type: 'media.receive', transport: recv.transport, rtpCapabilities: { ...device.recvRtpCapabilities } })
    if (send) {
      const { transport } = this.#send = this.#line(round, device.createSendTransport(options(send)))
      const ids = this.#tellOfTracks(round, transport)
      await Promise.all([this.#receiving, ...sources.map((source) => this.#produce(round, transport, source, ids))])
    }
    await this.#receiving
  }

  /**
   * Tells the engine of each track; the ids it gives come later. mediasoup-client would wait for each before it begins with the next
   * track, though nothing it does needs them: given its own name at once, the round trips run side by side.
   */
  #tellOfTracks(round: number, transport: types.Transport): Map<Source, Promise<string>> {
    const ids = new Map<Source, Promise<string>>()
    transport.on('produce', ({ kind, rtpParameters, appData }, done) => {
      const source = appData.source as Source
      const id = this.#ask<{ producer: string }>(round, { type: 'media.produce', transport: transport.id, kind, source, rtpParameters: { ...rtpParameters } }).then(({ producer }) => producer)
      // Whoever awaits it hears of a refusal.
      id.catch(() => {})
      ids.set(source, id)
      done({ id: source })
    })
    return ids
  }

  async #produce(round: number, transport: types.Transport, source: Source, ids: ReadonlyMap<Source, Promise<string>>): Promise<void> {
    const { maxBitrate, scaleResolutionDownBy } = this.#picture
    const producer = await transport.produce({
      track: this.#tracks[source]!, stopTracks: false, appData: { source },
      ...(source === 'camera'
        ? { encodings: [{ maxBitrate, scaleResolutionDownBy }], codecOptions: { videoGoogleStartBitrate: 800 } }
        // Lost sound is asked for again (nack) and mended (fec). No dtx: in a recording, silence that is not sent looks like loss.
        : { codecOptions: { opusNack: true, opusFec: true, opusDtx: false } }),
    })
    const sent = { producer, id: await ids.get(source)! }
    this.#current(round)
    this.#sent.set(source, sent)
    if (source === 'camera') this.#shape()
    if (this.#off.has(source)) await this.#tell(source, sent)
  }

  async #tell(source: Source, { producer, id }: Sent): Promise<void> {
    const paused = this.#off.has(source)
    if (paused) producer.pause()
    else producer.resume()
    await this.#options.request({ type: 'media.pause', producer: id, paused })
  }

  /** Fits the picture that is sent to the number of parties. */
  #shape(): void {
    const parties = new Set([...this.#remote.values()].map(({ participant }) => participant)).size
    const { producer } = this.#sent.get('camera') ?? {}
    this.#picture = PICTURES.find(({ upTo }) => parties <= upTo)!
    const { maxBitrate, scaleResolutionDownBy } = this.#picture
    const encoding = producer?.rtpSender?.getParameters().encodings?.[0]
    if (!producer || !encoding || (encoding.maxBitrate === maxBitrate && encoding.scaleResolutionDownBy === scaleResolutionDownBy)) return
    // A browser that cannot goes on sending the larger picture.
    producer.setRtpEncodingParameters({ maxBitrate, scaleResolutionDownBy }).catch(() => {})
  }

  async #consume(message: Extract<MediaPush, { type: 'media.consume' }>, round: number): Promise<void> {
    // Until this joining can receive, such a message can only belong to an older one.
    if (!this.#recv) return
    const { consumer: id, producer: producerId, kind, rtpParameters, participant, role, source, paused } = message
    const { transport } = this.#recv
    const remote = { participant, paused, consumer: null as types.Consumer | null }
    this.#remote.set(id, remote)
    try {
      await this.#receiving
      this.#current(round)
      const consumer = await transport.consume({ id, producerId, kind, rtpParameters: rtpParameters as types.RtpParameters })
      this.#current(round)
      // It may have gone, or been switched off, while it was being made.
      if (this.#remote.get(id) !== remote) return consumer.close()
      remote.consumer = consumer
      this.#options.onTrack({ consumer: id, participant, role, source, paused: remote.paused, track: consumer.track })
      this.#shape()
      await this.#ask(round, { type: 'media.resume', consumer: id })
    } catch (error) {
      // Lost with the link or the worker: then a new joining is on its way. Not playable here: then the rest of the call still is.
      if (!(error instanceof Superseded) && round === this.#round) this.#drop(id)
    }
  }

  #pause(id: string, paused: boolean): void {
    const remote = this.#remote.get(id)
    if (!remote) return
    remote.paused = paused
    if (remote.consumer) this.#options.onPaused(id, paused)
  }

  #drop(id: string): void {
    const remote = this.#remote.get(id)
    this.#remote.delete(id)
    if (!remote?.consumer) return
    remote.consumer.close()
    this.#options.onGone(id)
    this.#shape()
  }

  /** Tells the engine when the transport connects, and mends it when its connection is lost. */
  #line(round: number, transport: types.Transport): Line {
    const line: Line = { transport, silence: new Silence(), mending: false }
    transport.on('connect', ({ dtlsParameters }, done) => {
      // The engine takes this and what follows in order; nothing here needs its answer.
      this.#ask(round, { type: 'media.connect', transport: transport.id, dtlsParameters: { ...dtlsParameters } }).catch((error: unknown) => this.#failed(round, error))
      done()
    })
    transport.on('connectionstatechange', (state) => {
      if (round !== this.#round) return
      if (state === 'failed' || state === 'disconnected') void this.#mend(round, line)
      this.#settle()
    })
    return line
  }

  /** Restarts ICE, which finds the way over another network while what still flows goes on; without a sign of life after it, joins afresh. */
  async #mend(round: number, line: Line): Promise<void> {
    if (line.mending) return
    line.mending = true
    const { transport } = line
    try {
      const before = arrived(await report(line))
      const { iceParameters } = await this.#ask<{ iceParameters: types.IceParameters }>(round, { type: 'media.restartIce', transport: transport.id })
      await transport.restartIce({ iceParameters })
      await new Promise((later) => setTimeout(later, MEND_MS))
      this.#current(round)
      if (!more(before, arrived(await report(line)), true) || transport.connectionState !== 'connected') this.#start()
    } catch {
      // The engine does not know the transport any more, or the link is down as well: there is nothing to mend.
      if (round === this.#round) this.#start()
    }
    line.mending = false
  }

  async #look(round: number): Promise<void> {
    const due = { send: [...this.#sent.keys()].some((source) => !this.#off.has(source)), recv: [...this.#remote.values()].some(({ consumer, paused }) => consumer && !paused) }
    for (const [line, expected] of [[this.#send, due.send], [this.#recv, due.recv]] as const) {
      if (!line || line.mending) continue
      const fell = line.silence.look(arrived(await report(line)), expected)
      if (round !== this.#round) return
      if (fell) void this.#mend(round, line)
    }
  }

  /** Tells the state that the connections are in. */
  #settle(): void {
    const states = [this.#send, this.#recv].flatMap((line) => line ? [line.transport.connectionState] : [])
    if (states.some((state) => state === 'disconnected' || state === 'failed')) return this.#enter('interrupted')
    if (!states.includes('connected')) return
    this.#failures = 0
    const round = this.#round
    this.#looks ??= setInterval(() => { this.#look(round).catch(() => {}) }, LOOK_MS)
    this.#enter('live')
  }

  async #ask<A = object>(round: number, message: MediaAsk): Promise<A> {
    const answer = await this.#options.request(message)
    this.#current(round)
    return answer as A
  }

  #current(round: number): void {
    if (round !== this.#round) throw new Superseded()
  }

  #reset(): void {
    this.#round++
    clearTimeout(this.#retry)
    clearInterval(this.#looks)
    this.#looks = undefined
    // Closed first, so that dropping the tracks one by one negotiates nothing any more.
    this.#send?.transport.close()
    this.#recv?.transport.close()
    this.#sent.clear()
    for (const id of [...this.#remote.keys()]) this.#drop(id)
    this.#send = this.#recv = null
    this.#rates = new Rates()
  }

  #enter(state: MediaState): void {
    if (this.#state === state) return
    this.#state = state
    this.#options.onState(state)
  }
}

async function report(line: Line | null): Promise<Iterable<Stat>> {
  return (await line?.transport.getStats() ?? new Map()).values() as Iterable<Stat>
}

interface Room { rtpCapabilities: types.RtpCapabilities; role: CallRole; held: boolean }
interface TransportAnswer { transport: string; iceParameters: types.IceParameters; iceCandidates: types.IceCandidate[]; dtlsParameters: types.DtlsParameters; iceServers: RTCIceServer[] }

function options({ transport: id, iceParameters, iceCandidates, dtlsParameters, iceServers }: TransportAnswer): types.TransportOptions {
  return { id, iceParameters, iceCandidates, dtlsParameters, iceServers }
}

/** Looking up what the browser can do takes some 50 ms, and the answer holds for every call of this page. */
let loaded: { capabilities: string; device: Promise<Device> } | null = null

function loadDevice(routerRtpCapabilities: types.RtpCapabilities): Promise<Device> {
  const capabilities = JSON.stringify(routerRtpCapabilities)
  if (loaded?.capabilities !== capabilities) {
    const device = Device.factory().then(async (device) => { await device.load({ routerRtpCapabilities }); return device })
    loaded = { capabilities, device }
    device.catch(() => { loaded = null })
  }
  return loaded.device
}
