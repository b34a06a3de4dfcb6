// Who may sign in and who takes calls: accounts beside their agents' places in the plan, and the form for one of them. No DOM.
import { computed, signal, type ReadonlySignal } from '@preact/signals'
import type { Plan, PlanAgent } from '#events/plan.ts'
import { refuse, type Refused } from '../shell/refused.ts'
import { same } from './merge.ts'

export const ROLES = ['agent', 'supervisor', 'planner', 'analyst', 'engineer', 'admin'] as const
export type Role = typeof ROLES[number]
export interface AccountRow { name: string; roles: string[]; groups: string[]; agent: string | null; nickname: string; realName: string; disabled: boolean; createdAt: number }
/** An account, its agent if it takes calls; or an agent nobody signs in as. */
export interface Member { key: string; account: AccountRow | null; agent: PlanAgent | null }
/** chat 在线客服, call 在线+呼叫客服 (a label), video 视频客服; none: takes no calls. */
export type Kind = 'chat' | 'call' | 'video' | 'none'

type Membership = PlanAgent['groups'][number]
interface Place { id?: string; nickname: string; realName: string; video: boolean; call?: boolean; groups: Membership[] }
export interface NewAccount { name: string; password: string; roles: Role[]; groups?: string[]; nickname: string; realName: string; agent?: Place }
export interface Change { roles?: Role[]; groups?: string[]; nickname?: string; realName?: string; disabled?: boolean; agent?: Partial<Place> | null }
export interface AccountPorts {
  list: () => Promise<{ accounts: AccountRow[] }>
  create: (account: NewAccount) => Promise<unknown>
  change: (name: string, change: Change) => Promise<unknown>
  setPassword: (name: string, password: string) => Promise<unknown>
  /** The plan has a new version. */
  planChanged: () => Promise<void>
}

export const kindOf = (agent: PlanAgent | null): Kind => (!agent ? 'none' : agent.video ? 'video' : agent.call ? 'call' : 'chat')

export function makeAccounts(ports: AccountPorts, plan: ReadonlySignal<Plan | null>) {
  const accounts = signal<AccountRow[] | null>(null)
  const failed = signal<Refused | null>(null)
  async function refresh(): Promise<void> {
    try {
      accounts.value = (await ports.list()).accounts
      failed.value = null
    } catch (error) {
      failed.value = (error as Refused).words ? error as Refused : refuse('unexpected')
    }
  }
  const members = computed<Member[] | null>(() => {
    if (!accounts.value || !plan.value) return null
    const agents = new Map(plan.value.agents.map((agent) => [agent.id, agent]))
    const signedIn = accounts.value.map((account) => ({ key: account.name, account, agent: agents.get(account.agent ?? '') ?? null }))
    const taken = new Set(accounts.value.map(({ agent }) => agent))
    return [...signedIn, ...plan.value.agents.filter(({ id }) => !taken.has(id)).map((agent) => ({ key: `agent ${agent.id}`, account: null, agent }))]
  })
  return {
    failed, members, refresh,
    form: (member: Member | null, kind: Kind) => makeForm(ports, member, kind, refresh),
  }
}
export type Accounts = ReturnType<typeof makeAccounts>

/** What the engine asks of a password and a name; told beside the field before it is sent. */
export const PASSWORD_LEAST = 10
const NAME = /^[a-z0-9][a-z0-9._-]*$/
export type FieldFault = 'needed' | 'name' | 'password' | 'taken' | 'role'
export type FieldName = 'name' | 'password' | 'nickname' | 'realName' | 'roles'

/** The form for a new account, of the kind of the list it is made from, or for one there is. */
function makeForm(ports: AccountPorts, member: Member | null, kind: Kind, refresh: () => Promise<void>) {
  const { account = null, agent = null } = member ?? {}
  const fresh = account === null
  const takesCalls = member === null ? kind !== 'none' : agent !== null
  const fields = {
    name: signal(account?.name ?? ''), password: signal(''), nickname: signal(agent?.nickname ?? account?.nickname ?? ''), realName: signal(agent?.realName ?? account?.realName ?? ''),
    roles: signal<readonly Role[]>((account?.roles as Role[] | undefined) ?? (takesCalls ? ['agent'] : [])),
    /** Of a supervisor; empty: all. */
    groups: signal<readonly string[]>(account?.groups.filter((id) => id !== '*') ?? []),
    takesCalls: signal(takesCalls), video: signal(agent?.video ?? kind === 'video'), call: signal(agent?.call ?? kind === 'call'),
    memberships: signal<readonly Membership[]>(agent?.groups ?? []),
    disabled: signal(account?.disabled ?? false),
  }
  const sending = signal(false)
  const tried = signal(false)
  /** Names that the engine said are taken. */
  const taken = signal<ReadonlySet<string>>(new Set())

  const faults = computed<Partial<Record<FieldName, FieldFault>>>(() => {
    const name = fields.name.value.trim()
    const password = fields.password.value
    return {
      ...(fresh ? !name ? { name: 'needed' } : !NAME.test(name) ? { name: 'name' } : taken.value.has(name) ? { name: 'taken' } : {} : {}),
      ...(password.length < PASSWORD_LEAST && (fresh || password) ? { password: password ? 'password' : 'needed' } : {}),
      ...(fields.nickname.value.trim() ? {} : { nickname: 'needed' }),
      ...(fields.realName.value.trim() ? {} : { realName: 'needed' }),
      ...(fields.roles.value.length ? {} : { roles: 'role' }),
    }
  })
  const place = (): Place => ({
    nickname: fields.nickname.value.trim(), realName: fields.realName.value.trim(), video: fields.video.value, call: fields.call.value, groups: [...fields.memberships.value],
  })
  const supervised = (): string[] => (fields.roles.value.includes('supervisor') ? [...fields.groups.value] : [])

  /** What is different, and only that: other roles end sign-ins. */
  function changes(before: AccountRow): Change {
    const [nickname, realName] = [fields.nickname.value.trim(), fields.realName.value.trim()]
    const { nickname: _, realName: __, ...now } = place()
    const was = agent && { video: agent.video, call: agent.call ?? false, groups: agent.groups }
    return {
      ...(same(fields.roles.value, before.roles) ? {} : { roles: [...fields.roles.value] }),
      ...(same(supervised(), before.groups.filter((id) => id !== '*')) ? {} : { groups: supervised() }),
      ...(nickname === (agent?.nickname ?? before.nickname) ? {} : { nickname }),
      ...(realName === (agent?.realName ?? before.realName) ? {} : { realName }),
      ...(fields.disabled.value === before.disabled ? {} : { disabled: fields.disabled.value }),
      ...(!fields.takesCalls.value ? (agent ? { agent: null } : {}) : same(was, now) ? {} : { agent: now }),
    }
  }

  async function send(): Promise<void> {
    const name = fields.name.value.trim()
    if (!account) {
      const groups = supervised()
      const { nickname, realName } = place()
      const agentPlace = fields.takesCalls.value ? { agent: { ...(agent ? { id: agent.id } : {}), ...place() } } : {}
      await ports.create({ name, password: fields.password.value, roles: [...fields.roles.value], ...(groups.length ? { groups } : {}), nickname, realName, ...agentPlace })
      return
    }
    const change = changes(account)
    if (Object.keys(change).length > 0) await ports.change(account.name, change)
    if (fields.password.value) await ports.setPassword(account.name, fields.password.value)
  }

  return {
    ...fields, fresh, member, sending,
    /** Only after a first try: nobody wants to be told of mistakes in a form he has not filled in. */
    faults: computed(() => (tried.value ? faults.value : {})),

    toggleRole(role: Role, on: boolean): void {
      fields.roles.value = ROLES.filter((one) => (one === role ? on : fields.roles.value.includes(one)))
    },
    toggleSupervised(group: string, on: boolean): void {
      fields.groups.value = on ? [...fields.groups.value, group] : fields.groups.value.filter((one) => one !== group)
    },
    /** Who takes calls has the role for it; who does not, has not. */
    setTakesCalls(on: boolean): void {
      fields.takesCalls.value = on
      fields.roles.value = ROLES.filter((one) => (one === 'agent' ? on : fields.roles.value.includes(one)))
    },
    /** null: out of the group. */
    setTier(group: string, tier: number | null): void {
      const others = fields.memberships.value.filter((one) => one.group !== group)
      const known = others.length < fields.memberships.value.length
      fields.memberships.value = tier === null ? others : known ? fields.memberships.value.map((one) => (one.group === group ? { group, tier } : one)) : [...others, { group, tier }]
    },

    /** Sends the form. Returns the account's name, or null when a field is wrong. Throws Refused; what was typed stays. */
    async submit(): Promise<string | null> {
      tried.value = true
      if (Object.keys(faults.value).length > 0 || sending.value) return null
      sending.value = true
      try {
        await send()
        await Promise.all([refresh(), ports.planChanged()])
        return fields.name.value.trim()
      } catch (error) {
        if ((error as Refused).code !== 'account_taken') throw error
        taken.value = new Set([...taken.value, fields.name.value.trim()])
        return null
      } finally {
        sending.value = false
      }
    },

    /** Ends an agent's work: no more calls, no more signing in; what he did stays in the records. Throws Refused. */
    async retire(): Promise<void> {
      if (!account) return
      sending.value = true
      try {
        await ports.change(account.name, { disabled: true, ...(agent ? { agent: null } : {}) })
        await Promise.all([refresh(), ports.planChanged()])
      } finally {
        sending.value = false
      }
    },
  }
}
export type AccountForm = ReturnType<typeof makeForm>
