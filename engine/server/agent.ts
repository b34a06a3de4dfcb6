// The agent's side: sign-in and the workbench's socket. What he says of himself and of offers goes to the core as commands.
import { createHash, randomBytes } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { WebSocket } from '@fastify/websocket'
import type { Asks, CommandType } from '#core/command.ts'
import { URGENT } from '#events/plan.ts'
import type { MediaParty } from '#wire/media.ts'
import { parseAgent, type AgentMessage } from '#wire/messages.ts'
import { attend, inRoom } from './attend.ts'
import type { AgentPage } from './audience.ts'
import { MAX_PASSWORD, type SignedIn } from './auth.ts'
import { granted, Refused } from './errors.ts'
import type { Ports } from './ports.ts'
import { insist } from './presence.ts'
import { can } from './rights.ts'
import { route, type Route } from './route.ts'
import { colleagues } from './board.ts'
import { explained } from './explain.ts'
import { LINK_WAIT_MS, VISIT_MS } from './limits.ts'
import { agentView } from './views.ts'

const random = (): string => randomBytes(9).toString('base64url')
/** The same id for the same asking, and no other. */
const fingerprint = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 22)

const Session = Type.Object({ account: Type.Object({ name: Type.String(), nickname: Type.String(), roles: Type.Array(Type.String()), agent: Type.Union([Type.String(), Type.Null()]) }) })

/** /api/session: who is signed in, sign in, sign out. */
export function sessionRoutes({ auth, driver, audience }: Ports): Route[] {
  const about = ({ account: { name, nickname, roles, agent } }: SignedIn) =>
    ({ account: { name, nickname: (agent !== null && driver.committed.agents.get(agent)?.plan?.nickname) || nickname || name, roles, agent } })

  return [
    route({ method: 'GET', url: '/api/session', who: 'signed_in', about: 'Who is signed in.', summary: { zh: '当前登录账号', en: 'Who is signed in' }, answer: Session, handle: ({ who }) => about(who!) }),
    route({
      method: 'POST', url: '/api/session', who: 'anyone', about: 'Signs in; sets the session cookie.', summary: { zh: '登录', en: 'Sign in' }, answer: Session,
      body: Type.Object({ name: Type.String({ minLength: 1, maxLength: 64 }), password: Type.String({ minLength: 1, maxLength: MAX_PASSWORD }) }, { additionalProperties: false }),
      handle: async ({ body, request, reply }) => about(await auth.signIn(request, reply, body.name.toLowerCase(), body.password)),
    }),
    route({
      method: 'DELETE', url: '/api/session', who: 'signed_in', about: 'Signs out: the session ends at once, its socket with it. Refused (`working`) in the middle of a call.',
      summary: { zh: '退出登录', en: 'Sign out' }, answer: Type.Object({}),
      handle: async ({ who, request, reply }) => {
        const { account: { agent }, session, id } = who!
        const page = agent === null ? undefined : audience.agent(agent)
        // Signed in elsewhere and at work there: this sign-out is not his going home.
        if (agent !== null && (!page || page.session === id)) {
          const { refusal } = await driver.ask('agent.logout', 'agent', `${agent}/out-${random()}`, { agent })
          if (refusal?.code === 'working') throw new Refused('working', refusal.detail)
        }
        await auth.signOut(request, reply, session)
        if (page?.session === id) page.socket.bye('not_signed_in')
        return {}
      },
    }),
  ]
}

/** /ws/agent: takes a socket over. The cookie is that of the request that opened it. */
export function agentSocket(ports: Ports, socket: WebSocket, request: FastifyRequest): void {
  const { driver, rooms, store, auth, audience, now, tokens } = ports
  let agent: string
  let page: AgentPage

  const state = () => driver.committed.agents.get(agent)
  const party = (): MediaParty | null => {
    const a = state()
    return a && a.request !== null && (a.work === 'connecting' || a.work === 'in_call') ? { request: a.request, role: 'agent', participant: agent } : null
  }

  async function hello() {
    const who = await auth.whoIs(request)
    if (!who) throw new Refused('not_signed_in')
    if (!can(who.account.roles, 'use', 'desk') || who.account.agent === null) throw new Refused('forbidden')
    agent = who.account.agent
    page = { kind: 'agent', socket: connection, agent, session: who.id, expiresAt: who.session.expiresAt }
    const before = party()
    if (before && audience.agent(agent)) rooms.leave(before)
    audience.enter(page)
    try {
      // Begins a login, or goes on with the one there is.
      granted(await driver.ask('agent.login', 'agent', `${agent}/here-${random()}`, { agent, session: who.id }))
      const view = agentView(driver.committed, agent, now(), audience)
      if (!view) throw new Refused('unknown_agent', agent)
      return { now: now(), view }
    } catch (problem) {
      gone()
      throw problem
    }
  }

  async function hear(message: AgentMessage): Promise<object> {
    /** The page's own id of a message, unique within its sign-in. */
    const ask = async <T extends CommandType>(type: T, fields: Asks[T]): Promise<object> => {
      granted(await driver.ask(type, 'agent', `${agent}/${page.session}/${message.id}`, fields))
      return {}
    }
    switch (message.type) {
      case 'ping': return { now: now() }
      case 'queueStatus': return await ask('agent.queueStatus', { agent, to: message.to, reason: message.reason })
      case 'pick': return await ask('offer.pick', { agent, request: message.request })
      case 'urgent': {
        mayServe(message.request)
        return await ask('request.prioritize', { request: message.request, priority: message.on ? URGENT : 0 })
      }
      case 'dial': return await dialVisitor(message)
      case 'dialCancel': return await ask('dial.cancel', { agent, request: message.request })
      case 'leave': return await ask('call.leave', { agent, request: message.request })
      case 'hold': return await ask('call.hold', { agent, request: message.request, on: message.on })
      case 'transfer': return await ask('call.transfer', { agent, request: message.request, invitation: `i-${fingerprint(`${agent}/${page.session}/${message.id}`)}`, to: message.to, warm: message.warm })
      case 'invite': return await ask('call.invite', { agent, request: message.request, invitation: `i-${fingerprint(`${agent}/${page.session}/${message.id}`)}`, to: message.to })
      case 'uninvite': return await ask('invitation.cancel', { agent, request: message.request, invitation: message.invitation })
      case 'guest': return await inviteGuest(message)
      case 'admit': return await ask('guest.admit', { agent, request: message.request, guest: message.guest })
      case 'turnAway': return await ask('guest.refuse', { agent, request: message.request, guest: message.guest })
      case 'wrapupAsk': return await ask('wrapup.ask', { agent, wanted: message.wanted })
      case 'wrapupExtend': return await ask('wrapup.extend', { agent, ms: message.ms })
      case 'block': return await ask('visitor.askBlock', { agent, request: message.request, reason: message.reason })
      case 'colleagues': return { agents: colleagues(driver.committed, agent) }
      case 'explain': return { explanation: await explained(ports, message.request, agent) }
      case 'status': return await ask('agent.setStatus', { agent, to: message.to, reason: message.reason })
      case 'device': return await ask('device.check', { agent, camera: message.camera, microphone: message.microphone, speaker: message.speaker, network: message.network })
      case 'ring': return await ask('offer.ring', { agent, offer: message.offer })
      case 'accept': return await ask('offer.accept', { agent, offer: message.offer })
      case 'decline': return await ask('offer.decline', { agent, offer: message.offer })
      case 'hangup': return await ask('call.hangUp', { agent, request: message.request })
      case 'wrapupDone': return await ask('wrapup.end', { agent })
      case 'summary': {
        const visitor = driver.committed.requests.get(message.request)?.visitor
        await ask('summary.file', { agent, request: message.request, category: message.category, resolved: message.resolved })
        // Taken by the core, so the request is known; an empty note replaces one that was written before.
        if (visitor !== undefined) await store.personal.saveNote({ request: message.request, visitor, agent, at: now(), note: message.note })
        return {}
      }
      case 'hello': throw new Refused('bad_message')
      default: return await inRoom(ports, party(), message, connection)
    }
  }

  /** Waiting requests are for those whose group they wait in. */
  function mayServe(request: string): void {
    const leg = driver.committed.requests.get(request)?.legs[0]
    if (!state()?.memberships.some((m) => m.group.id === leg?.group)) throw new Refused('not_in_group')
  }

  /** A visitor seen before is rung on his open page, or by the link; one who was not, by the link alone. Its id is the message's own: a repeat rings once. */
  async function dialVisitor(message: Extract<AgentMessage, { type: 'dial' }>): Promise<object> {
    const request = `o-${fingerprint(`${agent}/${page.session}/${message.id}`)}`
    const visitor = message.visitor ?? tokens.pseudonym(`dial/${request}`)
    const access = driver.committed.access.get(message.access)
    const linked = message.visitor === null
    const link = `/v/${encodeURIComponent(message.access)}#call=${tokens.sign({ request, visitor, access: message.access, expiresAt: now() + VISIT_MS })}`
    granted(await driver.ask('call.dial', 'agent', `${agent}/${page.session}/${message.id}`, {
      agent, request, visitor, channel: access?.channel ?? 'web', access: message.access, ...(linked ? { waitMs: LINK_WAIT_MS } : {}),
    }))
    audience.links.set(request, link)
    audience.touch(page)
    return { request, link }
  }

  async function inviteGuest(message: Extract<AgentMessage, { type: 'guest' }>): Promise<object> {
    const guest = `g-${fingerprint(`${agent}/${page.session}/${message.id}`)}`
    granted(await driver.ask('guest.invite', 'agent', `${agent}/${page.session}/${message.id}`, { agent, request: message.request, guest }))
    return { guest, link: `/g#${tokens.signGuest({ request: message.request, guest })}` }
  }

  function gone(): void {
    if (!audience.leave(page) || ports.stopping()) return
    const me = party()
    if (me) rooms.leave(me)
    const id = `${agent}/gone-${random()}`
    void insist(() => driver.ask('agent.lose', 'agent', id, { agent }), () => !audience.agent(agent) && !ports.stopping())
  }

  const connection = attend<AgentMessage>(audience, socket, { parse: parseAgent, hello, hear, gone, report: (problem) => request.log.error(problem) })
}
