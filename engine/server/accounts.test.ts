// Accounts are made, changed and ended over HTTP; whoever may do other things than before is sent away at once. Keys for machines.
import { expect, test } from 'vitest'
import { ownRoutes } from './app.ts'
import { coded } from './errors.ts'
import { can, type Thing, type Verb } from './rights.ts'
import { asking, PASSWORD, signIn, startServer, TestPage } from './testing.ts'

const { origin, driver, store } = await startServer()
const ask = asking(origin)
const admin = await signIn(origin, 'admin')
const place = { nickname: '小卡', realName: 'Cara Xu', video: true, groups: [] }
const make = (name: string, more: object = {}) => ask('POST', '/api/accounts', admin, { name, password: PASSWORD, roles: ['agent'], agent: place, ...more })

test('an account is shown, changed bit by bit, with its agent’s place in the plan', async () => {
  await make('cara')
  expect((await ask('GET', '/api/accounts/cara', admin)).body).toMatchObject({ name: 'cara', roles: ['agent'], groups: [], agent: 'cara', nickname: '小卡', realName: 'Cara Xu', disabled: false })
  expect((await ask('PATCH', '/api/accounts/cara', admin, { nickname: 'Cara', realName: 'Cara Wu', roles: ['agent', 'supervisor'], groups: ['ungrouped'] })).body)
    .toMatchObject({ roles: ['agent', 'supervisor'], groups: ['ungrouped'], nickname: 'Cara', realName: 'Cara Wu' })
  expect((await ask('PATCH', '/api/accounts/cara', admin, { agent: { video: false } })).status).toBe(200)
  expect(driver.committed.plan!.agents.find(({ id }) => id === 'cara')).toEqual({ id: 'cara', nickname: 'Cara', realName: 'Cara Wu', video: false, groups: [] })
  expect((await store.plans.list(99, 1))[0]).toMatchObject({ author: 'admin', diff: ['~ agents cara'] })
  expect((await ask('PATCH', '/api/accounts/cara', admin, { agent: null })).body).toMatchObject({ agent: null, nickname: 'Cara', realName: 'Cara Wu' })
  expect(driver.committed.plan!.agents.some(({ id }) => id === 'cara')).toBe(false)
  expect((await ask('PATCH', '/api/accounts/cara', admin, { agent: { id: 'c-2', video: true } })).body).toMatchObject({ agent: 'c-2', nickname: 'Cara' })
  expect(driver.committed.plan!.agents.at(-1)).toEqual({ id: 'c-2', nickname: 'Cara', realName: 'Cara Wu', video: true, groups: [] })
})

test.for<[says: string, path: string, body: object, status: number, code: string]>([
  ['no such account', '/api/accounts/nobody', { disabled: true }, 404, 'not_found'],
  ['a role that is none', '/api/accounts/sup', { roles: ['root'] }, 400, 'bad_message'],
  ['a field too many', '/api/accounts/sup', { password: PASSWORD }, 400, 'bad_message'],
  ['a group that is not there', '/api/accounts/sup', { groups: ['none'] }, 404, 'unknown_group'],
  ['somebody else’s agent', '/api/accounts/sup', { agent: { id: 'ann' } }, 409, 'account_taken'],
  ['another id for his own agent', '/api/accounts/ann', { agent: { id: 'ann-2' } }, 409, 'account_taken'],
  ['the last administrator’s role', '/api/accounts/admin', { roles: ['supervisor'] }, 409, 'last_admin'],
  ['the last administrator', '/api/accounts/admin', { disabled: true }, 409, 'last_admin'],
])('refused: %s', async ([, path, body, status, code]) => {
  expect(await ask('PATCH', path, admin, body)).toMatchObject({ status, body: { code } })
})

test('nobody has the name under which another is known in the log', async () => {
  await make('eli', { agent: { ...place, id: 'e-1' } })
  for (const [name, agent] of [['e-1', undefined], ['ann-2', { ...place, id: 'sup' }], ['ann-2', { ...place, id: 'ann' }], ['eli', undefined]] as const) {
    expect(await make(name, { agent, roles: ['supervisor'] }), name).toMatchObject({ status: 409, body: { code: 'account_taken' } })
  }
})

test.for<[says: string, body: object]>([['other roles', { roles: ['agent', 'analyst'] }], ['disabled', { disabled: true }], ['an agent no more', { agent: null }]])(
  'with %s the sign-in and its open socket end at once', async ([says, body]) => {
    const name = `gone-${says.length}`
    await make(name)
    const cookie = await signIn(origin, name)
    const page = await TestPage.open(origin, '/ws/agent', { cookie })
    await page.ask('hello')
    await ask('PATCH', `/api/accounts/${name}`, admin, body)
    await page.until(({ type }) => type === 'bye')
    await page.end()
    expect((await ask('GET', '/api/session', cookie)).status).toBe(401)
  })

test('with a new password too, whoever sets it; a page of somebody else stays', async () => {
  await make('pam')
  const pages = []
  for (const name of ['pam', 'ann']) {
    const page = await TestPage.open(origin, '/ws/agent', { cookie: await signIn(origin, name) })
    await page.ask('hello')
    pages.push(page)
  }
  // As the command line does it: beside the engine, in the database alone.
  const { password } = (await store.accounts.find('ann'))!
  await store.accounts.setPassword('pam', password)
  await pages[0]!.end()
  expect(await ask('PUT', '/api/accounts/pam/password', admin, { password: 'another good one' })).toMatchObject({ status: 200, body: { ended: 0 } })
  expect(pages[1]!.closed).toBeNull()
  expect(await pages[1]!.ask('ping')).toMatchObject({ ok: true })
})

test('one’s own password is changed by who knows it', async () => {
  await make('own')
  const [cookie, other] = [await signIn(origin, 'own'), await signIn(origin, 'own')]
  expect(await ask('PUT', '/api/session/password', cookie, { old: 'wrong', password: 'a quite new one' })).toMatchObject({ status: 401, body: coded('bad_credentials') })
  const changed = await ask('PUT', '/api/session/password', cookie, { old: PASSWORD, password: 'a quite new one' })
  expect(changed.status).toBe(200)
  expect((await ask('GET', '/api/session', changed.headers.get('set-cookie')!.split(';')[0])).status).toBe(200)
  for (const ended of [cookie, other]) expect((await ask('GET', '/api/session', ended)).status).toBe(401)
})

test('a disabled account cannot sign in, and can again once it is enabled', async () => {
  await make('dee', { disabled: undefined })
  await ask('PATCH', '/api/accounts/dee', admin, { disabled: true })
  await expect(signIn(origin, 'dee')).rejects.toThrow('bad_credentials')
  await ask('PATCH', '/api/accounts/dee', admin, { disabled: false })
  expect(await signIn(origin, 'dee')).toContain('twinline=')
})

test('a key may exactly what its roles may, and nothing of a person’s', async () => {
  const { body: { id, key } } = await ask('POST', '/api/keys', admin, { name: 'CRM', roles: ['engineer'] })
  expect(key).toMatch(/^tk_[\w-]{43}$/)
  const kept = await ask('GET', '/api/keys', admin)
  expect(kept.body['keys']).toEqual([{ id, name: 'CRM', roles: ['engineer'], groups: [], createdBy: 'admin', createdAt: expect.any(Number), expiresAt: null }])
  for (const { method, url, who } of ownRoutes({ driver: {}, store: {} } as never)) {
    if (who === 'anyone') continue
    const { status } = await ask(method, `${url}?no-such-thing=1`, `Bearer ${key}`, ['POST', 'PUT', 'PATCH'].includes(method) ? {} : undefined)
    const allowed = who !== 'signed_in' && can(['engineer'], who[0] as Verb, who[1] as Thing)
    expect([401, 403].includes(status), `${method} ${url} got ${status}`).toBe(!allowed)
  }
  expect((await ask('GET', '/api/events', `Bearer ${key}`)).status).toBe(200)
  for (const wrong of [`Bearer ${key.slice(0, -1)}${key.endsWith('A') ? 'E' : 'A'}`, 'Bearer tk_', 'Basic YTpi', `Bearer ${key}, Bearer ${key}`]) {
    expect((await ask('GET', '/api/events', wrong.startsWith('Bearer ') ? wrong : '', undefined, { authorization: wrong })).status, wrong).toBe(401)
  }
  await expect(TestPage.open(origin, '/ws/agent', { authorization: `Bearer ${key}` }).then((page) => page.ask('hello'))).resolves.toMatchObject({ ok: false, code: 'not_signed_in' })
  expect((await ask('POST', '/api/keys', admin, { name: 'x', roles: ['agent'] })).status).toBe(400)
  expect((await ask('DELETE', `/api/keys/${id}`, admin)).status).toBe(200)
  expect((await ask('GET', '/api/events', `Bearer ${key}`)).status).toBe(401)
  expect((await ask('DELETE', `/api/keys/${id}`, admin)).status).toBe(404)
})

test('the stream of a key ends with the key', async () => {
  const { body: { id, key } } = await ask('POST', '/api/keys', admin, { name: 'BI', roles: ['engineer'], days: 1 })
  const response = await fetch(`${origin}/api/events/stream`, { headers: { authorization: `Bearer ${key}` } })
  const reader = response.body!.getReader()
  expect(new TextDecoder().decode((await reader.read()).value)).toContain('retry:')
  await ask('DELETE', `/api/keys/${id}`, admin)
  while (!(await reader.read()).done);
})
