// Traffic: who calls, when, how long he is willing to wait and how long he wants to talk. A source is walked visitor by
// visitor, without an object per visitor; a recorded day will be another source with the same face.
import { Stream } from './random.ts'

/** Where a visitor comes in, and his share of all visitors. */
export interface Entrance { access: string; channel: string; weight: number }

/** Visitors in the order of their arrival; the fields are those of the current one. */
export interface Traffic {
  /** UTC ms of the current arrival; Infinity when no one comes any more. */
  readonly at: number
  readonly entrance: Entrance
  /** How long the visitor waits for an agent before he gives up. */
  readonly patienceMs: number
  /** How long the call lasts once connected. */
  readonly talkMs: number
  /** Who hangs up then: the visitor or the agent. */
  readonly endedByVisitor: boolean
  /** Goes on to the next visitor. */
  advance(): void
}

/** From `fromMs` (UTC) until the next step, visitors come at this rate. */
export interface RateStep { fromMs: number; perHour: number }

export interface PoissonOptions {
  seed: string
  /** Ascending by fromMs; nobody comes before the first step. */
  rate: readonly RateStep[]
  /** Nobody comes from here on, UTC ms. */
  untilMs: number
  /** Exponential. */
  patienceMeanMs: number
  /** Exponential. */
  talkMeanMs: number
  /** Probability that it is the visitor who ends the call. */
  visitorEnds: number
  entrances: readonly Entrance[]
}

const HOUR = 3_600_000

/**
 * Poisson arrivals at a piecewise constant rate with exponential patience and talk: the traffic of the Erlang formulas. Arrivals come by
 * inversion of the summed rate, so that a higher rate moves the same visitors closer together; all else is addressed by the visitor's number.
 */
export class PoissonTraffic implements Traffic {
  at = -Infinity
  entrance: Entrance
  patienceMs = 0
  talkMs = 0
  endedByVisitor = false
  readonly #o: PoissonOptions
  readonly #arrivals: Stream
  readonly #access: Stream
  readonly #patience: Stream
  readonly #talk: Stream
  readonly #ender: Stream
  readonly #weight: number
  #n = 0
  #step = 0
  /** Exact instant of the current arrival, a fraction of a ms included. */
  #exact: number

  constructor(options: PoissonOptions) {
    this.#o = options
    this.#arrivals = new Stream(options.seed, 'arrivals')
    this.#access = new Stream(options.seed, 'access')
    this.#patience = new Stream(options.seed, 'patience')
    this.#talk = new Stream(options.seed, 'talk')
    this.#ender = new Stream(options.seed, 'ender')
    this.#weight = options.entrances.reduce((sum, e) => sum + e.weight, 0)
    this.entrance = options.entrances[0]!
    this.#exact = options.rate[0]?.fromMs ?? Infinity
    this.advance()
  }

  advance(): void {
    const n = this.#n++
    this.at = this.#arrival(n)
    if (this.at === Infinity) return
    this.patienceMs = Math.round(this.#patience.exponential(this.#o.patienceMeanMs, n))
    this.talkMs = Math.round(this.#talk.exponential(this.#o.talkMeanMs, n))
    this.endedByVisitor = this.#ender.chance(this.#o.visitorEnds, n)
    if (this.#o.entrances.length > 1) this.entrance = this.#chooseEntrance(n)
  }

  /** The gap before arrival number n, at the rates from here on. */
  #arrival(n: number): number {
    const { rate, untilMs } = this.#o
    let left = this.#arrivals.exponential(1, n)
    for (;;) {
      const end = Math.min(rate[this.#step + 1]?.fromMs ?? Infinity, untilMs)
      const perMs = (rate[this.#step]?.perHour ?? 0) / HOUR
      const share = perMs === 0 ? 0 : perMs * (end - this.#exact)
      if (left < share) return Math.floor((this.#exact += left / perMs))
      if (end >= untilMs) return Infinity
      left -= share
      this.#exact = end
      this.#step++
    }
  }

  #chooseEntrance(n: number): Entrance {
    let left = this.#access.uniform(n) * this.#weight
    for (const entrance of this.#o.entrances) if ((left -= entrance.weight) < 0) return entrance
    return this.#o.entrances.at(-1)!
  }
}
