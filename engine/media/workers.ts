// The media worker processes: started, measured, restarted when they die; each room gets a seat on the least loaded one.
import { EventEmitter, once } from 'node:events'
import { networkInterfaces } from 'node:os'
import type { types } from 'mediasoup'
import { MediaError } from '#wire/media.ts'
import { ROUTER_CODECS } from './negotiation.ts'
import { MediaStartError, type ListenAddress, type RoomsOptions, type WorkerReport } from './options.ts'

/** The version whose worker protocol, behaviour and bugs this folder was written and tested against. */
const MEDIASOUP_VERSION = '3.27.1'
/** One worker keeps one core busy; more processes than this on one machine have never been seen to help. */
export const MAX_WORKERS = 64
/** More addresses than a host offers to its callers; keeps a host full of container networks from flooding pages with candidates. */
const MAX_ADDRESSES = 16
/** A two-party call forwards about 350 packets/s and 1 000 packets/s cost about 2 % of a core: a core is full near 140. */
const MAX_ROOMS_PER_WORKER = 140
/** What a room is counted for until the measurement shows its real cost. */
const ROOM_CPU_SHARE = 0.007
const SAMPLE_MS = 5_000
/** How long a room waits for a worker to come back before its call is given up; a restart takes well under a second. */
const SEAT_TIMEOUT_MS = 5_000
/** Restarts are immediate at first and slow down to one per this time for a worker that keeps dying. */
const MAX_RESTART_DELAY_MS = 30_000
const RESTART_WINDOW_MS = 60_000
const STOP_TIMEOUT_MS = 2_000

/** A room's place: its router, and the server whose ports its transports share. */
export interface Seat {
  readonly router: types.Router
  readonly server: types.WebRtcServer
  /** Where a page can send to, best first: the transport's own candidates and one more for each further announced address. */
  candidates(transport: types.WebRtcTransport): types.IceCandidate[]
  /** Closes the router and frees the place. */
  leave(): void
}

interface Place extends Seat { readonly since: number; readonly onLost: () => void }

interface Slot {
  readonly index: number
  worker: types.Worker | null
  server: types.WebRtcServer | null
  readonly places: Set<Place>
  /** Rooms on their way in: their router is being made. */
  arriving: number
  cpu: number
  /** Processor time used so far in ms and when it was read (performance.now), to take the share from. */
  sample: { usedMs: number; at: number } | null
  deaths: number
  recentDeaths: number[]
  restart: NodeJS.Timeout | null
}

export class Workers {
  readonly #mediasoup: typeof import('mediasoup')
  readonly #options: RoomsOptions
  readonly #slots: Slot[]
  readonly #bell = new EventEmitter().setMaxListeners(0)
  readonly #sampler: NodeJS.Timeout
  #stopping = false

  private constructor(mediasoup: typeof import('mediasoup'), options: RoomsOptions) {
    this.#mediasoup = mediasoup
    this.#options = options
    this.#slots = Array.from({ length: options.workers }, (_, index) => ({
      index, worker: null, server: null, places: new Set<Place>(), arriving: 0, cpu: 0, sample: null, deaths: 0, recentDeaths: [], restart: null,
    }))
    this.#sampler = setInterval(() => { for (const slot of this.#slots) void this.#measure(slot) }, SAMPLE_MS).unref()
  }

  /** Starts all workers, or throws MediaStartError and leaves none behind. */
  static async start(options: RoomsOptions): Promise<Workers> {
    check(options)
    const mediasoup = await import('mediasoup')
    if (mediasoup.version !== MEDIASOUP_VERSION)
      throw new MediaStartError('wrong_version', `mediasoup ${mediasoup.version} is installed, but Twinline works with ${MEDIASOUP_VERSION} exactly: run "node engine/setup.mjs" under Node 24.`)
    mediasoup.setLogEventListeners({ onerror: (source, message) => options.log('error', `${source} ${message}`) })
    const workers = new Workers(mediasoup, options)
    try {
      await Promise.all(workers.#slots.map((slot) => workers.#start(slot)))
    } catch (error) {
      await workers.stop()
      throw error
    }
    return workers
  }

  /**
   * A seat on the least loaded worker. `onLost` is called when the worker dies under it (the router is closed by then).
   * Throws MediaError `media_failed` when no worker has room, or none is back within five seconds.
   */
  async seat(onLost: () => void): Promise<Seat> {
    const giveUp = AbortSignal.timeout(SEAT_TIMEOUT_MS)
    for (;;) {
      const slot = this.#leastLoaded()
      if (slot) {
        slot.arriving++
        try {
          return this.#sit(slot, await slot.worker!.createRouter({ mediaCodecs: ROUTER_CODECS }), onLost)
        } catch (error) {
          // It may have died while asked: then another worker is asked, or its successor.
          if (this.#stopping || giveUp.aborted || alive(slot)) throw new MediaError('media_failed', `No media worker took the call: ${(error as Error).message}`)
        } finally {
          slot.arriving--
        }
      } else {
        if (this.#stopping) throw new MediaError('media_failed', 'The engine is stopping')
        if (this.#slots.some(alive)) throw new MediaError('media_failed', 'The media workers are full')
        await once(this.#bell, 'up', { signal: giveUp }).catch(() => { throw new MediaError('media_failed', 'No media worker is running') })
      }
    }
  }

  async report(): Promise<WorkerReport[]> {
    return Promise.all(this.#slots.map(async (slot) => {
      const { worker, server } = slot
      // A worker that dies while it is asked counts as holding nothing.
      const [held, served, used] = worker && server
        ? await Promise.all([worker.dump(), server.dump(), worker.getResourceUsage()]).catch(() => []) : []
      return {
        index: slot.index, pid: worker?.pid ?? null, port: served?.udpSockets[0]?.port ?? served?.tcpServers[0]?.port ?? 0, rooms: slot.places.size, cpu: slot.cpu, deaths: slot.deaths,
        routers: held?.routerIds.length ?? 0, transports: served?.webRtcTransportIds.length ?? 0, peakResidentKiB: used?.ru_maxrss ?? 0,
      }
    }))
  }

  /** Ends all workers and waits until their processes are gone. */
  async stop(): Promise<void> {
    this.#stopping = true
    clearInterval(this.#sampler)
    this.#bell.emit('up')
    await Promise.all(this.#slots.map(async (slot) => {
      if (slot.restart) clearTimeout(slot.restart)
      if (slot.worker) await end(slot.worker)
    }))
  }

  #sit(slot: Slot, router: types.Router, onLost: () => void): Seat {
    const place: Place = {
      router, server: slot.server!, since: performance.now(), onLost,
      candidates: ({ iceCandidates }) => further(this.#options.listen, iceCandidates),
      leave: () => { slot.places.delete(place); router.close() },
    }
    slot.places.add(place)
    return place
  }

  /** By measured processor time, with a reservation for rooms too young to show in it. */
  #leastLoaded(): Slot | undefined {
    const young = performance.now() - 2 * SAMPLE_MS
    const load = (slot: Slot) => slot.cpu + ROOM_CPU_SHARE * (slot.arriving + [...slot.places].filter(({ since }) => since > young).length)
    return this.#slots.filter((slot) => alive(slot) && slot.places.size + slot.arriving < MAX_ROOMS_PER_WORKER)
      .map((slot) => ({ slot, load: load(slot) }))
      .sort((a, b) => a.load - b.load || a.slot.places.size - b.slot.places.size || a.slot.index - b.slot.index)[0]?.slot
  }

  async #start(slot: Slot): Promise<void> {
    const worker = await this.#spawn()
    // The server may not be there yet when the worker dies: its failure is then the failure to start.
    const server = await worker.createWebRtcServer({ listenInfos: this.#listenInfos(slot) }).catch(async (error: Error) => {
      await end(worker)
      throw explain(error, this.#options.port + slot.index)
    })
    if (this.#stopping) return end(worker)
    Object.assign(slot, { worker, server, cpu: 0, sample: null })
    worker.on('died', (error) => this.#died(slot, error))
    this.#options.log('info', `Media worker ${slot.index} runs as process ${worker.pid}`)
    this.#bell.emit('up')
  }

  async #spawn(): Promise<types.Worker> {
    const signals = ['SIGINT', 'SIGTERM'] as const
    const before = signals.map((signal) => process.listeners(signal))
    const started = this.#mediasoup.createWorker({ workerBin: this.#options.workerBin, logLevel: 'error' })
    // mediasoup ends its workers at these signals; here the engine does, in its own order, after the calls are written down.
    signals.forEach((signal, i) => {
      for (const listener of process.listeners(signal)) if (!before[i]!.includes(listener)) process.removeListener(signal, listener)
    })
    return started.catch((error: Error) => {
      throw new MediaStartError('worker_missing', `The media worker ${this.#options.workerBin} does not start (${error.message}): run "node engine/setup.mjs", which installs it.`)
    })
  }

  #listenInfos(slot: Slot): types.TransportListenInfo[] {
    const { listen, udp, tcp, port } = this.#options
    const protocols = [...(udp ? ['udp' as const] : []), ...(tcp ? ['tcp' as const] : [])]
    return protocols.flatMap((protocol) => addresses(listen).map(({ listenIp, announced: [announcedAddress] }) => ({
      protocol, ip: listenIp,
      ...(announcedAddress === undefined ? {} : { announcedAddress }),
      ...(port === 0 ? { portRange: { min: 10_000, max: 59_999 } } : { port: port + slot.index }),
    })))
  }

  #died(slot: Slot, error: Error): void {
    const places = [...slot.places]
    slot.places.clear()
    slot.deaths++
    this.#options.log('error', `Media worker ${slot.index} died ${error.message} with ${places.length} rooms on it`)
    this.#restart(slot)
    for (const place of places) place.onLost()
  }

  #restart(slot: Slot): void {
    slot.worker = slot.server = null
    const now = performance.now()
    slot.recentDeaths = [...slot.recentDeaths.filter((at) => at > now - RESTART_WINDOW_MS), now].slice(-16)
    const again = slot.recentDeaths.length - 1
    const delayMs = again === 0 ? 0 : Math.min(MAX_RESTART_DELAY_MS, 125 * 2 ** again)
    slot.restart = setTimeout(() => {
      slot.restart = null
      this.#start(slot).catch((error: Error) => {
        if (this.#stopping) return
        this.#options.log('error', error.message)
        this.#restart(slot)
      })
    }, delayMs)
  }

  async #measure(slot: Slot): Promise<void> {
    const { worker, sample } = slot
    if (!worker) return
    const used = await worker.getResourceUsage().catch(() => null)
    if (!used || slot.worker !== worker) return
    const now = { usedMs: used.ru_utime + used.ru_stime, at: performance.now() }
    if (sample) slot.cpu = Math.min(1, (now.usedMs - sample.usedMs) / (now.at - sample.at))
    slot.sample = now
  }
}

const alive = (slot: Slot): boolean => slot.worker !== null && !slot.worker.closed

async function end(worker: types.Worker): Promise<void> {
  if (worker.subprocessClosed) return
  const gone = once(worker, 'subprocessclose', { signal: AbortSignal.timeout(STOP_TIMEOUT_MS) }).then(() => true, () => false)
  worker.close()
  if (!await gone && !worker.subprocessClosed) process.kill(worker.pid, 'SIGKILL')
}

function check({ workers, port, listen, udp, tcp }: RoomsOptions): void {
  const refuse = (sentence: string): never => { throw new MediaStartError('bad_options', sentence) }
  if (!Number.isInteger(workers) || workers < 1 || workers > MAX_WORKERS) refuse(`The number of media workers must be 1 to ${MAX_WORKERS}, not ${workers}.`)
  if (!Number.isInteger(port) || port < 0 || port + workers - 1 > 65_535) refuse(`The media port must be 0 to ${65_536 - workers}, so that each of ${workers} workers has one, not ${port}.`)
  if (!udp && !tcp) refuse('Media needs UDP or TCP; both are switched off.')
  if (listen.length === 0) refuse('Media needs at least one address to listen on.')
  if (listen.length > 1 && listen.some(({ listenIp }) => listenIp === '0.0.0.0')) refuse('0.0.0.0 already stands for every address of this machine: give it alone, or give single addresses.')
}

/** The worker announces the first address of a socket; the further ones (a private one beside a public one) are added here, after it. */
function further(listen: readonly ListenAddress[], candidates: types.IceCandidate[]): types.IceCandidate[] {
  return candidates.flatMap((candidate) => {
    const others = listen.find(({ announced }) => announced[0] === candidate.address)?.announced.slice(1) ?? []
    return [candidate, ...others.map((address, i) => ({ ...candidate, foundation: `${candidate.foundation}${i}`, priority: candidate.priority - i - 1, ip: address, address }))]
  })
}

/**
 * `0.0.0.0` is no address a page could send to: every IPv4 address of the machine takes its place, loopback last. One socket
 * each, because an answer must come from the address that was asked. Read at each start, since addresses come and go.
 */
function addresses(listen: readonly ListenAddress[]): ListenAddress[] {
  const [only] = listen
  if (only?.listenIp !== '0.0.0.0' || only.announced.length > 0) return [...listen]
  return Object.values(networkInterfaces()).flatMap((entries) => entries ?? []).filter(({ family }) => family === 'IPv4')
    .sort((a, b) => Number(a.internal) - Number(b.internal)).slice(0, MAX_ADDRESSES)
    .map(({ address }) => ({ listenIp: address, announced: [] }))
}

function explain(error: Error, port: number): Error {
  const where = /protocol:(\w+), ip:'([^']+)'/.exec(error.message)
  const named = where ? `${where[1]!.toUpperCase()} port ${port} on ${where[2]}` : `Media port ${port}`
  if (/address already in use/.test(error.message)) return new MediaStartError('port_taken', `${named} is taken by another program: end it, or give media another port.`)
  if (/address not available|cannot assign/i.test(error.message)) return new MediaStartError('address_unavailable', `${where?.[2] ?? 'A media address'} is not an address of this machine: correct the addresses media listens on.`)
  return error
}
