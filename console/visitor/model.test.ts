// The visitor's way from greeting to rating, against a link that the test plays.
import { signal } from '@preact/signals'
import { beforeEach, expect, test, vi } from 'vitest'
import type { VisitorMessage, VisitorPush, VisitorView } from '#wire/messages.ts'
import type { Opened } from '../call/devices.ts'
import type { Link, LinkState } from '../link.ts'
import { Refused, refuse } from '../shell/refused.ts'
import { makeVisitor, type Visitor } from './model.ts'

const ready: VisitorView = {
  phase: 'ready', direction: 'inbound', request: 'r1', participant: 'v', position: null, estimateMs: null, since: 0, agent: null, connectedAt: null, held: false,
  transferring: false, parties: [], callbackAt: null, message: null, outcome: null, rated: false,
}
const track = (id: string) => ({ id, stop: vi.fn() }) as unknown as MediaStreamTrack
const open: Opened = { tracks: { microphone: track('m'), camera: track('c') }, trouble: {} }

interface FakeLink { token: string; asked: string[]; told: string[]; closed: boolean; refuse: Record<string, Refused>; say: (part: Partial<VisitorView>) => void; end: (code: string) => void }
let links: FakeLink[]
let kept: string | null
let visits: number
let visitFails: Refused | null
let opened: Opened
let joins: number
let released: number
let firstView: VisitorView | null
let visitor: Visitor
let called: string | null
let keptLook: string | null
let access: unknown
let rings: string[]
const link = () => links.at(-1)!

function fakeLink(token: string, heard: (push: VisitorPush) => void): Link<VisitorMessage> {
  const state = signal<LinkState>('open')
  const endedBy = signal<string | null>(null)
  let view = ready
  const fake: FakeLink = {
    token, asked: [], told: [], closed: false, refuse: {},
    say(part) { view = { ...view, ...part }; heard({ type: 'view', now: 0, view }) },
    end(code) { state.value = 'ended'; endedBy.value = code },
  }
  links.push(fake)
  if (firstView) heard({ type: 'view', now: 0, view: view = firstView })
  return {
    state, endedBy, connection: signal(1), roundTripMs: signal(null), reopen: () => {}, close: () => { fake.closed = true },
    ask: async (message) => {
      fake.asked.push(message.type)
      const no = fake.refuse[message.type]
      if (no) throw no
      return {}
    },
    tell: (message) => { fake.told.push(message.type) },
  }
}

beforeEach(() => {
  links = []
  kept = visitFails = called = keptLook = null
  access = undefined
  rings = []
  visits = joins = released = 0
  opened = open
  firstView = ready
  make()
})
function make() {
  visitor = makeVisitor({
    visit: async () => { if (visitFails) throw visitFails; return { token: `t${++visits}`, access } },
    called, keepLook: { get: () => keptLook, set: (look) => { keptLook = look } }, ring: { start: () => { rings.push('start') }, stop: () => { rings.push('stop') } },
    link: fakeLink, keep: { get: () => kept, set: (token) => { kept = token } },
    open: async () => opened, release: () => { released++ },
    load: async () => () => ({ join: () => { joins++ }, push: () => {}, setOn: async () => {}, replace: async () => {}, close: () => {} }),
  })
}

test('two presses lead to the call: consent, which opens the camera, and call', async () => {
  await visitor.begin()
  expect(visitor.screen.value).toBe('ready')
  visitor.agree(true)
  await visitor.place()
  expect(link().asked).toEqual(['call'])
  expect(visitor.call.tracks.value.camera).not.toBeNull()
})

test('without consent nothing is opened and nothing is called; the page says what is missing', async () => {
  await visitor.begin()
  await visitor.place()
  expect([visitor.consentMissing.value, link().asked, visitor.call.tracks.value.camera]).toEqual([true, [], null])
})

test('consent taken back closes the camera', async () => {
  await visitor.begin()
  visitor.agree(true)
  await visitor.call.openDevices()
  visitor.agree(false)
  expect([visitor.call.tracks.value.camera, released]).toEqual([null, 1])
})

test.each([
  ['neither camera nor microphone', { microphone: null, camera: null }, []],
  ['no camera', { microphone: track('m'), camera: null }, ['call']],
  ['no microphone', { microphone: null, camera: track('c') }, ['call']],
])('with %s the engine is asked for %s', async (_, tracks, asked) => {
  opened = { tracks, trouble: { camera: 'refused', microphone: 'refused' } }
  await visitor.begin()
  visitor.agree(true)
  await visitor.place()
  expect(link().asked).toEqual(asked)
  expect(visitor.calling.value).toBe(false)
})

test('the room is joined once when an agent accepts, and left when the call is over', async () => {
  await visitor.begin()
  visitor.agree(true)
  await visitor.place()
  link().say({ phase: 'queued', position: 2 })
  link().say({ phase: 'connecting', position: null, agent: 'Lin' })
  link().say({ phase: 'in_call', connectedAt: 1 })
  await vi.waitFor(() => expect(joins).toBe(1))
  link().say({ phase: 'closed', outcome: 'answered' })
  expect([visitor.call.tracks.value.camera, visitor.call.state.value]).toEqual([null, null])
})

test('a refused call says why and can be tried again', async () => {
  await visitor.begin()
  visitor.agree(true)
  link().refuse['call'] = new Refused('access_off', { zh: '', en: '' })
  await expect(visitor.place()).rejects.toMatchObject({ code: 'access_off' })
  expect(visitor.calling.value).toBe(false)
})

test('a visit that waited too long to begin is begun anew by the press on call', async () => {
  await visitor.begin()
  visitor.agree(true)
  link().refuse['call'] = new Refused('bad_token', { zh: '', en: '' })
  await visitor.place()
  expect(links.map(({ token, asked }) => [token, asked])).toEqual([['t1', ['call']], ['t2', ['call']]])
})

test('a reload finds the visit under way and goes on in it', async () => {
  kept = 'earlier'
  firstView = { ...ready, phase: 'in_call', connectedAt: 1 }
  await visitor.begin()
  expect([visits, link().token, visitor.screen.value]).toEqual([0, 'earlier', 'in_call'])
  await vi.waitFor(() => expect(joins).toBe(1))
})

test('a kept visit that the engine no longer knows is replaced by a new one without a word', async () => {
  kept = 'stale'
  firstView = null
  await visitor.begin()
  firstView = ready
  link().end('bad_token')
  await vi.waitFor(() => expect(visitor.screen.value).toBe('ready'))
  expect(link().token).toBe('t1')
})

test('a visit lost in the middle of a call is said to be lost', async () => {
  await visitor.begin()
  link().say({ phase: 'in_call' })
  link().end('bad_token')
  expect(visitor.screen.value).toBe('expired')
})

test('another window that took over is said, and nothing is begun behind its back', async () => {
  await visitor.begin()
  link().end('replaced')
  await Promise.resolve()
  expect([visitor.screen.value, links.length]).toEqual(['replaced', 1])
})

test('an address that takes no calls says why; a retry may find it open', async () => {
  visitFails = new Refused('unknown_access', { zh: '没有这个接入点', en: 'There is no such access point' })
  await visitor.begin()
  expect([visitor.screen.value, visitor.refused.value?.words.zh]).toEqual(['unavailable', '没有这个接入点'])
  visitFails = null
  await visitor.begin()
  expect(visitor.screen.value).toBe('ready')
})

test('a failed rating keeps what was typed; one that arrived is thanked for', async () => {
  await visitor.begin()
  link().say({ phase: 'closed', outcome: 'answered' })
  visitor.rating.score.value = 4
  visitor.rating.comment.value = ' good '
  link().refuse['rate'] = refuse('link_lost')
  await expect(visitor.rate()).rejects.toMatchObject({ code: 'link_lost' })
  expect([visitor.rating.comment.value, visitor.rating.sent.value]).toEqual([' good ', false])
  delete link().refuse['rate']
  await visitor.rate()
  expect(visitor.rating.sent.value).toBe(true)
})

test('calling again is a new visit with the consent given before', async () => {
  await visitor.begin()
  visitor.agree(true)
  await visitor.place()
  link().say({ phase: 'closed', outcome: 'queue_timeout' })
  await visitor.again()
  expect(links.map(({ closed }) => closed)).toEqual([true, false])
  expect([link().token, link().asked, kept]).toEqual(['t2', ['call'], 't2'])
})

test('after a reload in the call, calling again needs no second consent', async () => {
  kept = 'earlier'
  firstView = { ...ready, phase: 'in_call', connectedAt: 1 }
  await visitor.begin()
  link().say({ phase: 'closed', outcome: 'answered' })
  firstView = ready
  await visitor.again()
  expect([link().token, link().asked]).toEqual(['t1', ['call']])
})

test('a page that goes away says so', async () => {
  await visitor.begin()
  visitor.closing()
  expect(link().told).toEqual(['closing'])
})

test('the access point’s look is shown and kept for the next visit', async () => {
  access = { name: '官网', greeting: { zh: '您好', en: 'Hello' }, theme: '#1677ff', language: 'zh', open: false }
  await visitor.begin()
  expect(visitor.look.value).toEqual(access)
  make()
  expect(visitor.look.value).toEqual(access)
})

test('a kept look of another shape is as none', () => {
  keptLook = '{'
  make()
  expect(visitor.look.value).toBeNull()
})

test('a link by which an agent calls needs no visit; it rings until it is answered, with consent', async () => {
  called = 'link'
  firstView = null
  make()
  await visitor.begin()
  link().say({ phase: 'dialled', agent: '小安' })
  expect([visits, link().token, kept, visitor.screen.value, visitor.consent.value, rings, link().asked]).toEqual([0, 'link', 'link', 'dialled', false, ['start'], ['ringing']])
  await visitor.answer()
  expect([visitor.consentMissing.value, link().asked]).toEqual([true, ['ringing']])
  visitor.agree(true)
  await visitor.answer()
  expect([link().asked, rings.at(-1)]).toEqual([['ringing', 'answer'], 'stop'])
  link().say({ phase: 'connecting' })
  await vi.waitFor(() => expect(joins).toBe(1))
})

test('an answer with neither camera nor microphone is not given', async () => {
  opened = { tracks: { microphone: null, camera: null }, trouble: { microphone: 'refused', camera: 'refused' } }
  await visitor.begin()
  link().say({ phase: 'dialled' })
  visitor.agree(true)
  await visitor.answer()
  expect([link().asked, visitor.answering.value]).toEqual([['ringing'], null])
})

test('a call that is refused is silent at once', async () => {
  await visitor.begin()
  link().say({ phase: 'dialled' })
  await visitor.refuse()
  expect([link().asked, rings.at(-1)]).toEqual([['ringing', 'refuse'], 'stop'])
})

test('a link that is over says so instead of beginning a visit', async () => {
  called = 'over'
  firstView = null
  make()
  await visitor.begin()
  link().end('bad_token')
  await Promise.resolve()
  expect([visitor.screen.value, visits]).toEqual(['expired', 0])
})

test('after a callback was agreed on nobody is filmed until it is answered', async () => {
  await visitor.begin()
  visitor.agree(true)
  await visitor.place()
  link().say({ phase: 'queued', position: 3 })
  await visitor.callBack(0)
  expect(link().asked.at(-1)).toBe('callback')
  link().say({ phase: 'closed', outcome: 'callback', callbackAt: 5 })
  link().say({ phase: 'queued', request: 'r2', position: 1 })
  expect([visitor.calledBack.value, visitor.call.tracks.value.camera]).toEqual([true, null])
  link().say({ phase: 'dialled', request: 'r2' })
  expect(rings.at(-1)).toBe('start')
})

test('a callback whose turn comes at once is one all the same: nobody is filmed, and the next visit is a plain one', async () => {
  await visitor.begin()
  visitor.agree(true)
  await visitor.place()
  link().say({ phase: 'queued', position: 1 })
  expect(visitor.call.tracks.value.camera).not.toBeNull()
  await visitor.callBack(0)
  link().say({ phase: 'queued', request: 'r2', position: 1 })
  link().say({ phase: 'ringing', request: 'r2', position: null })
  link().say({ phase: 'queued', request: 'r2', position: 1 })
  expect([visitor.calledBack.value, visitor.call.tracks.value.camera]).toEqual([true, null])
  link().say({ phase: 'closed', request: 'r2', outcome: 'out_no_answer' })
  expect(visitor.calledBack.value).toBe(false)
})

test('a callback that is refused leaves the visitor in his place, camera and all', async () => {
  await visitor.begin()
  visitor.agree(true)
  await visitor.place()
  link().say({ phase: 'queued', position: 1 })
  link().refuse['callback'] = new Refused('not_waiting', { zh: '', en: '' })
  await expect(visitor.callBack(0)).rejects.toMatchObject({ code: 'not_waiting' })
  expect([visitor.calledBack.value, visitor.call.tracks.value.camera === null]).toEqual([false, false])
})
