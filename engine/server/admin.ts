// Administration: the plan in force, and accounts together with their agents' places in it.
import { randomBytes } from 'node:crypto'
import Type from 'typebox'
import { PlanAgentSchema, PlanSchema, type Plan, type PlanAgent } from '#events/plan.ts'
import { lint } from '#core/lint.ts'
import { hashPassword, MAX_PASSWORD, MIN_PASSWORD } from './auth.ts'
import { granted, Refused } from './errors.ts'
import { PLAN_BYTES } from './limits.ts'
import type { Ports } from './ports.ts'
import { ROLES } from './rights.ts'
import { route, type Route } from './route.ts'

/** Small letters, so that nobody is two people by a capital. */
const NAME = '^[a-z0-9][a-z0-9._-]*$'

const NewAccount = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 64, pattern: NAME }),
  password: Type.String({ minLength: MIN_PASSWORD, maxLength: MAX_PASSWORD }),
  roles: Type.Array(Type.Enum([...ROLES]), { minItems: 1, maxItems: ROLES.length, uniqueItems: true }),
  /** Left out: an account that takes no calls. Without an id the account's name is the agent's. */
  agent: Type.Optional(Type.Interface([Type.Omit(PlanAgentSchema, ['id'])], { id: Type.Optional(PlanAgentSchema.properties.id) }, { additionalProperties: false })),
}, { additionalProperties: false })

export function adminRoutes({ driver, store: { accounts }, now }: Ports): Route[] {
  const plan = (): Plan => {
    if (!driver.committed.plan) throw new Refused('no_plan')
    return driver.committed.plan
  }
  const change = async (next: Plan) => granted(await driver.ask('plan.change', 'admin', `plan-${randomBytes(12).toString('base64url')}`, { plan: next }))
  // Each edit starts from the plan that the one before it left.
  let editing: Promise<unknown> = Promise.resolve()
  const edit = (make: (current: Plan) => Plan): Promise<void> => {
    const done = editing.catch(() => {}).then(() => change(make(plan())))
    editing = done
    return done
  }

  return [
    route({ method: 'GET', url: '/api/plan', who: ['read', 'plan'], about: 'The plan in force, with what its author should know (`warnings`).', handle: () => ({ plan: plan(), warnings: lint(plan()) }) }),
    route({
      method: 'PUT', url: '/api/plan', who: ['change', 'plan'], bodyLimit: PLAN_BYTES,
      about: 'Brings a plan into force. Its version must be above the one in force, so whoever edited an older one is refused (`plan_invalid`). Answers with what its author should know (`warnings`).',
      body: Type.Object({ plan: PlanSchema }, { additionalProperties: false }),
      handle: async ({ body }) => {
        await edit(() => body.plan)
        return { version: body.plan.version, warnings: lint(body.plan) }
      },
    }),
    route({
      method: 'GET', url: '/api/accounts', who: ['read', 'accounts'], about: 'All accounts.',
      handle: async () => ({ accounts: (await accounts.list()).map(({ name, roles, agent, createdAt }) => ({ name, roles, agent, createdAt })) }),
    }),
    route({
      method: 'POST', url: '/api/accounts', who: ['create', 'accounts'],
      about: 'Makes an account and, with `agent`, its place in the plan (an agent of that id is changed). After a failure it may be tried again.',
      body: NewAccount,
      handle: async ({ body: { name, password, roles, agent } }) => {
        const id = agent ? (agent.id ?? name) : null
        const all = await accounts.list()
        if (all.some((account) => account.name === name || (id !== null && account.agent === id))) throw new Refused('account_taken', name)
        const hashed = await hashPassword(password)
        // The plan first: an agent without an account harms nobody, an account without its agent can do nothing.
        if (agent && id !== null) {
          const entry: PlanAgent = { ...agent, id }
          await edit((current) => ({ ...current, version: current.version + 1, agents: [...current.agents.filter((other) => other.id !== id), entry] }))
        }
        await accounts.create({ name, password: hashed, roles, agent: id, createdAt: now() })
        return { name, agent: id }
      },
    }),
  ]
}
