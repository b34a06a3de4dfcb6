// The interface described for other programs: an OpenAPI 3.1 document made from the routes, by the very schemas they check with.
import Type from 'typebox'
import { PlanSchema } from '#events/plan.ts'
import { ERRORS, statusOf, type ErrorCode } from './errors.ts'
import { PlanDraftSchema } from './plans.ts'
import { ROLE_NAMES, can, type Role } from './rights.ts'
import { route, type Route } from './route.ts'
import { Fact, FACTS } from './stream.ts'

/** Shapes that stand once and are referred to by name. */
const NAMED: Readonly<Record<string, object>> = {
  Plan: PlanSchema, PlanDraft: PlanDraftSchema, Fact, ...FACTS,
  Error: Type.Object({ code: Type.Enum(Object.keys(ERRORS) as ErrorCode[]), zh: Type.String(), en: Type.String(), detail: Type.Optional(Type.String()) }),
}
const NAMES = new Map(Object.entries(NAMED).map(([name, schema]) => [schema, name]))
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })

/** A schema as OpenAPI 3.1 writes it: named ones by their name, tuples in the words of JSON Schema 2020-12. */
function written(schema: unknown, whole?: object): unknown {
  if (Array.isArray(schema)) return schema.map((each) => written(each))
  if (typeof schema !== 'object' || schema === null) return schema
  const name = schema === whole ? undefined : NAMES.get(schema)
  if (name !== undefined) return ref(name)
  const { items, additionalItems: _, ...rest } = schema as { items?: unknown; additionalItems?: unknown }
  const others = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, written(value)]))
  return items === undefined ? others : { ...others, ...(Array.isArray(items) ? { prefixItems: written(items), items: false } : { items: written(items) }) }
}

type Properties = { properties?: Record<string, object>; required?: string[] }
const parameters = (schema: Type.TSchema | undefined, where: 'path' | 'query') => {
  const { properties = {}, required = [] } = (schema ?? {}) as Properties
  return Object.entries(properties).map(([name, each]) => ({ name, in: where, required: where === 'path' || required.includes(name), schema: written(each) }))
}
/** As OpenAPI writes an address: `{id}` for `:id` and what it must look like. */
export const pathOf = (url: string): string => url.replace(/:([A-Za-z]+)(?:\(.*\))?/g, '{$1}')
const operationId = ({ method, url }: Route): string =>
  pathOf(url).replace(/[{}]/g, '').split(/[^A-Za-z0-9]+/).filter(Boolean).reduce((id, word) => id + word[0]!.toUpperCase() + word.slice(1), method.toLowerCase())

function operation(r: Route) {
  const roles = Array.isArray(r.who) ? (Object.keys(ROLE_NAMES) as Role[]).filter((role) => can([role], r.who[0] as never, r.who[1] as never)) : []
  const all = [...parameters(r.params, 'path'), ...parameters(r.query, 'query')]
  const security = r.who === 'anyone' ? [] : r.who === 'signed_in' ? [{ session: [] }] : [{ session: [] }, { key: [] }]
  return {
    operationId: operationId(r), summary: `${r.summary.zh} ${r.summary.en}`, description: r.about, security,
    ...(roles.length > 0 ? { 'x-roles': roles } : {}),
    ...(all.length > 0 ? { parameters: all } : {}),
    ...(r.body ? { requestBody: { required: true, content: { 'application/json': { schema: written(r.body) } } } } : {}),
    responses: {
      200: { description: r.summary.en, content: { [r.mediaType ?? 'application/json']: { schema: written(r.answer) } } },
      default: { description: 'Refused 被拒绝', content: { 'application/json': { schema: ref('Error') } } },
    },
  }
}

/** The document. `origin`: where this installation is reached. */
export function openApi(routes: readonly Route[], origin: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const r of routes) (paths[pathOf(r.url)] ??= {})[r.method.toLowerCase()] = operation(r)
  const refusals = Object.entries(ERRORS).map(([code, { zh, en }]) => `- \`${code}\` (${statusOf(code as ErrorCode)}): ${en}. ${zh}。`)
  return {
    openapi: '3.1.0', jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    info: { title: 'Twinline', version: '1', description: `All instants are UTC ms. A refusal is a code with both languages:\n\n${refusals.join('\n')}` },
    servers: [{ url: origin }],
    paths,
    webhooks: {
      facts: {
        post: {
          operationId: 'facts', summary: '事件推送 Facts, posted to a webhook',
          description: 'In order and at least once; a fact that was seen is known by its `seq`. `twinline-signature: t=SECONDS,v1=HEX` is the HMAC-SHA256, by the webhook’s secret, of the seconds, a full stop and the body as it is. Any 2xx takes them.',
          parameters: [
            { name: 'twinline-signature', in: 'header', required: true, schema: { type: 'string' } }, { name: 'twinline-webhook', in: 'header', required: true, schema: { type: 'string' } },
          ],
          requestBody: { required: true, content: { 'application/json': { schema: { type: 'object', required: ['events'], properties: { events: { type: 'array', items: ref('Fact') } } } } } },
          responses: { 200: { description: 'Taken' } },
        },
      },
    },
    components: {
      schemas: Object.fromEntries(Object.entries(NAMED).map(([name, schema]) => [name, written(schema, schema)])),
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: '__Host-twinline', description: 'A person who signed in by POST /api/session' },
        key: { type: 'http', scheme: 'bearer', description: 'A machine with a key from POST /api/keys' },
      },
    },
  }
}

/** The document's own route. `routes`: all there are, this one too. */
export const openApiRoute = (routes: () => readonly Route[], publicUrl: () => string | undefined): Route => route({
  method: 'GET', url: '/api/openapi.json', who: ['read', 'openapi'], about: 'All of this as an OpenAPI 3.1 document, made from the schemas that the routes check with.',
  summary: { zh: '接口文档（OpenAPI）', en: 'This interface as OpenAPI' }, answer: Type.Object({ openapi: Type.String() }),
  handle: ({ request }) => openApi(routes(), publicUrl() ?? `${request.protocol}://${request.host}`),
})
