// A supervisor in a call: what the engine says he does there, and the media that follows. A listener opens no device. No DOM.
import { computed, signal, type ReadonlySignal } from '@preact/signals'
import type { SupervisorMessage, SupervisorPush, SupervisorView } from '#wire/messages.ts'
import { makeCall, type CallPorts } from '../call/call.ts'
import type { Chosen } from '../call/devices.ts'
import type { Link } from '../link.ts'

export type Mode = NonNullable<SupervisorView['call']>['mode']

export interface MonitorPorts extends Omit<CallPorts, 'ask' | 'connection'> {
  link: (heard: (push: SupervisorPush) => void) => Link<SupervisorMessage>
  chosen: ReadonlySignal<Chosen>
}

export function makeMonitor(ports: MonitorPorts) {
  const view = signal<SupervisorView | null>(null)
  const asking = signal<string | null>(null)
  const link = ports.link((push) => {
    if (push.type === 'view') follow(push.view)
    else if (push.type !== 'bye') call.push(push)
  })
  const call = makeCall({ ...ports, ask: (message) => link.ask(message), connection: link.connection })

  function follow(next: SupervisorView): void {
    const [before, now] = [view.value?.call, next.call]
    view.value = next
    if (!now || (before && before.request !== now.request)) call.leave()
    if (!now) return
    const listens = now.mode === 'listen'
    void call.join(ports.chosen.value, listens)
    // Does nothing where it is so already.
    void call.speak(!listens, ports.chosen.value)
  }
  async function during(what: string, act: () => Promise<unknown>): Promise<void> {
    if (asking.value) return
    asking.value = what
    try { await act() } finally { asking.value = null }
  }

  return {
    view, asking, link, call,
    leaving: computed(() => asking.value === 'leave'),
    /** Joins a call, or changes how he is in it. Rejects with Refused. */
    join: (request: string, mode: Mode) => during(`${mode} ${request}`, () => link.ask({ type: 'monitor', request, mode })),
    leave: () => during('leave', () => link.ask({ type: 'leave' })),
    stop(): void {
      call.leave()
      link.close()
    },
  }
}
export type Monitor = ReturnType<typeof makeMonitor>
