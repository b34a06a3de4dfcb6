// What belongs to nobody's log: links for those who are rung, names that guests gave themselves, names of supervisors who are no agents.
import type { TwinlineEvent } from '#events/event.ts'

export class Links {
  readonly #links = new Map<string, string>()
  readonly #names = new Map<string, string>()
  readonly #guests = new Map<string, string[]>()

  /** The link by which the visitor of this request can take the call. */
  set(request: string, link: string): void { this.#links.set(request, link) }
  of(request: string): string | null { return this.#links.get(request) ?? null }

  /** A guest's name for himself; forgotten with the call. */
  name(request: string, guest: string, name: string): void {
    this.#names.set(guest, name)
    this.#guests.set(request, [...(this.#guests.get(request) ?? []), guest])
  }
  /** What a supervisor is called who takes no calls. */
  called(participant: string, nickname: string): void { this.#names.set(participant, nickname) }
  nameOf(participant: string): string { return this.#names.get(participant) ?? '' }

  note(e: TwinlineEvent): void {
    if (e.type !== 'request.closed') return
    this.#links.delete(e.data.request)
    for (const guest of this.#guests.get(e.data.request) ?? []) this.#names.delete(guest)
    this.#guests.delete(e.data.request)
  }
}
