// Twinline inside other sites: which of them may show the visitor's page in a frame, and begin a visit from their own page.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { resolveAccess, type NamedAccess } from '#events/access.ts'
import type { Plan } from '#events/plan.ts'
import { Refused } from './errors.ts'

const VISITS = '/api/visits'
const pathOf = ({ url }: FastifyRequest): string => url.split('?', 1)[0]!

/** The sites that may show this address in a frame: those of the access point that it names. */
export function ancestorsOf(plan: Plan | null, url: string): readonly string[] {
  const [, id] = /^\/v\/((?:[A-Za-z0-9._:-]|%[0-9A-Fa-f]{2}){1,192})(?:[?#]|$)/.exec(url) ?? []
  if (id === undefined) return []
  return plan?.access.find((access) => access.id === decoded(id))?.origins ?? []
}

/** Empty where the address is no text. */
function decoded(part: string): string {
  try { return decodeURIComponent(part) } catch { return '' }
}

/** Whether this page of another site may begin visits at some access point; at which one, its request has yet to say. */
export const mayVisit = (plan: Plan | null, request: FastifyRequest): boolean =>
  pathOf(request) === VISITS && request.headers.origin !== undefined && plan?.access.some(({ origins }) => origins?.includes(request.headers.origin!)) === true

/**
 * Answers the questions browsers ask before they let another site's page begin a visit, and holds each to the access point
 * that allows this site. `foreign`: whether a request comes from another site's page.
 */
export function allowVisits(app: FastifyInstance, plan: () => Plan | null, foreign: (request: FastifyRequest) => boolean): void {
  const allow = (request: FastifyRequest, reply: FastifyReply): void =>
    void reply.headers({ 'access-control-allow-origin': request.headers.origin, 'cross-origin-resource-policy': 'cross-origin', vary: 'origin' })
  app.options(VISITS, (request, reply) => {
    if (!mayVisit(plan(), request)) throw new Refused('forbidden', 'foreign origin')
    allow(request, reply)
    return reply.code(204).headers({ 'access-control-allow-methods': 'POST', 'access-control-allow-headers': 'content-type', 'access-control-max-age': '600' }).send()
  })
  app.addHook('preHandler', async (request, reply) => {
    if (request.method !== 'POST' || pathOf(request) !== VISITS || !foreign(request)) return
    // Its errors may be read as well.
    allow(request, reply)
    const named = request.body as Partial<{ access: string; appId: string; configId: string }> | null
    const current = plan()
    if (!current || typeof named !== 'object' || named === null) return
    const access = resolveAccess(current, (named.access === undefined ? { appId: named.appId, configId: named.configId } : { access: named.access }) as NamedAccess)
    if (access && !access.origins?.includes(request.headers.origin!)) throw new Refused('forbidden', 'foreign origin')
  })
}
