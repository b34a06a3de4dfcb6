// Bounds how often something is done: a bucket per key that fills with time, and a gate for work that is dear.
import { ADDRESSES } from './limits.ts'

/** At most `burst` at once and `perSecond` in the long run, for each key. */
export class Throttle {
  readonly #perMs: number
  readonly #burst: number
  readonly #now: () => number
  /** Emptied buckets, the longest unused first. */
  readonly #buckets = new Map<string, { level: number; at: number }>()

  constructor(perSecond: number, burst: number, now = () => performance.now()) {
    this.#perMs = perSecond / 1000
    this.#burst = burst
    this.#now = now
  }

  /** Takes one; false when there is none left. */
  take(key = ''): boolean {
    const now = this.#now()
    const bucket = this.#buckets.get(key) ?? { level: this.#burst, at: now }
    const level = Math.min(this.#burst, bucket.level + (now - bucket.at) * this.#perMs)
    this.#buckets.delete(key)
    this.#buckets.set(key, { level: level >= 1 ? level - 1 : level, at: now })
    if (this.#buckets.size > ADDRESSES) this.#buckets.delete(this.#buckets.keys().next().value!)
    return level >= 1
  }

  /** Gives one back that turned out not to count. */
  give(key = ''): void {
    const bucket = this.#buckets.get(key)
    if (bucket) bucket.level = Math.min(this.#burst, bucket.level + 1)
  }
}

/** Lets `most` pieces of work run at once and `waiting` wait; `run` returns undefined when it is fuller than that. */
export class Gate {
  #running = 0
  readonly #queue: (() => void)[] = []
  readonly #most: number
  readonly #waiting: number

  constructor(most: number, waiting: number) {
    this.#most = most
    this.#waiting = waiting
  }

  async run<T>(work: () => Promise<T>): Promise<T | undefined> {
    if (this.#running >= this.#most) {
      if (this.#queue.length >= this.#waiting) return undefined
      await new Promise<void>((resolve) => this.#queue.push(resolve)) // takes over the place of whoever is done
    } else this.#running++
    try {
      return await work()
    } finally {
      const next = this.#queue.shift()
      if (next) next()
      else this.#running--
    }
  }
}
