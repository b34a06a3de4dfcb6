// What every page's socket has in common: it is watched while it is open, speaks of media as a party of a call, and some leave a moment later.
import type { WebSocket } from '@fastify/websocket'
import type { MediaParty, MediaRequest } from '#wire/media.ts'
import type { Audience, GuestPage, SupervisorPage } from './audience.ts'
import { Refused } from './errors.ts'
import type { Ports } from './ports.ts'
import { leaveLater } from './presence.ts'
import { PageSocket, type Manners } from './socket.ts'

/** A page's socket with its manners, watched from now to its end. */
export function attend<M extends { type: string; id: string }>(audience: Audience, socket: WebSocket, manners: Manners<M>): PageSocket<M> {
  const connection = new PageSocket<M>(socket, manners)
  audience.watch(connection)
  socket.once('close', () => audience.unwatch(connection))
  return connection
}

/** Answers a media request of whoever is in a call. Throws Refused `no_room` for whoever is in none. */
export async function inRoom({ rooms }: Ports, me: MediaParty | null, message: MediaRequest, page: { send(message: object): void }): Promise<object> {
  if (!me) throw new Refused('no_room')
  return await rooms.handle(me, message, (push) => page.send(push))
}

/** The page of a guest or a supervisor is gone: his media with it, he himself unless he is back in a moment. */
export function goneAside(ports: Ports, page: GuestPage | SupervisorPage, party: () => MediaParty | null): void {
  if (!ports.audience.leave(page) || ports.stopping()) return
  const me = party()
  if (!me) return
  ports.rooms.leave(me)
  leaveLater(ports, me)
}
