// What a call's connections say of themselves: rates per stream for those who watch the quality, and whether anything still arrives.

/** One stream in one direction. Rates are taken since the previous call. */
export interface StreamStatistics {
  /** The id of the track that is received; null for what is sent. */
  track: string | null
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

/** The fields read here of what browsers report; which are there depends on `type`. */
export interface Stat {
  id: string; type: string; timestamp: number; kind: 'audio' | 'video'; mid?: string; trackIdentifier?: string; localId?: string; protocol?: string
  nominated?: boolean; state?: string; localCandidateId?: string; currentRoundTripTime?: number
  bytesSent?: number; bytesReceived?: number; packetsSent?: number; packetsReceived?: number; packetsLost?: number; responsesReceived?: number; jitter?: number
  framesEncoded?: number; framesDecoded?: number; frameWidth?: number; frameHeight?: number
}

type Report = Iterable<Stat>

/** Rates of all streams of a call; each is taken since the one before. */
export class Rates {
  readonly #previous = new Map<string, { at: number; bytes: number; packets: number; lost: number; frames: number }>()

  /** From the reports of the connection that sends and of the one that receives. */
  read(sending: Report, receiving: Report): MediaStatistics {
    const [sent, received] = [[...sending], [...receiving]]
    const pair = [...sent, ...received].find((stat) => stat.type === 'candidate-pair' && stat.nominated && stat.state === 'succeeded')
    const local = [...sent, ...received].find(({ id }) => id === pair?.localCandidateId)
    return {
      rttMs: pair?.currentRoundTripTime === undefined ? null : pair.currentRoundTripTime * 1_000,
      protocol: local?.protocol ?? null,
      sent: sent.filter(({ type }) => type === 'outbound-rtp').map((stat) => this.#of(stat, sent.find(({ type, localId }) => type === 'remote-inbound-rtp' && localId === stat.id))),
      // Beside the tracks mediasoup-client keeps a stream of its own, for probing the bandwidth; nobody plays it.
      received: received.filter(({ type, mid }) => type === 'inbound-rtp' && mid !== 'probator').map((stat) => this.#of(stat, stat)),
    }
  }

  #of(stat: Stat, loss: Stat | undefined): StreamStatistics {
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
      track: stat.trackIdentifier ?? null, kind: stat.kind, kbitPerS: (now.bytes - before.bytes) * 8 / 1_000 / seconds, packets: now.packets,
      lossShare: due > 0 ? Math.min(1, lost / due) : 0, jitterMs: (loss?.jitter ?? 0) * 1_000,
      frames: now.frames, framesPerS: (now.frames - before.frames) / seconds, width: stat.frameWidth ?? 0, height: stat.frameHeight ?? 0,
    }
  }
}

/** What has arrived on a connection so far, by path: packets of any kind, and answers to the browser's own checks. */
export type Arrived = ReadonlyMap<string, { bytes: number; answers: number }>

export function arrived(report: Report): Arrived {
  const paths = [...report].filter(({ type }) => type === 'candidate-pair')
  return new Map(paths.map(({ id, bytesReceived, responsesReceived }) => [id, { bytes: bytesReceived ?? 0, answers: responsesReceived ?? 0 }]))
}

/** Whether anything arrived between two looks; with `answersToo` an answer is enough. Paths come and go with every change of the network. */
export const more = (before: Arrived, now: Arrived, answersToo: boolean): boolean =>
  [...now].some(([path, { bytes, answers }]) => bytes > (before.get(path)?.bytes ?? 0) || (answersToo && answers > (before.get(path)?.answers ?? 0)))

/** Looks without a byte until a connection on which something flowed counts as silent. */
const SILENT_LOOKS = 2

/**
 * Notices that a connection has fallen silent, long before the browser does (6 to 8 s). Told once for each silence: it may be the
 * other party's, and then there is nothing to mend here.
 */
export class Silence {
  #before: Arrived = new Map()
  #looks = 0
  #flowed = false

  /** `expected`: something is being sent that must arrive, or be reported on. True when it just fell silent. */
  look(now: Arrived, expected: boolean): boolean {
    const flows = more(this.#before, now, false)
    this.#before = now
    if (flows || !expected) {
      this.#flowed = flows
      this.#looks = 0
      return false
    }
    if (!this.#flowed || ++this.#looks < SILENT_LOOKS) return false
    this.#flowed = false
    this.#looks = 0
    return true
  }
}
