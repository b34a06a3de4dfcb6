// Builds the server: routes, sockets and pages on one fastify, whatever it will be reached by.
import cookie from '@fastify/cookie'
import websocket from '@fastify/websocket'
import fastify, { type FastifyError, type FastifyInstance, type FastifyRequest } from 'fastify'
import type { TwinlineEvent } from '#events/event.ts'
import { accessRoutes } from './access.ts'
import { accountRoutes } from './accounts.ts'
import { agentSocket, sessionRoutes } from './agent.ts'
import { Audience } from './audience.ts'
import { Auth } from './auth.ts'
import { allowVisits, mayVisit } from './embedding.ts'
import { Refused, told, type ErrorCode } from './errors.ts'
import { boardRoutes } from './board.ts'
import { guestSocket } from './guest.ts'
import { healthRoutes } from './health.ts'
import { Hosts } from './hosts.ts'
import { keyRoutes } from './keys.ts'
import { AGAIN_MS, BODY_BYTES, MAX_PAYLOAD_BYTES, MAX_SOCKETS, RECORDS_FOLLOW_MS } from './limits.ts'
import { listen, type Listening, type ListenOptions } from './listen.ts'
import { openApiRoute } from './openapi.ts'
import { refuse, secure, servePages } from './pages.ts'
import { PlanEditor } from './plan-editor.ts'
import { planRoutes } from './plans.ts'
import type { Ports, ServerOptions } from './ports.ts'
import { recordRoutes } from './records.ts'
import { mount, type Route } from './route.ts'
import { Seal } from './seal.ts'
import { shadowRoutes } from './shadow.ts'
import { Streams, streamRoutes } from './stream.ts'
import { asidesAfterStart } from './presence.ts'
import { supervisorSocket } from './supervisor.ts'
import { Tail } from './tail.ts'
import { ticketRoutes } from './tickets.ts'
import { Tokens } from './token.ts'
import { visitorSocket, visitRoutes } from './visitor.ts'
import { WebhookDelivery } from './webhook-delivery.ts'
import { networks } from './webhook-post.ts'
import { webhookRoutes } from './webhooks.ts'

export interface TwinlineServer {
  app: FastifyInstance
  /** To be called after each commit, in order: pages are shown what it changed for them. */
  committed: (events: readonly TwinlineEvent[]) => void
  /** To be called when sign-ins may have ended, by whomever: their pages and streams end at once. */
  sessionsEnded: () => void
  /** Accepts connections; rejects with a sentence when an address is taken. */
  listen: (options: ListenOptions) => Promise<Listening>
  /** Says goodbye to every page and stops taking requests. Nobody counts as lost by that. */
  stop: () => Promise<void>
}

/** The engine's own routes. */
export function ownRoutes(ports: Ports): Route[] {
  const routes: Route[] = [
    ...healthRoutes(ports), ...visitRoutes(ports), ...sessionRoutes(ports), ...boardRoutes(ports), ...recordRoutes(ports), ...ticketRoutes(ports), ...planRoutes(ports),
    ...shadowRoutes(ports), ...accessRoutes(ports), ...accountRoutes(ports), ...keyRoutes(ports), ...streamRoutes(ports), ...webhookRoutes(ports),
    openApiRoute(() => [...routes, ...(ports.routes ?? [])], () => ports.config.publicUrl),
  ]
  return routes
}

/** What the server makes for itself. */
function portsOf(options: ServerOptions, stopping: () => boolean, report: (problem: unknown) => void): Ports {
  const { config, driver, now, secret, store } = options
  const [seal, tail] = [new Seal(secret), new Tail(store.facts, () => driver.committed.seq)]
  const ports: Ports = {
    ...options, seal, tail, stopping, auth: new Auth(store, now), tokens: new Tokens(secret), audience: new Audience(driver.committed, now), editor: new PlanEditor(options),
    hosts: new Hosts(store.secrets, seal, now), streams: new Streams(),
    delivery: new WebhookDelivery({ store: store.webhooks, tail, seal, now, opened: networks(config.webhookNetworks), report }),
    sessionsEnded: () => void endPages(ports),
  }
  return ports
}

/** Sends away whoever is no longer signed in. Tried until the database answers: nobody stays who was sent away. */
async function endPages({ auth, audience, streams, stopping }: Ports): Promise<void> {
  while (!stopping()) {
    try {
      const pages = audience.staff()
      const alive = await auth.alive(pages.map(({ session }) => session))
      for (const { session, socket } of pages) if (!alive.has(session)) socket.bye('not_signed_in')
      return await streams.recheck()
    } catch {
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
    }
  }
}

/** Builds the server. It opens no port yet. Rejects with a sentence when the pages are missing. */
export async function buildServer(options: ServerOptions): Promise<TwinlineServer> {
  const { config, driver } = options
  const app = fastify({
    logger: { level: config.logLevel }, logController: new fastify.LogController({ disableRequestLogging: true }),
    trustProxy: config.trustProxy.length > 0 ? [...config.trustProxy] : false,
    bodyLimit: BODY_BYTES, requestTimeout: 30_000,
    routerOptions: { maxParamLength: 128 },
    // Addresses that cannot be read never reach the routes and their error handler.
    frameworkErrors: (_problem, _request, reply) => void refuse(reply, 'bad_message', 'the address'),
  })
  let stopping = false
  const ports = portsOf(options, () => stopping, (problem) => app.log.error(problem))
  const plan = () => driver.committed.plan
  const foreign = (request: FastifyRequest): boolean => !sameOrigin(request, config.publicUrl)

  app.setErrorHandler((problem: FastifyError, request, reply) => {
    const code = codeOf(problem)
    if (code) return refuse(reply, code, code === 'bad_json' ? undefined : problem.message.slice(0, 200))
    const error = told(problem)
    if (error.code === 'internal') request.log.error(problem)
    return refuse(reply, error.code, error.detail)
  })
  secure(app, config.tls, plan)
  await app.register(cookie)
  await app.register(websocket, {
    options: { maxPayload: MAX_PAYLOAD_BYTES, perMessageDeflate: false, clientTracking: true },
    // The socket is closed by the library with the right code; a broken client is no news.
    errorHandler: (problem, socket, request) => {
      request.log.debug(problem)
      if (socket.readyState === socket.OPEN) socket.terminate()
    },
    preClose: (done) => done(), // `stop` has said goodbye
  })
  app.addHook('onRequest', async (request) => {
    if (stopping) throw new Refused('stopping')
    if ((request.ws || (request.method !== 'GET' && request.method !== 'HEAD')) && foreign(request) && !mayVisit(plan(), request)) throw new Refused('forbidden', 'foreign origin')
    if (request.ws && ports.audience.size >= MAX_SOCKETS) throw new Refused('too_many_requests')
  })

  allowVisits(app, plan, foreign)
  mount(app, ports.auth, [...ownRoutes(ports), ...(options.routes ?? [])], options.checkAnswers)
  for (const [url, handler] of [['/ws/visitor', visitorSocket], ['/ws/guest', guestSocket], ['/ws/agent', agentSocket], ['/ws/supervisor', supervisorSocket]] as const) {
    app.route({ method: 'GET', url, handler: () => { throw new Refused('not_found', 'a websocket') }, wsHandler: (socket, request) => handler(ports, socket, request) })
  }
  await servePages(app, options, plan)
  await app.ready()

  await ports.delivery.start()
  asidesAfterStart(ports)
  let listening: Listening | null = null
  /** Records are made when they are asked for; followed from afar, they are never far behind. */
  let following: NodeJS.Timeout | null = null
  const follow = () => {
    following ??= setTimeout(() => {
      following = null
      options.store.records.catchUp().catch(() => {}) // the database is away: the next page or commit tries again
    }, RECORDS_FOLLOW_MS).unref()
  }
  return {
    app,
    committed: (events) => {
      ports.audience.committed(events)
      ports.tail.committed(events)
      follow()
    },
    sessionsEnded: ports.sessionsEnded,
    listen: async (to) => (listening = await listen(app, to)),
    stop: async () => {
      stopping = true
      if (following) clearTimeout(following)
      ports.audience.close()
      ports.streams.close()
      await ports.delivery.stop()
      await listening?.close()
      await app.close()
    },
  }
}

/** What fastify and its file server refuse themselves, in our codes; undefined for everything else. */
function codeOf({ code, statusCode }: FastifyError): ErrorCode | undefined {
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return 'too_large'
  if (code === 'FST_ERR_CTP_INVALID_JSON_BODY' || code === 'FST_ERR_CTP_EMPTY_JSON_BODY') return 'bad_json'
  if (statusCode === 403 || statusCode === 404) return 'not_found' // a folder, a file outside the pages
  return statusCode !== undefined && statusCode >= 400 && statusCode < 500 ? 'bad_message' : undefined
}

/** Browsers say where a page comes from whenever it opens a socket or sends something; other clients need not. */
function sameOrigin({ headers: { origin }, protocol, host }: FastifyRequest, publicUrl: string | undefined): boolean {
  return origin === undefined || origin === `${protocol}://${host}` || (publicUrl !== undefined && origin === new URL(publicUrl).origin)
}
