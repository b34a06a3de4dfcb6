// The visitor's side: a visit gives a page its token, its socket carries one request from the call to the rating.
import { randomBytes } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { WebSocket } from '@fastify/websocket'
import { resolveAccess } from '#events/access.ts'
import { isOpen } from '#events/hours.ts'
import type { MediaParty } from '#wire/media.ts'
import { parseVisitor, type VisitorMessage } from '#wire/messages.ts'
import { granted, Refused } from './errors.ts'
import { VISIT_MS, VISITS_AT_ONCE, VISITS_PER_SECOND } from './limits.ts'
import type { Ports } from './ports.ts'
import { insist } from './presence.ts'
import { route, type Route } from './route.ts'
import { Throttle } from './throttle.ts'
import { attend, inRoom } from './attend.ts'
import type { VisitorPage } from './audience.ts'
import type { Visit } from './token.ts'
import { current } from './views.ts'

const Words = Type.Object({ zh: Type.String(), en: Type.String() })
const KEY = '^[A-Za-z0-9_-]{43}$'
const random = (bytes: number): string => randomBytes(bytes).toString('base64url')

/** POST /api/visits. A page that shows the key of a visitor whose request is still open gets a token for that one. */
export function visitRoutes({ driver, tokens, hosts, now }: Ports): Route[] {
  const visits = new Throttle(VISITS_PER_SECOND, VISITS_AT_ONCE)
  return [route({
    method: 'POST', url: '/api/visits', who: 'anyone',
    about: 'Begins a visit at an access point. `visitor` is the key an earlier visit of this browser was given; the page keeps it secret.',
    summary: { zh: '开始一次访问', en: 'Begin a visit' },
    answer: Type.Object({
      token: Type.String(), request: Type.String(), visitor: Type.String(), expiresAt: Type.Integer(),
      access: Type.Object({ id: Type.String(), name: Type.String(), greeting: Type.Union([Words, Type.Null()]), theme: Type.Union([Type.String(), Type.Null()]), language: Type.String(), open: Type.Boolean() }),
    }),
    body: Type.Object({
      access: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })), appId: Type.Optional(Type.String({ maxLength: 128 })), configId: Type.Optional(Type.String({ maxLength: 128 })),
      visitor: Type.Optional(Type.String({ pattern: KEY })), host: Type.Optional(Type.String({ maxLength: 8192 })),
    }, { additionalProperties: false }),
    handle: async ({ body, request: { ip, headers } }) => {
      if (!visits.take(ip)) throw new Refused('too_fast')
      const { plan, visitors, requests } = driver.committed
      if (!plan) throw new Refused('no_plan')
      if (body.access === undefined && (body.appId === undefined || body.configId === undefined)) throw new Refused('bad_message', 'access, or appId with configId')
      const named = body.access !== undefined ? { access: body.access } : { appId: body.appId ?? '', configId: body.configId ?? '' }
      const access = resolveAccess(plan, named)
      if (!access) throw new Refused('unknown_access', body.access ?? body.appId)
      if (body.host === undefined && (access.signed || access.im)) throw new Refused('bad_token', 'this access point asks for its host’s word')
      const says = body.host === undefined ? null : await hosts.verify(access.id, body.host)
      const visitorKey = body.visitor ?? random(32)
      // A customer whom the host knows is the same visitor on all his devices.
      const visitor = tokens.pseudonym(says?.visitor ? `host/${access.id}/${says.visitor}` : visitorKey)
      const declared = (plan.attributes ?? []).flatMap(({ id }) => (says && Object.hasOwn(says.attributes, id) ? [[id, says.attributes[id]!] as const] : []))
      const open = requests.get(visitors.get(visitor)?.open ?? '')
      if (!open && !access.enabled) throw new Refused('access_off', body.access)
      const expiresAt = now() + VISIT_MS
      const visit: Visit = { request: open?.id ?? `r-${random(12)}`, visitor, access: open?.access ?? access.id, expiresAt }
      if (declared.length > 0) visit.attributes = Object.fromEntries(declared)
      if (/MicroMessenger/i.test(headers['user-agent'] ?? '')) visit.client = 'wechat'
      const hours = driver.committed.hours.get(access.hours ?? '')
      return {
        token: tokens.sign(visit), request: visit.request, visitor: visitorKey, expiresAt,
        access: { id: access.id, name: access.name, greeting: access.greeting ?? null, theme: access.theme ?? null, language: access.language ?? 'auto', open: !hours || isOpen(hours, now()) },
      }
    },
  })]
}

/** /ws/visitor: takes a socket over. */
export function visitorSocket(ports: Ports, socket: WebSocket, { log }: FastifyRequest): void {
  const { driver, rooms, store, tokens, audience, now } = ports
  let visit: Visit
  let page: VisitorPage
  let said = false

  /** The request this page is about now: its own, or the callback it became. */
  const state = () => current(driver.committed, page.visit)
  const requestNow = (): string => state()?.id ?? visit.request
  const party = (): MediaParty | null => {
    const r = state()
    return r && (r.phase === 'connecting' || r.phase === 'in_call') ? { request: r.id, role: 'visitor', participant: r.visitor } : null
  }
  /** The page's own id of a message, unique within its request. */
  const cmd = (id: string) => `${visit.request}/${id}`

  async function hello(message: VisitorMessage) {
    const read = message.type === 'hello' ? tokens.read(message.token) : null
    // Its time is for starting the call; one that was started may be followed to its end and be rated.
    if (!read || (read.expiresAt <= now() && !driver.committed.requests.has(read.request))) throw new Refused('bad_token')
    visit = read
    page = { kind: 'visitor', socket: connection, visit: { request: visit.request, visitor: visit.visitor, since: now() }, place: null }
    const before = party()
    if (before && audience.visitor(visit.visitor)) rooms.leave(before)
    audience.enter(page)
    try {
      await driver.ask('visitor.return', 'visitor', `${visit.request}/here-${random(9)}`, { request: requestNow() })
    } catch (problem) {
      gone()
      throw problem
    }
    return { now: now(), view: audience.viewOf(page) }
  }

  async function hear(message: VisitorMessage): Promise<object> {
    if (message.type !== 'ping') said = message.type === 'closing'
    const request = requestNow()
    switch (message.type) {
      case 'ping': return { now: now() }
      case 'closing': return {}
      case 'call': {
        // An id is used once: the core forgets closed requests later than tokens expire.
        if (visit.expiresAt <= now() && !state()) throw new Refused('bad_token')
        // Looked up only where a rule waits for the last agent; where the database is slow to say, nobody is waited for.
        const last = driver.committed.plan?.rules.some((r) => r.sticky) ? await store.records.lastAgentOf(visit.visitor).catch(() => null) : null
        const channel = driver.committed.plan?.access.find(({ id }) => id === visit.access)?.channel ?? 'web'
        const created = driver.ask('request.create', 'visitor', cmd(message.id), {
          request, visitor: visit.visitor, channel, access: visit.access, ...(visit.attributes ? { attributes: visit.attributes } : {}), ...(visit.client ? { client: visit.client } : {}),
          ...(last ? { last } : {}),
        })
        const consented = driver.ask('consent.give', 'visitor', `${cmd(message.id)}/consent`, { request, what: 'camera_microphone' })
        const [answer] = await Promise.all([created, consented])
        granted(answer)
        return {}
      }
      case 'callback': {
        granted(await driver.ask('callback.request', 'visitor', cmd(message.id), { request, callback: `b-${request}`.slice(0, 64), dueAt: message.dueAt }))
        return {}
      }
      case 'ringing': {
        granted(await driver.ask('dial.ring', 'visitor', cmd(message.id), { request }))
        return {}
      }
      case 'answer': {
        const answered = driver.ask('dial.accept', 'visitor', cmd(message.id), { request })
        const consented = driver.ask('consent.give', 'visitor', `${cmd(message.id)}/consent`, { request, what: 'camera_microphone' })
        const [answer] = await Promise.all([answered, consented])
        granted(answer)
        return {}
      }
      case 'refuse': {
        granted(await driver.ask('dial.decline', 'visitor', cmd(message.id), { request }))
        return {}
      }
      case 'hangup': {
        granted(await driver.ask('request.cancel', 'visitor', cmd(message.id), { request }))
        return {}
      }
      case 'rate': {
        granted(await driver.ask('survey.answer', 'visitor', cmd(message.id), { request, score: message.score }))
        if (message.comment) await store.personal.saveComment({ request, visitor: visit.visitor, at: now(), comment: message.comment })
        return {}
      }
      case 'hello': throw new Refused('bad_message')
      default: return await inRoom(ports, party(), message, connection)
    }
  }

  function gone(): void {
    if (!audience.leave(page) || ports.stopping()) return
    const me = party()
    if (me) rooms.leave(me)
    const id = `${visit.request}/gone-${random(9)}`
    void insist(() => driver.ask('visitor.lose', 'visitor', id, { request: requestNow(), said }), () => !audience.visitor(visit.visitor) && !ports.stopping())
  }

  const connection = attend<VisitorMessage>(audience, socket, { parse: parseVisitor, hello, hear, gone, report: (problem) => log.error(problem) })
}
