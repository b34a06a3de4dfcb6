// The pages and what every answer carries: security headers, one content policy without inline code, files that may be kept.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { resolveAccess } from '#events/access.ts'
import type { Plan } from '#events/plan.ts'
import { ancestorsOf } from './embedding.ts'
import { coded, Refused, statusOf, type ErrorCode } from './errors.ts'
import type { ServerOptions } from './ports.ts'

/** A host as it may stand in a header: names, addresses, a port. */
const HOST = /^[A-Za-z0-9.:[\]_-]{1,255}$/

/** What a page may load, and who may show it in a frame. */
function contentPolicy(host: string, ancestors: readonly string[]): string {
  // Safari before 15.4 does not count websockets of the same origin as 'self'.
  const sockets = HOST.test(host) ? ` ws://${host} wss://${host}` : ''
  return [
    `default-src 'none'`, `script-src 'self'`, `style-src 'self'`, `font-src 'self'`, `img-src 'self' data: blob:`, `media-src 'self' blob:`,
    `worker-src 'self'`, `manifest-src 'self'`, `connect-src 'self'${sockets}`, `base-uri 'none'`, `form-action 'self'`, `frame-ancestors ${["'self'", ...ancestors].join(' ')}`, `object-src 'none'`,
  ].join('; ')
}

const PERMISSIONS = 'camera=(self), microphone=(self), fullscreen=(self), autoplay=(self), screen-wake-lock=(self), geolocation=(), payment=(), usb=(), serial=(), midi=()'

/** Sets the headers of every answer. The visitor's page may be shown by the sites of its access point, everything else by nobody. */
export function secure(app: FastifyInstance, tls: ServerOptions['config']['tls'], plan: () => Plan | null): void {
  app.addHook('onRequest', async (request, reply) => {
    const ancestors = ancestorsOf(plan(), request.url)
    reply.headers({
      'content-security-policy': contentPolicy(request.host, ancestors),
      'permissions-policy': PERMISSIONS,
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
      // It knows no list: where there is one, the content policy alone says who.
      ...(ancestors.length > 0 ? { 'cross-origin-resource-policy': 'cross-origin' } : { 'x-frame-options': 'SAMEORIGIN', 'cross-origin-resource-policy': 'same-origin' }),
    })
    // Not with a certificate of our own making: a browser that was told so once could not get past a lost one.
    if (request.protocol === 'https' && tls.kind !== 'selfSigned') reply.header('strict-transport-security', 'max-age=31536000')
  })
}

/** Serves the built console: the visitor's page at /v/:access, the staff's at every other address of a page. */
export async function servePages(app: FastifyInstance, { consoleFolder, pages = [] }: ServerOptions, plan: () => Plan | null): Promise<void> {
  for (const name of ['visitor.html', 'staff.html']) {
    if (!existsSync(join(consoleFolder, name))) throw new Error(`The pages have not been built: ${join(consoleFolder, name)} is missing. Run "node engine/setup.mjs".`)
  }
  for (const { path, contentType, body } of pages) app.get(path, (_, reply) => reply.type(contentType).header('cache-control', 'no-cache').send(body))

  await app.register(fastifyStatic, {
    root: consoleFolder, index: false, dotfiles: 'ignore', cacheControl: false,
    // The pages themselves are reached by their own addresses only.
    allowedPath: (_path, _root, { url }) => !/\.html(?:\?|$)/.test(url),
    // Built files carry a hash of their content in their name.
    setHeaders: (reply, path) => void reply.header('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache'),
  })
  const page = (reply: FastifyReply, name: string) => reply.header('cache-control', 'no-cache').sendFile(name)
  // The way in of a linked IM account: by the names the account knows, to the page of its access point.
  app.get<{ Querystring: Partial<Record<'appId' | 'configId' | 'token', unknown>> }>('/im', ({ query: { appId, configId, token } }, reply) => {
    const current = plan()
    const access = current && resolveAccess(current, { appId: String(appId), configId: String(configId) })
    if (!access) throw new Refused('unknown_access', String(appId).slice(0, 128))
    return reply.redirect(`/v/${encodeURIComponent(access.id)}${typeof token === 'string' ? `#host=${encodeURIComponent(token)}` : ''}`)
  })
  app.get('/', (_, reply) => page(reply, 'staff.html')) // a folder to the file server
  for (const url of ['/v/:access', '/g']) app.get(url, (_, reply) => page(reply, 'visitor.html'))
  app.setNotFoundHandler((request, reply) => (isPage(request) ? page(reply, 'staff.html') : refuse(reply, 'not_found')))
}

/** An address that a person opened, rather than a file or an interface that is missing. */
const isPage = ({ method, url, headers }: FastifyRequest): boolean =>
  (method === 'GET' || method === 'HEAD') && /^\/(?!api\/|ws\/|assets\/)[^.?]*(?:\?|$)/.test(url) && (headers.accept ?? '').includes('text/html')

/** Answers with a coded error. */
export const refuse = (reply: FastifyReply, code: ErrorCode, detail?: string): FastifyReply =>
  reply.code(statusOf(code)).header('cache-control', 'no-store').send(coded(code, detail))
