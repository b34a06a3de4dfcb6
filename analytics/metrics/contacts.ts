// Contacts: since when a visitor's chain of attempts goes on, remembered for as long as another attempt may belong to it.

/** How long a contact of which nothing is open is remembered at least; longer where the plan lets visitors try again later than that. */
const CONTACT_MEMORY_MS = 3_600_000

interface Contact { contact: string; firstAt: number; open: number; closedAt: number }
/** A callback that waits for its time. */
interface Pending { callback: string; contact: string }

/** What is remembered of contacts, as plain JSON. */
export interface ContactsCarry { gapMs: number; contacts: Contact[]; callbacks: Pending[] }

/** The contacts that are not over yet. Open are those with a request that is not closed or a callback that is still to come. */
export class Contacts {
  /** The plan's gap within which a visitor who tries again is the same contact. */
  gapMs = 0
  readonly #contacts = new Map<string, Contact>()
  readonly #callbacks = new Map<string, Pending>()
  /** When they are looked through next for those to forget. */
  #forgetAt = 0

  constructor(carry?: ContactsCarry) {
    if (!carry) return
    this.gapMs = carry.gapMs
    for (const c of carry.contacts) this.#contacts.set(c.contact, c)
    for (const p of carry.callbacks) this.#callbacks.set(p.callback, p)
  }

  carry(): ContactsCarry {
    return { gapMs: this.gapMs, contacts: [...this.#contacts.values()], callbacks: [...this.#callbacks.values()] }
  }

  /** Something of the contact opens; returns the instant of its first request. */
  opens(contact: string, at: number): number {
    let c = this.#contacts.get(contact)
    if (!c) this.#contacts.set(contact, (c = { contact, firstAt: at, open: 0, closedAt: 0 }))
    c.open++
    return c.firstAt
  }

  closes(contact: string, at: number): void {
    const c = this.#contacts.get(contact)
    if (!c) return
    c.open--
    c.closedAt = at
  }

  /** A callback is to come, maybe days later: its request belongs to the contact of the one who asked for it. */
  awaits(callback: string, contact: string, at: number): void {
    this.#callbacks.set(callback, { callback, contact })
    this.opens(contact, at)
  }

  /** The callback has become a request, or will not. */
  awaitsNoMore(callback: string, at: number): void {
    const pending = this.#callbacks.get(callback)
    if (!pending) return
    this.#callbacks.delete(callback)
    this.closes(pending.contact, at)
  }

  /** Forgets, now and then, those that nobody can belong to any more. */
  forget(at: number): void {
    if (at < this.#forgetAt) return
    // As often as they are remembered for, so that each is looked at twice at most.
    const memory = Math.max(CONTACT_MEMORY_MS, this.gapMs)
    this.#forgetAt = at + memory
    for (const c of this.#contacts.values()) if (c.open === 0 && c.closedAt + memory < at) this.#contacts.delete(c.contact)
  }
}
