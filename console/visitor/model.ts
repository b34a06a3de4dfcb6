// The visitor's page as state: one visit after another, from greeting to rating. No DOM.
import { computed, effect, signal } from '@preact/signals'
import type { VisitorMessage, VisitorPush, VisitorView } from '#wire/messages.ts'
import { makeCall, type CallPorts } from '../call/call.ts'
import type { Link } from '../link.ts'
import { refuse, type Refused } from '../shell/refused.ts'

/**
 * What the page shows. opening: not yet known; unavailable: this address takes no calls (see `refused`); replaced: another
 * window has this visit; expired: the engine no longer knows it; else the phase of the call.
 */
export type Screen = 'opening' | 'unavailable' | 'replaced' | 'expired' | VisitorView['phase']

export interface VisitorPorts extends Omit<CallPorts, 'ask' | 'connection'> {
  /** Begins a visit at this access point. Rejects with Refused. */
  visit: () => Promise<{ token: string }>
  link: (token: string, heard: (push: VisitorPush) => void) => Link<VisitorMessage>
  /** Where the token of the visit under way outlives a reload. */
  keep: { get: () => string | null; set: (token: string | null) => void }
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
    // There is no request without it; a reload forgets it, the engine does not.
    if (next.phase !== 'ready') consent.value = true
    if (next.phase === 'connecting' || next.phase === 'in_call') void call.join()
    else if (next.phase === 'queued' || next.phase === 'ringing') void call.openDevices()
    else if (next.phase === 'closed') call.leave()
  }

  async function begin(): Promise<void> {
    refused.value = null
    let token = ports.keep.get()
    const kept = token !== null
    try {
      token ??= (await ports.visit()).token
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
    view, screen, refused, link, consent, consentMissing, calling, hangingUp, rating, call,
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
