// People: the agents of a simulated run, when they work and how they behave at their desks.
import { Stream } from './random.ts'

/** One agent and his shifts, ascending; an `untilMs` of Infinity lasts until nobody calls and nobody waits any more. */
export interface Person { agent: string; shifts: readonly Shift[] }
/** UTC ms, half-open. */
export interface Shift { fromMs: number; untilMs: number }

/** How agents behave: every time is a least time plus an exponential part, in ms. */
export interface Habits {
  /** From the offer until the agent's page has shown it. */
  ringingMs: number
  answerLeastMs: number
  answerMeanMs: number
  /** Probability that an offer rings unheard until it expires. */
  misses: number
  /** Probability that an offer is declined, at the time at which it would have been answered. */
  declines: number
  /** From the acceptance until media flows both ways. */
  connectLeastMs: number
  connectMeanMs: number
  /** After-call work; the plan's timer cuts it short. */
  wrapUpMeanMs: number
  /** How long an agent whom the engine set away for missing calls stays away. */
  awayMeanMs: number
  /** From the login to the device check, and from there to idle. */
  settleMs: number
}

/** A desk as one would expect it, where nobody measured: about three seconds to answer, one offer in a hundred missed. */
export const HABITS: Habits = {
  ringingMs: 150, answerLeastMs: 800, answerMeanMs: 2200, misses: 0.01, declines: 0.005,
  connectLeastMs: 300, connectMeanMs: 400, wrapUpMeanMs: 20_000, awayMeanMs: 60_000, settleMs: 2000,
}

/** Agents as queueing theory knows them: they answer at once, connect at once and have nothing to write up. */
export const IDEAL_HABITS: Habits = {
  ringingMs: 0, answerLeastMs: 0, answerMeanMs: 0, misses: 0, declines: 0, connectLeastMs: 0, connectMeanMs: 0, wrapUpMeanMs: 0, awayMeanMs: 0, settleMs: 0,
}

/** The same people at their desks, thrown by dice: what belongs to an agent is addressed by him and his own count of offers, what belongs to a call by its number. */
export class People {
  readonly persons: readonly Person[]
  readonly habits: Habits
  readonly #answering: Stream
  readonly #refusing: Stream
  readonly #connecting: Stream
  readonly #wrapUp: Stream
  readonly #away: Stream

  constructor(seed: string, persons: readonly Person[], habits: Habits) {
    this.persons = persons
    this.habits = habits
    this.#answering = new Stream(seed, 'answering')
    this.#refusing = new Stream(seed, 'refusing')
    this.#connecting = new Stream(seed, 'connecting')
    this.#wrapUp = new Stream(seed, 'wrap-up')
    this.#away = new Stream(seed, 'away')
  }

  /** What agent number `a` makes of his offer number `k`. */
  reaction(a: number, k: number): 'accepts' | 'declines' | 'misses' {
    const { misses, declines } = this.habits
    if (misses + declines === 0) return 'accepts'
    const u = this.#refusing.uniform(a, k)
    return u < misses ? 'misses' : u < misses + declines ? 'declines' : 'accepts'
  }

  /** Time from the offer to the reaction. */
  answerMs(a: number, k: number): number { return draw(this.#answering, a, k, this.habits.answerLeastMs, this.habits.answerMeanMs) }
  /** Time from the acceptance to flowing media in request number `n`. */
  connectMs(n: number): number { return draw(this.#connecting, n, 0, this.habits.connectLeastMs, this.habits.connectMeanMs) }
  /** After-call work on request number `n`, as the agent would take it. */
  wrapUpMs(n: number): number { return draw(this.#wrapUp, n, 0, 0, this.habits.wrapUpMeanMs) }
  /** How long agent number `a` stays away after his offer number `k`. */
  awayMs(a: number, k: number): number { return draw(this.#away, a, k, 0, this.habits.awayMeanMs) }
}

const draw = (stream: Stream, entity: number, ordinal: number, leastMs: number, meanMs: number): number =>
  meanMs === 0 ? leastMs : leastMs + Math.round(stream.exponential(meanMs, entity, ordinal))
