// The event set: what is going to happen, earliest first, ties in the order in which they were set. A 4-ary heap on typed
// arrays, indexed by item, so that an act can be moved or called off in place; nothing is allocated per event.

/** At most one instant per item; items are small whole numbers given by the caller. */
export class EventHeap {
  #time: Float64Array
  #order: Float64Array
  #heap: Int32Array
  #place: Int32Array
  #size = 0
  #count = 0

  constructor(items: number) {
    this.#time = new Float64Array(items)
    this.#order = new Float64Array(items)
    this.#heap = new Int32Array(items)
    this.#place = new Int32Array(items).fill(-1)
  }

  get size(): number { return this.#size }
  /** The item that is next; -1 when there is none. */
  get first(): number { return this.#size === 0 ? -1 : this.#heap[0]! }
  /** When it is; Infinity when there is none. */
  get firstTime(): number { return this.#size === 0 ? Infinity : this.#time[this.#heap[0]!]! }

  /** Room for items up to `items` - 1; those set stay as they are. */
  grow(items: number): void {
    const grown = <T extends Float64Array | Int32Array>(from: T, to: T): T => { to.set(from); return to }
    const place = new Int32Array(items).fill(-1)
    place.set(this.#place)
    this.#place = place
    this.#time = grown(this.#time, new Float64Array(items))
    this.#order = grown(this.#order, new Float64Array(items))
    this.#heap = grown(this.#heap, new Int32Array(items))
  }

  /** Item `to`, which must not be set, takes over the instant and the rank of `from`, if that is set. */
  rename(from: number, to: number): void {
    const p = this.#place[from]!
    if (p < 0) return
    this.#time[to] = this.#time[from]!
    this.#order[to] = this.#order[from]!
    this.#place[from] = -1
    this.#place[to] = p
    this.#heap[p] = to
  }

  has(item: number): boolean { return this.#place[item]! >= 0 }

  /** Sets the item to happen at `time`, instead of when it was set before. */
  set(item: number, time: number): void {
    let p = this.#place[item]!
    if (p < 0) p = this.#size++
    this.#time[item] = time
    this.#order[item] = this.#count++
    this.#settle(item, p)
  }

  /** Calls the item off; nothing happens when it was not set. */
  delete(item: number): void {
    const p = this.#place[item]!
    if (p < 0) return
    this.#place[item] = -1
    const last = this.#heap[--this.#size]!
    if (last !== item) this.#settle(last, p)
  }

  /** Puts the item where it belongs, starting from the free place p. */
  #settle(item: number, p: number): void {
    const heap = this.#heap, place = this.#place, times = this.#time, orders = this.#order, size = this.#size
    const time = times[item]!, order = orders[item]!
    while (p > 0) {
      const up = (p - 1) >> 2
      const other = heap[up]!
      const at = times[other]!
      if (at < time || (at === time && orders[other]! < order)) break
      heap[p] = other
      place[other] = p
      p = up
    }
    for (;;) {
      const child = (p << 2) + 1
      if (child >= size) break
      let best = child
      let bestItem = heap[child]!
      let bestTime = times[bestItem]!
      const end = child + 4 < size ? child + 4 : size
      for (let c = child + 1; c < end; c++) {
        const other = heap[c]!
        const at = times[other]!
        if (at < bestTime || (at === bestTime && orders[other]! < orders[bestItem]!)) { best = c; bestItem = other; bestTime = at }
      }
      if (time < bestTime || (time === bestTime && order < orders[bestItem]!)) break
      heap[p] = bestItem
      place[bestItem] = p
      p = best
    }
    heap[p] = item
    place[item] = p
  }
}
