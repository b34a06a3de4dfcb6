// One joining of a party to a room: its two transports, what it sends and what it is sent. A new joining is a new participant.
import type { types } from 'mediasoup'
import { MediaError, type MediaParty, type MediaPush, type MediaRequest } from '#wire/media.ts'
import type { PartyFlow } from './flow.ts'
import { offeredCapabilities, readCapabilities, readDtlsParameters, readProducerParameters } from './negotiation.ts'
import type { RoomsOptions } from './options.ts'
import { receives, receivesNow, sends } from './reach.ts'
import type { Seat } from './workers.ts'

type Direction = 'send' | 'recv'
type Source = 'microphone' | 'camera'
type Of<T extends MediaRequest['type']> = Extract<MediaRequest, { type: T }>

const KIND_OF = { microphone: 'audio', camera: 'video' } as const
/** Where the bandwidth estimate starts: enough for 640×360 at once, soon corrected by what arrives. */
const INITIAL_OUTGOING_BPS = 1_000_000
/** Chromium ignores a request for a key frame within 300 ms of the last one, and the worker asks again only after a second: it waits this long instead. */
const KEY_FRAME_DELAY_MS = 320

/** What a party sends of one source. `producer` is null while it is being made; `off`: the party has switched it off. */
interface Track { producer: types.Producer | null; off: boolean }
/** What a party is sent. `ready`: its page has the track set up; `flowing`: what the worker was last told. */
interface Played { readonly consumer: types.Consumer; readonly from: Participant; readonly track: Track; ready: boolean; flowing: boolean }

/** What a participant needs of its room. */
export interface RoomView {
  readonly options: RoomsOptions
  /** The other parties who have joined. */
  others(than: Participant): Participant[]
  /** Something changed that the rule of flow.ts looks at. */
  changed(): void
  /** The room still waits for media to flow. */
  readonly waiting: boolean
  /** The callers are on hold. */
  readonly held: boolean
}

export class Participant {
  readonly party: MediaParty
  readonly #room: RoomView
  readonly #seat: Promise<Seat>
  readonly push: (message: MediaPush) => void
  /** null while being opened: a direction is opened once. */
  readonly #transports = new Map<Direction, types.WebRtcTransport | null>()
  readonly #connected = new Set<string>()
  /** A source is sent once. */
  readonly #tracks = new Map<Source, Track>()
  readonly #played = new Map<string, Played>()
  /** Producers of others that this party is being sent, or is about to. */
  readonly #consumed = new Set<string>()
  readonly #heard = new Set<string>()
  /** Settles when packets can reach this page. */
  readonly #reachable = Promise.withResolvers<void>()
  #capabilities: types.RtpCapabilities | null = null
  #closed = false

  constructor(party: MediaParty, room: RoomView, seat: Promise<Seat>, push: (message: MediaPush) => void) {
    this.party = party
    this.#room = room
    this.#seat = seat
    this.push = push
  }

  get flow(): PartyFlow {
    // Whoever opened a transport to send on will send; until its first track is there it is not silent, it is late.
    const nothing = !this.#transports.has('send') || (this.#tracks.size > 0 && [...this.#tracks.values()].every(({ off }) => off))
    const silent = this.#capabilities !== null && nothing
    return { participant: this.party.participant, role: this.party.role, heard: this.#heard, silent }
  }

  async capabilities(): Promise<object> {
    const { router } = await this.#seat
    return { rtpCapabilities: offeredCapabilities(router.rtpCapabilities), role: this.party.role, held: this.#room.held }
  }

  async open({ direction }: Of<'media.open'>): Promise<object> {
    if (direction === 'send') this.#maySend()
    if (this.#transports.has(direction)) throw new MediaError('bad_media', `The ${direction} transport is open already`)
    this.#transports.set(direction, null)
    const { udp, tcp, iceServers } = this.#room.options
    const seat = await this.#seat
    const transport = await seat.router.createWebRtcTransport({
      webRtcServer: seat.server, enableUdp: udp, enableTcp: tcp, preferUdp: true, initialAvailableOutgoingBitrate: INITIAL_OUTGOING_BPS,
    }).catch((error: unknown) => { this.#transports.delete(direction); throw error })
    if (this.#closed) { transport.close(); throw new MediaError('unknown_media', 'The party has left or joined afresh') }
    this.#transports.set(direction, transport)
    if (direction === 'recv') transport.on('dtlsstatechange', (state) => { if (state === 'connected') this.#reachable.resolve() })
    const { id, iceParameters, dtlsParameters } = transport
    return { transport: id, iceParameters, iceCandidates: seat.candidates(transport), dtlsParameters, iceServers }
  }

  async connect({ transport: id, dtlsParameters }: Of<'media.connect'>): Promise<object> {
    const parameters = readDtlsParameters(dtlsParameters)
    const transport = this.#any(id)
    if (this.#connected.has(id)) throw new MediaError('bad_media', 'This transport is connected already')
    this.#connected.add(id)
    await transport.connect({ dtlsParameters: parameters })
    return {}
  }

  async restartIce({ transport: id }: Of<'media.restartIce'>): Promise<object> {
    return { iceParameters: await this.#any(id).restartIce() }
  }

  async produce({ transport: id, kind, source, rtpParameters }: Of<'media.produce'>): Promise<object> {
    this.#maySend()
    if (KIND_OF[source] !== kind) throw new MediaError('bad_media', `A ${source} does not send ${kind}`)
    const parameters = readProducerParameters(rtpParameters, kind)
    const transport = this.#transport('send', id)
    if (this.#tracks.has(source)) throw new MediaError('bad_media', `The ${source} is being sent already`)
    const track: Track = { producer: null, off: false }
    this.#tracks.set(source, track)
    // Pictures start when someone is ready for them. Started now, they would spend the key frame before anyone can have it.
    const producer = await transport.produce({ kind, rtpParameters: parameters, paused: kind === 'video', keyFrameRequestDelay: KEY_FRAME_DELAY_MS })
      .catch((error: unknown) => { this.#tracks.delete(source); throw error })
    track.producer = producer
    for (const other of this.#room.others(this)) void other.#play(this, source, track)
    return { producer: producer.id }
  }

  /** Answered once the page has been told of every track there is, so that it can set them up in one go. */
  async receive({ transport: id, rtpCapabilities }: Of<'media.receive'>): Promise<object> {
    this.#transport('recv', id)
    if (this.#capabilities) throw new MediaError('bad_media', 'The party receives already')
    this.#capabilities = readCapabilities(rtpCapabilities)
    this.#room.changed()
    await Promise.all(this.#room.others(this).flatMap((other) => [...other.#tracks].map(([source, track]) => this.#play(other, source, track))))
    return {}
  }

  async resume({ consumer: id }: Of<'media.resume'>): Promise<object> {
    const played = this.#played.get(id) ?? unknown('consumer')
    played.ready = true
    await this.#flow(played)
    return {}
  }

  async pause({ producer: id, paused }: Of<'media.pause'>): Promise<object> {
    const track = [...this.#tracks.values()].find(({ producer }) => producer?.id === id) ?? unknown('producer')
    track.off = paused
    for (const other of this.#room.others(this)) other.#tell((played) => played.track === track)
    this.#room.changed()
    await (paused ? track.producer!.pause() : track.producer!.resume())
    return {}
  }

  /** The room's hold began or ended. */
  hold(): void {
    this.push({ type: 'media.held', held: this.#room.held })
    const concerned = [...this.#played.values()].filter(({ from }) => !receivesNow(this.party.role, from.party.role, true))
    this.#tell((played) => concerned.includes(played))
    for (const played of concerned) this.#flow(played).catch((error: unknown) => {
      if (!played.consumer.closed) this.#room.options.log('error', `${this.party.participant} is not held: ${(error as Error).message}`)
    })
  }

  /** Closes everything of this joining; the others are told that its tracks are gone. */
  close(): void {
    this.#closed = true
    for (const transport of this.#transports.values()) transport?.close()
  }

  #transport(direction: Direction, id: string): types.WebRtcTransport {
    const transport = this.#transports.get(direction)
    return transport && transport.id === id ? transport : unknown(`${direction} transport`)
  }

  #any(id: string): types.WebRtcTransport {
    return [...this.#transports.values()].find((each) => each?.id === id) ?? unknown('transport')
  }

  #maySend(): void {
    if (!sends(this.party.role)) throw new MediaError('forbidden', `A ${this.party.role} sends nothing`)
  }

  #parted(from: Participant): boolean {
    return !receivesNow(this.party.role, from.party.role, this.#room.held)
  }

  /** Lets the worker send this on, or stop. The worker takes requests in order, so the last one asked for is what holds. */
  async #flow(played: Played): Promise<void> {
    const { consumer, from, track } = played
    const flowing = played.ready && !this.#parted(from)
    if (flowing === played.flowing) return
    played.flowing = flowing
    if (!flowing) return consumer.pause()
    // While the call is not connected yet, the first packet that leaves for this party is waited for, then looking stops.
    const unheard = this.#room.waiting && !this.#heard.has(from.party.participant)
    void this.#reachable.promise.then(() => from.#begin(track)).catch(() => {})
    await Promise.all([unheard ? consumer.enableTraceEvent(['rtp']) : null, consumer.resume()])
  }

  /** Asks for the first picture. The page must be reachable by then: what is sent earlier is lost, and browsers make the next one 300 ms later. */
  async #begin({ producer, off }: Track): Promise<void> {
    if (producer?.paused && !off) await producer.resume()
  }

  async #play(from: Participant, source: Source, track: Track): Promise<void> {
    const { producer } = track
    const transport = this.#transports.get('recv')
    if (!receives(this.party.role, from.party.role)) return
    if (!producer || !transport || !this.#capabilities || this.#consumed.has(producer.id)) return
    this.#consumed.add(producer.id)
    const request = { producerId: producer.id, rtpCapabilities: this.#capabilities }
    try {
      if (!(await this.#seat).router.canConsume(request)) throw new Error(`it cannot play ${producer.rtpParameters.codecs[0]?.mimeType}`)
      // Paused until the page has its track ready. Resending lost audio keeps recordings whole.
      const consumer = await transport.consume({ ...request, paused: true, enableRtx: true })
      this.#played.set(consumer.id, { consumer, from, track, ready: false, flowing: false })
      this.#listen(consumer, from.party.participant)
      const { participant, role } = from.party
      this.push({
        type: 'media.consume', consumer: consumer.id, producer: producer.id, participant, role, kind: consumer.kind, source,
        paused: track.off || this.#parted(from), rtpParameters: consumer.rtpParameters,
      })
    } catch (error) {
      // Either side may have left meanwhile; then there is nothing to play.
      if (!transport.closed && !producer.closed) this.#room.options.log('error', `${this.party.participant} is not sent the ${source} of ${from.party.participant}: ${(error as Error).message}`)
    }
  }

  #listen(consumer: types.Consumer, from: string): void {
    consumer.on('producerclose', () => {
      this.#played.delete(consumer.id)
      this.#heard.delete(from)
      this.push({ type: 'media.gone', consumer: consumer.id })
    })
    consumer.once('trace', () => {
      consumer.enableTraceEvent([]).catch(() => {})
      this.#heard.add(from)
      this.#room.changed()
    })
  }

  /** Tells whether anything comes of these tracks just now. */
  #tell(which: (played: Played) => boolean): void {
    for (const [consumer, played] of this.#played) if (which(played)) this.push({ type: 'media.paused', consumer, paused: played.track.off || this.#parted(played.from) })
  }
}

function unknown(what: string): never {
  throw new MediaError('unknown_media', `There is no such ${what}`)
}
