// Dice: one stream of numbers per purpose, addressed by entity, so that two plans on the same seed meet the same visitors
// with the same patience and the same talk (common random numbers), whatever else the plans make happen.
import seedrandom from 'seedrandom'
import { ln } from './math.ts'

/** What dice are thrown for. A new purpose gets a name of its own and leaves all other streams as they were. */
export type Purpose = 'arrivals' | 'access' | 'patience' | 'talk' | 'ender' | 'answering' | 'refusing' | 'connecting' | 'wrap-up' | 'away' | 'start'

/**
 * The numbers of one purpose: a random function of an entity and an ordinal. It has no state, so nothing that one plan does
 * can bring the numbers of another out of step. The construction is SplittableRandom's (Steele, Lea, Flood 2014) in 32 bits:
 * an entity is a split with a state and an odd step of its own, its ordinals are the steps, and each is mixed into a number.
 * The mixing is lowbias32 (Wellons, hash-prospector). Same seed, same bits in every engine.
 */
export class Stream {
  readonly #a: number
  readonly #b: number
  readonly #c: number

  constructor(seed: string, purpose: Purpose) {
    const words = seedrandom(`${seed}/${purpose}`)
    this.#a = words.int32()
    this.#b = words.int32()
    this.#c = words.int32()
  }

  /** Uniform in the open interval (0, 1), in steps of 2^-32. */
  uniform(entity: number, ordinal = 0): number {
    let state = (mixed(this.#a ^ entity) + this.#b) | 0
    if (ordinal !== 0) state = (state + Math.imul(ordinal, mixed(this.#c ^ entity) | 1)) | 0
    return ((mixed(state) >>> 0) + 0.5) * 2.3283064365386963e-10
  }

  /** Exponential with the given mean, by inversion: a longer mean never shortens a draw. */
  exponential(mean: number, entity: number, ordinal = 0): number {
    return -mean * ln(this.uniform(entity, ordinal))
  }

  /** True with the given probability. */
  chance(probability: number, entity: number, ordinal = 0): boolean {
    return this.uniform(entity, ordinal) < probability
  }
}

/** One 32-bit word to another, one to one; a changed bit changes each bit of it with a probability of a half, nearly. */
function mixed(x: number): number {
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d)
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b)
  return x ^ (x >>> 16)
}
