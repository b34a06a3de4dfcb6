// One joining of a party to a room: its two transports, what it sends and what it is sent. A new joining is a new participant.
import type { types } from 'mediasoup'
import { MediaError, type MediaParty, type MediaPush, type MediaRequest } from '#wire/media.ts'
import type { PartyFlow } from './flow.ts'
import { offeredCapabilities, readCapabilities, readDtlsParameters, readProducerParameters } from './negotiation.ts'
import type { RoomsOptions } from './options.ts'
import type { Seat } from './workers.ts'

type Direction = 'send' | 'recv'
type Source = 'microphone' | 'camera'
type Of<T extends MediaRequest['type']> = Extract<MediaRequest, { type: T }>

const KIND_OF = { microphone: 'audio', camera: 'video' } as const
/** Where the bandwidth estimate starts: enough for 640×360 at once, soon corrected by what arrives. */
const INITIAL_OUTGOING_BPS = 1_000_000

/** What a participant needs of its room. */
export interface RoomView {
  readonly options: RoomsOptions
  /** The other parties who have joined. */
  others(than: Participant): Participant[]
  /** Something changed that the rule of flow.ts looks at. */
  changed(): void
  /** The room still waits for media to flow. */
  readonly waiting: boolean
}

export class Participant {
  readonly party: MediaParty
  readonly #room: RoomView
  readonly #seat: Promise<Seat>
  readonly push: (message: MediaPush) => void
  /** null while being opened: a direction is opened once. */
  readonly #transports = new Map<Direction, types.WebRtcTransport | null>()
  readonly #connected = new Set<string>()
  /** null while being made: a source is sent once. */
  readonly #producers = new Map<Source, types.Producer | null>()
  readonly #consumers = new Map<string, types.Consumer>()
  /** Producers of others that this party is being sent, or is about to. */
  readonly #consumed = new Set<string>()
  readonly #heard = new Set<string>()
  #capabilities: types.RtpCapabilities | null = null
  #closed = false

  constructor(party: MediaParty, room: RoomView, seat: Promise<Seat>, push: (message: MediaPush) => void) {
    this.party = party
    this.#room = room
    this.#seat = seat
    this.push = push
  }

  get flow(): PartyFlow {
    const sending = [...this.#producers.values()].some((producer) => producer === null || !producer.paused)
    // Whoever opened a transport to send on will send; until its first track is there it is not silent, it is late.
    const silent = this.#capabilities !== null && (!this.#transports.has('send') || (this.#producers.size > 0 && !sending))
    return { participant: this.party.participant, heard: this.#heard, silent }
  }

  async capabilities(): Promise<object> {
    return { rtpCapabilities: offeredCapabilities((await this.#seat).router.rtpCapabilities) }
  }

  async open({ direction }: Of<'media.open'>): Promise<object> {
    if (this.#transports.has(direction)) throw new MediaError('bad_media', `The ${direction} transport is open already`)
    this.#transports.set(direction, null)
    const { udp, tcp, iceServers } = this.#room.options
    const seat = await this.#seat
    const transport = await seat.router.createWebRtcTransport({
      webRtcServer: seat.server, enableUdp: udp, enableTcp: tcp, preferUdp: true, initialAvailableOutgoingBitrate: INITIAL_OUTGOING_BPS,
    }).catch((error: unknown) => { this.#transports.delete(direction); throw error })
    if (this.#closed) { transport.close(); throw new MediaError('unknown_media', 'The party has left or joined afresh') }
    this.#transports.set(direction, transport)
    const { id, iceParameters, dtlsParameters } = transport
    return { transport: id, iceParameters, iceCandidates: seat.candidates(transport), dtlsParameters, iceServers }
  }

  async connect({ transport: id, dtlsParameters }: Of<'media.connect'>): Promise<object> {
    const parameters = readDtlsParameters(dtlsParameters)
    const transport = [...this.#transports.values()].find((each) => each?.id === id) ?? unknown('transport')
    if (this.#connected.has(id)) throw new MediaError('bad_media', 'This transport is connected already')
    this.#connected.add(id)
    await transport.connect({ dtlsParameters: parameters })
    return {}
  }

  async produce({ transport: id, kind, source, rtpParameters }: Of<'media.produce'>): Promise<object> {
    if (KIND_OF[source] !== kind) throw new MediaError('bad_media', `A ${source} does not send ${kind}`)
    const parameters = readProducerParameters(rtpParameters, kind)
    const transport = this.#transport('send', id)
    if (this.#producers.has(source)) throw new MediaError('bad_media', `The ${source} is being sent already`)
    this.#producers.set(source, null)
    const producer = await transport.produce({ kind, rtpParameters: parameters }).catch((error: unknown) => { this.#producers.delete(source); throw error })
    this.#producers.set(source, producer)
    for (const other of this.#room.others(this)) void other.#consume(this, source, producer)
    return { producer: producer.id }
  }

  receive({ transport: id, rtpCapabilities }: Of<'media.receive'>): object {
    this.#transport('recv', id)
    if (this.#capabilities) throw new MediaError('bad_media', 'The party receives already')
    this.#capabilities = readCapabilities(rtpCapabilities)
    for (const other of this.#room.others(this))
      for (const [source, producer] of other.#producers) if (producer) void this.#consume(other, source, producer)
    this.#room.changed()
    return {}
  }

  async resume({ consumer: id }: Of<'media.resume'>): Promise<object> {
    const consumer = this.#consumers.get(id) ?? unknown('consumer')
    // While the call is not connected yet, the first packet that leaves for this party is waited for, then looking stops.
    if (consumer.paused) await Promise.all([this.#room.waiting ? consumer.enableTraceEvent(['rtp']) : null, consumer.resume()])
    return {}
  }

  async pause({ producer: id, paused }: Of<'media.pause'>): Promise<object> {
    const producer = [...this.#producers.values()].find((each) => each?.id === id) ?? unknown('producer')
    await (paused ? producer.pause() : producer.resume())
    this.#room.changed()
    return {}
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

  async #consume(from: Participant, source: Source, producer: types.Producer): Promise<void> {
    const transport = this.#transports.get('recv')
    if (!transport || !this.#capabilities || this.#consumed.has(producer.id)) return
    this.#consumed.add(producer.id)
    const request = { producerId: producer.id, rtpCapabilities: this.#capabilities }
    try {
      if (!(await this.#seat).router.canConsume(request)) throw new Error(`it cannot play ${producer.rtpParameters.codecs[0]?.mimeType}`)
      // Paused until the page has its track ready, or the first key frame would be lost. Resending lost audio keeps recordings whole.
      const consumer = await transport.consume({ ...request, paused: true, enableRtx: true })
      this.#consumers.set(consumer.id, consumer)
      this.#listen(consumer, from)
      const { participant, role } = from.party
      this.push({
        type: 'media.consume', consumer: consumer.id, producer: producer.id, participant, role, kind: consumer.kind, source,
        paused: consumer.producerPaused, rtpParameters: consumer.rtpParameters,
      })
    } catch (error) {
      // Either side may have left meanwhile; then there is nothing to play.
      if (!transport.closed && !producer.closed) this.#room.options.log('error', `${this.party.participant} is not sent the ${source} of ${from.party.participant}: ${(error as Error).message}`)
    }
  }

  #listen(consumer: types.Consumer, from: Participant): void {
    consumer.on('producerclose', () => {
      this.#consumers.delete(consumer.id)
      this.#heard.delete(from.party.participant)
      this.push({ type: 'media.gone', consumer: consumer.id })
    })
    consumer.on('producerpause', () => this.push({ type: 'media.paused', consumer: consumer.id, paused: true }))
    consumer.on('producerresume', () => this.push({ type: 'media.paused', consumer: consumer.id, paused: false }))
    consumer.once('trace', () => {
      consumer.enableTraceEvent([]).catch(() => {})
      this.#heard.add(from.party.participant)
      this.#room.changed()
    })
  }
}

function unknown(what: string): never {
  throw new MediaError('unknown_media', `There is no such ${what}`)
}
