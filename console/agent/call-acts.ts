// What an agent does with the call he is in: holds it, hands it over, asks others in, lets guests in, leaves. No DOM.
import { signal, type ReadonlySignal } from '@preact/signals'
import type { AgentMessage, AgentView } from '#wire/messages.ts'
import type { Unsent } from '../link.ts'

/** Somebody whom one could ask into a call, as the answer to `colleagues` tells it. */
export interface Colleague { agent: string; nickname: string; status: AgentView['status']; work: AgentView['work']; groups: string[] }
export type Target = { agent: string } | { group: string }
/** What a dialog is open for. */
export type Asking = 'warm' | 'blind' | 'invite'

interface Ports {
  view: ReadonlySignal<AgentView | null>
  ask: (message: Unsent<AgentMessage>) => Promise<Record<string, unknown>>
  /** Marks what is under way; a second press meanwhile does nothing. */
  during: <T>(what: string, act: () => Promise<T>) => Promise<T | undefined>
}

/** Whether a colleague would be rung at once. */
export const isFree = ({ status, work }: Colleague): boolean => status !== 'offline' && work === 'none'

/** Whom to show first: who is idle, then whoever else is free, then the others; by name among themselves. Without those who are in the call. */
export function inOrder(colleagues: readonly Colleague[], inCall: readonly string[]): Colleague[] {
  const rank = (one: Colleague) => (isFree(one) ? (one.status === 'idle' ? 0 : 1) : one.status === 'offline' ? 3 : 2)
  return colleagues.filter(({ agent }) => !inCall.includes(agent)).sort((a, b) => rank(a) - rank(b) || a.nickname.localeCompare(b.nickname))
}

/** Each rejects with Refused when the engine says no, and does nothing outside a call. */
export function makeCallActs({ view, ask, during }: Ports) {
  /** null until they were asked for. */
  const colleagues = signal<readonly Colleague[] | null>(null)
  /** Links of this call's guests, as long as this page knows them: the engine tells each once. */
  const links = signal<ReadonlyMap<string, string>>(new Map())
  const inCall = <T>(what: string, act: (request: string) => Promise<T>) => during(what, async () => {
    const request = view.peek()?.call?.request
    return request === undefined ? undefined : await act(request)
  })

  return {
    colleagues, links,
    /** Ends the call where it is his; leaves it where he helps. */
    hangup: () => inCall('hangup', (request) => ask({ type: 'hangup', request })),
    /** Leaves a call that goes on without him. */
    leave: () => inCall('leave', (request) => ask({ type: 'leave', request })),
    hold: (on: boolean) => inCall('hold', (request) => ask({ type: 'hold', request, on })),
    askIn: (asking: Asking, to: Target) => inCall('askIn', (request) =>
      ask(asking === 'invite' ? { type: 'invite', request, to } : { type: 'transfer', request, to, warm: asking === 'warm' })),
    uninvite: (invitation: string) => inCall(`uninvite ${invitation}`, (request) => ask({ type: 'uninvite', request, invitation })),
    admit: (guest: string) => inCall(`guest ${guest}`, (request) => ask({ type: 'admit', request, guest })),
    turnAway: (guest: string) => inCall(`guest ${guest}`, (request) => ask({ type: 'turnAway', request, guest })),
    wantWrapUp: (wanted: boolean) => inCall('wrapupAsk', () => ask({ type: 'wrapupAsk', wanted })),
    /** Makes a link for one guest. */
    guest: () => inCall('guest', async (request) => {
      const { guest, link } = await ask({ type: 'guest', request })
      links.value = new Map([...links.peek(), [String(guest), String(link)]])
    }),
    /** Asks anew whom one could ask into the call. */
    readColleagues: async (): Promise<void> => { colleagues.value = (await ask({ type: 'colleagues' }))['agents'] as Colleague[] },
    /** Another call: its guests have other links. */
    forget(): void { links.value = new Map() },
  }
}
export type CallActs = ReturnType<typeof makeCallActs>
