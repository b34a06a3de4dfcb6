// The link between a page and the engine: one websocket that asks, is answered, hears pushes, and heals itself.
import { signal, type ReadonlySignal } from '@preact/signals'
import type { Answer } from '#wire/messages.ts'
import { refusalIn, refuse, type Refused } from './shell/refused.ts'
import { clockOffsetMs } from './shell/ticker.ts'

/**
 * connecting: not yet heard; open: the engine knows this page; offline: lost, being mended;
 * ended: the engine sent the page away (see `endedBy`), or `close` was called.
 */
export type LinkState = 'connecting' | 'open' | 'offline' | 'ended'
/** A message as the page writes it; the link gives it an id. */
export type Unsent<M> = M extends { id: string } ? Omit<M, 'id'> : never

export interface Link<Message> {
  readonly state: ReadonlySignal<LinkState>
  /** Why the engine sent this page away, such as `replaced` or `not_signed_in`. */
  readonly endedBy: ReadonlySignal<string | null>
  /** Counts connections; whatever lives only as long as one (media) starts afresh when it changes. */
  readonly connection: ReadonlySignal<number>
  /** Median round trip of late pings in ms; null before the first. */
  readonly roundTripMs: ReadonlySignal<number | null>
  /**
   * Asks the engine. Across a reconnect the same id is sent again, so the action happens once; media messages belong to one
   * connection and fail with it. Rejects with Refused: the engine's code, or `link_lost`.
   */
  ask(message: Unsent<Message>): Promise<Record<string, unknown>>
  /** Sends without waiting for an answer, if it can be sent at all: for a page that is going away. */
  tell(message: Unsent<Message>): void
  /** Starts again after `ended`: this page wants to be the one. */
  reopen(): void
  close(): void
}

export interface LinkOptions<Message, Push> {
  url: string
  /** First message of each connection. Its answer's `view` arrives through `heard` like any later view. */
  hello: () => Unsent<Message>
  heard: (push: Push) => void
  /** For tests. */
  socket?: (url: string) => Pick<WebSocket, 'send' | 'close' | 'readyState' | 'onopen' | 'onmessage' | 'onclose'>
  random?: () => number
}

const PING_MS = 5000
/** Two missed pings and a little: then the network is gone, whatever the browser believes. */
const SILENCE_MS = 11_000
const RETRY_FIRST_MS = 300
const RETRY_MOST_MS = 8000
/** An engine that was killed is back in two or three seconds: the first tries do not lag far behind it. */
const RETRY_SOON_MS = 1200
const SOON_TRIES = 12
/** How long an action may wait for the network before its doer is told that it failed. */
const GIVE_UP_MS = 15_000
/** Refusals of a hello that another try cannot mend. */
const FINAL = new Set(['bad_token', 'not_signed_in', 'forbidden', 'not_found', 'replaced'])

interface Pending { text: string; sticky: boolean; done: (answer: Record<string, unknown>) => void; fail: (error: Refused) => void; timer: ReturnType<typeof setTimeout> }

/** Opens a link and keeps it open until `close`. */
export function openLink<Message extends { type: string; id: string }, Push extends { type: string }>(options: LinkOptions<Message, Push>): Link<Message> {
  const { hello, heard, random = Math.random, socket: make = (url: string) => new WebSocket(url) } = options
  const state = signal<LinkState>('connecting')
  const endedBy = signal<string | null>(null)
  const connection = signal(0)
  const roundTripMs = signal<number | null>(null)
  const pending = new Map<string, Pending>()
  const page = Math.floor(random() * 2 ** 40).toString(36)
  const trips: number[] = []
  let bestTripMs = Infinity
  let count = 0
  let attempt = 0
  let socket: ReturnType<typeof make> | null = null
  let lastHeard = 0
  let retry: ReturnType<typeof setTimeout> | undefined
  let pulse: ReturnType<typeof setInterval> | undefined

  const nextId = () => `${page}-${++count}`

  function connect(): void {
    clearTimeout(retry)
    const mine = socket = make(options.url)
    lastHeard = Date.now()
    clearInterval(pulse)
    pulse = setInterval(beat, PING_MS)
    mine.onopen = () => {
      const id = nextId()
      pending.set(id, {
        text: '', sticky: false, timer: setTimeout(() => drop(), GIVE_UP_MS), done: welcome,
        fail: (error) => { if (FINAL.has(error.code)) end(error.code); else drop() },
      })
      mine.send(JSON.stringify({ ...hello(), id }))
    }
    mine.onmessage = (event) => hear(String(event.data))
    mine.onclose = () => drop()
  }

  function welcome(answer: Record<string, unknown>): void {
    attempt = 0
    bestTripMs = Infinity
    connection.value++
    state.value = 'open'
    if (answer['view']) hear(JSON.stringify({ type: 'view', now: answer['now'], view: answer['view'] }))
    for (const { text, sticky } of pending.values()) if (sticky) socket?.send(text)
    beat()
  }

  function hear(text: string): void {
    lastHeard = Date.now()
    const message = JSON.parse(text) as Answer | Push
    if ('re' in message) return answered(message)
    if (message.type === 'view' && typeof (message as { now?: unknown }).now === 'number' && bestTripMs === Infinity) {
      clockOffsetMs.value = (message as unknown as { now: number }).now - lastHeard
    }
    if (message.type === 'bye') {
      const { code } = message as unknown as { code: string }
      return code === 'stopping' ? drop() : end(code)
    }
    heard(message)
  }

  function answered(answer: Answer): void {
    const waiting = answer.re === null ? undefined : pending.get(answer.re)
    if (!waiting) return
    pending.delete(answer.re as string)
    clearTimeout(waiting.timer)
    if (answer.ok) waiting.done(answer)
    else waiting.fail(refusalIn(answer))
  }

  /** The connection is gone: what belonged to it fails, the rest waits for the next one. */
  function drop(): void {
    if (!socket) return
    const gone = socket
    socket = null
    gone.onopen = gone.onmessage = gone.onclose = null
    gone.close()
    clearInterval(pulse)
    state.value = 'offline'
    failAll((one) => !one.sticky)
    const mostMs = Math.min(attempt < SOON_TRIES ? RETRY_SOON_MS : RETRY_MOST_MS, RETRY_FIRST_MS * 2 ** attempt++)
    // Jitter over the whole range: a thousand pages that lost the same engine do not come back in one moment.
    retry = setTimeout(connect, mostMs * (0.3 + 0.7 * random()))
  }

  function failAll(which: (one: Pending) => boolean): void {
    for (const [id, one] of pending) {
      if (!which(one)) continue
      pending.delete(id)
      clearTimeout(one.timer)
      if (one.text) one.fail(refuse('link_lost'))
    }
  }

  function end(code: string | null): void {
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null
      socket.close()
      socket = null
    }
    clearTimeout(retry)
    clearInterval(pulse)
    endedBy.value = code
    state.value = 'ended'
    failAll(() => true)
  }

  function beat(): void {
    if (Date.now() - lastHeard > SILENCE_MS) return drop()
    if (state.value !== 'open') return
    const sentAt = Date.now()
    ask({ type: 'ping' } as unknown as Unsent<Message>, false).then((answer) => {
      const tripMs = Date.now() - sentAt
      trips.push(tripMs)
      if (trips.length > 7) trips.shift()
      roundTripMs.value = [...trips].sort((a, b) => a - b)[trips.length >> 1] ?? null
      // The quickest round trip knows the engine's clock best; it fades, because clocks drift apart.
      bestTripMs += 0.5
      if (typeof answer['now'] === 'number' && tripMs <= bestTripMs) {
        bestTripMs = tripMs
        clockOffsetMs.value = Math.round(answer['now'] - (sentAt + tripMs / 2))
      }
    }, () => { /* the link's state already tells */ })
  }

  function ask(message: Unsent<Message>, sticky = !(message as unknown as Message).type.startsWith('media.')): Promise<Record<string, unknown>> {
    return new Promise((done, fail) => {
      const open = state.value === 'open'
      if (state.value === 'ended' || (!sticky && !open)) return fail(refuse('link_lost'))
      const id = nextId()
      const text = JSON.stringify({ ...(message as object), id })
      const timer = setTimeout(() => { pending.delete(id); fail(refuse('link_lost')) }, GIVE_UP_MS)
      pending.set(id, { text, sticky, done, fail, timer })
      if (open) socket?.send(text)
    })
  }

  /** The machine says that it is back: no reason to sit out the rest of a pause. */
  const wake = () => { if (state.value === 'offline' && !socket) { attempt = 0; connect() } }
  /** The machine says that it has no network: no reason to sit out the silence before starting to mend. */
  const away = () => { if (state.value === 'open') drop() }
  globalThis.addEventListener?.('online', wake)
  globalThis.addEventListener?.('offline', away)
  globalThis.document?.addEventListener('visibilitychange', wake)
  connect()

  return {
    state, endedBy, connection, roundTripMs, ask,
    tell(message) { if (state.value === 'open') socket?.send(JSON.stringify({ ...(message as object), id: nextId() })) },
    reopen() {
      if (state.value !== 'ended') return
      state.value = 'connecting'
      endedBy.value = null
      attempt = 0
      connect()
    },
    close() {
      globalThis.removeEventListener?.('online', wake)
      globalThis.removeEventListener?.('offline', away)
      globalThis.document?.removeEventListener('visibilitychange', wake)
      end(null)
    },
  }
}

/** The websocket address of a path on this page's own server. */
export const socketUrl = (path: string): string => `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}${path}`
