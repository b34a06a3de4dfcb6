// The supervisor's side of a call: joins it unasked, as listener, whisperer or one whom everybody hears. Each step is a fact.
import type { FastifyRequest } from 'fastify'
import type { WebSocket } from '@fastify/websocket'
import type { MediaParty } from '#wire/media.ts'
import { parseSupervisor, type SupervisorMessage } from '#wire/messages.ts'
import { attend, goneAside, inRoom } from './attend.ts'
import type { SupervisorPage } from './audience.ts'
import { granted, Refused } from './errors.ts'
import type { Ports } from './ports.ts'
import { can, groupsFor } from './rights.ts'
import { supervisorView } from './views.ts'

const MONITORS = new Set(['listener', 'whisperer', 'barger'])

/** /ws/supervisor: takes a socket over. The cookie is that of the request that opened it. */
export function supervisorSocket(ports: Ports, socket: WebSocket, request: FastifyRequest): void {
  const { driver, rooms, auth, audience, now } = ports
  let page: SupervisorPage
  let groups: readonly string[] | null

  const party = (): MediaParty | null => {
    const r = page.request === null ? undefined : driver.committed.requests.get(page.request)
    const p = r?.parties.find((x) => x.id === page.participant && MONITORS.has(x.role))
    return r && p ? { request: r.id, role: p.role, participant: p.id } : null
  }
  const view = () => supervisorView(driver.committed, page.participant, page.request, audience)

  async function hello() {
    const who = await auth.whoIs(request)
    if (!who) throw new Refused('not_signed_in')
    if (!can(who.account.roles, 'use', 'monitors')) throw new Refused('forbidden')
    groups = groupsFor(who.account, 'use', 'monitors')
    const participant = who.account.agent ?? who.account.name
    // The call he is in already, from before a reload.
    const inside = [...driver.committed.requests.values()].find((r) => r.parties.some((p) => p.id === participant && MONITORS.has(p.role)))
    page = { kind: 'supervisor', socket: connection, participant, session: who.id, request: inside?.id ?? null }
    const me = party()
    if (me && audience.supervisor(participant)) rooms.leave(me)
    audience.links.called(participant, who.account.nickname ?? who.account.name)
    audience.enter(page)
    return { now: now(), view: view() }
  }

  async function hear(message: SupervisorMessage): Promise<object> {
    const supervisor = page.participant
    const cmd = `${supervisor}/${page.session}/s-${message.id}`
    switch (message.type) {
      case 'ping': return { now: now() }
      case 'monitor': {
        const r = driver.committed.requests.get(message.request)
        if (r && groups !== null && !groups.includes(r.group ?? '')) throw new Refused('forbidden')
        if (page.request !== null && page.request !== message.request) await stop(`${cmd}/before`)
        granted(await driver.ask('monitor.start', 'supervisor', cmd, { supervisor, request: message.request, mode: message.mode }))
        page.request = message.request
        audience.touch(page)
        return {}
      }
      case 'leave': {
        await stop(cmd)
        return {}
      }
      case 'hello': throw new Refused('bad_message')
      default: return await inRoom(ports, party(), message, connection)
    }
  }

  async function stop(cmd: string): Promise<void> {
    const me = party()
    page.request = null
    if (me) await driver.ask('monitor.stop', 'supervisor', cmd, { supervisor: me.participant, request: me.request })
    audience.touch(page)
  }

  const connection = attend<SupervisorMessage>(audience, socket, { parse: parseSupervisor, hello, hear, gone: () => goneAside(ports, page, party), report: (problem) => request.log.error(problem) })
}
