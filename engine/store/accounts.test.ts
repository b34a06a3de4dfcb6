// Accounts and sessions on a real database.
import { afterAll, expect, test } from 'vitest'
import { freshDatabase } from '../testing/database.ts'
import { AccountTaken, Accounts, LastAdmin } from './accounts.ts'
import { connect } from './orm.ts'
import { watchSessions } from './session-watch.ts'

const db = await connect(await freshDatabase())
afterAll(() => db.close())
const accounts = new Accounts(db)
const ann = { name: 'ann', password: '$argon2id$…', roles: ['agent', 'supervisor'], groups: ['sales'], agent: 'a-1', nickname: null, realName: null, disabled: false, createdAt: 5 }

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

const open = (account: string) => accounts.openSession({ hash: `${account}-0123456789abcdef`, account, createdAt: 100, expiresAt: 300 })
const isIn = async (account: string) => (await accounts.session(`${account}-0123456789abcdef`, 150)) !== null

test('whoever may do other things than before is signed out; another name changes nothing of that', async () => {
  await accounts.create({ ...ann, name: 'cara', agent: null })
  for (const [change, stays] of [
    [{ nickname: 'C', realName: 'Cara Xu' }, true], [{ roles: ['agent', 'supervisor'] }, true],
    [{ roles: ['agent'] }, false], [{ groups: ['care'] }, false], [{ agent: 'a-9' }, false], [{ disabled: true }, false],
  ] as const) {
    await accounts.change('cara', { disabled: false })
    await open('cara')
    expect(await accounts.change('cara', change as never)).toMatchObject({ name: 'cara', ...change })
    expect(await isIn('cara'), JSON.stringify(change)).toBe(stays)
    await accounts.setPassword('cara', 'x')
  }
  expect(await accounts.find('cara')).toMatchObject({ nickname: 'C', realName: 'Cara Xu', roles: ['agent'], groups: ['care'], agent: 'a-9', disabled: true })
  await open('cara')
  expect(await isIn('cara')).toBe(false)
  expect(await accounts.change('nobody', { disabled: true })).toBeNull()
  await expect(accounts.change('cara', { agent: 'a-1' })).rejects.toThrow(AccountTaken)
})

test('the last administrator stays, also when two take away each other’s role', async () => {
  await accounts.create({ ...ann, name: 'root', roles: ['admin'], agent: null })
  await accounts.change('boss', { roles: ['admin'] })
  const both = await Promise.allSettled([accounts.change('root', { disabled: true }), accounts.change('boss', { roles: ['agent'] })])
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect((both.find((each) => each.status === 'rejected') as PromiseRejectedResult).reason).toBeInstanceOf(LastAdmin)
  expect((await accounts.list()).filter((each) => each.roles.includes('admin') && !each.disabled)).toHaveLength(1)
})

test('which sign-ins are in force is told by the beginnings of their hashes', async () => {
  await accounts.openSession({ hash: 'feedfeedfeedfeed01', account: 'ann', createdAt: 100, expiresAt: 300 })
  expect(await accounts.alive(['feedfeedfeedfeed', 'feedfeedfeedfee0'], 150)).toEqual(new Set(['feedfeedfeedfeed']))
  expect(await accounts.alive(['feedfeedfeedfeed'], 300)).toEqual(new Set())
})

test('engines hear when sign-ins end, and after each time in which they could not hear it', async () => {
  const heard: number[] = []
  const until = async (count: number) => { for (;;) { if (heard.length >= count) return; await new Promise((done) => setTimeout(done, 5)) } }
  const unwatch = await watchSessions(db, () => void heard.push(heard.length))
  await accounts.setPassword('ann', 'new')
  await until(1)
  await accounts.change('ann', { nickname: 'A' })
  await db.sql.query(`select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen %' and datname = current_database()`)
  await until(2)
  await accounts.change('ann', { groups: ['x'] })
  await until(3)
  await unwatch()
  expect(heard).toHaveLength(3)
})
