// Accounts and agents as the page holds them: what is wrong with a form, what a new account becomes, what a change sends.
import { signal } from '@preact/signals'
import { beforeEach, expect, test } from 'vitest'
import { firstPlan, type Plan } from '#events/plan.ts'
import { Refused } from '../shell/refused.ts'
import { kindOf, makeAccounts, type AccountForm, type AccountRow, type Accounts, type Change, type NewAccount } from './accounts.ts'

let created: NewAccount[]
let changed: [string, Change][]
let passwords: [string, string][]
let rows: AccountRow[]
let refuseWith: Refused | null
let versions: number
let accounts: Accounts
const row = (name: string, part: Partial<AccountRow> = {}): AccountRow => ({ name, roles: ['agent'], groups: [], agent: name, nickname: name, realName: name, disabled: false, createdAt: 1, ...part })
const plan: Plan = {
  ...firstPlan(),
  agents: [
    { id: 'ann', nickname: '小安', realName: '安娜', video: true, groups: [{ group: 'sales', tier: 2 }] },
    { id: 'bob', nickname: '小鲍', realName: '鲍勃', video: false, call: true, groups: [] }, { id: 'ghost', nickname: '无', realName: '无', video: false, groups: [] },
  ],
}

beforeEach(async () => {
  created = []
  changed = []
  passwords = []
  rows = [row('admin', { roles: ['admin'], agent: null }), row('ann'), row('bob')]
  refuseWith = null
  versions = 0
  accounts = makeAccounts({
    list: async () => ({ accounts: rows }),
    create: async (account) => { if (refuseWith) throw refuseWith; created.push(account) },
    change: async (name, change) => { if (refuseWith) throw refuseWith; changed.push([name, change]) },
    setPassword: async (name, password) => { passwords.push([name, password]) },
    planChanged: async () => { versions++ },
  }, signal(plan))
  await accounts.refresh()
})
const member = (key: string) => accounts.members.value!.find((one) => one.key === key)!
function fill(form: AccountForm) {
  form.name.value = 'lin'
  form.password.value = 'correct horse'
  form.nickname.value = ' 小林 '
  form.realName.value = '林晓雨'
}

test('accounts stand beside their agents; an agent without an account is seen too', () => {
  expect(accounts.members.value!.map(({ key, account, agent }) => [key, account?.name, kindOf(agent)])).toEqual([
    ['admin', 'admin', 'none'], ['ann', 'ann', 'video'], ['bob', 'bob', 'call'], ['agent ghost', undefined, 'chat'],
  ])
})

test('an empty form is not scolded before it was sent', async () => {
  const form = accounts.form(null, 'video')
  expect(form.faults.value).toEqual({})
  expect(await form.submit()).toBeNull()
  expect(form.faults.value).toEqual({ name: 'needed', password: 'needed', nickname: 'needed', realName: 'needed' })
  expect(created).toEqual([])
})

test.each([['Lin', 'name'], ['小林', 'name'], ['-lin', 'name'], ['lin.x_1-a', undefined]])('the name %s is found %s', async (name, fault) => {
  const form = accounts.form(null, 'chat')
  fill(form)
  form.password.value = 'short'
  form.name.value = name
  await form.submit()
  expect([form.faults.value.name, form.faults.value.password]).toEqual([fault, 'password'])
})

test.each([['video', true, false], ['call', false, true], ['chat', false, false]] as const)('a new agent from the list of %s', async (kind, video, call) => {
  const form = accounts.form(null, kind)
  fill(form)
  form.setTier('sales', 1)
  form.setTier('care', 1)
  form.setTier('sales', 3)
  form.setTier('care', null)
  expect(await form.submit()).toBe('lin')
  expect(created).toEqual([{
    name: 'lin', password: 'correct horse', roles: ['agent'], nickname: '小林', realName: '林晓雨', agent: { nickname: '小林', realName: '林晓雨', video, call, groups: [{ group: 'sales', tier: 3 }] },
  }])
  expect(versions).toBe(1)
})

test('an account that takes no calls has no place in the plan, and needs a role; a supervisor’s groups go along', async () => {
  const form = accounts.form(null, 'none')
  fill(form)
  expect([await form.submit(), form.faults.value.roles]).toEqual([null, 'role'])
  form.toggleRole('supervisor', true)
  form.toggleSupervised('sales', true)
  await form.submit()
  expect(created).toEqual([{ name: 'lin', password: 'correct horse', roles: ['supervisor'], groups: ['sales'], nickname: '小林', realName: '林晓雨' }])
})

test('groups of one who is no supervisor are not sent', async () => {
  const form = accounts.form(null, 'none')
  fill(form)
  form.toggleRole('supervisor', true)
  form.toggleSupervised('sales', true)
  form.toggleRole('supervisor', false)
  form.toggleRole('analyst', true)
  await form.submit()
  expect(created[0]).not.toHaveProperty('groups')
})

test('an agent without an account gets one under his own id', async () => {
  const form = accounts.form(member('agent ghost'), 'chat')
  form.name.value = 'ghost.1'
  form.password.value = 'correct horse'
  await form.submit()
  expect(created[0]?.agent).toMatchObject({ id: 'ghost', nickname: '无' })
})

test('a change sends what is different and nothing else', async () => {
  const same = accounts.form(member('ann'), 'video')
  expect([await same.submit(), changed]).toEqual(['ann', []])
  const form = accounts.form(member('ann'), 'video')
  form.nickname.value = '安安'
  form.setTier('sales', 1)
  form.password.value = 'another horse'
  await form.submit()
  expect([changed, passwords]).toEqual([[['ann', { nickname: '安安', agent: { video: true, call: false, groups: [{ group: 'sales', tier: 1 }] } }]], [['ann', 'another horse']]])
})

test('who takes no calls any more loses the place and the role', async () => {
  const form = accounts.form(member('bob'), 'call')
  form.toggleRole('analyst', true)
  form.setTakesCalls(false)
  await form.submit()
  expect(changed).toEqual([['bob', { roles: ['analyst'], agent: null }]])
})

test('a name that is taken is told beside the field and keeps what was typed', async () => {
  const form = accounts.form(null, 'video')
  fill(form)
  refuseWith = new Refused('account_taken', { zh: '', en: '' })
  expect(await form.submit()).toBeNull()
  expect([form.faults.value.name, form.password.value]).toEqual(['taken', 'correct horse'])
  form.name.value = 'lin2'
  expect(form.faults.value.name).toBeUndefined()
})

test('any other refusal is passed on', async () => {
  const form = accounts.form(member('ann'), 'video')
  form.disabled.value = true
  refuseWith = new Refused('last_admin', { zh: '', en: '' })
  await expect(form.submit()).rejects.toMatchObject({ code: 'last_admin' })
  expect([form.sending.value, form.disabled.value]).toEqual([false, true])
})

test('retiring an agent ends his sign-in and his place', async () => {
  await accounts.form(member('ann'), 'video').retire()
  expect(changed).toEqual([['ann', { disabled: true, agent: null }]])
})
