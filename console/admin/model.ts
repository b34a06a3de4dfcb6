// Members as the page holds them: accounts beside their places in the plan, and the form for a new one. No DOM.
import { computed, signal } from '@preact/signals'
import type { Plan, PlanAgent } from '#events/plan.ts'
import { refuse, type Refused } from '../shell/refused.ts'

export interface AccountRow { name: string; roles: string[]; agent: string | null; createdAt: number }
/** An account, and its agent if it takes calls. */
export interface Member { account: AccountRow; agent: PlanAgent | null }

export interface NewAccount {
  name: string
  password: string
  roles: string[]
  agent?: { nickname: string; realName: string; video: boolean; groups: { group: string; tier: number }[] }
}
export interface AdminPorts {
  plan: () => Promise<{ plan: Plan }>
  accounts: () => Promise<{ accounts: AccountRow[] }>
  create: (account: NewAccount) => Promise<unknown>
}

/** What the engine asks of a password and a name; told beside the field before it is sent. */
export const PASSWORD_LEAST = 10
const NAME = /^[a-z0-9][a-z0-9._-]*$/

/** Keys of the words for what is wrong with a field. */
export type Fault = 'needed' | 'name' | 'password' | 'taken'
export type FieldName = 'name' | 'password' | 'nickname' | 'realName'

export function makeMembers(ports: AdminPorts) {
  const plan = signal<Plan | null>(null)
  const accounts = signal<AccountRow[] | null>(null)
  const failed = signal<Refused | null>(null)
  const form = { name: signal(''), password: signal(''), nickname: signal(''), realName: signal(''), groups: signal<readonly string[]>([]) }
  const sending = signal(false)
  const tried = signal(false)
  /** Names that the engine said are taken. */
  const taken = signal<ReadonlySet<string>>(new Set())

  const faults = computed<Partial<Record<FieldName, Fault>>>(() => {
    const name = form.name.value.trim()
    return {
      ...(!name ? { name: 'needed' as const } : !NAME.test(name) ? { name: 'name' as const } : taken.value.has(name) ? { name: 'taken' as const } : {}),
      ...(form.password.value.length < PASSWORD_LEAST ? { password: form.password.value ? 'password' as const : 'needed' as const } : {}),
      ...(form.nickname.value.trim() ? {} : { nickname: 'needed' as const }),
      ...(form.realName.value.trim() ? {} : { realName: 'needed' as const }),
    }
  })

  async function refresh(): Promise<void> {
    try {
      const [p, a] = await Promise.all([ports.plan(), ports.accounts()])
      plan.value = p.plan
      accounts.value = a.accounts
      failed.value = null
    } catch (error) {
      failed.value = (error as Refused).words ? error as Refused : refuse('unexpected')
    }
  }

  return {
    plan, failed, form, sending, refresh,
    /** Only after a first try: nobody wants to be told of mistakes in a form he has not filled in. */
    faults: computed(() => (tried.value ? faults.value : {})),
    members: computed<Member[] | null>(() => accounts.value && accounts.value.map((account) => ({ account, agent: plan.value?.agents.find(({ id }) => id === account.agent) ?? null }))),

    toggleGroup(group: string): void {
      const chosen = form.groups.value
      form.groups.value = chosen.includes(group) ? chosen.filter((one) => one !== group) : [...chosen, group]
    },

    /** Makes the account. Returns its name, or null when a field is wrong. Throws Refused; what was typed stays. */
    async create(): Promise<string | null> {
      tried.value = true
      if (Object.keys(faults.value).length > 0 || sending.value) return null
      const name = form.name.value.trim()
      sending.value = true
      try {
        await ports.create({
          name, password: form.password.value, roles: ['agent'],
          agent: { nickname: form.nickname.value.trim(), realName: form.realName.value.trim(), video: true, groups: form.groups.value.map((group) => ({ group, tier: 1 })) },
        })
      } catch (error) {
        if ((error as Refused).code !== 'account_taken') throw error
        taken.value = new Set([...taken.value, name])
        return null
      } finally {
        sending.value = false
      }
      for (const field of [form.name, form.password, form.nickname, form.realName]) field.value = ''
      form.groups.value = []
      tried.value = false
      await refresh()
      return name
    },
  }
}
export type Members = ReturnType<typeof makeMembers>
