// Tickets 工单 over HTTP: what is to be done after a call, by whom, and what was said about it.
import { randomBytes } from 'node:crypto'
import Type from 'typebox'
import type { Ticket, TicketsQuery, TicketStatus } from '../store/tickets.ts'
import type { SignedIn } from './auth.ts'
import { granted, Refused } from './errors.ts'
import type { Ports } from './ports.ts'
import { can, groupsFor } from './rights.ts'
import { route, type Route } from './route.ts'
import { After, Limit, Line, Ms, Nullable, OfId, Word } from './schemas.ts'

const strict = { additionalProperties: false }
const Status = Type.Enum(['open', 'pending', 'solved', 'closed'] satisfies TicketStatus[])
const Text = Line(10_000)
const Title = Line(200)
const TicketSchema = Type.Object({
  id: Type.String(), request: Nullable(Type.String()), visitor: Nullable(Type.String()), group: Nullable(Type.String()), agent: Nullable(Type.String()), openedBy: Type.String(),
  assignee: Nullable(Type.String()), title: Type.String(), status: Status, openedAt: Ms, changedAt: Ms, resolvedAt: Nullable(Ms),
}, strict)
const Comment = Type.Object({ id: Type.String(), account: Type.String(), at: Ms, text: Type.String() }, strict)
const DEFAULT_LIMIT = 50
const random = (): string => randomBytes(9).toString('base64url')

export function ticketRoutes({ driver, store: { tickets, records, accounts }, now }: Ports): Route[] {
  /** Whose tickets someone may see: all, those of his groups, or his own. */
  const scopeOf = ({ account }: SignedIn): Pick<TicketsQuery, 'account' | 'groups'> => {
    if (!can(account.roles, 'read', 'tickets')) return { account: account.name }
    const groups = groupsFor(account, 'read', 'tickets')
    return groups === null ? {} : { groups }
  }
  const find = async (id: string, who: SignedIn): Promise<Ticket> => {
    const ticket = await tickets.find(id)
    const { account, groups } = scopeOf(who)
    const his = ticket && (account === undefined || ticket.openedBy === account || ticket.assignee === account) && (!groups || ticket.group === null || groups.includes(ticket.group))
    if (!his) throw new Refused('not_found', `ticket ${id}`)
    return ticket
  }
  const known = async (account: string | null | undefined): Promise<void> => {
    if (account && !(await accounts.find(account))) throw new Refused('not_found', `account ${account}`)
  }
  /** The call a ticket is made from, if whoever makes it may see that call, and for which of its agents. */
  const callOf = async (request: string, { account }: SignedIn): Promise<Pick<Ticket, 'request' | 'visitor' | 'group' | 'agent'>> => {
    const all = can(account.roles, 'read', 'records')
    const groups = all ? groupsFor(account, 'read', 'records') : null
    if (!all && account.agent === null) throw new Refused('forbidden')
    const { records: [record] } = await records.page({ since: 0, limit: 1, request, ...(all ? {} : { agent: account.agent! }), ...(groups ? { groups } : {}) })
    if (!record) throw new Refused('unknown_request', request)
    const took = record.agents.map(({ agent }) => agent)
    const agent = account.agent !== null && took.includes(account.agent) ? account.agent : took.at(-1)
    if (agent === undefined) throw new Refused('not_answered')
    return { request, visitor: record.visitor, group: record.group, agent }
  }

  return [
    route({
      method: 'GET', url: '/api/tickets', who: ['read', 'own_tickets'], about: 'Tickets, newest first, by these filters; `after` is `next` of the page before. Agents see those they opened or are to do, supervisors their groups’.',
      summary: { zh: '工单列表', en: 'Tickets' },
      query: Type.Object({
        status: Type.Optional(Status), assignee: Type.Optional(Word), request: Type.Optional(Word), visitor: Type.Optional(Word), agent: Type.Optional(Word), limit: Limit, after: After,
      }, strict),
      answer: Type.Object({ tickets: Type.Array(TicketSchema), next: Nullable(Type.String()) }),
      handle: ({ query: { limit, ...filters }, who }) => tickets.list({ ...filters as TicketsQuery, limit: Number(limit ?? DEFAULT_LIMIT), ...scopeOf(who!) }),
    }),
    route({
      method: 'POST', url: '/api/tickets', who: ['create', 'own_tickets'],
      about: 'Opens a ticket. With `request` it is one from that call, and the fact `ticket.opened` is stated: a webhook of that type tells other programs.',
      summary: { zh: '新建工单', en: 'Open a ticket' },
      body: Type.Object({ title: Title, request: Type.Optional(Word), assignee: Type.Optional(Word), comment: Type.Optional(Text) }, strict), answer: TicketSchema,
      handle: async ({ body: { title, request, assignee, comment }, who }) => {
        const account = who!.account.name
        await known(assignee)
        const call = request === undefined ? { request: null, visitor: null, group: null, agent: null } : await callOf(request, who!)
        const ticket: Ticket = { id: `t-${random()}`, ...call, openedBy: account, assignee: assignee ?? null, title, status: 'open', openedAt: now(), changedAt: now(), resolvedAt: null }
        // Kept before it is stated: whoever hears of it finds it.
        await tickets.create(ticket)
        if (call.agent !== null) {
          try {
            const by = call.agent === who!.account.agent ? 'agent' : 'supervisor'
            const answer = await driver.ask('ticket.open', by, `ticket/${ticket.id}`, { agent: call.agent, request: call.request!, ticket: ticket.id })
            // The records know calls that the core has long forgotten: a ticket from one of those is kept all the same.
            if (answer.refusal?.code !== 'unknown_request') granted(answer)
          } catch (problem) {
            await tickets.remove(ticket.id)
            throw problem
          }
        }
        if (comment !== undefined) await tickets.comment(ticket.id, { id: random(), account, at: now(), text: comment })
        return (await tickets.find(ticket.id)) ?? ticket
      },
    }),
    route({
      method: 'GET', url: '/api/tickets/:id', who: ['read', 'own_tickets'], about: 'One ticket with its comments, the oldest first.',
      summary: { zh: '查看工单', en: 'One ticket' }, params: OfId, answer: Type.Object({ ticket: TicketSchema, comments: Type.Array(Comment) }),
      handle: async ({ params, who }) => ({ ticket: await find(params['id']!, who!), comments: await tickets.comments(params['id']!) }),
    }),
    route({
      method: 'PATCH', url: '/api/tickets/:id', who: ['change', 'own_tickets'], about: 'Changes a ticket; what is left out stays. `solved` or `closed` resolves it.',
      summary: { zh: '修改工单', en: 'Change a ticket' }, params: OfId,
      body: Type.Object({ title: Type.Optional(Title), status: Type.Optional(Status), assignee: Type.Optional(Nullable(Word)) }, strict), answer: TicketSchema,
      handle: async ({ params, body, who }) => {
        const ticket = await find(params['id']!, who!)
        await known(body.assignee)
        return (await tickets.change(ticket.id, body as Partial<Ticket>, now())) ?? ticket
      },
    }),
    route({
      method: 'POST', url: '/api/tickets/:id/comments', who: ['change', 'own_tickets'], about: 'Says something about a ticket.',
      summary: { zh: '工单评论', en: 'Comment on a ticket' }, params: OfId, body: Type.Object({ text: Text }, strict), answer: Comment,
      handle: async ({ params, body, who }) => {
        const ticket = await find(params['id']!, who!)
        const comment = { id: random(), account: who!.account.name, at: now(), text: body.text }
        await tickets.comment(ticket.id, comment)
        return comment
      },
    }),
  ]
}
