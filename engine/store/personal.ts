// What people wrote: kept beside the log, by visitor, so that erasing a visitor is a delete.
import { CommentRow, NoteRow, TicketRow } from './entities.ts'
import { asked } from './failure.ts'
import type { Database } from './orm.ts'

export class PersonalData {
  readonly #db: Database
  readonly #run: string
  constructor(db: Database, run: string) {
    this.#db = db
    this.#run = run
  }

  /** Keeps what a visitor wrote with the rating of a request; written again, it replaces. */
  async saveComment(comment: { request: string; visitor: string; at: number; comment: string }): Promise<void> {
    await asked(this.#db.orm.em.fork().upsert(CommentRow, { run: this.#run, ...comment }))
  }

  /** Keeps an agent's note about a request; written again, it replaces. */
  async saveNote(note: { request: string; visitor: string; agent: string; at: number; note: string }): Promise<void> {
    await asked(this.#db.orm.em.fork().upsert(NoteRow, { run: this.#run, ...note }))
  }

  /** Erases what is kept of a visitor in every run, his tickets with what was said about them; returns how many texts and tickets that was. */
  async erase(visitor: string): Promise<number> {
    return await asked(this.#db.orm.em.fork().transactional(async (em) => (await em.nativeDelete(CommentRow, { visitor })) + (await em.nativeDelete(NoteRow, { visitor })) + (await em.nativeDelete(TicketRow, { visitor }))))
  }
}
