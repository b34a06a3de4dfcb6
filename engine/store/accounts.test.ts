// Accounts and sessions on a real database.
import { afterAll, expect, test } from 'vitest'
import { freshDatabase } from '../testing/database.ts'
import { AccountTaken, Accounts } from './accounts.ts'
import { connect } from './orm.ts'

const db = await connect(await freshDatabase())
afterAll(() => db.close())
const accounts = new Accounts(db)
const ann = { name: 'ann', password: '$argon2id$…', roles: ['agent', 'supervisor'], agent: 'a-1', createdAt: 5 }

test('an account is found as it was made; its name and its agent are taken', async () => {
  expect(await accounts.count()).toBe(0)
  await accounts.create(ann)
  expect(await accounts.find('ann')).toEqual(ann)
  expect(await accounts.find('bob')).toBeNull()
  await expect(accounts.create({ ...ann, agent: 'a-2' })).rejects.toThrow(AccountTaken)
  await expect(accounts.create({ ...ann, name: 'bob' })).rejects.toThrow(AccountTaken)
  await accounts.create({ ...ann, name: 'admin', agent: null })
  await accounts.create({ ...ann, name: 'boss', agent: null })
  expect((await accounts.list()).map(({ name }) => name)).toEqual(['admin', 'ann', 'boss'])
})

test('a session is in force until it ends or is closed', async () => {
  await accounts.openSession({ hash: 'h1', account: 'ann', createdAt: 100, expiresAt: 200 })
  await accounts.openSession({ hash: 'h2', account: 'ann', createdAt: 100, expiresAt: 300 })
  expect(await accounts.session('h1', 199)).toEqual({ hash: 'h1', account: ann, createdAt: 100, expiresAt: 200 })
  expect(await accounts.session('h1', 200)).toBeNull()
  expect(await accounts.sweepSessions(200)).toBe(1)
  await accounts.closeSession('h2')
  expect(await accounts.session('h2', 150)).toBeNull()
})

test('a new password ends the sign-ins of its account, and of no other', async () => {
  for (const [hash, account] of [['a1', 'ann'], ['a2', 'ann'], ['b1', 'boss']] as const) await accounts.openSession({ hash, account, createdAt: 100, expiresAt: 300 })
  expect(await accounts.setPassword('ann', '$argon2id$new')).toBe(2)
  expect((await accounts.find('ann'))?.password).toBe('$argon2id$new')
  expect((await accounts.find('boss'))?.password).toBe(ann.password)
  expect([await accounts.session('a1', 150), await accounts.session('a2', 150)]).toEqual([null, null])
  expect((await accounts.session('b1', 150))?.account.name).toBe('boss')
  expect(await accounts.setPassword('nobody', '$argon2id$new')).toBeNull()
})
