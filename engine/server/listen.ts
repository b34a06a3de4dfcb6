// Opens the ports: http and https beside each other on one app.
import { createServer as createHttp, type Server } from 'node:http'
import { createServer as createHttps, type Server as HttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { Listener } from '../config.ts'

export interface ListenOptions {
  listeners: readonly Listener[]
  /** PEM; needed where a listener is encrypted. */
  tls?: { cert: string; key: string } | undefined
}

export interface Listening {
  /** Where connections are accepted, in the order of the listeners; with the port that was given where 0 was asked for. */
  addresses: { host: string; port: number; tls: boolean }[]
  /** The encrypted servers, whose certificate is to be kept fresh. */
  encrypted: HttpsServer[]
  /** Stops accepting, lets running requests finish for a moment, then closes everything. */
  close: () => Promise<void>
}

/** A client must send its headers within this: slow ones hold a connection each. */
const HEADERS_WITHIN_MS = 10_000
const REQUEST_WITHIN_MS = 30_000
/** Connections that wait to be accepted: thousands of pages come back in the same second, and whoever finds no room tries again only after one. */
const BACKLOG = 4096
/** How long running requests have when we stop. */
const FINISH_WITHIN_MS = 2_000

/** Rejects with a sentence when an address cannot be had; then nothing stays open. */
export async function listen(app: FastifyInstance, { listeners, tls }: ListenOptions): Promise<Listening> {
  const servers: Server[] = []
  const close = async () => {
    const closed = servers.map((server) => new Promise<void>((resolve) => void server.close(() => resolve())))
    for (const server of servers) server.closeIdleConnections()
    const timer = setTimeout(() => servers.forEach((server) => server.closeAllConnections()), FINISH_WITHIN_MS)
    await Promise.all(closed)
    clearTimeout(timer)
  }
  try {
    for (const listener of listeners) {
      const options = { headersTimeout: HEADERS_WITHIN_MS, requestTimeout: REQUEST_WITHIN_MS, keepAliveTimeout: 65_000 }
      if (listener.tls && !tls) throw new Error(`No certificate for https on port ${listener.port}.`)
      const server = listener.tls ? createHttps({ ...options, ...tls }, app.routing) : createHttp(options, app.routing)
      // The websocket plugin listens to fastify's own server, which itself accepts no connections.
      server.on('upgrade', (...upgrade) => app.server.emit('upgrade', ...upgrade))
      // Later troubles (no more files for connections) pass; they must not end the engine.
      await open(server, listener, (problem) => app.log.error(problem))
      servers.push(server)
    }
  } catch (problem) {
    await close()
    throw problem
  }
  return {
    addresses: servers.map((server, i) => ({ host: listeners[i]!.host, port: (server.address() as AddressInfo).port, tls: listeners[i]!.tls })),
    encrypted: servers.filter((_, i) => listeners[i]!.tls) as HttpsServer[],
    close,
  }
}

function open(server: Server, { host, port, tls }: Listener, onTrouble: (problem: Error) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (problem: NodeJS.ErrnoException) => {
      const why = problem.code === 'EADDRINUSE' ? 'another program has it' : problem.code === 'EACCES' ? 'this user may not' : problem.message
      reject(new Error(`Cannot listen on ${host} port ${port}: ${why}. Set ${tls ? 'TWINLINE_HTTPS_PORT' : 'TWINLINE_PORT'} to another port.`, { cause: problem }))
    })
    server.listen({ port, host, backlog: BACKLOG }, () => {
      server.removeAllListeners('error')
      server.on('error', onTrouble)
      resolve()
    })
  })
}
