// A guest's page as state: by a link that works once, a name, a knock, the call. No DOM.
import { computed, signal } from '@preact/signals'
import type { GuestMessage, GuestPush, GuestView } from '#wire/messages.ts'
import { makeCall, type CallPorts } from '../call/call.ts'
import type { Link } from '../link.ts'

/** opening: not yet known; unavailable: the link is no good (any more); replaced: opened in another window; else where the guest stands. */
export type GuestScreen = 'opening' | 'unavailable' | 'replaced' | GuestView['phase']

export interface GuestPorts extends Omit<CallPorts, 'ask' | 'connection'> {
  link: (heard: (push: GuestPush) => void) => Link<GuestMessage>
}

/** The longest name the engine takes. */
export const NAME_MOST = 40

export function makeGuest(ports: GuestPorts) {
  const view = signal<GuestView | null>(null)
  const name = signal('')
  const consent = signal(false)
  /** `knock` was pressed without a name or without consent. */
  const tried = signal(false)
  const knocking = signal(false)
  const leaving = signal(false)

  const heard = (push: GuestPush): void => {
    if (push.type === 'view') follow(push.view)
    else if (push.type !== 'bye') call.push(push)
  }
  function follow(next: GuestView): void {
    const before = view.value?.phase
    view.value = next
    if (next.phase === before) return
    if (next.phase === 'in') void call.join()
    else if (next.phase === 'knocking') void call.openDevices()
    else if (next.phase === 'gone') call.leave()
  }
  const link: Link<GuestMessage> = ports.link(heard)
  const call = makeCall({ ...ports, ask: (message) => link.ask(message), connection: computed(() => link.connection.value) })

  const faults = computed(() => ({ name: !name.value.trim(), consent: !consent.value }))
  return {
    view, link, call, name, consent, knocking, leaving,
    /** What is missing, once it was tried without. */
    faults: computed(() => (tried.value ? faults.value : { name: false, consent: false })),
    screen: computed<GuestScreen>(() => {
      const ended = link.endedBy.value
      if (ended === 'replaced') return 'replaced'
      if (view.value?.phase === 'gone') return 'gone'
      return ended ? (view.value ? 'gone' : 'unavailable') : view.value?.phase ?? 'opening'
    }),

    /** Consent opens the camera, its withdrawal closes it. */
    agree(yes: boolean): void {
      consent.value = yes
      if (yes) void call.openDevices()
      else call.closeDevices()
    },

    /** Asks to be let in. Throws Refused. */
    async knock(): Promise<void> {
      tried.value = true
      if (faults.value.name || faults.value.consent || knocking.value) return
      knocking.value = true
      try {
        await call.openDevices()
        // One of the two is enough.
        if (!call.tracks.value.microphone && !call.tracks.value.camera) return
        call.preload().catch(() => { /* joining tries again */ })
        await link.ask({ type: 'knock', name: name.value.trim().slice(0, NAME_MOST), consent: true })
      } finally {
        knocking.value = false
      }
    },

    /** Takes the knock back, or leaves the call. Throws Refused. */
    async leave(): Promise<void> {
      if (leaving.value) return
      leaving.value = true
      try { await link.ask({ type: 'leave' }) } finally { leaving.value = false }
    },
  }
}
export type Guest = ReturnType<typeof makeGuest>
