// The visitor's page as state: one visit after another, from greeting to rating. No DOM.
import { computed, effect, signal } from '@preact/signals'
import type { VisitorMessage, VisitorPush, VisitorView } from '#wire/messages.ts'
import { makeCall, type CallPorts } from '../call/call.ts'
import type { Link } from '../link.ts'
import { refuse, type Refused } from '../shell/refused.ts'
import { readLook, type Look } from './look.ts'

/**
 * What the page shows. opening: not yet known; unavailable: this address takes no calls (see `refused`); replaced: another
 * window has this visit; expired: the engine no longer knows it; else the phase of the call.
 */
export type Screen = 'opening' | 'unavailable' | 'replaced' | 'expired' | VisitorView['phase']

export interface VisitorPorts extends Omit<CallPorts, 'ask' | 'connection'> {
  /** Begins a visit at this access point; `access` is how it looks. Rejects with Refused. */
  visit: () => Promise<{ token: string; access?: unknown }>
  /** The token of a link by which an agent calls; such a page begins no visit of its own. */
  called: string | null
  link: (token: string, heard: (push: VisitorPush) => void) => Link<VisitorMessage>
  /** Where the token of the visit under way outlives a reload. */
  keep: { get: () => string | null; set: (token: string | null) => void }
  /** Where the look of the access point is kept, as JSON. */
  keepLook: { get: () => string | null; set: (look: string | null) => void }
  /** Sounds while an agent rings, as far as the browser lets the page. */
  ring: { start: () => void; stop: () => void }
}

/** The states in which a person has consented: there is no request of his without it. */
const CONSENTED = new Set<VisitorView['phase']>(['queued', 'ringing', 'connecting', 'in_call'])

function kept(look: string | null): Look | null {
  try { return look === null ? null : readLook(JSON.parse(look)) } catch { return null }
}

export function makeVisitor(ports: VisitorPorts) {
  const view = signal<VisitorView | null>(null)
  const refused = signal<Refused | null>(null)
  const link = signal<Link<VisitorMessage> | null>(null)
  const consent = signal(false)
  /** `call` was pressed without it. */
  const consentMissing = signal(false)
  const calling = signal(false)
  const hangingUp = signal(false)
  const look = signal<Look | null>(kept(ports.keepLook.get()))
  /** A callback was agreed on: what comes next comes from the other side. */
  const calledBack = signal(false)
  /** An answer to the agent who rings is on its way. */
  const answering = signal<'answer' | 'refuse' | null>(null)
  let called = ports.called
  let unwatch = () => {}
  const rating = { score: signal(0), comment: signal(''), sending: signal(false), sent: signal(false) }

  const call = makeCall({
    ...ports,
    ask: (message) => link.value?.ask(message) ?? Promise.reject(refuse('link_lost')),
    connection: computed(() => link.value?.connection.value ?? 0),
  })
  const phase = computed(() => view.value?.phase ?? null)
  const screen = computed<Screen>(() => {
    if (refused.value) return 'unavailable'
    const ended = link.value?.endedBy.value
    if (ended) return ended === 'replaced' ? 'replaced' : 'expired'
    return phase.value ?? 'opening'
  })

  function heard(push: VisitorPush): void {
    if (push.type === 'view') follow(push.view)
    else if (push.type !== 'bye') call.push(push)
  }

  /** The engine's word is what the page shows; the camera follows it. */
  function follow(next: VisitorView): void {
    const changed = next.phase !== phase.value
    view.value = next
    if (!changed) return
    // A reload forgets it, the engine does not.
    if (CONSENTED.has(next.phase)) consent.value = true
    if (next.phase === 'dialled') {
      ports.ring.start()
      link.value?.ask({ type: 'ringing' }).catch(() => { /* the agent sees that nothing rings yet */ })
    } else {
      ports.ring.stop()
    }
    if (next.phase === 'closed') calledBack.value = next.outcome === 'callback'
    if (next.phase === 'connecting' || next.phase === 'in_call') void call.join()
    // Nobody is filmed while a callback waits for its turn.
    else if ((next.phase === 'queued' || next.phase === 'ringing') && next.direction === 'inbound' && !calledBack.value) void call.openDevices()
    else if (next.phase === 'closed') call.leave()
  }

  async function begin(): Promise<void> {
    refused.value = null
    let token = called ?? ports.keep.get()
    // A link that is over says so; a visit that was kept and is over is begun anew without a word.
    const kept = called === null && token !== null
    called = null
    try {
      if (token === null) {
        const visit = await ports.visit()
        token = visit.token
        const shown = readLook(visit.access)
        if (shown) {
          look.value = shown
          ports.keepLook.set(JSON.stringify(shown))
        }
      }
    } catch (error) {
      refused.value = (error as Refused).words ? error as Refused : refuse('unexpected')
      return
    }
    ports.keep.set(token)
    const mine = link.value = ports.link(token, heard)
    unwatch = effect(() => {
      const ended = mine.endedBy.value
      const seen = view.peek()
      // A visit that ran out before anything came of it (an old tab, a page left open over night) is simply begun anew.
      if (ended && ended !== 'replaced' && (seen ? seen.phase === 'ready' : kept)) queueMicrotask(startOver)
    })
  }

  /** A new visit: nothing of the last one stays but the consent of this person on this page. */
  async function startOver(): Promise<void> {
    unwatch()
    link.value?.close()
    ports.keep.set(null)
    call.leave()
    link.value = null
    view.value = null
    rating.score.value = 0
    rating.comment.value = ''
    rating.sent.value = false
    calledBack.value = false
    ports.ring.stop()
    await begin()
  }

  async function put(): Promise<void> {
    await call.openDevices()
    // One of the two is enough: who cannot speak shows, who has no camera talks.
    if (!call.tracks.value.microphone && !call.tracks.value.camera) return
    call.preload().catch(() => { /* joining tries again */ })
    await link.value?.ask({ type: 'call', consent: true })
  }

  /** Puts the call. Throws Refused. */
  async function place(): Promise<void> {
    if (!consent.value) { consentMissing.value = true; return }
    if (calling.value) return
    calling.value = true
    try {
      await put().catch(async (error: Refused) => {
        // The page lay open for longer than a visit may wait to begin: the press begins another.
        if (error.code !== 'bad_token') throw error
        await startOver()
        await put()
      })
    } finally {
      calling.value = false
    }
  }

  return {
    view, screen, refused, link, consent, consentMissing, calling, hangingUp, rating, call, look, calledBack, answering,
    begin, startOver,

    /** Consent opens the camera, its withdrawal closes it. */
    agree(yes: boolean): void {
      consent.value = yes
      consentMissing.value = false
      if (yes) void call.openDevices()
      else call.closeDevices()
    },

    place,

    /** Calls once more, with the consent given before. Throws Refused. */
    async again(): Promise<void> {
      await startOver()
      if (link.value && consent.value) await place()
    },

    /** Takes the call of the agent who rings, with consent given. Throws Refused. */
    async answer(): Promise<void> {
      if (!consent.value) { consentMissing.value = true; return }
      if (answering.value) return
      answering.value = 'answer'
      try {
        await call.openDevices()
        if (!call.tracks.value.microphone && !call.tracks.value.camera) return
        ports.ring.stop()
        await link.value?.ask({ type: 'answer', consent: true })
      } finally {
        answering.value = null
      }
    },

    /** Does not take it. Throws Refused. */
    async refuse(): Promise<void> {
      if (answering.value) return
      answering.value = 'refuse'
      ports.ring.stop()
      try { await link.value?.ask({ type: 'refuse' }) } finally { answering.value = null }
    },

    /** Stops waiting here and is called back at `dueAt` (UTC ms; 0: when it is one's turn). Throws Refused. */
    async callBack(dueAt: number): Promise<void> {
      await link.value?.ask({ type: 'callback', dueAt })
      // Its turn may come at once: then no view says that the first request is over.
      calledBack.value = true
      call.leave()
    },

    /** Hangs up, or stops waiting. Throws Refused. */
    async hangup(): Promise<void> {
      hangingUp.value = true
      try { await link.value?.ask({ type: 'hangup' }) } finally { hangingUp.value = false }
    },

    /** Sends the rating. Throws Refused; what was typed stays. */
    async rate(): Promise<void> {
      rating.sending.value = true
      try {
        await link.value?.ask({ type: 'rate', score: rating.score.value, comment: rating.comment.value.trim() })
        rating.sent.value = true
      } finally {
        rating.sending.value = false
      }
    },

    /** The page is going away: the engine need not wait for a grace to know why. */
    closing: (): void => link.value?.tell({ type: 'closing' }),
  }
}
export type Visitor = ReturnType<typeof makeVisitor>
