// Names made of a letter and a number (`c1`, `c2`, …), quick to make one after the other: a simulated call needs eight of them.

const LAST_THREE = Array.from({ length: 1000 }, (_, i) => String(i).padStart(3, '0'))

export class Names {
  readonly #letter: string
  /** Names from `#from` on, a thousand of them, begin like this. */
  #beginning: string
  #from = 0

  constructor(letter: string) {
    this.#letter = this.#beginning = letter
  }

  /** The name with this whole number; `n` and its neighbours share all but their last three digits, which is half the work of writing each out. */
  of(n: number): string {
    if (n < 1000) return this.#letter + n
    const last = n - this.#from
    if (last >= 0 && last < 1000) return this.#beginning + LAST_THREE[last]!
    const thousands = Math.floor(n / 1000)
    this.#beginning = this.#letter + thousands
    this.#from = thousands * 1000
    return this.#beginning + LAST_THREE[n - this.#from]!
  }
}
