// What agents, guests, supervisors and visitors do to calls, over real sockets: picks, holds, transfers, guests, monitors, dialling, callbacks, acts.
import { expect, test } from 'vitest'
import { json, signIn, startServer, TestPage } from './testing.ts'

const { origin, driver, events } = await startServer()
const cookies = { ann: await signIn(origin, 'ann'), bob: await signIn(origin, 'bob'), sup: await signIn(origin, 'sup') }
const plan = driver.committed.plan!
await driver.ask('plan.change', 'admin', 'second', {
  plan: { ...plan, version: 2, attributes: [{ id: 'vip', zh: 'VIP', en: 'VIP' }], groups: [{ ...plan.groups[0]!, messages: { queued: { zh: '请稍候', en: 'One moment' } } }] },
})

async function desk(name: 'ann' | 'bob'): Promise<TestPage> {
  const page = await TestPage.open(origin, '/ws/agent', { cookie: cookies[name] })
  await page.ask('hello')
  return page
}
async function visit(): Promise<{ page: TestPage; request: string }> {
  const begun = (await (await fetch(`${origin}/api/visits`, json({ access: 'web' }))).json()) as { token: string; request: string }
  const page = await TestPage.open(origin, '/ws/visitor')
  await page.ask('hello', { token: begun.token })
  return { page, request: begun.request }
}
async function waits(): Promise<{ page: TestPage; request: string }> {
  const visitor = await visit()
  expect(await visitor.page.ask('call', { consent: true })).toMatchObject({ ok: true })
  return visitor
}
/** A connected call, picked by hand. */
async function talks(agent: TestPage): Promise<{ page: TestPage; request: string }> {
  const visitor = await waits()
  expect(await agent.ask('pick', { request: visitor.request })).toMatchObject({ ok: true })
  await driver.ask('call.connect', 'media', `up-${visitor.request}`, { request: visitor.request })
  return visitor
}
const act = async (act: object, cookie = cookies.sup, id = crypto.randomUUID()) => {
  const response = await fetch(`${origin}/api/acts`, json({ id, act }, { cookie }))
  return response.status === 200 ? 'ok' : ((await response.json()) as { code: string }).code
}
const board = async () => (await (await fetch(`${origin}/api/board`, { headers: { cookie: cookies.sup } })).json()) as Record<string, Record<string, unknown>[]>

const ann = await desk('ann')
const bob = await desk('bob')
for (const page of [ann, bob]) await page.ask('status', { to: 'busy', reason: '' })

test('a waiting visitor sees the plan’s words; the queue shows him; urgent, picked, and then he is gone from it', async () => {
  const { page, request } = await waits()
  await page.view((v) => v['phase'] === 'queued' && v['position'] === 1 && (v['message'] as { en: string }).en === 'One moment')
  await ann.view((v) => (v['queue'] as { request: string }[]).some((row) => row.request === request))
  expect(await ann.ask('urgent', { request, on: true })).toMatchObject({ ok: true })
  expect(await ann.ask('explain', { request })).toMatchObject({ explanation: { reasons: [{ code: 'busy' }] } })
  expect(await ann.ask('pick', { request })).toMatchObject({ ok: true })
  expect(await bob.ask('pick', { request })).toMatchObject({ ok: false, code: 'not_waiting' })
  await page.view((v) => v['phase'] === 'connecting' && v['agent'] === 'Nick ann')
  await ann.view((v) => (v['queue'] as unknown[]).length === 0 && (v['call'] as { mine: boolean }).mine)
  await page.ask('hangup')
})

test('hold, warm transfer, leave: the visitor sees who is there', async () => {
  const { page, request } = await talks(ann)
  await ann.ask('hold', { request, on: true })
  await page.view((v) => v['held'] === true)
  await ann.ask('hold', { request, on: false })
  expect(await ann.ask('colleagues')).toMatchObject({ agents: [{ agent: 'bob', status: 'busy', work: 'none' }] })
  expect(await ann.ask('transfer', { request, to: { agent: 'bob' }, warm: true })).toMatchObject({ ok: true })
  const { offer } = (await bob.view((v) => v['offer'] !== null)) as unknown as { offer: { offer: string; mode: string; from: string } }
  expect(offer).toMatchObject({ mode: 'transfer', from: 'Nick ann' })
  await ann.view((v) => (v['call'] as { invitations: unknown[] }).invitations.length === 1)
  await bob.ask('accept', { offer: offer.offer })
  await page.view((v) => (v['parties'] as { name: string }[]).some((p) => p.name === 'Nick bob'))
  await ann.ask('leave', { request })
  await bob.view((v) => (v['call'] as { mine: boolean } | null)?.mine === true)
  await page.ask('hangup')
  await bob.view((v) => v['work'] === 'none')
})

test('a blind transfer: the visitor is told that somebody is looked for', async () => {
  const { page, request } = await talks(ann)
  await ann.ask('transfer', { request, to: { group: 'ungrouped' }, warm: false })
  await page.view((v) => v['transferring'] === true)
  await ann.view((v) => v['work'] === 'none')
  await page.ask('hangup')
})

test('a guest: one link, one page, a knock, let in, and out with the call', async () => {
  const { page, request } = await talks(ann)
  const made = (await ann.ask('guest', { request })) as unknown as { link: string; guest: string }
  const token = made.link.slice('/g#'.length)
  const guest = await TestPage.open(origin, '/ws/guest')
  expect(await guest.ask('hello', { token })).toMatchObject({ view: { phase: 'invited' } })
  const second = await TestPage.open(origin, '/ws/guest')
  expect(await second.ask('hello', { token })).toMatchObject({ ok: false, code: 'bad_token' })
  expect(await (await TestPage.open(origin, '/ws/guest')).ask('hello', { token: `${token}x` })).toMatchObject({ code: 'bad_token' })
  await guest.ask('knock', { name: '王女士', consent: true })
  await ann.view((v) => (v['call'] as { guests: { name: string; state: string }[] }).guests.some((g) => g.name === '王女士' && g.state === 'knocking'))
  await ann.ask('admit', { request, guest: made.guest })
  await guest.view((v) => v['phase'] === 'in' && (v['parties'] as unknown[]).length === 3)
  expect(await guest.ask('media.capabilities')).toMatchObject({ heard: 'media.capabilities' })
  await page.ask('hangup')
  await guest.view((v) => v['phase'] === 'gone')
})

test('supervisors listen unseen by the visitor, whisper, and are gone when their page is; another role, another right', async () => {
  const { page, request } = await talks(ann)
  const sup = await TestPage.open(origin, '/ws/supervisor', { cookie: cookies.sup })
  expect(await sup.ask('hello')).toMatchObject({ view: { participant: 'sup', call: null } })
  expect(await sup.ask('monitor', { request, mode: 'listen' })).toMatchObject({ ok: true })
  await sup.view((v) => (v['call'] as { mode: string } | null)?.mode === 'listen')
  await ann.view((v) => (v['call'] as { parties: { role: string }[] }).parties.some((p) => p.role === 'listener'))
  await sup.ask('monitor', { request, mode: 'barge' })
  const { parties } = (await page.view((v) => (v['parties'] as unknown[]).length === 3)) as unknown as { parties: { role: string }[] }
  expect(parties.map((p) => p.role).sort()).toEqual(['agent', 'barger', 'visitor'])
  await sup.ask('leave')
  await sup.view((v) => v['call'] === null)
  expect(await (await TestPage.open(origin, '/ws/supervisor', { cookie: cookies.ann })).ask('hello')).toMatchObject({ code: 'forbidden' })
  expect((await board())['calls']).toMatchObject([{ request, agent: 'ann' }])
  expect(await act({ type: 'terminate', request })).toBe('ok')
  await page.view((v) => v['phase'] === 'closed')
  expect(events.findLast((e) => e.type === 'call.ended')!.data).toMatchObject({ endedBy: 'supervisor', supervisor: 'sup' })
})

test('an agent rings a visitor by a link: taken, and the same asking rings once', async () => {
  const dialled = (await ann.ask('dial', { visitor: null, access: 'web' })) as unknown as { request: string; link: string }
  await ann.view((v) => (v['dial'] as { link: string } | null)?.link === dialled.link)
  const visitor = await TestPage.open(origin, '/ws/visitor')
  expect(await visitor.ask('hello', { token: dialled.link.split('#call=')[1]! })).toMatchObject({ view: { phase: 'dialled', agent: 'Nick ann' } })
  await visitor.ask('ringing')
  expect(await visitor.ask('answer', { consent: true })).toMatchObject({ ok: true })
  await ann.view((v) => v['work'] === 'connecting')
  await visitor.ask('hangup')
  await ann.view((v) => v['work'] === 'none')
  expect(events.filter((e) => e.type === 'request.created' && e.data.request === dialled.request)).toMatchObject([{ data: { direction: 'outbound', dialledBy: 'ann' } }])
})

test('a callback: the page that waited is the one that rings', async () => {
  const { page, request } = await waits()
  expect(await page.ask('callback', { dueAt: 0 })).toMatchObject({ ok: true })
  const { queue } = (await ann.view((v) => (v['queue'] as { direction: string }[]).some((row) => row.direction === 'callback'))) as unknown as { queue: { request: string }[] }
  expect(await ann.ask('pick', { request: queue[0]!.request })).toMatchObject({ ok: true })
  await page.view((v) => v['phase'] === 'dialled')
  await page.ask('answer', { consent: true })
  await driver.ask('call.connect', 'media', `up-${request}`, { request: queue[0]!.request })
  await page.view((v) => v['phase'] === 'in_call')
  await page.ask('hangup')
  await page.view((v) => v['outcome'] === 'answered')
  expect(await page.ask('rate', { score: 5, comment: '' })).toMatchObject({ ok: true })
})

test('supervisors’ acts: each with its right, its refusal, and one effect', async () => {
  const { page, request } = await waits()
  expect(await act({ type: 'remove', request }, cookies.ann)).toBe('forbidden')
  expect(await act({ type: 'assign', request, agent: 'nobody' })).toBe('unknown_agent')
  expect((await board())['waiting']).toMatchObject([{ request, ringing: false }])
  const id = crypto.randomUUID()
  expect([await act({ type: 'assign', request, agent: 'bob' }, cookies.sup, id), await act({ type: 'assign', request, agent: 'bob' }, cookies.sup, id)]).toEqual(['ok', 'ok'])
  expect(events.filter((e) => e.type === 'offer.created' && e.data.request === request)).toMatchObject([{ data: { agent: 'bob', mode: 'direct', supervisor: 'sup' } }])
  expect(await act({ type: 'remove', request })).toBe('ok')
  await page.view((v) => v['outcome'] === 'removed')
  expect(await act({ type: 'status', agent: 'bob', to: 'away', reason: 'break' })).toBe('ok')
  expect((await board())['agents']!.find((a) => a['agent'] === 'bob')).toMatchObject({ status: 'away', work: 'none', connected: true })
  expect(await act({ type: 'decide', agent: 'bob', granted: true })).toBe('no_approval_asked')
  expect(await act({ type: 'fly' })).toBe('bad_message')
})

test('an agent asks that a visitor be blocked, a supervisor decides', async () => {
  const { page, request } = await talks(ann)
  await ann.ask('block', { request, reason: 'rude' })
  const visitor = driver.committed.requests.get(request)!.visitor
  await page.ask('hangup')
  expect((await board())['blocks']).toMatchObject([{ visitor, blocked: false, by: 'ann', reason: 'rude' }])
  expect(await act({ type: 'block', visitor })).toBe('ok')
  expect(await act({ type: 'unblock', visitor })).toBe('ok')
  expect((await board())['blocks']).toEqual([])
})

test('the words of the menus, and why somebody was not asked', async () => {
  const words = await (await fetch(`${origin}/api/desk`, { headers: { cookie: cookies.ann } })).json()
  expect(words).toMatchObject({ version: 2, groups: [{ id: 'ungrouped' }], attributes: [{ id: 'vip' }] })
  const { page, request } = await waits()
  const why = async (agent: string, cookie: string) => (await fetch(`${origin}/api/explain?request=${request}&agent=${agent}`, { headers: { cookie } })).json()
  expect(await why('bob', cookies.sup)).toMatchObject({ explanation: { reasons: [{ code: 'away' }], rank: null } })
  expect(await why('bob', cookies.ann)).toMatchObject({ code: 'forbidden' })
  expect(await why('nobody', cookies.sup)).toMatchObject({ code: 'unknown_agent' })
  await ann.ask('status', { to: 'idle', reason: '' })
  await ann.view((v) => v['offer'] !== null)
  await page.ask('hangup')
  await page.view((v) => v['phase'] === 'closed')
  // It is over: told as things stood when ann was chosen.
  const decided = events.findLast((e) => e.type === 'decision.made')!
  expect(await why('ann', cookies.ann)).toMatchObject({ explanation: { at: decided.at, reasons: [{ code: 'next' }], rank: 1 } })
  expect(await why('bob', cookies.sup)).toMatchObject({ explanation: { at: decided.at, reasons: [{ code: 'away' }], rank: null } })
})
