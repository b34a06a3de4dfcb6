// The room of one call: a router for exactly its parties, who come, go and are held; rebuilt elsewhere when the worker under it dies.
import { MediaError, type MediaParty, type MediaPush, type MediaRequest } from '#wire/media.ts'
import { flowsBothWays } from './flow.ts'
import { MAX_PARTIES, type RoomFailure, type RoomsOptions } from './options.ts'
import { Participant, type RoomView } from './participant.ts'
import type { Seat, Workers } from './workers.ts'

/** A room that takes this many workers with it is closed: it may be what kills them, and other calls stand on the same workers. */
const MAX_REBUILDS = 3
/** Media messages a party may send at once, and per second after that; joining takes about ten, and two for each other party: 40 in a full room. */
const BURST = 100
const PER_SECOND = 10

export class Room implements RoomView {
  readonly request: string
  readonly options: RoomsOptions
  readonly #workers: Workers
  #parties: ReadonlyMap<string, MediaParty> = new Map()
  readonly #joined = new Map<string, Participant>()
  readonly #allowance = new Map<string, { left: number; at: number }>()
  /** Settles when there is a router; made anew on every rebuild. */
  #seat: Promise<Seat>
  #taken: Seat | null = null
  #rebuilds = 0
  #held = false
  #flowing = false
  #closed = false

  constructor(request: string, workers: Workers, options: RoomsOptions) {
    this.request = request
    this.options = options
    this.#workers = workers
    this.#seat = this.#sit()
  }

  get waiting(): boolean { return !this.#flowing }
  get closed(): boolean { return this.#closed }

  get held(): boolean { return this.#held }

  /** Lets exactly these parties take part, on hold or not; see MediaRooms.open. */
  arrange(parties: readonly MediaParty[], held: boolean): void {
    if (parties.length > MAX_PARTIES) this.options.log('error', `${this.request} has ${parties.length} parties; only the first ${MAX_PARTIES} are let into its room`)
    const before = this.#parties
    this.#parties = new Map(parties.slice(0, MAX_PARTIES).map((party) => [party.participant, party]))
    for (const party of before.values()) {
      const role = this.#parties.get(party.participant)?.role
      if (role === party.role) continue
      const joined = this.#joined.get(party.participant)
      this.leave(party)
      if (role) joined?.push({ type: 'media.restart' })
      else this.#allowance.delete(party.participant)
    }
    if (held === this.#held) return
    this.#held = held
    for (const participant of this.#joined.values()) participant.hold()
  }

  /** Resolves when the room can be joined. Rejects with MediaError. */
  async opened(): Promise<void> { await this.#seat }

  async handle(party: MediaParty, message: MediaRequest, push: (message: MediaPush) => void): Promise<object> {
    if (this.#parties.get(party.participant)?.role !== party.role) throw new MediaError('no_room', 'The party is not of this call')
    this.#spend(party.participant)
    try {
      return await this.#answer(party, message, push)
    } catch (error) {
      throw this.#coded(error)
    }
  }

  leave(party: MediaParty): void {
    this.#joined.get(party.participant)?.close()
    this.#joined.delete(party.participant)
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    for (const participant of this.#joined.values()) participant.close()
    this.#joined.clear()
    this.#taken?.leave()
  }

  others(than: Participant): Participant[] {
    return [...this.#joined.values()].filter((participant) => participant !== than)
  }

  changed(): void {
    if (this.#flowing || this.#closed) return
    if (!flowsBothWays([...this.#joined.values()].map(({ flow }) => flow))) return
    this.#flowing = true
    this.options.onFlowing(this.request)
  }

  async #answer(party: MediaParty, message: MediaRequest, push: (message: MediaPush) => void): Promise<object> {
    switch (message.type) {
      case 'media.capabilities': return this.#join(party, push)
      case 'media.open': return this.#participant(party).open(message)
      case 'media.connect': return this.#participant(party).connect(message)
      case 'media.restartIce': return this.#participant(party).restartIce(message)
      case 'media.produce': return this.#participant(party).produce(message)
      case 'media.receive': return this.#participant(party).receive(message)
      case 'media.resume': return this.#participant(party).resume(message)
      case 'media.pause': return this.#participant(party).pause(message)
    }
  }

  /** Joining again (a reload, a lost network, a new worker) starts from nothing; messages of the former joining find nothing. */
  #join(party: MediaParty, push: (message: MediaPush) => void): Promise<object> {
    this.leave(party)
    const participant = new Participant(party, this, this.#seat, push)
    this.#joined.set(party.participant, participant)
    return participant.capabilities()
  }

  #participant({ participant }: MediaParty): Participant {
    return this.#joined.get(participant) ?? (() => { throw new MediaError('unknown_media', 'Ask for media.capabilities first') })()
  }

  async #sit(): Promise<Seat> {
    const seat = await this.#workers.seat(() => this.#lost())
    if (this.#closed) {
      seat.leave()
      throw new MediaError('no_room', 'The call is over')
    }
    return this.#taken = seat
  }

  #lost(): void {
    if (this.#closed) return
    if (++this.#rebuilds > MAX_REBUILDS) return this.#fail('worker_lost_too_often')
    const pushes = [...this.#joined.values()].map(({ push }) => push)
    this.#joined.clear()
    this.#taken = null
    this.#seat = this.#sit()
    this.#seat.catch(() => this.#fail('no_worker'))
    for (const push of pushes) push({ type: 'media.restart' })
  }

  #fail(reason: RoomFailure): void {
    if (this.#closed) return
    this.close()
    this.options.onFailed(this.request, reason)
  }

  #spend(participant: string): void {
    const now = performance.now()
    const had = this.#allowance.get(participant) ?? { left: BURST, at: now }
    const left = Math.min(BURST, had.left + (now - had.at) / 1_000 * PER_SECOND) - 1
    this.#allowance.set(participant, { left: Math.max(0, left), at: now })
    if (left < 0) throw new MediaError('bad_media', 'Too many media messages')
  }

  #coded(error: unknown): MediaError {
    if (error instanceof MediaError) return error
    if (this.#closed) return new MediaError('no_room', 'The call is over')
    const { name, message } = error as Error
    // What mediasoup itself finds wrong with what it was given.
    if (name === 'TypeError' || name === 'UnsupportedError') return new MediaError('bad_media', message)
    this.options.log('warn', `Media of ${this.request}: ${name}: ${message}`)
    return new MediaError('media_failed', 'The media service could not do this')
  }
}
