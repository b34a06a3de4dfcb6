// Keys for machines, which ask with `Authorization: Bearer …` and have no password, no cookie and no calls.
import { randomBytes } from 'node:crypto'
import Type from 'typebox'
import { Groups } from './accounts.ts'
import { hashOf, newKey } from './auth.ts'
import { Refused } from './errors.ts'
import type { Ports } from './ports.ts'
import { KEY_ROLES } from './rights.ts'
import { route, type Route } from './route.ts'
import { Done, Line, Ms, Nullable, OfId } from './schemas.ts'

const DAY_MS = 86_400_000
const strict = { additionalProperties: false }
const Key = Type.Object({
  id: Type.String(), name: Type.String(), roles: Type.Array(Type.String()), groups: Type.Array(Type.String()), createdBy: Type.String(), createdAt: Ms, expiresAt: Nullable(Ms),
}, strict)

export function keyRoutes({ store: { keys }, now, sessionsEnded }: Ports): Route[] {
  return [
    route({
      method: 'GET', url: '/api/keys', who: ['read', 'keys'], about: 'All keys; the keys themselves were shown once and are not kept.',
      summary: { zh: '接口密钥列表', en: 'All API keys' }, answer: Type.Object({ keys: Type.Array(Key) }),
      handle: async () => ({ keys: (await keys.list()).map(({ id, name, roles, groups, createdBy, createdAt, expiresAt }) => ({ id, name, roles, groups, createdBy, createdAt, expiresAt })) }),
    }),
    route({
      method: 'POST', url: '/api/keys', who: ['create', 'keys'], about: 'Makes a key for a machine; `key` is shown this once. Without `days` it is good until it is removed.',
      summary: { zh: '新建接口密钥', en: 'Make an API key' },
      body: Type.Object({
        name: Line(100), roles: Type.Array(Type.Enum([...KEY_ROLES]), { minItems: 1, maxItems: KEY_ROLES.length, uniqueItems: true }), groups: Type.Optional(Groups),
        days: Type.Optional(Type.Integer({ minimum: 1, maximum: 3_650 })),
      }, strict),
      answer: Type.Object({ id: Type.String(), key: Type.String() }),
      handle: async ({ body: { name, roles, groups = [], days }, who }) => {
        const [id, key] = [`k-${randomBytes(6).toString('base64url')}`, newKey()]
        const expiresAt = days === undefined ? null : now() + days * DAY_MS
        await keys.create({ id, name, hash: hashOf(key), roles, groups, createdBy: who!.account.name, createdAt: now(), expiresAt })
        return { id, key }
      },
    }),
    route({
      method: 'DELETE', url: '/api/keys/:id', who: ['change', 'keys'], about: 'Ends a key at once, with the streams that were opened with it.',
      summary: { zh: '删除接口密钥', en: 'Remove an API key' }, params: OfId, answer: Done,
      handle: async ({ params }) => {
        if (!(await keys.remove(params['id']!))) throw new Refused('not_found', `key ${params['id']}`)
        sessionsEnded()
        return {}
      },
    }),
  ]
}
