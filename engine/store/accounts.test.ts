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
