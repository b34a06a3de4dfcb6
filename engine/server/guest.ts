// The guest's side: a link that one page uses, a knock, the call. Whoever is let in is a party like the others.
import type { FastifyRequest } from 'fastify'
import type { WebSocket } from '@fastify/websocket'
import type { MediaParty } from '#wire/media.ts'
import { parseGuest, type GuestMessage } from '#wire/messages.ts'
import { attend, goneAside, inRoom } from './attend.ts'
import type { GuestPage } from './audience.ts'
import { granted, Refused } from './errors.ts'
import type { Ports } from './ports.ts'
import type { Invited } from './token.ts'
import { guestView } from './views.ts'

/** /ws/guest: takes a socket over. */
export function guestSocket(ports: Ports, socket: WebSocket, { log }: FastifyRequest): void {
  const { driver, tokens, audience, now } = ports
  let invited: Invited
  let page: GuestPage

  const party = (): MediaParty | null => {
    const r = driver.committed.requests.get(invited.request)
    return r?.parties.some((p) => p.id === invited.guest && p.role === 'guest') ? { request: r.id, role: 'guest', participant: invited.guest } : null
  }
  const view = () => guestView(driver.committed, invited.request, invited.guest, audience)

  function hello(message: GuestMessage): Promise<object> {
    const read = message.type === 'hello' ? tokens.readGuest(message.token) : null
    // A link is for one page: a second one is let in only when the first is gone.
    if (!read || audience.guest(read.guest)) throw new Refused('bad_token')
    invited = read
    page = { kind: 'guest', socket: connection, guest: read.guest, request: read.request }
    audience.enter(page)
    return Promise.resolve({ now: now(), view: view() })
  }

  async function hear(message: GuestMessage): Promise<object> {
    const { request, guest } = invited
    switch (message.type) {
      case 'ping': return { now: now() }
      case 'knock': {
        audience.links.name(request, guest, message.name)
        granted(await driver.ask('guest.knock', 'visitor', `${guest}/${message.id}`, { request, guest }))
        return {}
      }
      case 'leave': {
        granted(await driver.ask('guest.leave', 'visitor', `${guest}/${message.id}`, { request, guest }))
        return {}
      }
      case 'hello': throw new Refused('bad_message')
      default: return await inRoom(ports, party(), message, connection)
    }
  }

  const connection = attend<GuestMessage>(audience, socket, { parse: parseGuest, hello, hear, gone: () => goneAside(ports, page, party), report: (problem) => log.error(problem) })
}

