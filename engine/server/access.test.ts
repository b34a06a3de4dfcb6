// Access points for other sites and apps: secrets, what a host may say, samples, the widget, frames, files at the root.
import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Plan } from '#events/plan.ts'
import { SAMPLES } from './access.ts'
import { Refused } from './errors.ts'
import { Hosts } from './hosts.ts'
import { Seal } from './seal.ts'
import { asking, signIn, startServer } from './testing.ts'

const { origin, driver, store } = await startServer()
const ask = asking(origin)
const admin = await signIn(origin, 'admin')
let now = Date.now()
const hosts = new Hosts(store.secrets, new Seal('a secret for tests'), () => now)
const set = async (access: Partial<Plan['access'][number]>[]) => {
  const plan = driver.committed.plan!
  const version = plan.version + 1
  const next = { ...plan, version, access: [...plan.access.filter(({ id }) => !access.some((one) => one.id === id)), ...access.map((one) => ({ name: one.id, channel: 'web', enabled: true, ...one }))] }
  const { status, text } = await ask('PUT', '/api/plan', admin, { plan: next })
  if (status !== 200) throw new Error(text)
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const signed = (secret: string, claims: object, head: object = { alg: 'HS256', typ: 'JWT' }, hash = 'sha256'): string => {
  const text = `${part(head)}.${part(claims)}`
  return `${text}.${createHmac(hash, secret).update(text).digest('base64url')}`
}
const in4 = () => Math.floor(now / 1000) + 240

test('quick create gives an app its id and a secret that is shown once', async () => {
  const { body: { access, appId, secret } } = await ask('POST', '/api/access', admin, { name: '商城 App', channel: 'app' })
  expect(driver.committed.plan!.access.at(-1)).toEqual({ id: access, name: '商城 App', channel: 'app', enabled: true, appId, signed: true })
  expect(await hosts.verify(access, signed(secret, { exp: in4(), visitor: 'c-7', attributes: { vip: 'gold' } }))).toEqual({ visitor: 'c-7', attributes: { vip: 'gold' } })
  const list = await ask('GET', '/api/access', admin)
  expect(list.text).not.toContain(secret)
  expect(list.body['access']).toContainEqual({ access: expect.objectContaining({ id: access }), link: `${origin}/v/${access}`, secret: { createdBy: 'admin', createdAt: expect.any(Number) } })
  expect((await store.secrets.find(access))!.secret).not.toContain(secret)

  const { body: { secret: next } } = await ask('POST', `/api/access/${access}/secret`, admin)
  await expect(hosts.verify(access, signed(secret, { exp: in4() }))).rejects.toThrow(Refused)
  expect(await hosts.verify(access, signed(next, { exp: in4(), aud: access, iat: in4() - 240 }))).toEqual({ visitor: null, attributes: {} })
  expect((await ask('POST', '/api/access/none/secret', admin)).status).toBe(404)
})

test('a host’s word counts only as it must be', async () => {
  const secret = await hosts.issue('web', 'admin')
  const good = { exp: in4(), visitor: 'v', attributes: { tag: 'x' } }
  const refused: [why: string, token: string][] = [
    ['the signature', signed('another secret', good)],
    ['the signature', signed(secret, good).replace(/\.[^.]+\./, `.${part({ ...good, visitor: 'w' })}.`)],
    ['the signature', signed(secret, good).slice(0, -2)],
    ['the signature', signed(secret, good, { alg: 'HS256' }, 'sha512')],
    ['not a JSON Web Token', signed(secret, good, { alg: 'none' })],
    ['not a JSON Web Token', signed(secret, good, { alg: 'HS512' }, 'sha512')],
    ['not a JSON Web Token', signed(secret, good, { alg: 'HS256', kid: '../x' })],
    ['not a JSON Web Token', 'x.y.z'], ['not a JSON Web Token', ''], ['not a JSON Web Token', `${signed(secret, good)}.x`],
    ['expired', signed(secret, { ...good, exp: in4() - 300 })],
    ['exp is too far away', signed(secret, { ...good, exp: in4() + 3_600 })],
    ['aud is another', signed(secret, { ...good, aud: 'app' })],
    ['nbf', signed(secret, { ...good, nbf: in4() + 60 })],
    ['', signed(secret, { visitor: 'v' })], ['', signed(secret, { ...good, admin: true })], ['', signed(secret, { ...good, attributes: { a: 1 } })],
    ['', signed(secret, { ...good, attributes: { a: 'x'.repeat(201) } })], ['', signed(secret, { ...good, visitor: 'a\0' })], ['', signed(secret, [])],
  ]
  for (const [why, token] of refused) await expect(hosts.verify('web', token), token).rejects.toMatchObject({ code: 'bad_token', detail: expect.stringContaining(why) })
  await expect(hosts.verify('app', signed(secret, good))).rejects.toMatchObject({ detail: 'this access point has no secret' })
  expect(await hosts.verify('web', signed(secret, good))).toEqual({ visitor: 'v', attributes: { tag: 'x' } })
  now += 5 * 60_000
  await expect(hosts.verify('web', signed(secret, good))).rejects.toMatchObject({ detail: 'expired' })
  now = Date.now()
})

test.for(Object.keys(SAMPLES))('the sample %s has this installation’s address and the access point in it', async (kind) => {
  const { status, text, headers } = await ask('GET', `/api/access/web/sample?kind=${kind}`, admin)
  expect(status).toBe(200)
  expect(headers.get('content-disposition')).toMatch(/^attachment; filename="[\w.]+"$/)
  expect(text).toContain(kind === 'snippet' ? `${origin}/widget.js?access=web` : `${origin}/v/web`)
  expect(text).not.toMatch(/\{\{(ORIGIN|HOST|ACCESS|APP_ID)\}\}/)
  expect(text).toMatch(/company account/)
  expect((await ask('GET', `/api/access/none/sample?kind=${kind}`, admin)).status).toBe(404)
})

test('the widget’s script is a program, and knows its access point', async () => {
  await set([{ id: 'shop', name: '</script> $& shop', theme: '#aa00bb', language: 'zh', origins: ['https://shop.example'] }, { id: 'off', enabled: false }])
  const { text, headers } = await ask('GET', '/widget.js?access=shop')
  expect(headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin')
  expect(() => new Function(text)).not.toThrow()
  expect(text).toContain(JSON.stringify({ origin, id: 'shop', name: '</script> $& shop', enabled: true, theme: '#aa00bb', language: 'zh' }))
  expect((await ask('GET', '/widget.js?access=off')).text).toContain('"enabled":false')
  expect((await ask('GET', '/widget.js?access=none')).status).toBe(404)
})

test('the visitor’s page may be shown by the sites of its own access point only', async () => {
  await set([{ id: 'shop', origins: ['https://shop.example', 'http://localhost:3000'] }])
  const policy = async (path: string) => (await ask('GET', path)).headers
  for (const path of ['/v/shop?x=1', '/v/shop', '/v/%73hop']) {
    const framed = await policy(path)
    expect(framed.get('content-security-policy'), path).toContain(`frame-ancestors 'self' https://shop.example http://localhost:3000;`)
    expect(framed.get('x-frame-options'), path).toBeNull()
  }
  for (const path of ['/v/web', '/v/none', '/v/shop/x', '/agent', '/api/session', '/x?/v/shop', '//v/shop']) {
    const headers = await policy(path)
    expect(headers.get('content-security-policy'), path).toContain(`frame-ancestors 'self';`)
    expect(headers.get('x-frame-options'), path).toBe('SAMEORIGIN')
  }
})

test('another site may begin visits at the access points that name it, and nothing else', async () => {
  await set([{ id: 'shop', origins: ['https://shop.example'] }, { id: 'bank', origins: ['https://bank.example'] }])
  const from = (site: string, access: string) => ask('POST', '/api/visits', '', { access }, { origin: site })
  const allowed = await from('https://shop.example', 'shop')
  expect([allowed.status, allowed.headers.get('access-control-allow-origin'), allowed.headers.get('vary')]).toEqual([200, 'https://shop.example', 'origin'])
  for (const [site, access] of [['https://shop.example', 'bank'], ['https://shop.example', 'web'], ['https://evil.example', 'shop'], ['null', 'shop']] as const) {
    expect(await from(site, access), `${site} ${access}`).toMatchObject({ status: 403, body: { code: 'forbidden' } })
  }
  expect((await from('https://shop.example', 'none')).status).toBe(404)
  const asked = await ask('OPTIONS', '/api/visits', '', undefined, { origin: 'https://bank.example', 'access-control-request-method': 'POST' })
  expect([asked.status, asked.headers.get('access-control-allow-origin'), asked.headers.get('access-control-allow-headers')]).toEqual([204, 'https://bank.example', 'content-type'])
  expect((await ask('OPTIONS', '/api/visits', '', undefined, { origin: 'https://evil.example' })).status).toBe(403)
  expect((await ask('POST', '/api/session', '', { name: 'ann', password: 'x' }, { origin: 'https://shop.example' })).status).toBe(403)
  const own = await ask('POST', '/api/visits', '', { access: 'web' }, { origin })
  expect([own.status, own.headers.get('access-control-allow-origin')]).toEqual([200, null])
})

test('a verification file is served at the root, and nothing else is', async () => {
  const upload = (name: string, text: string) => ask('PUT', `/api/site-files/${name}`, admin, { text })
  expect(await upload('WW_verify_aB3-9.txt', 'aB39')).toMatchObject({ status: 200, body: { path: '/WW_verify_aB3-9.txt' } })
  const served = await ask('GET', '/WW_verify_aB3-9.txt')
  expect([served.status, served.text, served.headers.get('content-type')]).toEqual([200, 'aB39', 'text/plain; charset=utf-8'])
  expect((await ask('GET', '/api/site-files', admin)).body['files']).toEqual([{ name: 'WW_verify_aB3-9.txt', uploadedBy: 'admin', uploadedAt: expect.any(Number) }])
  for (const [name, text] of [['a.html', 'x'], ['..%2Fa.txt', 'x'], ['a b.txt', 'x'], ['ok.txt', ''], ['ok.txt', 'x'.repeat(1_025)], ['ok.txt', '字'.repeat(400)]] as const) {
    expect([400, 404, 413], name).toContain((await upload(name, text)).status)
  }
  expect((await ask('GET', '/ok.txt')).status).toBe(404)
  expect((await ask('DELETE', '/api/site-files/WW_verify_aB3-9.txt', admin)).status).toBe(200)
  expect((await ask('GET', '/WW_verify_aB3-9.txt')).status).toBe(404)
})

test('a linked IM account comes in by the names it knows, and is verified by its secret', async () => {
  await set([{ id: 'im1', channel: 'app', im: { appName: 'Shop', appId: 'A-1', tenantId: 't', serviceNumber: 's', configId: 'C-1' } }])
  const secret = await hosts.issue('im1', 'admin')
  const token = signed(secret, { exp: in4(), visitor: 'c-1' })
  const moved = await fetch(`${origin}/im?appId=A-1&configId=C-1&token=${token}`, { redirect: 'manual' })
  expect([moved.status, moved.headers.get('location')]).toEqual([302, `/v/im1#host=${token}`])
  expect((await fetch(`${origin}/im?appId=A-1&configId=other`, { redirect: 'manual' })).status).toBe(404)
  const visit = async (host?: string) => (await ask('POST', '/api/visits', '', { appId: 'A-1', configId: 'C-1', ...(host ? { host } : {}) })).body
  expect(await visit(token)).toMatchObject({ access: { id: 'im1' } })
  expect(await visit()).toMatchObject({ code: 'bad_token' })
  expect(await visit(signed('another secret', { exp: in4() }))).toMatchObject({ code: 'bad_token' })
})
