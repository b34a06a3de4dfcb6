// Sign-in and the agent's socket on a running server.
import { expect, test } from 'vitest'
import { firstPlan } from '#events/plan.ts'
import { coded } from './errors.ts'
import { json, PASSWORD, signIn, startServer, TestPage } from './testing.ts'

const { origin, driver, events, media, store } = await startServer()

const open = async (name: string, cookie?: string): Promise<TestPage> => TestPage.open(origin, '/ws/agent', { cookie: cookie ?? (await signIn(origin, name)) })
const session = async (method: string, cookie: string, headers: object = {}) => {
  const response = await fetch(`${origin}/api/session`, { method, headers: { cookie, ...headers } })
  return { status: response.status, ...((await response.json()) as object) }
}
async function callWaits(): Promise<{ page: TestPage; request: string }> {
  const visit = (await (await fetch(`${origin}/api/visits`, json({ access: 'web' }))).json()) as { token: string; request: string }
  const page = await TestPage.open(origin, '/ws/visitor')
  await page.ask('hello', { token: visit.token })
  await page.ask('call', { consent: true })
  return { page, request: visit.request }
}
interface Offer { offer: string; request: string; attempt: number }

test('a session begins with the right password only, and says who it is', async () => {
  const cookie = await signIn(origin, 'ann')
  expect(await session('GET', cookie)).toEqual({ status: 200, account: { name: 'ann', nickname: 'Nick ann', roles: ['agent'], agent: 'ann' } })
  expect(await session('GET', 'twinline=x')).toMatchObject({ status: 401, ...coded('not_signed_in') })
  for (const body of [{ name: 'ann', password: 'wrong' }, { name: 'nobody', password: PASSWORD }]) {
    const response = await fetch(`${origin}/api/session`, json(body))
    expect([response.status, await response.json(), response.headers.get('set-cookie')]).toEqual([401, coded('bad_credentials'), null])
  }
})

test('the cookie is for this server and no script; its secret is not what is stored', async () => {
  const response = await fetch(`${origin}/api/session`, json({ name: 'ANN', password: PASSWORD }))
  const cookie = response.headers.get('set-cookie')!
  expect(cookie).toMatch(/^twinline=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/)
  const secret = cookie.slice('twinline='.length, cookie.indexOf(';'))
  expect(await store.accounts.session(secret, Date.now())).toBeNull()
})

test('guessing is stopped, for the right password too, without locking others out', async () => {
  const statuses = []
  for (let i = 0; i < 11; i++) statuses.push((await fetch(`${origin}/api/session`, json({ name: 'bob', password: `guess ${i}` }))).status)
  expect(statuses).toEqual([...Array(10).fill(401), 429])
  expect((await fetch(`${origin}/api/session`, json({ name: 'bob', password: PASSWORD }))).status).toBe(429)
  await signIn(origin, 'ann')
})

test('a call from the first ring to the summary', async () => {
  const ann = await open('ann')
  expect(await ann.ask('hello')).toMatchObject({
    ok: true, view: { agent: 'ann', nickname: 'Nick ann', status: 'offline', work: 'none', offer: null, call: null, wrapUp: null, queues: [{ group: 'ungrouped', waiting: 0, longestSince: null }] },
  })
  expect(await ann.ask('device', { camera: true, microphone: true, speaker: true, network: 'good' })).toMatchObject({ ok: true })
  expect(await ann.ask('status', { to: 'idle', reason: '' })).toMatchObject({ ok: true })
  expect(await ann.ask('status', { to: 'idle', reason: '' })).toMatchObject({ ok: false, code: 'same_status' })
  const { page, request } = await callWaits()
  const { offer } = (await ann.view((view) => view['offer'] !== null)) as unknown as { offer: Offer }
  expect(offer).toMatchObject({ request, channel: 'web', access: 'web', group: 'ungrouped', attempt: 1 })
  await ann.view((view) => (view['queues'] as { waiting: number }[])[0]!.waiting === 1)
  expect(await ann.ask('ring', { offer: offer.offer })).toMatchObject({ ok: true })
  expect(await ann.ask('accept', { offer: 'r-gone/1' })).toMatchObject({ ok: false, ...coded('offer_gone', 'r-gone/1') })
  expect(await ann.ask('accept', { offer: offer.offer })).toMatchObject({ ok: true })
  await ann.view((view) => view['work'] === 'connecting' && (view['call'] as { request: string }).request === request)
  expect(await ann.ask('media.open', { direction: 'send' })).toMatchObject({ ok: true, heard: 'media.open' })
  expect(media.handled.at(-1)![0]).toEqual({ request, role: 'agent', participant: 'ann' })
  await driver.ask('call.connect', 'media', 'connect-1', { request })
  expect(await ann.ask('hangup', { request: 'r-other' })).toMatchObject({ code: 'not_in_call' })
  expect(await ann.ask('hangup', { request })).toMatchObject({ ok: true })
  await ann.view((view) => view['work'] === 'none')
  expect(await ann.ask('wrapupDone')).toMatchObject({ code: 'not_in_wrapup' })
  expect(await ann.ask('summary', { request, category: 'billing', resolved: true, note: '客户已退款' })).toMatchObject({ ok: true })
  expect(await ann.ask('summary', { request: 'r-other', category: 'billing', resolved: true, note: '' })).toMatchObject({ code: 'unknown_request' })
  const { records } = await store.records.page({ since: 0, limit: 1 })
  expect(records[0]).toMatchObject({ request, summary: { category: 'billing', resolved: true, note: '客户已退款' } })
  await ann.ask('status', { to: 'offline', reason: '' })
  page.socket.close()
  ann.socket.close()
})

test('an offer that was declined goes on; accepting it late is refused', async () => {
  const ann = await open('ann')
  await ann.ask('hello')
  await ann.ask('status', { to: 'idle', reason: '' })
  const { page } = await callWaits()
  const { offer } = (await ann.view((view) => view['offer'] !== null)) as unknown as { offer: Offer }
  expect(await ann.ask('decline', { offer: offer.offer })).toMatchObject({ ok: true })
  expect(await ann.ask('accept', { offer: offer.offer })).toMatchObject({ ok: false, code: 'offer_gone' })
  await page.ask('hangup')
  await ann.ask('status', { to: 'offline', reason: '' })
  ann.socket.close()
})

test('a reload keeps the status, a second tab takes over, both without a moment of absence', async () => {
  const cookie = await signIn(origin, 'ann')
  const first = await open('ann', cookie)
  await first.ask('hello')
  await first.ask('status', { to: 'busy', reason: 'lunch' })
  first.socket.close()
  await expect.poll(() => events.at(-1)!.type).toBe('agent.disconnected')
  const second = await open('ann', cookie)
  expect(await second.ask('hello')).toMatchObject({ view: { status: 'busy' } })
  expect(events.at(-1)!.type).toBe('agent.reconnected')
  const before = events.length
  const third = await open('ann', cookie)
  expect(await third.ask('hello')).toMatchObject({ view: { status: 'busy' } })
  expect(await second.end()).toEqual({ code: 4003, reason: 'replaced' })
  expect(events.slice(before)).toEqual([])
  third.socket.close()
})

test('signing out ends the login, the session and the socket; in a call it is refused', async () => {
  const cookie = await signIn(origin, 'ann')
  const ann = await open('ann', cookie)
  await ann.ask('hello')
  await ann.ask('status', { to: 'idle', reason: '' })
  const { page } = await callWaits()
  const { offer } = (await ann.view((view) => view['offer'] !== null)) as unknown as { offer: Offer }
  await ann.ask('accept', { offer: offer.offer })
  expect(await session('DELETE', cookie)).toMatchObject({ status: 409, code: 'working' })
  await page.ask('hangup')
  await ann.view((view) => view['work'] === 'none')
  expect(await session('DELETE', cookie, { origin: 'https://evil.example' })).toMatchObject({ status: 403, code: 'forbidden' })
  expect(await session('DELETE', cookie)).toEqual({ status: 200 })
  expect(await ann.end()).toEqual({ code: 4002, reason: 'not_signed_in' })
  expect(events.findLast((e) => e.type === 'agent.loggedOut')!.data).toMatchObject({ agent: 'ann', why: 'self' })
  expect(await session('GET', cookie)).toMatchObject({ status: 401 })
  const late = await open('ann', cookie)
  expect(await late.ask('hello')).toMatchObject({ code: 'not_signed_in' })
  expect((await late.end()).code).toBe(4002)
})

test('whoever takes no calls has no workbench, and an agent without a place in the plan neither', async () => {
  const sup = await open('sup')
  expect(await sup.ask('hello')).toMatchObject({ ok: false, code: 'forbidden' })
  expect((await sup.end()).code).toBe(4002)
  const ghost = await open('ghost')
  expect(await ghost.ask('hello')).toMatchObject({ ok: false, code: 'unknown_agent' })
  await ghost.end()
  await expect(TestPage.open(origin, '/ws/agent', { origin: 'https://evil.example' })).rejects.toThrow('not let in')
})

test('an agent whom a new plan leaves out is sent away', async () => {
  const ann = await open('ann')
  await ann.ask('hello')
  const { plan } = driver.committed
  await driver.ask('plan.change', 'admin', 'without-ann', { plan: { ...plan!, version: plan!.version + 1, agents: firstPlan().agents } })
  expect((await ann.end()).reason).toBe('forbidden')
})
