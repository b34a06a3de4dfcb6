// How fast a queue moves: what a waiting visitor is told about how long it may still take.
import type { TwinlineEvent } from '#events/event.ts'

/** The weight of the newest interval: the last dozen or so decide. */
const NEWEST = 0.15
/** Fewer than these say nothing. */
const ENOUGH = 3
/** An interval longer than this was a pause, not the pace of a queue. */
const PAUSE_MS = 15 * 60_000

interface Moving { lastAt: number; meanMs: number; seen: number; waiting: number }

/** An exponentially weighted mean of the time between two acceptances of a group while somebody waited. An estimate, told as one. */
export class Pace {
  readonly #groups = new Map<string, Moving>()

  note(e: TwinlineEvent): void {
    if (e.type !== 'queue.entered' && e.type !== 'queue.left') return
    let g = this.#groups.get(e.data.group)
    if (!g) this.#groups.set(e.data.group, (g = { lastAt: 0, meanMs: 0, seen: 0, waiting: 0 }))
    if (e.type === 'queue.entered') {
      // Nobody waited: the interval that ends with this one's acceptance begins now.
      if (g.waiting++ === 0) g.lastAt = e.at
      return
    }
    g.waiting = Math.max(0, g.waiting - 1)
    if (e.data.reason !== 'accepted') return
    const ms = e.at - g.lastAt
    g.lastAt = e.at
    if (ms > PAUSE_MS) return
    g.meanMs = g.seen === 0 ? ms : g.meanMs + (ms - g.meanMs) * NEWEST
    g.seen++
  }

  /** Mean ms between two acceptances; null: too few were seen. */
  of(group: string): number | null {
    const g = this.#groups.get(group)
    return g && g.seen >= ENOUGH ? g.meanMs : null
  }
}
