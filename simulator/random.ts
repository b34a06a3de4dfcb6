// Dice: one stream of numbers per purpose, addressed by entity, so that two plans on the same seed meet the same visitors
// with the same patience and the same talk (common random numbers), whatever else the plans make happen.
import seedrandom from 'seedrandom'
import { ln } from './math.ts'

/** What dice are thrown for. A new purpose gets a name of its own and leaves all other streams as they were. */
export type Purpose = 'arrivals' | 'access' | 'patience' | 'talk' | 'ender' | 'answering' | 'refusing' | 'connecting' | 'wrap-up' | 'away' | 'start'

/**
 * The numbers of one purpose. `at(entity, ordinal)` goes to the start of that entity's own sequence; `uniform()` takes its
 * next number. The generator is sfc32 (Doty-Humphrey, PractRand): three key words from the text seed, the address xored
 * into two of them, twelve rounds of mixing as its author asks for. Same seed, same bits in every engine.
 */
export class Stream {
  readonly #key: Int32Array
  readonly #state = new Int32Array(4)

  constructor(seed: string, purpose: Purpose) {
    const words = seedrandom(`${seed}/${purpose}`)
    this.#key = Int32Array.of(words.int32(), words.int32(), words.int32())
    this.at(0)
  }

  at(entity: number, ordinal = 0): this {
    const key = this.#key
    let a = key[0]!
    let b = key[1]! ^ entity
    let c = key[2]! ^ ordinal
    let d = 1
    for (let i = 0; i < 12; i++) {
      const t = (((a + b) | 0) + d) | 0
      d = (d + 1) | 0
      a = b ^ (b >>> 9)
      b = (c + (c << 3)) | 0
      c = (((c << 21) | (c >>> 11)) + t) | 0
    }
    const state = this.#state
    state[0] = a
    state[1] = b
    state[2] = c
    state[3] = d
    return this
  }

  #next(): number {
    const state = this.#state
    let c = state[2]!
    const b = state[1]!
    const t = (((state[0]! + b) | 0) + state[3]!) | 0
    state[3] = state[3]! + 1
    state[0] = b ^ (b >>> 9)
    state[1] = c + (c << 3)
    c = ((c << 21) | (c >>> 11)) + t
    state[2] = c
    return t
  }

  /** Uniform in the open interval (0, 1), 52 bits. */
  uniform(): number {
    const high = this.#next() >>> 6
    const low = this.#next() >>> 6
    return (high * 67108864 + low + 0.5) / 4503599627370496
  }

  /** Exponential with the given mean, by inversion: a longer mean never shortens a draw. */
  exponential(mean: number): number {
    return -mean * ln(this.uniform())
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.uniform() < probability
  }
}
