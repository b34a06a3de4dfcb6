// Dice: one stream of numbers per purpose, addressed by entity, so that two plans on the same seed meet the same visitors
// with the same patience and the same talk (common random numbers), whatever else the plans make happen.
import seedrandom from 'seedrandom'
import { ln } from './math.ts'

/** What dice are thrown for. A new purpose gets a name of its own and leaves all other streams as they were. */
export type Purpose = 'arrivals' | 'access' | 'patience' | 'talk' | 'ender' | 'answering' | 'refusing' | 'connecting' | 'wrap-up' | 'away' | 'start'

/**
 * The numbers of one purpose: a random function of an entity and an ordinal. It has no state, so nothing that one plan does
 * can bring the numbers of another out of step. The mixing is that of sfc32 (Doty-Humphrey, PractRand): three key words
 * from the text seed, the address xored into two of them, twelve rounds as its author asks for, one number out. Same seed,
 * same bits in every engine.
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
    let a = this.#a
    let b = this.#b ^ entity
    let c = this.#c ^ ordinal
    for (let d = 1; d <= 12; d++) {
      const t = (((a + b) | 0) + d) | 0
      a = b ^ (b >>> 9)
      b = (c + (c << 3)) | 0
      c = (((c << 21) | (c >>> 11)) + t) | 0
    }
    return ((((a + b + 13) | 0) >>> 0) + 0.5) * 2.3283064365386963e-10
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
