// A queue whose items leave in the order in which they came: for what only grows old.

/** First in, first out; both ends cost next to nothing. */
export class Fifo<T> {
  #items: T[] = []
  #head = 0

  get size(): number { return this.#items.length - this.#head }
  get first(): T | undefined { return this.#items[this.#head] }

  *[Symbol.iterator](): IterableIterator<T> {
    for (let i = this.#head; i < this.#items.length; i++) yield this.#items[i]!
  }

  add(item: T): void { this.#items.push(item) }

  /** Takes the first item out. */
  drop(): void {
    if (this.#head === this.#items.length) return
    // What has left is cut off once it is the larger half: each item is moved at most once.
    if (++this.#head > 1024 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head)
      this.#head = 0
    }
  }
}
