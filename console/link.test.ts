// The link: asking, healing, ending. Time is faked; the other end is a list of sockets that the test plays.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { VisitorMessage, VisitorPush } from '#wire/messages.ts'
import { openLink, type Link } from './link.ts'
import { clockOffsetMs } from './shell/ticker.ts'

interface Sent { type: string; id: string; token?: string }
class FakeSocket {
  static all: FakeSocket[] = []
  readonly sent: Sent[] = []
  readyState = 1
  closed = false
  onopen: (() => void) | null = null
  onmessage: ((event: { data: string }) => void) | null = null
  onclose: (() => void) | null = null
  constructor() { FakeSocket.all.push(this) }
  send(text: string) { this.sent.push(JSON.parse(text) as Sent) }
  close() { this.closed = true }
  says(message: object) { this.onmessage?.({ data: JSON.stringify(message) }) }
  answers(type: string, answer: object = {}) {
    const asked = this.sent.findLast((message) => message.type === type)
    this.says({ re: asked?.id, ok: true, ...answer })
  }
  refuses(type: string, code: string) {
    this.says({ re: this.sent.findLast((message) => message.type === type)?.id, ok: false, code, zh: '不行', en: 'No' })
  }
}
const socket = () => FakeSocket.all.at(-1)!
const view = { phase: 'ready' }

let heard: VisitorPush[]
let link: Link<VisitorMessage>
function open() {
  link = openLink<VisitorMessage, VisitorPush>({
    url: 'ws://x', hello: () => ({ type: 'hello', token: 't' }), heard: (push) => { heard.push(push) }, random: () => 0.5,
    socket: () => new FakeSocket() as unknown as WebSocket,
  })
}
function greet() {
  socket().onopen?.()
  socket().answers('hello', { now: Date.now(), view })
}

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 })
  FakeSocket.all = []
  heard = []
  open()
})
afterEach(() => {
  link.close()
  vi.useRealTimers()
})

describe('saying hello', () => {
  test('the view in the answer arrives like any later view', () => {
    expect(link.state.value).toBe('connecting')
    greet()
    expect(socket().sent[0]).toMatchObject({ type: 'hello', token: 't' })
    expect(link.state.value).toBe('open')
    expect(heard).toEqual([{ type: 'view', now: 1_000_000, view }])
  })

  test.each(['bad_token', 'not_signed_in', 'forbidden'])('a hello refused with %s ends the link', async (code) => {
    socket().onopen?.()
    socket().refuses('hello', code)
    expect([link.state.value, link.endedBy.value]).toEqual(['ended', code])
    await vi.advanceTimersByTimeAsync(60_000)
    expect(FakeSocket.all).toHaveLength(1)
  })

  test('a hello refused for a passing reason is tried again', async () => {
    socket().onopen?.()
    socket().refuses('hello', 'store_away')
    expect(link.state.value).toBe('offline')
    await vi.advanceTimersByTimeAsync(400)
    expect(FakeSocket.all).toHaveLength(2)
  })
})

describe('asking', () => {
  test('is answered by its id, or refused with the engine’s words', async () => {
    greet()
    const done = link.ask({ type: 'hangup' })
    socket().answers('hangup', { extra: 1 })
    await expect(done).resolves.toMatchObject({ extra: 1 })
    const refused = link.ask({ type: 'call', consent: true })
    socket().refuses('call', 'access_off')
    await expect(refused).rejects.toMatchObject({ code: 'access_off', words: { zh: '不行', en: 'No' } })
  })

  test('what was asked before the connection was lost is asked again under the same id, and once', async () => {
    greet()
    const done = link.ask({ type: 'hangup' })
    const { id } = socket().sent.at(-1)!
    socket().onclose?.()
    expect(link.state.value).toBe('offline')
    await vi.advanceTimersByTimeAsync(400)
    greet()
    expect(socket().sent.filter((message) => message.type === 'hangup').map((message) => message.id)).toEqual([id])
    socket().answers('hangup')
    await expect(done).resolves.toBeTruthy()
    socket().onclose?.()
    await vi.advanceTimersByTimeAsync(400)
    greet()
    expect(socket().sent.some((message) => message.type === 'hangup')).toBe(false)
  })

  test('what is asked while there is no connection waits for the next one, but not for ever', async () => {
    greet()
    socket().onclose?.()
    const done = link.ask({ type: 'hangup' })
    const late = expect(done).rejects.toMatchObject({ code: 'link_lost' })
    await vi.advanceTimersByTimeAsync(16_000)
    await late
    greet()
    expect(socket().sent.some((message) => message.type === 'hangup')).toBe(false)
  })

  test('media belongs to one connection and fails with it', async () => {
    greet()
    const asked = link.ask({ type: 'media.capabilities' })
    socket().onclose?.()
    await expect(asked).rejects.toMatchObject({ code: 'link_lost' })
    await expect(link.ask({ type: 'media.capabilities' })).rejects.toMatchObject({ code: 'link_lost' })
  })

  test('ids are never used twice', async () => {
    greet()
    for (let n = 0; n < 5; n++) link.ask({ type: 'hangup' }).catch(() => {})
    const ids = socket().sent.map((message) => message.id)
    expect(new Set(ids).size).toBe(ids.length)
  })
})

describe('healing', () => {
  test('pauses between tries grow to a bound and start small again after a success', async () => {
    const pauses: number[] = []
    for (let attempt = 0; attempt < 9; attempt++) {
      const [count, at] = [FakeSocket.all.length, Date.now()]
      socket().onclose?.()
      while (FakeSocket.all.length === count) await vi.advanceTimersByTimeAsync(5)
      pauses.push(Date.now() - at)
    }
    expect(pauses[0]).toBeLessThan(300)
    expect(pauses).toEqual([...pauses].sort((a, b) => a - b))
    expect(pauses.at(-1)).toBeLessThanOrEqual(8000)
    greet()
    const [count, at] = [FakeSocket.all.length, Date.now()]
    socket().onclose?.()
    while (FakeSocket.all.length === count) await vi.advanceTimersByTimeAsync(5)
    expect(Date.now() - at).toBeLessThan(300)
  })

  test('silence for longer than two pings counts as lost, although the browser still believes in the socket', async () => {
    greet()
    await vi.advanceTimersByTimeAsync(5000)
    socket().answers('ping', { now: Date.now() })
    expect(link.state.value).toBe('open')
    await vi.advanceTimersByTimeAsync(16_000)
    expect(FakeSocket.all[0]?.closed).toBe(true)
    expect(FakeSocket.all.length).toBeGreaterThan(1)
  })

  test('each connection is counted', async () => {
    greet()
    expect(link.connection.value).toBe(1)
    socket().onclose?.()
    await vi.advanceTimersByTimeAsync(400)
    greet()
    expect(link.connection.value).toBe(2)
  })
})

describe('ending', () => {
  test('a page that was replaced stays away until it is asked back', async () => {
    greet()
    const asked = link.ask({ type: 'hangup' })
    socket().says({ type: 'bye', code: 'replaced' })
    await expect(asked).rejects.toMatchObject({ code: 'link_lost' })
    expect([link.state.value, link.endedBy.value]).toEqual(['ended', 'replaced'])
    await vi.advanceTimersByTimeAsync(60_000)
    expect(FakeSocket.all).toHaveLength(1)
    link.reopen()
    greet()
    expect([link.state.value, link.endedBy.value]).toEqual(['open', null])
  })

  test('an engine that stops is waited for', async () => {
    greet()
    socket().says({ type: 'bye', code: 'stopping' })
    expect(link.state.value).toBe('offline')
    await vi.advanceTimersByTimeAsync(400)
    greet()
    expect(link.state.value).toBe('open')
  })

  test('a page that goes away says so at once, without waiting for an answer', () => {
    greet()
    link.tell({ type: 'closing' })
    expect(socket().sent.at(-1)?.type).toBe('closing')
  })
})

test('the engine’s clock is taken from the middle of the quickest round trip', async () => {
  greet()
  await vi.advanceTimersByTimeAsync(40)
  socket().answers('ping', { now: Date.now() - 20 + 7000 })
  await vi.advanceTimersByTimeAsync(0)
  expect(clockOffsetMs.value).toBe(7000)
  expect(link.roundTripMs.value).toBe(40)
  await vi.advanceTimersByTimeAsync(4960)
  await vi.advanceTimersByTimeAsync(900)
  socket().answers('ping', { now: Date.now() + 7000 })
  await vi.advanceTimersByTimeAsync(0)
  expect(clockOffsetMs.value).toBe(7000)
})
