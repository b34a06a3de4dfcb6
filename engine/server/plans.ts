// The plan over HTTP: the one in force, every one there was, the next one.
import Type from 'typebox'
import { HoursSchema, PlanSchema } from '#events/plan.ts'
import { lint } from '#core/lint.ts'
import { Refused } from './errors.ts'
import { PLAN_BYTES } from './limits.ts'
import type { PlanDraft } from './plan-editor.ts'
import type { Ports } from './ports.ts'
import { route, type Route } from './route.ts'
import { Before, Limit, Ms } from './schemas.ts'

const strict = { additionalProperties: false }
/** Offsets may be left out, or empty: they are computed from `tz` when the plan is saved. */
const Hours = Type.Object({ ...HoursSchema.properties, offsets: Type.Optional(Type.Array(HoursSchema.properties.offsets.items, { maxItems: 200 })) }, strict)
export const PlanDraftSchema = Type.Object({ ...PlanSchema.properties, hours: Type.Optional(Type.Array(Hours, { maxItems: 200 })) }, strict)
const Note = Type.Optional(Type.String({ maxLength: 500 }))

export const Warnings = Type.Array(Type.Object({ code: Type.String(), on: Type.String(), zh: Type.String(), en: Type.String(), detail: Type.String() }))
const Saved = Type.Object({ version: Type.Integer(), warnings: Warnings })
const version = { version: Type.Integer(), at: Ms, author: Type.Union([Type.String(), Type.Null()]), note: Type.String(), diff: Type.Array(Type.String()) }
const OfVersion = Type.Object({ version: Type.String({ pattern: '^[1-9][0-9]{0,8}$' }) })
const VERSIONS = 50

export function planRoutes({ editor, store }: Ports): Route[] {
  const find = async (params: Record<string, string>) => {
    const found = await store.plans.find(Number(params['version']))
    if (!found) throw new Refused('not_found', `version ${params['version']}`)
    return found
  }
  return [
    route({
      method: 'GET', url: '/api/plan', who: ['read', 'plan'], about: 'The plan in force, with what its author should know (`warnings`).',
      summary: { zh: '当前方案', en: 'The plan in force' }, answer: Type.Object({ plan: PlanSchema, warnings: Warnings }),
      handle: () => ({ plan: editor.current, warnings: lint(editor.current) }),
    }),
    route({
      method: 'PUT', url: '/api/plan', who: ['change', 'plan'], bodyLimit: PLAN_BYTES,
      about: 'Brings a plan into force. Its version must be above the one in force, so whoever edited an older one is refused (`plan_invalid`). Answers with what its author should know (`warnings`).',
      summary: { zh: '保存方案', en: 'Bring a plan into force' },
      body: Type.Object({ plan: PlanDraftSchema, note: Note }, strict), answer: Saved,
      handle: async ({ body, who }) => {
        const saved = await editor.edit({ account: who!.account.name, note: body.note ?? '' }, () => body.plan as PlanDraft)
        return { version: saved.version, warnings: lint(saved) }
      },
    }),
    route({
      method: 'POST', url: '/api/plan/check', who: ['read', 'plan'], bodyLimit: PLAN_BYTES,
      about: 'What would be said of a plan: `errors` make it impossible, `warnings` somebody will regret. Nothing is changed.',
      summary: { zh: '检查方案', en: 'Check a plan' },
      body: Type.Object({ plan: PlanDraftSchema }, strict), answer: Type.Object({ errors: Type.Array(Type.String()), warnings: Warnings }),
      handle: ({ body }) => {
        const { plan, errors } = editor.check(body.plan as PlanDraft)
        return { errors, warnings: errors.length > 0 ? [] : lint(plan) }
      },
    }),
    route({
      method: 'GET', url: '/api/plan/versions', who: ['read', 'plan'],
      about: 'All versions there were, newest first: when, by whom, what differs. `before` is `next` of the page before.',
      summary: { zh: '方案历史版本', en: 'Versions of the plan' },
      query: Type.Object({ before: Before, limit: Limit }, strict), answer: Type.Object({ versions: Type.Array(Type.Object(version)), next: Type.Union([Type.Integer(), Type.Null()]) }),
      handle: async ({ query }) => {
        const limit = Number(query.limit ?? VERSIONS)
        const versions = await store.plans.list(Number(query.before ?? 2 ** 31 - 1), limit)
        return { versions, next: versions.length < limit ? null : versions.at(-1)!.version }
      },
    }),
    route({
      method: 'GET', url: '/api/plan/versions/:version', who: ['read', 'plan'], about: 'One version, whole.',
      summary: { zh: '查看某个版本', en: 'One version of the plan' }, params: OfVersion, answer: Type.Object({ ...version, plan: PlanSchema }),
      handle: ({ params }) => find(params),
    }),
    route({
      method: 'POST', url: '/api/plan/versions/:version/restore', who: ['change', 'plan'], about: 'Brings a version of before into force again, as a new version.',
      summary: { zh: '恢复某个版本', en: 'Restore a version' }, params: OfVersion, answer: Saved,
      handle: async ({ params, who }) => {
        const { plan, version } = await find(params)
        const saved = await editor.edit({ account: who!.account.name, note: `↩ ${version}` }, (current) => ({ ...plan, version: current.version + 1 }))
        return { version: saved.version, warnings: lint(saved) }
      },
    }),
  ]
}
