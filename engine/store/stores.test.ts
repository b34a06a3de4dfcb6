// The smaller stores on a real database: what is kept is found again, as it was.
import { afterAll, expect, test } from 'vitest'
import { firstPlan } from '#events/plan.ts'
import { freshDatabase } from '../testing/database.ts'
import { PostgresEventLog } from './event-log.ts'
import { lead } from './leader.ts'
import { connect } from './orm.ts'
import { openStores } from './stores.ts'
import type { Ticket } from './tickets.ts'

const db = await connect(await freshDatabase())
afterAll(() => db.close())
const { keys, plans, secrets, files, tickets, webhooks, personal } = openStores(db, 'live')

test('a key is found by its hash until it expires or is removed', async () => {
  const key = { id: 'k1', name: 'CRM', hash: 'h1', roles: ['engineer'], groups: [], createdBy: 'admin', createdAt: 5, expiresAt: 100 }
  await keys.create(key)
  await keys.create({ ...key, id: 'k2', hash: 'h2', createdAt: 6, expiresAt: null })
  expect(await keys.find('h1', 99)).toEqual(key)
  expect(await keys.find('h1', 100)).toBeNull()
  expect((await keys.list()).map(({ id }) => id)).toEqual(['k2', 'k1'])
  expect([await keys.remove('k2'), await keys.remove('k2'), await keys.find('h2', 7)]).toEqual([true, false, null])
})

test('versions of the plan with who saved them', async () => {
  const changed = (version: number, cmd: string) => ({
    seq: version, at: 1_000 + version, run: 'live', v: 1, plan: version, cmd, by: 'admin' as const, type: 'plan.changed' as const, data: { version, diff: [`~ maxOffers ${version}`], document: { ...firstPlan(), version } },
  })
  await plans.author({ cmd: 'save-2', account: 'ann', at: 5, note: 'holidays' })
  await plans.author({ cmd: 'save-x', account: 'ann', at: 5, note: 'refused' })
  await plans.refused('save-x')
  await new PostgresEventLog(db, await lead(db, 'live')).append([changed(1, 'first'), changed(2, 'save-2'), changed(3, 'save-x')], [])
  expect(await plans.list(9, 2)).toEqual([
    { version: 3, at: 1_003, author: null, note: '', diff: ['~ maxOffers 3'] }, { version: 2, at: 1_002, author: 'ann', note: 'holidays', diff: ['~ maxOffers 2'] },
  ])
  expect((await plans.list(2, 5)).map(({ version }) => version)).toEqual([1])
  expect(await plans.find(2)).toEqual({ version: 2, at: 1_002, author: 'ann', note: 'holidays', diff: ['~ maxOffers 2'], plan: { ...firstPlan(), version: 2 } })
  expect(await plans.find(9)).toBeNull()
})

test('a new secret replaces the one before; a list shows none', async () => {
  await secrets.set({ access: 'web', secret: 'one', createdBy: 'admin', createdAt: 1 })
  await secrets.set({ access: 'web', secret: 'two', createdBy: 'ann', createdAt: 2 })
  expect(await secrets.find('web')).toEqual({ access: 'web', secret: 'two', createdBy: 'ann', createdAt: 2 })
  expect(await secrets.list()).toEqual([{ access: 'web', createdBy: 'ann', createdAt: 2 }])
  expect(await secrets.find('app')).toBeNull()
})

test('a site file is kept, replaced and removed', async () => {
  for (const text of ['one', 'two']) await files.set({ name: 'WW_verify_1.txt', text, uploadedBy: 'admin', uploadedAt: 1 })
  expect([await files.text('WW_verify_1.txt'), await files.text('other.txt')]).toEqual(['two', null])
  expect(await files.list()).toEqual([{ name: 'WW_verify_1.txt', uploadedBy: 'admin', uploadedAt: 1 }])
  expect([await files.remove('WW_verify_1.txt'), await files.remove('WW_verify_1.txt')]).toEqual([true, false])
})

const ticket: Ticket = {
  id: 't1', request: 'r1', visitor: 'v1', group: 'sales', agent: 'ann', openedBy: 'ann', assignee: null, title: '退款', status: 'open', openedAt: 10, changedAt: 10, resolvedAt: null,
}

test('tickets: found by each filter, page by page; resolved once; erased with their visitor', async () => {
  await tickets.create(ticket)
  await tickets.create({ ...ticket, id: 't2', visitor: 'v2', request: null, group: null, openedBy: 'bob', assignee: 'ann', openedAt: 20 })
  await tickets.create({ ...ticket, id: 't3', visitor: 'v3', group: 'care', agent: 'bob', openedBy: 'bob', status: 'pending', openedAt: 20 })
  const ids = async (query: object) => (await tickets.list({ limit: 9, ...query })).tickets.map(({ id }) => id)
  expect(await ids({})).toEqual(['t3', 't2', 't1'])
  expect(await ids({ account: 'ann' })).toEqual(['t2', 't1'])
  expect(await ids({ groups: ['sales'] })).toEqual(['t2', 't1'])
  expect([await ids({ status: 'pending' }), await ids({ assignee: 'ann' }), await ids({ request: 'r1', visitor: 'v1' }), await ids({ agent: 'bob' })]).toEqual([['t3'], ['t2'], ['t1'], ['t3']])
  const first = await tickets.list({ limit: 2 })
  expect((await tickets.list({ limit: 2, after: first.next! })).tickets).toEqual([ticket])

  expect(await tickets.change('t1', { status: 'solved' }, 30)).toEqual({ ...ticket, status: 'solved', changedAt: 30, resolvedAt: 30 })
  expect(await tickets.change('t1', { status: 'closed' }, 40)).toMatchObject({ status: 'closed', resolvedAt: 30 })
  expect(await tickets.change('t1', { status: 'open', assignee: 'bob' }, 50)).toMatchObject({ status: 'open', assignee: 'bob', resolvedAt: null })
  expect(await tickets.change('none', { status: 'open' }, 50)).toBeNull()
  await tickets.comment('t1', { id: 'c1', account: 'bob', at: 60, text: 'called back' })
  expect([await tickets.comments('t1'), (await tickets.find('t1'))?.changedAt]).toEqual([[{ id: 'c1', account: 'bob', at: 60, text: 'called back' }], 60])
  expect(await personal.erase('v1')).toBe(1)
  expect([await tickets.find('t1'), await tickets.comments('t1')]).toEqual([null, []])
})

test('a webhook’s place moves on and never back; failures are counted until something is taken', async () => {
  const webhook = { id: 'w1', url: 'https://crm.example/hook', types: ['ticket.opened'], secret: 's', enabled: true, createdBy: 'admin', createdAt: 1, seq: 5, failures: 0, error: null, errorAt: null, deliveredAt: null }
  await webhooks.create(webhook)
  for (const error of ['500', 'timeout']) await webhooks.failed('w1', error, 9)
  expect(await webhooks.find('w1')).toEqual({ ...webhook, failures: 2, error: 'timeout', errorAt: 9 })
  await webhooks.passed('w1', 7, null)
  expect(await webhooks.find('w1')).toMatchObject({ seq: 7, failures: 2 })
  await webhooks.passed('w1', 6, 10)
  expect(await webhooks.find('w1')).toEqual({ ...webhook, seq: 7, deliveredAt: 10 })
  expect([await webhooks.change('w1', { enabled: false }), (await webhooks.list())[0]?.enabled, await webhooks.change('none', { enabled: true })]).toEqual([true, false, false])
  expect([await webhooks.remove('w1'), await webhooks.remove('w1')]).toEqual([true, false])
})
