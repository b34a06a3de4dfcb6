// The agent's workbench as state: what the engine says, what the agent asks for, and what happens to camera and ring meanwhile. No DOM.
import { computed, signal, type ReadonlySignal } from '@preact/signals'
import type { AgentMessage, AgentPush, AgentView } from '#wire/messages.ts'
import { makeCall, type CallPorts } from '../call/call.ts'
import type { Chosen } from '../call/devices.ts'
import type { Link } from '../link.ts'
import type { Drafts } from './drafts.ts'

export type Status = AgentView['status']
export interface DeviceResult { camera: boolean; microphone: boolean; speaker: boolean }

export interface WorkbenchPorts extends Omit<CallPorts, 'ask' | 'connection'> {
  link: (heard: (push: AgentPush) => void) => Link<AgentMessage>
  drafts: Drafts
  /** The devices this agent chose on this machine. */
  chosen: ReadonlySignal<Chosen>
}

/** A round trip in these bounds (ms) keeps a conversation natural; beyond the second one people talk over each other. */
const GOOD_TRIP_MS = 150
const FAIR_TRIP_MS = 400
export function gradeOf(roundTripMs: number | null): 'good' | 'fair' | 'poor' | 'unknown' {
  if (roundTripMs === null) return 'unknown'
  return roundTripMs <= GOOD_TRIP_MS ? 'good' : roundTripMs <= FAIR_TRIP_MS ? 'fair' : 'poor'
}

export function makeWorkbench(ports: WorkbenchPorts) {
  const { drafts } = ports
  const view = signal<AgentView | null>(null)
  /** The device check is on the screen; `thenIdle`: the agent asked for idle and gets it when the check is passed. */
  const checking = signal<{ thenIdle: boolean } | null>(null)
  /** Which status, or which act on an offer or a call, is on its way to the engine. */
  const asking = signal<string | null>(null)
  /** The call that the summary form is for. */
  const summaryOf = signal<string | null>(null)
  const saving = signal(false)

  const link = ports.link((push) => {
    if (push.type === 'view') follow(push.view)
    else if (push.type !== 'bye') call.push(push)
  })
  const call = makeCall({ ...ports, ask: (message) => link.ask(message), connection: link.connection })
  const offer = computed(() => view.value?.offer ?? null)
  const acknowledged = new Set<string>()

  /** The engine's word is what the page shows; camera and summary follow it. */
  function follow(next: AgentView): void {
    const before = view.value
    view.value = next
    // The first call of the day need not wait for a download.
    if (next.status !== 'offline') call.preload().catch(() => { /* joining tries again */ })
    const talking = next.work === 'connecting' || next.work === 'in_call'
    // A call that comes in wants the camera that a device check holds.
    if (next.offer) checking.value = null
    if (talking) void call.join(ports.chosen.value)
    // From the ring on the agent sees himself, and the picture is ready the moment he accepts.
    else if (next.offer) void call.openDevices(ports.chosen.value)
    else if (!before || before.offer || before.work !== 'none') call.leave()
    if (next.call) {
      drafts.begin(next.call.request, next.call.visitor)
      if (before?.call?.request !== next.call.request) summaryOf.value = next.call.request
    } else if (!before && next.wrapUp) {
      drafts.begin(next.wrapUp.request, '')
      summaryOf.value = next.wrapUp.request
    }
  }

  /** Marks what is under way, so that no button is pressed twice. Throws Refused. */
  async function during<T>(what: string, act: () => Promise<T>): Promise<T | undefined> {
    if (asking.value) return undefined
    asking.value = what
    try { return await act() } finally { asking.value = null }
  }

  /** Asks for a status. Idle that needs a device check opens the check instead. Throws Refused. */
  async function setStatus(to: Status): Promise<void> {
    if (to === view.value?.status) return
    if (to === 'idle' && view.value?.deviceCheckNeeded) { checking.value = { thenIdle: true }; return }
    await during(to, () => link.ask({ type: 'status', to, reason: '' }))
  }

  return {
    view, offer, link, call, checking, asking, summaryOf, saving, drafts, setStatus,
    hangingUp: computed(() => asking.value === 'hangup'),
    waiting: computed(() => view.value?.queues.reduce((sum, queue) => sum + queue.waiting, 0) ?? 0),

    /** Sends what the device check found, then the idle that was asked for, if camera and microphone allow it. Throws Refused. */
    async checked(result: DeviceResult): Promise<void> {
      await link.ask({ type: 'device', ...result, network: gradeOf(link.roundTripMs.value) })
      const idle = checking.value?.thenIdle && result.camera && result.microphone
      checking.value = null
      if (idle) await during('idle', () => link.ask({ type: 'status', to: 'idle', reason: '' }))
    },

    /** Tells the engine that an offer is really shown; once each. */
    shown(id: string): void {
      if (acknowledged.has(id)) return
      acknowledged.add(id)
      link.ask({ type: 'ring', offer: id }).catch(() => { /* the offer is gone: the next view says so */ })
    },
    accept: () => during('accept', async () => { if (offer.value) await link.ask({ type: 'accept', offer: offer.value.offer }) }),
    decline: () => during('decline', async () => { if (offer.value) await link.ask({ type: 'decline', offer: offer.value.offer }) }),
    hangup: () => during('hangup', async () => { if (view.value?.call) await link.ask({ type: 'hangup', request: view.value.call.request }) }),
    wrapupDone: () => during('wrapup', () => link.ask({ type: 'wrapupDone' })),

    /** Files the summary on the screen. Throws Refused; the draft stays until the engine has it. */
    async saveSummary(): Promise<boolean> {
      const draft = summaryOf.value === null ? undefined : drafts.find(summaryOf.value)
      if (!draft || saving.value) return false
      saving.value = true
      try {
        await link.ask({ type: 'summary', request: draft.request, category: draft.category.trim(), resolved: draft.resolved, note: draft.note.trim() })
        // Typed on while it was being sent: then this is still a draft.
        const now = drafts.find(draft.request)
        if (now && now.note === draft.note && now.category === draft.category && now.resolved === draft.resolved) drafts.filed(draft.request)
        return true
      } finally {
        saving.value = false
      }
    },

    stop(): void {
      call.leave()
      link.close()
    },
  }
}
export type Workbench = ReturnType<typeof makeWorkbench>
