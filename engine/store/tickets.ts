// Tickets 工单: what is still to be done after a call, with what people said about it. Texts are personal data: erased with the visitor.
import { LockMode } from '@mikro-orm/postgresql'
import { TicketCommentRow, TicketRow } from './entities.ts'
import { asked } from './failure.ts'
import type { Database } from './orm.ts'

export type TicketStatus = 'open' | 'pending' | 'solved' | 'closed'

export interface Ticket {
  id: string
  /** The call it was made from. */
  request: string | null
  visitor: string | null
  group: string | null
  /** The agent it was made for, by his id in the plan. */
  agent: string | null
  /** Accounts. */
  openedBy: string
  assignee: string | null
  title: string
  status: TicketStatus
  openedAt: number
  changedAt: number
  /** When it was last solved or closed; null while it is not. */
  resolvedAt: number | null
}
export interface TicketComment { id: string; account: string; at: number; text: string }

export interface TicketsQuery {
  status?: TicketStatus
  assignee?: string
  request?: string
  visitor?: string
  agent?: string
  /** Only those that this account opened or is to do. */
  account?: string
  /** Only those of these groups, and those of none. */
  groups?: readonly string[]
  limit: number
  /** `next` of the page before. */
  after?: string
}

const CONDITIONS: Readonly<Record<keyof Omit<TicketsQuery, 'limit' | 'after'>, (value: string) => string>> = {
  status: (value) => `status = ${value}`, assignee: (value) => `assignee = ${value}`, request: (value) => `request = ${value}`, visitor: (value) => `visitor = ${value}`,
  agent: (value) => `agent = ${value}`, account: (value) => `${value} in (opened_by, assignee)`, groups: (value) => `("group" is null or "group" = any(${value}::text[]))`,
}

/** The tickets of one run. */
export class Tickets {
  readonly #db: Database
  readonly #run: string
  constructor(db: Database, run: string) {
    this.#db = db
    this.#run = run
  }

  get #em() { return this.#db.orm.em.fork() }

  async create(ticket: Ticket): Promise<void> {
    await asked(this.#em.insert(TicketRow, { run: this.#run, ...fields(ticket) }))
  }

  async find(id: string): Promise<Ticket | null> {
    const row = await asked(this.#em.findOne(TicketRow, { run: this.#run, id }))
    return row && fields(row as unknown as Ticket)
  }

  /** Tickets, the newest first. */
  async list(query: TicketsQuery): Promise<{ tickets: Ticket[]; next: string | null }> {
    const [, at, id] = /^(\d{1,15})~(.{1,64})$/s.exec(query.after ?? '') ?? [null, null, null]
    const values: unknown[] = [this.#run]
    const where = ['run = $1']
    for (const [key, condition] of Object.entries(CONDITIONS)) {
      const value = query[key as keyof typeof CONDITIONS]
      if (value !== undefined) where.push(condition(`$${values.push(value)}`))
    }
    if (at !== null) where.push(`(opened_at, id) < ($${values.push(at)}, $${values.push(id)})`)
    const { rows } = await asked(this.#db.sql.query(
      `select * from tickets where ${where.join(' and ')} order by opened_at desc, id desc limit $${values.push(query.limit + 1)}`, values))
    const tickets = rows.slice(0, query.limit).map((row): Ticket => ({
      id: row.id, request: row.request, visitor: row.visitor, group: row.group, agent: row.agent, openedBy: row.opened_by, assignee: row.assignee, title: row.title,
      status: row.status, openedAt: Number(row.opened_at), changedAt: Number(row.changed_at), resolvedAt: row.resolved_at === null ? null : Number(row.resolved_at),
    }))
    const last = tickets.at(-1)
    return { tickets, next: rows.length > query.limit ? `${last!.openedAt}~${last!.id}` : null }
  }

  /** Changes a ticket; solved or closed for the first time, it is resolved at `now`. Null without one of this id. */
  async change(id: string, change: Partial<Pick<Ticket, 'title' | 'status' | 'assignee'>>, now: number): Promise<Ticket | null> {
    return await asked(this.#em.transactional(async (em) => {
      const row = await em.findOne(TicketRow, { run: this.#run, id }, { lockMode: LockMode.PESSIMISTIC_WRITE })
      if (!row) return null
      em.assign(row, { ...change, changedAt: now })
      const over = row.status === 'solved' || row.status === 'closed'
      row.resolvedAt = over ? (row.resolvedAt ?? now) : null
      await em.flush()
      return fields(row as unknown as Ticket)
    }))
  }

  /** Takes back a ticket that came to nothing. */
  async remove(id: string): Promise<void> {
    await asked(this.#em.nativeDelete(TicketRow, { run: this.#run, id }))
  }

  async comment(ticket: string, { id, account, at, text }: TicketComment): Promise<void> {
    await asked(this.#em.transactional(async (em) => {
      await em.insert(TicketCommentRow, { id, ticket, account, at, text })
      await em.nativeUpdate(TicketRow, { run: this.#run, id: ticket }, { changedAt: at })
    }))
  }

  /** What was said about a ticket, the oldest first. */
  async comments(ticket: string): Promise<TicketComment[]> {
    const rows = await asked(this.#em.find(TicketCommentRow, { ticket: { id: ticket, run: this.#run } }, { orderBy: { at: 'asc', id: 'asc' } }))
    return rows.map(({ id, account, at, text }) => ({ id, account, at, text }))
  }
}

const fields = ({ id, request, visitor, group, agent, openedBy, assignee, title, status, openedAt, changedAt, resolvedAt }: Ticket): Ticket =>
  ({ id, request: request ?? null, visitor: visitor ?? null, group: group ?? null, agent: agent ?? null, openedBy, assignee: assignee ?? null, title, status, openedAt, changedAt, resolvedAt: resolvedAt ?? null })
