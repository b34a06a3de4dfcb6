// The candidate plan over HTTP: which is asked beside the one in force, and where it would have decided otherwise.
import Type from 'typebox'
import { lint } from '#core/lint.ts'
import { DIFFERENCES, type Answer } from '#core/shadow.ts'
import { Refused } from './errors.ts'
import { PLAN_BYTES } from './limits.ts'
import type { PlanDraft } from './plan-editor.ts'
import { PlanDraftSchema, Warnings } from './plans.ts'
import type { Ports } from './ports.ts'
import { route, type Route } from './route.ts'
import { Done, Ms, Nullable } from './schemas.ts'

const Name = Type.String({ minLength: 1, maxLength: 40, pattern: '^[a-z0-9][a-z0-9-]*$', description: 'Its decisions are logged under the run `shadow-NAME`.' })
const Count = Type.Integer({ minimum: 0 })
const Routed = Type.Object({
  rule: Type.String(), group: Type.String(), overflows: Type.Array(Type.Object({ from: Type.String(), to: Type.String(), why: Type.String() })),
  queue: Nullable(Type.String()), turned: Nullable(Type.String({ description: 'How the wait ends before it began' })),
})
const Row = Type.Object({ agent: Type.String(), tier: Type.Integer(), idleSince: Ms, lastOffer: Ms, key: Type.Optional(Type.Integer()) })
const Chosen = Type.Object({
  group: Type.String(), agent: Nullable(Type.String()), sticky: Type.Boolean(), clock: Type.String(), candidates: Count, best: Type.Array(Row, { maxItems: 3 }),
  excluded: Type.Record(Type.String(), Type.Integer()),
})
const told = { seq: Type.Integer({ description: 'Of the live fact' }), at: Ms, request: Type.String(), reason: Type.Object({ code: Type.String(), zh: Type.String(), en: Type.String() }) }
const Difference = Type.Union([
  Type.Object({ ...told, type: Type.Literal('request.routed'), live: Routed, candidate: Routed }),
  Type.Object({ ...told, type: Type.Literal('decision.made'), live: Chosen, candidate: Chosen }),
])
const Told = Type.Object({
  name: Type.String(), version: Type.Integer({ description: 'Of the candidate' }), since: Ms, asked: Count, same: Count, different: Count, dropped: Count,
  newest: Type.Array(Difference, { maxItems: 100 }),
})

const difference = ({ type, seq, at, request, live, candidate, reason }: Answer) => ({ type, seq, at, request, live, candidate, reason: { code: reason!, ...DIFFERENCES[reason!] } })

export function shadowRoutes({ shadow, editor, now }: Ports): Route[] {
  return [
    route({
      method: 'GET', url: '/api/shadow', who: ['read', 'plan'],
      about: 'The candidate plan that is asked beside the one in force (`shadow`, null: none): how often (`asked`), how often it would have decided the same (`same`) or otherwise (`different`), how many answers are missing in its log (`dropped`), and the `newest` differences, newest first.',
      summary: { zh: '影子方案', en: 'The shadow plan' }, answer: Type.Object({ shadow: Nullable(Told) }),
      handle: () => ({ shadow: shadow.told && { ...shadow.told, newest: shadow.told.newest.map(difference) } }),
    }),
    route({
      method: 'PUT', url: '/api/shadow', who: ['change', 'plan'], bodyLimit: PLAN_BYTES,
      about: 'From now on asks this plan at each decision what it would decide, in place of the candidate before. Nothing changes for calls. Answers with what its author should know (`warnings`).',
      summary: { zh: '启用影子方案', en: 'Run a plan as the shadow' },
      body: Type.Object({ name: Name, plan: PlanDraftSchema }, { additionalProperties: false }), answer: Type.Object({ name: Type.String(), warnings: Warnings }),
      handle: async ({ body, who }) => {
        const { plan, errors } = editor.check(body.plan as PlanDraft)
        if (errors.length > 0) throw new Refused('plan_invalid', errors.slice(0, 5).join('; '))
        await shadow.start(body.name, plan, who!.account.name, now())
        return { name: body.name, warnings: lint(plan) }
      },
    }),
    route({
      method: 'DELETE', url: '/api/shadow', who: ['change', 'plan'], about: 'Asks no candidate any more. What it said stays in its log.',
      summary: { zh: '停用影子方案', en: 'Stop the shadow plan' }, answer: Done,
      handle: async () => {
        if (!(await shadow.end())) throw new Refused('not_found', 'no shadow plan')
        return {}
      },
    }),
  ]
}
