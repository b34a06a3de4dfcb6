// Timers of one kind. Arming is an append and clearing costs nothing: what is not in force any more is passed over when its time comes.

/** Entries that may be out of force before the lines are swept, beside as many as are in force. */
const SWEEP = 1024

interface Timed { n: number }

/**
 * The instants at which things of one kind are due. An entry is in force as long as the thing still says so (`at` gives the
 * instant it is armed for, 0 = none), so clearing is the thing's own doing and touches no list: in a queue of a hundred
 * thousand a search for what to take out cost more than the decision it was for. Most come in order and stand in a line;
 * the others in a heap. Ties fall by ordinal.
 */
export class Timers<T extends Timed> {
  readonly #at: (x: T) => number
  #line: T[] = []
  #lineAt: number[] = []
  #head = 0
  readonly #heap: T[] = []
  readonly #heapAt: number[] = []
  #armed = 0

  constructor(at: (x: T) => number) { this.#at = at }

  /** To be called after `x` was armed for `at`. */
  arm(x: T, at: number): void {
    this.#armed++
    const last = this.#line.length - 1
    if (last < this.#head || this.#lineAt[last]! < at || (this.#lineAt[last] === at && this.#line[last]!.n <= x.n)) {
      this.#line.push(x)
      this.#lineAt.push(at)
    } else this.#push(x, at)
    if (this.#line.length - this.#head + this.#heap.length > 2 * this.#armed + SWEEP) this.#sweep()
  }

  /** To be called when one that was armed is cleared. */
  clear(): void { this.#armed-- }

  /** What is due first; undefined when nothing is armed. */
  get first(): T | undefined {
    const line = this.#first()
    if (this.#heap.length === 0) return line
    const late = this.#firstLate()
    if (!line || !late) return line ?? late
    const [a, b] = [this.#lineAt[this.#head]!, this.#heapAt[0]!]
    return b < a || (b === a && late.n < line.n) ? late : line
  }

  #first(): T | undefined {
    for (; this.#head < this.#line.length; this.#head++) {
      const x = this.#line[this.#head]!
      if (this.#at(x) === this.#lineAt[this.#head]) {
        if (this.#head > SWEEP) this.#cut()
        return x
      }
    }
    if (this.#head > 0) this.#cut()
    return undefined
  }

  #cut(): void {
    if (this.#head === this.#line.length) { this.#line.length = this.#lineAt.length = this.#head = 0; return }
    // The larger half has passed: each entry is moved at most once.
    if (this.#head * 2 < this.#line.length) return
    this.#line = this.#line.slice(this.#head)
    this.#lineAt = this.#lineAt.slice(this.#head)
    this.#head = 0
  }

  #firstLate(): T | undefined {
    while (this.#heap.length > 0 && this.#at(this.#heap[0]!) !== this.#heapAt[0]) this.#pop()
    return this.#heap[0]
  }

  /** Lets go of everything that is not in force, and of what was armed again for the same instant but once. */
  #sweep(): void {
    const kept = new Set<T>()
    const keep = (x: T, at: number): boolean => this.#at(x) === at && !kept.has(x) && kept.add(x) !== undefined
    const [line, lineAt, late, lateAt] = [this.#line, this.#lineAt, this.#heap.splice(0), this.#heapAt.splice(0)]
    const head = this.#head
    this.#line = []
    this.#lineAt = []
    this.#head = 0
    for (let i = head; i < line.length; i++) if (keep(line[i]!, lineAt[i]!)) { this.#line.push(line[i]!); this.#lineAt.push(lineAt[i]!) }
    for (let i = 0; i < late.length; i++) if (keep(late[i]!, lateAt[i]!)) this.#push(late[i]!, lateAt[i]!)
  }

  #before(i: number, j: number): boolean {
    const [a, b] = [this.#heapAt[i]!, this.#heapAt[j]!]
    return a < b || (a === b && this.#heap[i]!.n < this.#heap[j]!.n)
  }

  #swap(i: number, j: number): void {
    const [x, at] = [this.#heap[i]!, this.#heapAt[i]!]
    this.#heap[i] = this.#heap[j]!
    this.#heapAt[i] = this.#heapAt[j]!
    this.#heap[j] = x
    this.#heapAt[j] = at
  }

  #push(x: T, at: number): void {
    let i = this.#heap.push(x) - 1
    this.#heapAt.push(at)
    for (let up = (i - 1) >> 1; i > 0 && this.#before(i, up); up = (i - 1) >> 1) { this.#swap(i, up); i = up }
  }

  #pop(): void {
    const last = this.#heap.length - 1
    this.#swap(0, last)
    this.#heap.length = this.#heapAt.length = last
    for (let i = 0; ;) {
      let least = i
      for (const down of [2 * i + 1, 2 * i + 2]) if (down < last && this.#before(down, least)) least = down
      if (least === i) return
      this.#swap(i, least)
      i = least
    }
  }
}
