// Webhooks over HTTP: where facts are posted to, and how that goes.
import { randomBytes } from 'node:crypto'
import Type from 'typebox'
import { CATALOGUE, type EventType } from '#events/catalogue.ts'
import { Refused } from './errors.ts'
import { MAX_WEBHOOKS } from './limits.ts'
import type { Ports } from './ports.ts'
import { route, type Route } from './route.ts'
import { Done, Ms, Nullable, OfId } from './schemas.ts'
import { statusOf } from './webhook-delivery.ts'

const strict = { additionalProperties: false }
const Url = Type.String({ maxLength: 1_000, pattern: '^https?://[^\\s]+$' })
const Types = Type.Array(Type.Enum(Object.keys(CATALOGUE) as EventType[]), { maxItems: Object.keys(CATALOGUE).length, uniqueItems: true, description: 'none: all' })
const Place = Type.Optional(Type.Integer({ minimum: 0, description: 'go on after this seq' }))
const Secret = Type.Object({ id: Type.String(), secret: Type.String() })
const Status = Type.Object({
  id: Type.String(), url: Type.String(), types: Type.Array(Type.String()), enabled: Type.Boolean(), createdBy: Type.String(), createdAt: Ms,
  seq: Type.Integer(), head: Type.Integer(), lag: Type.Integer(), failures: Type.Integer(), error: Nullable(Type.String()), errorAt: Nullable(Ms), deliveredAt: Nullable(Ms),
}, strict)

/** Throws Refused when one could never post there. */
function valid(url: string): void {
  const to = URL.parse(url)
  if (!to || to.username !== '' || to.password !== '' || to.hash !== '') throw new Refused('bad_message', 'url: no user, no password, no fragment')
}

export function webhookRoutes({ store: { webhooks }, seal, tail, delivery, now }: Ports): Route[] {
  const find = async (id: string) => {
    const found = await webhooks.find(id)
    if (!found) throw new Refused('not_found', `webhook ${id}`)
    return found
  }
  const newSecret = (id: string) => {
    const secret = `whsec_${randomBytes(32).toString('base64url')}`
    return { secret, sealed: seal.seal(`webhook ${id}`, secret) }
  }
  /** Changes a subscription while nothing is posted for it. */
  const change = async (id: string, fields: Parameters<typeof webhooks.change>[1]): Promise<void> => {
    await delivery.halt(id)
    try { await webhooks.change(id, fields) } finally { delivery.begin(id) }
  }
  return [
    route({
      method: 'GET', url: '/api/webhooks', who: ['read', 'webhooks'], about: 'All webhooks: how far each has come (`seq`, `lag` behind `head`), its failures in a row, its last error.',
      summary: { zh: '推送订阅列表', en: 'All webhooks' }, answer: Type.Object({ webhooks: Type.Array(Status) }),
      handle: async () => ({ webhooks: (await webhooks.list()).map((one) => statusOf(one, tail.head)) }),
    }),
    route({
      method: 'POST', url: '/api/webhooks', who: ['create', 'webhooks'],
      about: 'Facts of these `types` (none: all) are posted to `url` from now on, or after the seq `after`. `secret`, which signs them, is shown this once.',
      summary: { zh: '新建推送订阅', en: 'Make a webhook' }, body: Type.Object({ url: Url, types: Types, after: Place }, strict), answer: Secret,
      handle: async ({ body: { url, types, after }, who }) => {
        valid(url)
        if ((await webhooks.list()).length >= MAX_WEBHOOKS) throw new Refused('too_many')
        const id = `w-${randomBytes(6).toString('base64url')}`
        const { secret, sealed } = newSecret(id)
        await webhooks.create({
          id, url, types, secret: sealed, enabled: true, createdBy: who!.account.name, createdAt: now(), seq: after ?? tail.head, failures: 0, error: null, errorAt: null, deliveredAt: null,
        })
        delivery.begin(id)
        return { id, secret }
      },
    }),
    route({
      method: 'GET', url: '/api/webhooks/:id', who: ['read', 'webhooks'], about: 'One webhook.',
      summary: { zh: '查看推送订阅', en: 'One webhook' }, params: OfId, answer: Status,
      handle: async ({ params }) => statusOf(await find(params['id']!), tail.head),
    }),
    route({
      method: 'PATCH', url: '/api/webhooks/:id', who: ['change', 'webhooks'], about: 'Changes a webhook; what is left out stays. `after`: posts everything after that seq, again if need be.',
      summary: { zh: '修改推送订阅', en: 'Change a webhook' }, params: OfId,
      body: Type.Object({ url: Type.Optional(Url), types: Type.Optional(Types), enabled: Type.Optional(Type.Boolean()), after: Place }, strict), answer: Status,
      handle: async ({ params, body: { url, types, enabled, after } }) => {
        if (url !== undefined) valid(url)
        const { id } = await find(params['id']!)
        await change(id, {
          ...(url === undefined ? {} : { url }), ...(types === undefined ? {} : { types }), ...(enabled === undefined ? {} : { enabled }), ...(after === undefined ? {} : { seq: after }), failures: 0,
        })
        return statusOf(await find(id), tail.head)
      },
    }),
    route({
      method: 'POST', url: '/api/webhooks/:id/secret', who: ['change', 'webhooks'], about: 'Gives a webhook a new secret, shown this once; posts are signed with it from now on.',
      summary: { zh: '更换推送密钥', en: 'New secret for a webhook' }, params: OfId, answer: Secret,
      handle: async ({ params }) => {
        const { id } = await find(params['id']!)
        const { secret, sealed } = newSecret(id)
        await change(id, { secret: sealed })
        return { id, secret }
      },
    }),
    route({
      method: 'DELETE', url: '/api/webhooks/:id', who: ['change', 'webhooks'], about: 'Ends a webhook.',
      summary: { zh: '删除推送订阅', en: 'Remove a webhook' }, params: OfId, answer: Done,
      handle: async ({ params }) => {
        const { id } = await find(params['id']!)
        await delivery.halt(id)
        await webhooks.remove(id)
        return {}
      },
    }),
  ]
}
