// What the rooms are told at start, what they report while they run, and how a start that cannot succeed says so.
import type { MediaRooms } from '#wire/media.ts'

/** Parties of one room. Sixteen who send are 480 tracks sent on and as many pictures as a page can still show; a call is not an assembly. */
export const MAX_PARTIES = 16

/** One address the workers listen on. */
export interface ListenAddress {
  /** IPv4 address of this machine; `0.0.0.0` announced as nothing stands for every IPv4 address it has, and then it stands alone. */
  listenIp: string
  /** The addresses pages are told to send to (IP or host name), best first, where they differ: NAT, containers. */
  announced: readonly string[]
}

/** A STUN or TURN server handed on to the pages. */
export interface IceServer { urls: string[]; username?: string; credential?: string }

/** Why a call's media is beyond repair. */
export type RoomFailure =
  /** The room's worker died and no worker could take the room over in time. */
  | 'no_worker'
  /** The room lost its worker so often that the room itself must be what kills it. */
  | 'worker_lost_too_often'

export interface RoomsOptions {
  /** The media worker's program (`workerPath()` of engine/media-worker.mjs). */
  workerBin: string
  /** Media worker processes, 1 to MAX_WORKERS; each keeps at most one core busy. */
  workers: number
  /** Worker i listens on this port + i, UDP and TCP; 0 lets every worker take any free ports. */
  port: number
  listen: readonly ListenAddress[]
  udp: boolean
  tcp: boolean
  iceServers: readonly IceServer[]
  /** Media flows both ways in this call; told once per room. */
  onFlowing(request: string): void
  /** The room of this call is lost and has been closed; told once per room. */
  onFailed(request: string, reason: RoomFailure): void
  log(level: 'info' | 'warn' | 'error', message: string): void
}

/** One media worker as operators and monitors see it. */
export interface WorkerReport {
  index: number
  /** null while the worker is being restarted. */
  pid: number | null
  port: number
  rooms: number
  /** Share of one core used over the last seconds, 0 to 1. */
  cpu: number
  /** Times it died since the start. */
  deaths: number
  /** What the worker itself holds open. */
  routers: number
  transports: number
  /** The most memory it ever had resident. */
  peakResidentKiB: number
}

/** The rooms with what only their owner (engine/main) needs. */
export interface Rooms extends MediaRooms {
  /** Asks every worker what it holds. */
  report(): Promise<WorkerReport[]>
}

/** The start cannot succeed; the message is one sentence that says what to do. */
export class MediaStartError extends Error {
  readonly code: 'bad_options' | 'wrong_version' | 'worker_missing' | 'port_taken' | 'address_unavailable'
  constructor(code: MediaStartError['code'], message: string) { super(message); this.code = code }
}
