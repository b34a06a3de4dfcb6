// A list kept in order: for queues, the ready and the deadlines. Chunks of some dozens of items, because most entries come
// at the end and leave at the head, and those two ways must cost next to nothing however long the list is.

const CHUNK = 64

/** An ordered set of items under a total order that must not change while an item is in it. */
export class Ordered<T> {
  readonly #compare: (a: T, b: T) => number
  /** Never without a chunk; the only one may be empty. A list that is empty most of the time then costs no new arrays. */
  #chunks: T[][] = [[]]
  #size = 0

  constructor(compare: (a: T, b: T) => number) { this.#compare = compare }

  get size(): number { return this.#size }
  get first(): T | undefined { return this.#chunks[0]![0] }

  add(item: T): void {
    const chunks = this.#chunks
    this.#size++
    const last = chunks[chunks.length - 1]!
    if (last.length === 0 || this.#compare(last[last.length - 1]!, item) < 0) {
      if (last.length < CHUNK) last.push(item)
      else chunks.push([item])
      return
    }
    const c = this.#chunkOf(item)
    const chunk = chunks[c]!
    // By hand: splice would make an array of what it took out, each time.
    const i = this.#indexIn(chunk, item)
    chunk.push(item)
    for (let j = chunk.length - 1; j > i; j--) chunk[j] = chunk[j - 1]!
    chunk[i] = item
    if (chunk.length > CHUNK) chunks.splice(c + 1, 0, chunk.splice(CHUNK >> 1))
  }

  /** Takes an item out; false when it was not there. */
  delete(item: T): boolean {
    if (this.#size === 0) return false
    const chunks = this.#chunks
    const head = chunks[0]!
    if (head[0] === item) {
      this.#size--
      if (head.length === 1 && chunks.length > 1) chunks.shift()
      else head.shift()
      return true
    }
    const c = this.#chunkOf(item)
    const chunk = chunks[c]!
    const i = this.#indexIn(chunk, item)
    if (chunk[i] !== item) return false
    this.#size--
    if (chunk.length === 1 && chunks.length > 1) chunks.splice(c, 1)
    else {
      for (let j = i + 1; j < chunk.length; j++) chunk[j - 1] = chunk[j]!
      chunk.pop()
    }
    return true
  }

  /** The item with `n` before it; made for small `n`. */
  at(n: number): T | undefined {
    for (const chunk of this.#chunks) {
      if (n < chunk.length) return chunk[n]
      n -= chunk.length
    }
    return undefined
  }

  /** How many items stand before this one; it must be in the list. */
  rank(item: T): number {
    const c = this.#chunkOf(item)
    let n = this.#indexIn(this.#chunks[c]!, item)
    for (let i = 0; i < c; i++) n += this.#chunks[i]!.length
    return n
  }

  *[Symbol.iterator](): IterableIterator<T> {
    for (const chunk of this.#chunks) yield* chunk
  }

  /** The first item for which `test` holds. */
  find(test: (item: T) => boolean): T | undefined {
    for (const chunk of this.#chunks) for (const item of chunk) if (test(item)) return item
    return undefined
  }

  /** The first chunk whose last item is not before `item`; the last chunk where there is none. */
  #chunkOf(item: T): number {
    const chunks = this.#chunks
    let lo = 0
    let hi = chunks.length - 1
    while (lo < hi) {
      const mid = (lo + hi) >> 1
      const chunk = chunks[mid]!
      if (this.#compare(chunk[chunk.length - 1]!, item) < 0) lo = mid + 1
      else hi = mid
    }
    return lo
  }

  #indexIn(chunk: T[], item: T): number {
    let lo = 0
    let hi = chunk.length
    while (lo < hi) {
      const mid = (lo + hi) >> 1
      if (this.#compare(chunk[mid]!, item) < 0) lo = mid + 1
      else hi = mid
    }
    return lo
  }
}
