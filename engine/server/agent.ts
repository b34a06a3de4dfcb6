// The agent's side: sign-in and the workbench's socket. What he says of himself and of offers goes to the core as commands.
import { randomBytes } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { WebSocket } from '@fastify/websocket'
import type { Asks, CommandType } from '#core/command.ts'
import type { MediaParty } from '#wire/media.ts'
import { parseAgent, type AgentMessage } from '#wire/messages.ts'
import type { AgentPage } from './audience.ts'
import { MAX_PASSWORD, type SignedIn } from './auth.ts'
import { granted, Refused } from './errors.ts'
import type { Ports } from './ports.ts'
import { insist } from './presence.ts'
import { can } from './rights.ts'
import { route, type Route } from './route.ts'
import { PageSocket } from './socket.ts'
import { agentView } from './views.ts'

const random = (): string => randomBytes(9).toString('base64url')

const Session = Type.Object({ account: Type.Object({ name: Type.String(), nickname: Type.String(), roles: Type.Array(Type.String()), agent: Type.Union([Type.String(), Type.Null()]) }) })

/** /api/session: who is signed in, sign in, sign out. */
export function sessionRoutes({ auth, driver, audience }: Ports): Route[] {
  const about = ({ account: { name, roles, agent } }: SignedIn) =>
    ({ account: { name, nickname: (agent !== null && driver.committed.agents.get(agent)?.plan?.nickname) || name, roles, agent } })

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
  const { driver, rooms, store, auth, audience, now } = ports
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
    page = { socket: connection, agent, session: who.id, expiresAt: who.session.expiresAt }
    const before = party()
    if (before && audience.agent(agent)) rooms.leave(before)
    audience.enterAgent(page)
    try {
      // Begins a login, or goes on with the one there is.
      granted(await driver.ask('agent.login', 'agent', `${agent}/here-${random()}`, { agent, session: who.id }))
      const view = agentView(driver.committed, agent, now())
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
      default: {
        const me = party()
        if (!me) throw new Refused('no_room')
        return await rooms.handle(me, message, (push) => connection.send(push))
      }
    }
  }

  function gone(): void {
    if (!audience.leaveAgent(page) || ports.stopping()) return
    const me = party()
    if (me) rooms.leave(me)
    const id = `${agent}/gone-${random()}`
    void insist(() => driver.ask('agent.lose', 'agent', id, { agent }), () => !audience.agent(agent) && !ports.stopping())
  }

  const connection = new PageSocket<AgentMessage>(socket, { parse: parseAgent, hello, hear, gone, report: (problem) => request.log.error(problem) })
  audience.watch(connection)
  socket.once('close', () => audience.unwatch(connection))
}
