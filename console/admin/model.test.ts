// The members page's state: what is wrong with a form, and what a new account becomes.
import { beforeEach, expect, test } from 'vitest'
import type { Plan } from '#events/plan.ts'
import { Refused } from '../shell/refused.ts'
import { makeMembers, type AccountRow, type Members, type NewAccount } from './model.ts'

let created: NewAccount[]
let accounts: AccountRow[]
let refuseWith: Refused | null
let members: Members
beforeEach(() => {
  created = []
  accounts = [{ name: 'admin', roles: ['admin'], agent: null, createdAt: 1 }]
  refuseWith = null
  members = makeMembers({
    plan: async () => ({ plan: { agents: created.map(({ name, agent }) => ({ id: name, ...agent })) } as unknown as Plan }),
    accounts: async () => ({ accounts }),
    create: async (account) => {
      if (refuseWith) throw refuseWith
      created.push(account)
      accounts = [...accounts, { name: account.name, roles: account.roles, agent: account.name, createdAt: 2 }]
    },
  })
})
function fill() {
  members.form.name.value = 'lin'
  members.form.password.value = 'correct horse'
  members.form.nickname.value = ' 小林 '
  members.form.realName.value = '林晓雨'
}

test('an empty form is not scolded before it was sent', async () => {
  expect(members.faults.value).toEqual({})
  expect(await members.create()).toBeNull()
  expect(members.faults.value).toEqual({ name: 'needed', password: 'needed', nickname: 'needed', realName: 'needed' })
  expect(created).toEqual([])
})

test.each([['Lin', 'name'], ['小林', 'name'], ['-lin', 'name'], ['lin.x_1-a', undefined]])('the name %s is found %s', async (name, fault) => {
  fill()
  members.form.password.value = 'short'
  members.form.name.value = name
  await members.create()
  expect([members.faults.value.name, members.faults.value.password]).toEqual([fault, 'password'])
})

test('a new agent takes calls in the groups that were ticked, and the form is empty for the next', async () => {
  fill()
  members.toggleGroup('sales')
  members.toggleGroup('service')
  members.toggleGroup('sales')
  expect(await members.create()).toBe('lin')
  expect(created).toEqual([{ name: 'lin', password: 'correct horse', roles: ['agent'], agent: { nickname: '小林', realName: '林晓雨', video: true, groups: [{ group: 'service', tier: 1 }] } }])
  expect([members.form.name.value, members.form.password.value, members.form.groups.value, members.faults.value]).toEqual(['', '', [], {}])
  expect(members.members.value?.map(({ account, agent }) => [account.name, agent?.nickname])).toEqual([['admin', undefined], ['lin', '小林']])
})

test('a name that is taken is told beside the field and keeps what was typed', async () => {
  fill()
  refuseWith = new Refused('account_taken', { zh: '', en: '' })
  expect(await members.create()).toBeNull()
  expect([members.faults.value.name, members.form.password.value]).toEqual(['taken', 'correct horse'])
  members.form.name.value = 'lin2'
  expect(members.faults.value.name).toBeUndefined()
})

test('any other refusal is passed on', async () => {
  fill()
  refuseWith = new Refused('store_away', { zh: '', en: '' })
  await expect(members.create()).rejects.toMatchObject({ code: 'store_away' })
  expect([members.sending.value, members.form.name.value]).toEqual([false, 'lin'])
})
