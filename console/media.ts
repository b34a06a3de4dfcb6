// The browser's side of a call's media: joins the room, sends camera and microphone, plays the others, and joins afresh by
// itself when the network, the link or the media worker was lost. No user interface; the visitor's and the agent's page use it alike.
import { Device, type types } from 'mediasoup-client'
import type { MediaPush, MediaRequest } from '#wire/media.ts'

export type Source = 'microphone' | 'camera'
/** A media request without the id that the link gives it. */
export type MediaAsk = MediaRequest extends infer M ? M extends MediaRequest ? Omit<M, 'id'> : never : never
export type LocalTracks = Record<Source, MediaStreamTrack | null>

/** A track of another party, as it is to be played. */
export interface RemoteTrack { consumer: string; participant: string; role: 'visitor' | 'agent'; source: Source; paused: boolean; track: MediaStreamTrack }

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
}

/** One stream in one direction. Rates are taken since the previous call. */
export interface StreamStatistics {
  kind: 'audio' | 'video'
  kbitPerS: number
  packets: number
  /** Share of packets lost since the previous call, 0 to 1; for what is sent, as the other end reports it. */
  lossShare: number
  jitterMs: number
  /** Frames encoded or decoded so far; 0 for sound. */
  frames: number
  framesPerS: number
  width: number
  height: number
}
export interface MediaStatistics { rttMs: number | null; protocol: string | null; sent: StreamStatistics[]; received: StreamStatistics[] }

/** How long a connection may be without an answer before the room is joined afresh: shorter than a caller's patience, longer than a hiccup of Wi-Fi. */
const INTERRUPTED_MS = 2_000
const FIRST_RETRY_MS = 250
const MAX_RETRY_MS = 4_000
const MAX_VIDEO_BPS = 1_500_000

/** A newer joining has taken over, or the call is closed: what the older one still does is dropped. */
class Superseded extends Error {}

export class CallMedia {
  readonly #options: CallMediaOptions
  readonly #tracks: LocalTracks
  readonly #off = new Set<Source>()
  readonly #producers = new Map<Source, types.Producer>()
  /** Tracks the engine sends, by consumer; without a consumer of ours until it is made. */
  readonly #remote = new Map<string, { paused: boolean; consumer: types.Consumer | null }>()
  readonly #previous = new Map<string, { at: number; bytes: number; packets: number; lost: number; frames: number }>()
  #send: types.Transport | null = null
  #recv: types.Transport | null = null
  /** Counts the joinings. */
  #round = 0
  #failures = 0
  #timer: ReturnType<typeof setTimeout> | null = null
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
    }
  }

  /** Switches a track off or on (mute, camera off); kept across joinings. */
  async setOn(source: Source, on: boolean): Promise<void> {
    if (on) this.#off.delete(source)
    else this.#off.add(source)
    const track = this.#tracks[source]
    if (track) track.enabled = on
    const producer = this.#producers.get(source)
    // If it cannot be told now, the next joining tells it; here the track is switched already.
    if (producer) await this.#tell(source, producer).catch(() => {})
  }

  /** Sends another track from now on: another camera or microphone. Joins afresh when this source was not sent before. */
  async replace(source: Source, track: MediaStreamTrack | null): Promise<void> {
    this.#tracks[source] = track
    if (track) track.enabled = !this.#off.has(source)
    const producer = this.#producers.get(source)
    if (producer) await producer.replaceTrack({ track })
    else if (track) this.join()
  }

  async statistics(): Promise<MediaStatistics> {
    const [sent, received] = await Promise.all([this.#send, this.#recv].map(async (transport) => [...(await transport?.getStats() ?? new Map()).values()] as Stat[]))
    const pair = [...sent!, ...received!].find((stat) => stat.type === 'candidate-pair' && stat.nominated && stat.state === 'succeeded')
    const local = [...sent!, ...received!].find(({ id }) => id === pair?.localCandidateId)
    return {
      rttMs: pair?.currentRoundTripTime === undefined ? null : pair.currentRoundTripTime * 1_000,
      protocol: local?.protocol ?? null,
      sent: sent!.filter(({ type }) => type === 'outbound-rtp').map((stat) => this.#rates(stat, sent!.find(({ type, localId }) => type === 'remote-inbound-rtp' && localId === stat.id))),
      // Beside the tracks mediasoup-client keeps a stream of its own, for probing the bandwidth; nobody plays it.
      received: received!.filter(({ type, mid }) => type === 'inbound-rtp' && mid !== 'probator').map((stat) => this.#rates(stat, stat)),
    }
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
    this.#enterRoom(round).then(() => this.#settle(), (error: unknown) => {
      if (error instanceof Superseded || round !== this.#round) return
      this.#later(Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#failures++))
    })
  }

  #later(delayMs: number): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = setTimeout(() => { this.#timer = null; this.#start() }, delayMs)
  }

  async #enterRoom(round: number): Promise<void> {
    const sources = (['microphone', 'camera'] as const).filter((source) => this.#tracks[source]?.readyState === 'live')
    // One after the other on the link, so that one round trip is enough for all three. Opening a transport to send on says
    // that tracks will come; without it the engine counts this party as one without camera and microphone.
    const [capabilities, send, recv] = await Promise.all([
      this.#ask<{ rtpCapabilities: types.RtpCapabilities }>(round, { type: 'media.capabilities' }),
      sources.length > 0 ? this.#ask<TransportAnswer>(round, { type: 'media.open', direction: 'send' }) : null,
      this.#ask<TransportAnswer>(round, { type: 'media.open', direction: 'recv' }),
    ])
    const device = await loadDevice(capabilities.rtpCapabilities)
    this.#current(round)

    this.#recv = this.#watch(round, device.createRecvTransport(options(recv)))
    const receiving = this.#ask(round, { type: 'media.receive', transport: recv.transport, rtpCapabilities: { ...device.recvRtpCapabilities } })
    if (send) {
      const transport = this.#send = this.#watch(round, device.createSendTransport(options(send)))
      transport.on('produce', ({ kind, rtpParameters, appData }, done, failed) => {
        this.#ask<{ producer: string }>(round, { type: 'media.produce', transport: transport.id, kind, source: appData.source as Source, rtpParameters: { ...rtpParameters } })
          .then(({ producer }) => done({ id: producer }), failed)
      })
      await Promise.all([receiving, ...sources.map((source) => this.#produce(round, transport, source))])
    }
    await receiving
  }

  async #produce(round: number, transport: types.Transport, source: Source): Promise<void> {
    const producer = await transport.produce({
      track: this.#tracks[source]!, stopTracks: false, appData: { source },
      ...(source === 'camera'
        ? { encodings: [{ maxBitrate: MAX_VIDEO_BPS }], codecOptions: { videoGoogleStartBitrate: 800 } }
        // Lost sound is asked for again (nack) and mended (fec). No dtx: in a recording, silence that is not sent looks like loss.
        : { codecOptions: { opusNack: true, opusFec: true, opusDtx: false } }),
    })
    this.#current(round)
    this.#producers.set(source, producer)
    if (this.#off.has(source)) await this.#tell(source, producer)
  }

  async #tell(source: Source, producer: types.Producer): Promise<void> {
    const paused = this.#off.has(source)
    if (paused) producer.pause()
    else producer.resume()
    await this.#options.request({ type: 'media.pause', producer: producer.id, paused })
  }

  async #consume(message: Extract<MediaPush, { type: 'media.consume' }>, round: number): Promise<void> {
    // Until this joining can receive, such a message can only belong to an older one.
    if (!this.#recv) return
    const { consumer: id, producer: producerId, kind, rtpParameters, participant, role, source, paused } = message
    const remote = { paused, consumer: null as types.Consumer | null }
    this.#remote.set(id, remote)
    try {
      const consumer = await this.#recv.consume({ id, producerId, kind, rtpParameters: rtpParameters as types.RtpParameters })
      this.#current(round)
      // It may have gone, or been switched off, while it was being made.
      if (this.#remote.get(id) !== remote) return consumer.close()
      remote.consumer = consumer
      this.#options.onTrack({ consumer: id, participant, role, source, paused: remote.paused, track: consumer.track })
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
  }

  /** Answers the transport's request to connect, and joins afresh when its connection is lost. */
  #watch(round: number, transport: types.Transport): types.Transport {
    transport.on('connect', ({ dtlsParameters }, done, failed) => {
      this.#ask(round, { type: 'media.connect', transport: transport.id, dtlsParameters: { ...dtlsParameters } }).then(done, failed)
    })
    transport.on('connectionstatechange', (state) => {
      if (round !== this.#round) return
      if (state === 'failed') this.#later(FIRST_RETRY_MS)
      else if (state === 'disconnected') this.#later(INTERRUPTED_MS)
      this.#settle()
    })
    return transport
  }

  /** Tells the state that the transports are in; a connection that came back by itself needs no joining. */
  #settle(): void {
    const states = [this.#send, this.#recv].flatMap((transport) => transport ? [transport.connectionState] : [])
    if (states.some((state) => state === 'disconnected' || state === 'failed')) return this.#enter('interrupted')
    if (!states.includes('connected')) return
    this.#failures = 0
    if (this.#state === 'interrupted' && this.#timer) { clearTimeout(this.#timer); this.#timer = null }
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
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    for (const id of [...this.#remote.keys()]) this.#drop(id)
    this.#producers.clear()
    this.#send?.close()
    this.#recv?.close()
    this.#send = this.#recv = null
    this.#previous.clear()
  }

  #enter(state: MediaState): void {
    if (this.#state === state) return
    this.#state = state
    this.#options.onState(state)
  }

  #rates(stat: Stat, loss: Stat | undefined): StreamStatistics {
    const now = {
      at: stat.timestamp, bytes: stat.bytesSent ?? stat.bytesReceived ?? 0, packets: stat.packetsSent ?? stat.packetsReceived ?? 0,
      lost: loss?.packetsLost ?? 0, frames: stat.framesEncoded ?? stat.framesDecoded ?? 0,
    }
    const before = this.#previous.get(stat.id) ?? { ...now, packets: 0, lost: 0 }
    this.#previous.set(stat.id, now)
    const seconds = Math.max((now.at - before.at) / 1_000, 0.001)
    const lost = Math.max(0, now.lost - before.lost)
    const due = now.packets - before.packets + (stat.type === 'inbound-rtp' ? lost : 0)
    return {
      kind: stat.kind, kbitPerS: (now.bytes - before.bytes) * 8 / 1_000 / seconds, packets: now.packets,
      lossShare: due > 0 ? Math.min(1, lost / due) : 0, jitterMs: (loss?.jitter ?? 0) * 1_000,
      frames: now.frames, framesPerS: (now.frames - before.frames) / seconds, width: stat.frameWidth ?? 0, height: stat.frameHeight ?? 0,
    }
  }
}

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

/** The fields read here of what browsers report; which are there depends on `type`. */
interface Stat {
  id: string; type: string; timestamp: number; kind: 'audio' | 'video'; mid?: string; localId?: string; protocol?: string
  nominated?: boolean; state?: string; localCandidateId?: string; currentRoundTripTime?: number
  bytesSent?: number; bytesReceived?: number; packetsSent?: number; packetsReceived?: number; packetsLost?: number; jitter?: number
  framesEncoded?: number; framesDecoded?: number; frameWidth?: number; frameHeight?: number
}
