// The routes on a running server: who may ask what, what every answer carries, how errors read.
import { expect, test } from 'vitest'
import type { Plan } from '#events/plan.ts'
import { ownRoutes } from './app.ts'
import { Accounts } from '../store/accounts.ts'
import { connect } from '../store/orm.ts'
import { freshDatabase } from '../testing/database.ts'
import { ensureFirstAdmin } from './auth.ts'
import { coded } from './errors.ts'
import { can, ROLES, type Thing, type Verb } from './rights.ts'
import { json, PASSWORD, signIn, startServer } from './testing.ts'

const { origin, driver } = await startServer()
const cookies: Record<string, string> = { nobody: '', agent: await signIn(origin, 'ann'), supervisor: await signIn(origin, 'sup') }
for (const name of ['planner', 'analyst', 'engineer', 'admin']) cookies[name] = await signIn(origin, name)

async function ask(method: string, path: string, who = 'nobody', body?: object | string) {
  const response = await fetch(`${origin}${path}`, {
    method, headers: { cookie: cookies[who]!, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, body: text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {} }
}

test('each route lets in exactly those whom its right allows', async () => {
  const routes = ownRoutes({ driver: {}, store: {} } as never).filter(({ who }) => who !== 'anyone')
  expect(routes.length).toBeGreaterThan(40)
  for (const { method, url, who } of routes) {
    // Who asks is looked at first, so that what is asked may be wrong; signing out would end the test's own sign-in, a stream does not end.
    const wrong = url === '/api/session' && method === 'DELETE' ? '' : '?no-such-thing=1'
    for (const role of ['nobody', ...ROLES]) {
      const { status } = await ask(wrong === '' ? 'GET' : method, `${url}${wrong}`, role, ['POST', 'PUT', 'PATCH'].includes(method) ? {} : undefined)
      const allowed = role !== 'nobody' && (who === 'signed_in' || can([role], (who as [Verb, Thing])[0], (who as [Verb, Thing])[1]))
      const refusal = role === 'nobody' ? 401 : 403
      expect(status === refusal, `${role} ${method} ${url} got ${status}`).toBe(!allowed)
    }
  }
})

test('an admin makes an agent, who can then sign in; the same name or agent is taken', async () => {
  const cara = { name: 'cara', password: 'long enough now', roles: ['agent'], agent: { nickname: '小卡', realName: 'Cara Xu', video: true, groups: [] } }
  expect(await ask('POST', '/api/accounts', 'admin', cara)).toMatchObject({ status: 200, body: { name: 'cara', agent: 'cara' } })
  expect(driver.committed.plan!.agents.at(-1)).toEqual({ id: 'cara', ...cara.agent })
  const response = await fetch(`${origin}/api/session`, json({ name: 'cara', password: cara.password }))
  expect(await response.json()).toEqual({ account: { name: 'cara', nickname: '小卡', roles: ['agent'], agent: 'cara' } })
  expect(await ask('POST', '/api/accounts', 'admin', cara)).toMatchObject({ status: 409, body: coded('account_taken', 'cara') })
  expect(await ask('POST', '/api/accounts', 'admin', { ...cara, name: 'dora', agent: { ...cara.agent, id: 'cara' } })).toMatchObject({ status: 409 })
  expect((await ask('GET', '/api/accounts', 'admin')).body['accounts']).toContainEqual(expect.objectContaining({ name: 'cara', agent: 'cara' }))
  expect(JSON.stringify((await ask('GET', '/api/accounts', 'admin')).body)).not.toContain('argon2')
})

test.for([
  ['a short password', { password: 'short' }], ['a role that is none', { roles: ['root'] }], ['no role', { roles: [] }], ['a capital', { name: 'Eve' }],
  ['a field too many', { admin: true }], ['an agent with a field too many', { agent: { nickname: 'E', realName: 'E', video: true, groups: [], boss: 1 } }],
  ['a group that is not there', { agent: { nickname: 'E', realName: 'E', video: true, groups: [{ group: 'none', tier: 1 }] } }],
] as const)('an account with %s is refused, and nothing is made', async ([, wrong]) => {
  const version = driver.committed.plan!.version
  const { status, body } = await ask('POST', '/api/accounts', 'admin', { name: 'eve', password: 'long enough now', roles: ['agent'], ...wrong })
  expect([status, body['code']]).toEqual([400, 'agent' in wrong && !('boss' in wrong.agent) ? 'plan_invalid' : 'bad_message'])
  expect(driver.committed.plan!.version).toBe(version)
  expect((await ask('GET', '/api/accounts', 'admin')).text).not.toContain('"eve"')
})

test('many accounts made at the same time all get their place in the plan', async () => {
  const names = ['x1', 'x2', 'x3', 'x4', 'x5']
  const made = await Promise.all(names.map((name) => ask('POST', '/api/accounts', 'admin',
    { name, password: PASSWORD, roles: ['agent'], agent: { nickname: name, realName: name, video: true, groups: [] } })))
  expect(made.map(({ status }) => status)).toEqual(names.map(() => 200))
  expect(driver.committed.plan!.agents.map(({ id }) => id)).toEqual(expect.arrayContaining(names))
})

test('a plan is changed by the next version of it only', async () => {
  const { plan } = (await ask('GET', '/api/plan', 'supervisor')).body as { plan: Plan }
  expect(plan).toEqual(driver.committed.plan)
  const next = { ...plan, version: plan.version + 1, maxOffers: 7, groups: [...plan.groups, { id: 'lonely', name: 'Lonely', queueLimit: 0, wrapUpMs: null }] }
  expect(await ask('PUT', '/api/plan', 'admin', { plan: next })).toMatchObject({ status: 200, body: { version: next.version, warnings: expect.arrayContaining([expect.objectContaining({ code: 'queue_shut', on: 'groups/lonely' })]) } })
  expect(await ask('PUT', '/api/plan', 'admin', { plan: next })).toMatchObject({ status: 400, body: { code: 'plan_invalid', detail: expect.stringContaining(`version ${next.version} is in force`) } })
  expect(await ask('PUT', '/api/plan', 'admin', { plan: { ...next, version: 99, idleClock: 'by_dice' } })).toMatchObject({ status: 400, body: { code: 'bad_message' } })
  expect(await ask('PUT', '/api/plan', 'admin', { plan: { ...next, version: 99, rules: [{ id: 'r', name: 'R', group: 'none', when: {} }] } })).toMatchObject({ status: 400, body: { code: 'plan_invalid', detail: expect.stringContaining('no group none') } })
  expect(driver.committed.plan).toEqual(next)
})

test('errors are coded, whatever is wrong', async () => {
  expect(await ask('POST', '/api/session', 'nobody', '{"name":')).toMatchObject({ status: 400, body: coded('bad_json') })
  expect(await ask('POST', '/api/session', 'nobody', {})).toMatchObject({ status: 400, body: { code: 'bad_message' } })
  expect(await ask('POST', '/api/session', 'nobody', { name: 'ann', password: 'x\0' })).toMatchObject({ status: 400, body: { code: 'bad_message' } })
  expect(await ask('POST', '/api/session', 'nobody', '{"name":"a","password":"b","__proto__":{"admin":true}}')).toMatchObject({ status: 400 })
  expect(await ask('POST', '/api/visits', 'nobody', { access: 'x'.repeat(70_000) })).toMatchObject({ status: 413, body: { code: 'too_large' } })
  expect(await ask('GET', '/%zz')).toMatchObject({ status: 400, body: { code: 'bad_message' } })
  expect(await ask('GET', '/api/nothing')).toMatchObject({ status: 404, body: coded('not_found') })
  expect(await ask('GET', '/api/records?days=0', 'admin')).toMatchObject({ status: 400, body: { code: 'bad_message' } })
  expect(await ask('GET', '/api/session?x=1', 'admin')).toMatchObject({ status: 400, body: { code: 'bad_message' } })
  expect(await ask('GET', '/ws/agent', 'agent')).toMatchObject({ status: 404, body: { code: 'not_found' } })
  const response = await fetch(`${origin}/api/visits`, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'access=web' })
  expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([400, 'bad_message'])
  expect((await fetch(`${origin}/api/visits`, json({ access: 'web' }, { origin: 'https://evil.example' }))).status).toBe(403)
})

test('pages are at their addresses, files may be kept, nothing else is served', async () => {
  const page = async (path: string) => await (await fetch(`${origin}${path}`, { headers: { accept: 'text/html' } })).text()
  for (const path of ['/', '/agent', '/records', '/admin', '/whatever/comes']) expect(await page(path)).toContain('staff.html')
  for (const path of ['/v/web', '/v/%E5%AE%98%E7%BD%91']) expect(await page(path)).toContain('visitor.html')
  const file = await ask('GET', '/assets/app-abc123.js')
  expect([file.status, file.headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable'])
  for (const path of ['/staff.html', '/assets/none.js', '/assets', '/assets/', '/%00', '/../package.json', '/%2e%2e/package.json', '/.git/config', '/api', '/favicon.ico']) {
    expect((await ask('GET', path)).status, path).toBe(404)
  }
})

test('every answer carries the security headers', async () => {
  for (const path of ['/', '/healthz', '/api/nothing', '/assets/app-abc123.js', '/v/web']) {
    const { headers } = await ask('GET', path)
    const policy = headers.get('content-security-policy')!
    expect(policy, path).toContain(`default-src 'none'; script-src 'self'; style-src 'self'`)
    expect(policy).toContain(`connect-src 'self' ws://127.0.0.1:`)
    expect(policy).not.toMatch(/unsafe|\*/)
    expect(headers.get('permissions-policy')).toContain('camera=(self), microphone=(self)')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('strict-transport-security'), 'only over https').toBeNull()
  }
})

test('records are one’s own, or everybody’s for whoever may see those', async () => {
  const records = async (who: string, query = '') => ((await ask('GET', `/api/records${query}`, who)).body['records'] as { request: string }[]).map(({ request }) => request)
  for (const [request, agent] of [['r-a', 'ann'], ['r-b', 'bob']] as const) {
    await driver.ask('agent.login', 'agent', `in-${agent}`, { agent, session: 's' })
    await driver.ask('agent.setStatus', 'agent', `idle-${agent}`, { agent, to: 'idle', reason: '' })
    await driver.ask('request.create', 'visitor', `call-${request}`, { request, visitor: `v-${request}`, channel: 'web', access: 'web' })
    await driver.ask('offer.accept', 'agent', `yes-${request}`, { agent, offer: driver.committed.requests.get(request)!.legs[0]!.offer! })
    await driver.ask('request.cancel', 'visitor', `end-${request}`, { request })
    await driver.ask('agent.setStatus', 'agent', `busy-${agent}`, { agent, to: 'busy', reason: '' })
  }
  expect(await records('agent')).toEqual(['r-a'])
  expect(await records('supervisor')).toEqual(['r-b', 'r-a'])
  expect(await records('admin', '?limit=1')).toEqual(['r-b'])
  const { next } = (await ask('GET', '/api/records?limit=1', 'admin')).body
  expect(await records('admin', `?days=1&after=${encodeURIComponent(next as string)}`)).toEqual(['r-a'])
})

test('the first account is made once', async () => {
  const url = await freshDatabase()
  const db = await connect(url)
  const accounts = new Accounts(db)
  const made = await ensureFirstAdmin(accounts)
  expect(made).toMatchObject({ name: 'admin', password: expect.stringMatching(/^[\w-]{20}$/) })
  expect(await ensureFirstAdmin(accounts)).toBeNull()
  const account = await accounts.find('admin')
  expect(account).toMatchObject({ roles: ['admin'], agent: null, password: expect.stringMatching(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/) })
  await db.close()
})

test('health is told', async () => {
  expect(await ask('GET', '/healthz')).toMatchObject({ status: 200, body: { ok: true, seq: driver.committed.seq } })
})
