// The visitor's socket on a running server: a whole call, and everything a page, or no page at all, may do wrong.
import { expect, test } from 'vitest'
import { coded } from './errors.ts'
import { json, signIn, startServer, TestPage } from './testing.ts'

const { origin, driver, events, media } = await startServer()

interface Visit { token: string; request: string; visitor: string; expiresAt: number }
const visit = async (body: object = { access: 'web' }): Promise<Visit> => await (await fetch(`${origin}/api/visits`, json(body))).json() as Visit
const open = (headers: Record<string, string> = {}) => TestPage.open(origin, '/ws/visitor', headers)
async function greeted(token: string): Promise<TestPage> {
  const page = await open()
  expect(await page.ask('hello', { token })).toMatchObject({ ok: true })
  return page
}
const factsOf = (request: string) => events.filter((e) => (e.data as { request?: string }).request === request).map((e) => e.type)

test('a call from the first page to the rating', async () => {
  const { token, request, visitor } = await visit()
  const page = await open()
  const hello = await page.ask('hello', { token })
  expect(hello).toMatchObject({ ok: true, view: { phase: 'ready', request, position: null } })
  expect(Math.abs((hello['now'] as number) - Date.now())).toBeLessThan(1_000)
  expect(await page.ask('call', { consent: true }, 'start')).toEqual({ re: 'start', ok: true })
  await page.view((view) => view['phase'] === 'queued' && view['position'] === 1)

  const ann = await TestPage.open(origin, '/ws/agent', { cookie: await signIn(origin, 'ann') })
  await ann.ask('hello')
  expect(await ann.ask('status', { to: 'idle', reason: '' })).toMatchObject({ ok: true })
  const { offer } = await ann.view((view) => view['offer'] !== null) as { offer: { offer: string; visitor: string } }
  // Not before the agent's page says that it rings.
  expect((await page.view(() => true))['phase']).toBe('queued')
  await ann.ask('ring', { offer: offer.offer })
  await page.view((view) => view['phase'] === 'ringing')
  expect(offer.visitor, 'the key stays with the page').not.toBe(visitor)
  expect(await page.ask('media.capabilities')).toMatchObject({ ok: false, code: 'no_room' })

  await ann.ask('accept', { offer: offer.offer })
  await page.view((view) => view['phase'] === 'connecting' && view['agent'] === 'Nick ann')
  expect(await page.ask('media.capabilities')).toMatchObject({ ok: true, heard: 'media.capabilities' })
  expect(media.handled.at(-1)![0]).toEqual({ request, role: 'visitor', participant: offer.visitor })
  await page.until((told) => told.type === 'media.restart')
  await driver.ask('call.connect', 'media', 'test-connect', { request })
  await page.view((view) => view['phase'] === 'in_call' && view['connectedAt'] !== null)

  expect(await page.ask('hangup')).toMatchObject({ ok: true })
  await page.view((view) => view['phase'] === 'closed' && view['outcome'] === 'answered' && view['rated'] === false)
  expect(await page.ask('rate', { score: 5, comment: '很好' })).toMatchObject({ ok: true })
  await page.view((view) => view['rated'] === true)
  expect(await page.ask('rate', { score: 1, comment: '' })).toMatchObject({ ok: false, ...coded('already_rated') })
  await ann.ask('status', { to: 'busy', reason: '' })
  ann.socket.close()
})

test('an action repeated with its id gets the first answer and happens once', async () => {
  const { token, request } = await visit()
  const page = await greeted(token)
  expect(await page.ask('call', { consent: true }, 'same')).toMatchObject({ ok: true })
  page.socket.close()
  const again = await greeted(token)
  expect(await again.ask('call', { consent: true }, 'same')).toMatchObject({ ok: true })
  expect(factsOf(request).filter((type) => type === 'request.created')).toHaveLength(1)
  expect(await again.ask('call', { consent: true }, 'other')).toMatchObject({ code: 'duplicate_request' })
  await again.ask('hangup')
})

test('a page that goes is lost, one that comes back has its place, the newest one wins', async () => {
  const { token, request } = await visit()
  const page = await greeted(token)
  await page.ask('call', { consent: true })
  page.socket.close()
  await expect.poll(() => factsOf(request)).toContain('visitor.disconnected')
  expect(events.findLast((e) => e.type === 'visitor.disconnected')!.data).toMatchObject({ said: false })
  const second = await greeted(token)
  await expect.poll(() => factsOf(request)).toContain('visitor.reconnected')
  const third = await greeted(token)
  await second.until((told) => told.type === 'bye' && told['code'] === 'replaced')
  expect(await second.end()).toEqual({ code: 4003, reason: 'replaced' })
  expect(factsOf(request).filter((type) => type === 'visitor.disconnected'), 'being replaced is not being lost').toHaveLength(1)
  await third.ask('closing')
  third.socket.close()
  await expect.poll(() => factsOf(request).filter((type) => type === 'visitor.disconnected')).toHaveLength(2)
  expect(events.findLast((e) => e.type === 'visitor.disconnected')!.data).toMatchObject({ said: true })
  const fourth = await greeted(token)
  await fourth.ask('hangup')
})

test('a browser that comes back with its key gets a token for the call it is in', async () => {
  const first = await visit()
  const page = await greeted(first.token)
  await page.ask('call', { consent: true })
  const second = await visit({ access: 'web', visitor: first.visitor })
  expect(second.request).toBe(first.request)
  await page.ask('hangup')
  const third = await visit({ access: 'web', visitor: first.visitor })
  expect(third.request).not.toBe(first.request)
  expect(third.visitor).toBe(first.visitor)
})

test('places in the queue move up when someone leaves', async () => {
  const pages = []
  for (let i = 0; i < 3; i++) {
    const page = await greeted((await visit()).token)
    await page.ask('call', { consent: true })
    pages.push(page)
  }
  await pages[2]!.view((view) => view['position'] === 3)
  await pages[0]!.ask('hangup')
  await pages[2]!.view((view) => view['position'] === 2)
  for (const page of pages.slice(1)) await page.ask('hangup')
})

test('visits at access points that are unknown, closed or misspelled are refused with a code', async () => {
  const refused = async (body: object) => {
    const response = await fetch(`${origin}/api/visits`, json(body))
    return [response.status, ((await response.json()) as { code: string }).code]
  }
  expect(await refused({ access: 'nowhere' })).toEqual([404, 'unknown_access'])
  expect(await refused({ access: 'closed' })).toEqual([403, 'access_off'])
  expect(await refused({})).toEqual([400, 'bad_message'])
  expect(await refused({ access: 'web', admin: true })).toEqual([400, 'bad_message'])
  expect(await refused({ access: 'web', visitor: 'me' })).toEqual([400, 'bad_message'])
})

test.for([
  ['of another installation', (token: string) => `${token.slice(0, -4)}AAAA`],
  ['with another content', (token: string) => `${Buffer.from('{"request":"x"}').toString('base64url')}.${token.split('.')[1]}`],
  ['of nothing', () => ''],
  ['without a signature', (token: string) => token.split('.')[0]!],
] as const)('a token %s is refused and its socket closed', async ([, spoil]) => {
  const page = await open()
  expect(await page.ask('hello', { token: spoil((await visit()).token) })).toMatchObject({ ok: false, ...coded('bad_token') })
  expect(await page.end()).toEqual({ code: 4002, reason: 'bad_token' })
})

test('what is not a message is answered with a code, and the socket goes on', async () => {
  const page = await greeted((await visit()).token)
  const answer = async (frame: string, re: string | null) => {
    page.heard.length = 0
    page.socket.send(frame)
    return await page.until((told) => told['ok'] === false && told.re === re)
  }
  expect(await answer('{', null)).toMatchObject(coded('bad_json'))
  expect(await answer('null', null)).toMatchObject(coded('unknown_type', 'undefined'))
  expect(await answer('{"type":"accept","id":"a","offer":"o"}', 'a')).toMatchObject({ code: 'unknown_type', detail: 'accept' })
  expect(await answer('{"type":"rate","id":"b","score":6,"comment":""}', 'b')).toMatchObject({ code: 'bad_message' })
  expect(await answer('{"type":"hangup","id":"c","force":true}', 'c')).toMatchObject({ code: 'bad_message' })
  expect(await answer('{"type":"hello","id":"d","token":""}', 'd')).toMatchObject({ code: 'bad_message' })
  expect(await answer(JSON.stringify({ type: 'hangup', id: 'e' }), 'e')).toMatchObject({ code: 'unknown_request' })
  expect(await answer('{"type":"rate","id":"f\\u0000","score":5,"comment":""}', 'f\0')).toMatchObject({ code: 'bad_message', detail: 'text that is not valid Unicode' })
  expect(await answer('{"type":"rate","id":"g","score":5,"comment":"\\ud800"}', 'g')).toMatchObject({ code: 'bad_message' })
  expect(await answer(JSON.stringify({ type: 'rate', id: 'h', score: 5, comment: 'x'.repeat(70_000) }), null)).toMatchObject({ code: 'too_large' })
  expect(await page.ask('ping')).toMatchObject({ ok: true })
})

test('frames beyond every bound, binary frames and floods close the socket with a code', async () => {
  const { token } = await visit()
  const large = await greeted(token)
  large.socket.send('x'.repeat(300_000))
  expect((await large.end()).code).toBe(1009)
  const binary = await greeted(token)
  binary.socket.send(new Uint8Array([1, 2, 3]))
  expect((await binary.end()).code).toBe(1003)
  const flood = await greeted(token)
  for (let i = 0; i < 5_000; i++) flood.socket.send(`{"type":"ping","id":"${i}"}`)
  await flood.until((told) => told.type === 'bye' && told['code'] === 'too_fast')
  expect((await flood.end()).code).toBe(4008)
  expect(flood.heard.length).toBeLessThan(200)
})

test('before hello nothing is done, and a page of another origin is not let in', async () => {
  const page = await open()
  expect(await page.ask('call', { consent: true })).toMatchObject({ ok: false, code: 'hello_first' })
  expect((await page.end()).code, 'after a while without hello').toBe(4001)
  await expect(open({ origin: 'https://evil.example' })).rejects.toThrow('not let in')
  await expect(open({ origin: 'null' })).rejects.toThrow('not let in')
  await open({ origin })
}, 10_000)
