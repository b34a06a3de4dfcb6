// Tickets over HTTP: opened by hand or from a call, seen by whom they concern, changed, commented.
import { expect, test } from 'vitest'
import type { Plan } from '#events/plan.ts'
import { asking, signIn, startServer } from './testing.ts'

const { origin, driver, events, store, db } = await startServer()
const ask = asking(origin)
const who: Record<string, string> = {}
for (const name of ['ann', 'bob', 'sup', 'admin', 'analyst']) who[name] = await signIn(origin, name)
const open = (by: string, body: object) => ask('POST', '/api/tickets', who[by], { title: '退款', ...body })
const ids = async (by: string, query = '') => (await ask('GET', `/api/tickets${query}`, who[by])).body['tickets'].map(({ id }: { id: string }) => id)

/** A call that this agent took. */
async function call(request: string, agent: string): Promise<void> {
  await driver.ask('agent.login', 'agent', `in-${request}`, { agent, session: request })
  await driver.ask('agent.setStatus', 'agent', `idle-${request}`, { agent, to: 'idle', reason: '' })
  await driver.ask('request.create', 'visitor', `call-${request}`, { request, visitor: `visitor-${request}`, channel: 'web', access: 'web' })
  const offer = events.findLast((e) => e.type === 'offer.created' && e.data.request === request)!
  await driver.ask('offer.accept', 'agent', `yes-${request}`, { agent, offer: (offer.data as { offer: string }).offer })
  await driver.ask('call.connect', 'media', `up-${request}`, { request })
  await driver.ask('request.cancel', 'visitor', `end-${request}`, { request })
  await driver.ask('agent.setStatus', 'agent', `busy-${request}`, { agent, to: 'busy', reason: '' })
}

test('opened by hand, seen by whoever opened it, is to do it, or looks after all', async () => {
  const { status, body } = await open('ann', { assignee: 'bob', comment: '请回电' })
  expect([status, body]).toEqual([200, {
    id: expect.stringMatching(/^t-/), request: null, visitor: null, group: null, agent: null, openedBy: 'ann', assignee: 'bob', title: '退款', status: 'open',
    openedAt: expect.any(Number), changedAt: expect.any(Number), resolvedAt: null,
  }])
  expect((await ask('GET', `/api/tickets/${body['id']}`, who['bob'])).body).toEqual({ ticket: body, comments: [{ id: expect.any(String), account: 'ann', at: expect.any(Number), text: '请回电' }] })
  const { body: mine } = await open('bob', {})
  expect([await ids('ann'), await ids('bob'), await ids('sup'), await ids('admin', '?assignee=bob')]).toEqual([[body['id']], [mine['id'], body['id']], [mine['id'], body['id']], [body['id']]])
  for (const [method, path, change] of [['GET', '', undefined], ['PATCH', '', { status: 'closed' }], ['POST', '/comments', { text: 'x' }]] as const) {
    expect((await ask(method, `/api/tickets/${mine['id']}${path}`, who['ann'], change)).status).toBe(404)
  }
  expect((await ask('GET', '/api/tickets', who['analyst'])).status).toBe(403)
  expect(events.some(({ type }) => type === 'ticket.opened')).toBe(false)
})

test('changed, resolved, said something about', async () => {
  const { body: { id } } = await open('ann', {})
  expect((await ask('PATCH', `/api/tickets/${id}`, who['ann'], { status: 'solved', title: '已退款', assignee: 'sup' })).body).toMatchObject({ status: 'solved', title: '已退款', assignee: 'sup', resolvedAt: expect.any(Number) })
  expect((await ask('POST', `/api/tickets/${id}/comments`, who['sup'], { text: '好' })).body).toMatchObject({ account: 'sup', text: '好' })
  expect((await ask('PATCH', `/api/tickets/${id}`, who['ann'], { assignee: null, status: 'pending' })).body).toMatchObject({ assignee: null, status: 'pending', resolvedAt: null })
  expect(await ids('ann', '?status=pending')).toEqual([id])
  for (const body of [{ status: 'lost' }, { openedBy: 'bob' }, { title: '' }]) expect((await ask('PATCH', `/api/tickets/${id}`, who['ann'], body)).status).toBe(400)
  expect((await ask('PATCH', `/api/tickets/${id}`, who['ann'], { assignee: 'nobody-knows' })).status).toBe(404)
})

test('opened from a call it is a fact, by who took the call or looks after it, and by nobody else', async () => {
  await call('r1', 'ann')
  const { body: mine } = await open('ann', { request: 'r1' })
  expect(mine).toMatchObject({ request: 'r1', visitor: 'visitor-r1', group: 'ungrouped', agent: 'ann' })
  expect(events.findLast(({ type }) => type === 'ticket.opened')).toMatchObject({ by: 'agent', data: { request: 'r1', agent: 'ann', ticket: mine['id'] } })
  const { body: supervised } = await open('sup', { request: 'r1' })
  expect(events.findLast(({ type }) => type === 'ticket.opened')).toMatchObject({ by: 'supervisor', data: { agent: 'ann', ticket: supervised['id'] } })
  expect(await open('bob', { request: 'r1' })).toMatchObject({ status: 404, body: { code: 'unknown_request' } })
  expect(await open('ann', { request: 'none' })).toMatchObject({ status: 404 })
  expect(await ids('admin', '?request=r1')).toHaveLength(2)
  expect((await ask('GET', '/api/records/r1', who['ann'])).body['events'].map(({ type }: { type: string }) => type)).toContain('ticket.opened')
})

test('a ticket from a call that the engine has forgotten, but the records have not', async () => {
  await store.records.catchUp()
  await db.sql.query(`insert into records (run, request, plan, visitor, contact, channel, access, direction, created_at, "group", offers, agents, priority, transfers, facts)
    select run, 'r0', plan, visitor, contact, channel, access, direction, 5, "group", offers, agents, priority, transfers, '{}' from records where request = 'r1'`)
  const stated = events.length
  const { status, body } = await open('ann', { request: 'r0' })
  expect([status, body['request'], events.slice(stated).map((e) => e.type)]).toEqual([200, 'r0', ['ticket.opened']])
  expect((await ask('GET', `/api/tickets/${body['id']}`, who['ann'])).status).toBe(200)
})

test('a supervisor of other groups sees neither the ticket nor the call', async () => {
  const plan = driver.committed.plan!
  const next: Plan = { ...plan, version: plan.version + 1, groups: [...plan.groups, { id: 'care', name: 'Care', queueLimit: null, wrapUpMs: null }] }
  expect((await ask('PUT', '/api/plan', who['admin'], { plan: next })).status).toBe(200)
  await store.accounts.change('sup', { groups: ['care'] })
  who['sup'] = await signIn(origin, 'sup')
  expect(await ids('sup', '?request=r1')).toEqual([])
  expect(await open('sup', { request: 'r1' })).toMatchObject({ status: 404, body: { code: 'unknown_request' } })
  expect((await ask('GET', '/api/records', who['sup'])).body['records']).toEqual([])
  expect((await ask('GET', '/api/records/r1', who['sup'])).status).toBe(404)
  await store.accounts.change('sup', { groups: ['care', 'ungrouped'] })
  who['sup'] = await signIn(origin, 'sup')
  expect((await ask('GET', '/api/records/r1', who['sup'])).body['record']).toMatchObject({ request: 'r1', group: 'ungrouped' })
})

test('records: filters, what an analyst does not see, and the whole as a table', async () => {
  await call('r2', 'bob')
  await store.personal.saveComment({ request: 'r2', visitor: 'visitor-r2', at: 1, comment: '=很好, "谢谢"' })
  await driver.ask('survey.answer', 'visitor', 'rate-r2', { request: 'r2', score: 5 })
  const found = async (by: string, query: string) => (await ask('GET', `/api/records?${query}`, who[by])).body['records'].map(({ request }: { request: string }) => request)
  expect([await found('admin', 'agent=bob'), await found('admin', 'visitor=visitor-r1'), await found('admin', 'outcome=answered&channel=web&direction=inbound&access=web&group=ungrouped')])
    .toEqual([['r2'], ['r1'], ['r2', 'r1']])
  expect([await found('ann', ''), await found('admin', `since=0&until=1`)]).toEqual([['r1'], []])
  expect((await ask('GET', '/api/records?agent=bob', who['ann'])).status).toBe(403)
  for (const query of ['outcome=lost', 'channel=fax', 'since=x', 'direction=up']) expect((await ask('GET', `/api/records?${query}`, who['admin'])).status, query).toBe(400)
  const rating = async (by: string) => (await ask('GET', '/api/records/r2', who[by])).body['record'].rating
  expect([await rating('admin'), await rating('analyst')]).toEqual([{ score: 5, comment: '=很好, "谢谢"' }, { score: 5, comment: '' }])

  const { text, headers } = await ask('GET', '/api/records/export?language=zh', who['admin'])
  expect(headers.get('content-type')).toBe('text/csv; charset=utf-8')
  expect(headers.get('content-disposition')).toMatch(/^attachment; filename="records-\d{4}-\d\d-\d\d\.csv"$/)
  const lines = text.trimEnd().split('\r\n')
  expect(lines).toHaveLength(3)
  expect(lines[0]).toMatch(/^请求,访客,坐席/) // fetch takes the mark of UTF-8 away
  expect(lines[1]).toMatch(/^r2,visitor-r2,Nick bob,/)
  expect(lines[1]).toContain(`5,"'=很好, ""谢谢"""`)
  expect((await ask('GET', '/api/records/export', who['analyst'])).text).not.toContain('很好')
  expect((await ask('GET', '/api/records/export', who['ann'])).text.trimEnd().split('\r\n')).toHaveLength(2)
})
