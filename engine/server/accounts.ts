// Accounts over HTTP, together with their agents' places in the plan; and one's own password.
import Type from 'typebox'
import { PlanAgentSchema, type Plan, type PlanAgent } from '#events/plan.ts'
import type { Account, AccountChange } from '../store/accounts.ts'
import { hashPassword, MAX_PASSWORD, MIN_PASSWORD } from './auth.ts'
import { Refused } from './errors.ts'
import type { Ports } from './ports.ts'
import { ROLES } from './rights.ts'
import { route, type Route } from './route.ts'
import { Done, Line, Ms, Nullable, PLAN_ID, Word } from './schemas.ts'

const strict = { additionalProperties: false }
const Password = Type.String({ minLength: MIN_PASSWORD, maxLength: MAX_PASSWORD })
const Roles = Type.Array(Type.Enum([...ROLES]), { minItems: 1, maxItems: ROLES.length, uniqueItems: true })
/** Of a supervisor: group ids; none, or `*`: all. */
export const Groups = Type.Array(Type.String({ maxLength: 64, pattern: `^\\*$|${PLAN_ID}` }), { maxItems: 200, uniqueItems: true })
const Name = Line(100)
const { id, ...place } = PlanAgentSchema.properties

const NewAccount = Type.Object({
  /** Small letters, so that nobody is two people by a capital. */
  name: Type.String({ minLength: 1, maxLength: 64, pattern: '^[a-z0-9][a-z0-9._-]*$' }),
  password: Password, roles: Roles, groups: Type.Optional(Groups), nickname: Type.Optional(Name), realName: Type.Optional(Name),
  /** Left out: an account that takes no calls. Without an id the account's name is the agent's. */
  agent: Type.Optional(Type.Object({ ...place, id: Type.Optional(id) }, strict)),
}, strict)

const Change = Type.Object({
  roles: Type.Optional(Roles), groups: Type.Optional(Groups), nickname: Type.Optional(Name), realName: Type.Optional(Name), disabled: Type.Optional(Type.Boolean()),
  /** His place in the plan; what is left out stays as it is. Null: he takes no calls any more. */
  agent: Type.Optional(Nullable(Type.Object({ id: Type.Optional(id), video: Type.Optional(place.video), call: place.call, groups: Type.Optional(place.groups) }, strict))),
}, strict)

const AccountSchema = Type.Object({
  name: Type.String(), roles: Type.Array(Type.String()), groups: Type.Array(Type.String()), agent: Nullable(Type.String()), nickname: Type.String(), realName: Type.String(),
  disabled: Type.Boolean(), createdAt: Ms,
}, strict)
const OfName = Type.Object({ name: Word })

export function accountRoutes({ editor, driver, store: { accounts }, auth, now }: Ports): Route[] {
  const shown = ({ name, roles, groups, agent, nickname, realName, disabled, createdAt }: Account) => {
    const inPlan = agent === null ? undefined : driver.committed.agents.get(agent)?.plan
    return { name, roles, groups, agent, nickname: inPlan?.nickname ?? nickname ?? name, realName: inPlan?.realName ?? realName ?? '', disabled, createdAt }
  }
  const find = async (name: string): Promise<Account> => {
    const account = await accounts.find(name)
    if (!account) throw new Refused('not_found', `account ${name}`)
    return account
  }
  const known = (groups: readonly string[] = []): void => {
    const none = groups.find((group) => group !== '*' && !editor.current.groups.some(({ id }) => id === group))
    if (none !== undefined) throw new Refused('unknown_group', none)
  }
  /** In the log a person is his agent's id or, without one, his account's name: no two may be the same. */
  const free = async (name: string, agent: string | null): Promise<void> => {
    const others = (await accounts.list()).filter((other) => other.name !== name)
    const taken = agent === null
      ? others.some((other) => other.agent === name) || editor.current.agents.some(({ id }) => id === name)
      : others.some((other) => other.agent === agent || (other.agent === null && other.name === agent))
    if (taken) throw new Refused('account_taken', agent ?? name)
  }
  const withAgent = (plan: Plan, entry: PlanAgent): Plan =>
    ({ ...plan, version: plan.version + 1, agents: plan.agents.some(({ id }) => id === entry.id) ? plan.agents.map((other) => (other.id === entry.id ? entry : other)) : [...plan.agents, entry] })
  const withoutAgent = (plan: Plan, agent: string): Plan => ({ ...plan, version: plan.version + 1, agents: plan.agents.filter(({ id }) => id !== agent) })

  return [
    route({
      method: 'GET', url: '/api/accounts', who: ['read', 'accounts'], about: 'All accounts. An agent’s names are those of the plan.',
      summary: { zh: '账号列表', en: 'All accounts' }, answer: Type.Object({ accounts: Type.Array(AccountSchema) }),
      handle: async () => ({ accounts: (await accounts.list()).map(shown) }),
    }),
    route({
      method: 'POST', url: '/api/accounts', who: ['create', 'accounts'],
      about: 'Makes an account and, with `agent`, its place in the plan (an agent of that id is changed). After a failure it may be tried again.',
      summary: { zh: '新建账号', en: 'Make an account' }, body: NewAccount, answer: Type.Object({ name: Type.String(), agent: Nullable(Type.String()) }),
      handle: async ({ body: { name, password, roles, groups = [], nickname = null, realName = null, agent }, who }) => {
        const id = agent ? (agent.id ?? name) : null
        known(groups)
        if (await accounts.find(name)) throw new Refused('account_taken', name)
        await free(name, id)
        const hashed = await hashPassword(password)
        // The plan first: an agent without an account harms nobody, an account without its agent can do nothing.
        if (agent && id !== null) await editor.edit({ account: who!.account.name }, (current) => withAgent(current, { ...agent, id }))
        await accounts.create({ name, password: hashed, roles, groups, agent: id, nickname, realName, createdAt: now() })
        return { name, agent: id }
      },
    }),
    route({
      method: 'GET', url: '/api/accounts/:name', who: ['read', 'accounts'], about: 'One account.',
      summary: { zh: '查看账号', en: 'One account' }, params: OfName, answer: AccountSchema,
      handle: async ({ params }) => shown(await find(params['name']!)),
    }),
    route({
      method: 'PATCH', url: '/api/accounts/:name', who: ['change', 'accounts'],
      about: 'Changes an account; what is left out stays. With other roles, groups or agent, or disabled, its sign-ins and sockets end at once. Refused for the last administrator (`last_admin`).',
      summary: { zh: '修改账号', en: 'Change an account' }, params: OfName, body: Change, answer: AccountSchema,
      handle: async ({ params, body: { agent, nickname, realName, ...rest }, who }) => {
        const name = params['name']!
        const before = await find(name)
        known(rest.groups)
        const author = { account: who!.account.name }
        const names = { ...(nickname === undefined ? {} : { nickname }), ...(realName === undefined ? {} : { realName }) }
        const id = agent === null ? null : (before.agent ?? (agent ? (agent.id ?? name) : null))
        if (agent?.id !== undefined && before.agent !== null && agent.id !== before.agent) throw new Refused('account_taken', `agent ${before.agent} is his`)
        const change: AccountChange = { ...(rest as AccountChange), ...names, agent: id }
        // Who loses his place loses the account's right to it first; who gets one gets the place first.
        if (id !== null && (agent || nickname !== undefined || realName !== undefined)) {
          if (before.agent === null) await free(name, id)
          await editor.edit(author, (current) => {
            const old = current.agents.find((each) => each.id === id)
            const { id: _, ...given } = agent ?? {}
            return withAgent(current, { id, nickname: before.nickname ?? name, realName: before.realName ?? name, video: false, groups: [], ...old, ...(given as Partial<PlanAgent>), ...names })
          })
        }
        const after = await accounts.change(name, change)
        if (agent === null && before.agent !== null) await editor.edit(author, (current) => withoutAgent(current, before.agent!))
        return shown(after ?? (await find(name)))
      },
    }),
    route({
      method: 'PUT', url: '/api/accounts/:name/password', who: ['change', 'accounts'], about: 'Gives an account a new password; its sign-ins and sockets end at once.',
      summary: { zh: '重置密码', en: 'Set an account’s password' }, params: OfName, body: Type.Object({ password: Password }, strict), answer: Type.Object({ ended: Type.Integer() }),
      handle: async ({ params, body }) => {
        const ended = await accounts.setPassword((await find(params['name']!)).name, await hashPassword(body.password))
        return { ended: ended ?? 0 }
      },
    }),
    route({
      method: 'PUT', url: '/api/session/password', who: 'signed_in', about: 'Changes one’s own password: all sign-ins end, this one is begun anew. `bad_credentials` when `old` is not the password.',
      summary: { zh: '修改自己的密码', en: 'Change one’s own password' }, body: Type.Object({ old: Type.String({ minLength: 1, maxLength: MAX_PASSWORD }), password: Password }, strict), answer: Done,
      handle: async ({ who, body, request, reply }) => {
        const { account } = who!
        if (!(await auth.isPassword(request, account, body.old))) throw new Refused('bad_credentials')
        await accounts.setPassword(account.name, await hashPassword(body.password))
        await auth.signIn(request, reply, account.name, body.password)
        return {}
      },
    }),
  ]
}
