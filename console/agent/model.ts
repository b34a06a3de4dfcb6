// The agent's workbench as state: what the engine says, what the agent asks for, and what happens to camera and ring meanwhile. No DOM.
import { computed, signal, type ReadonlySignal } from '@preact/signals'
import type { AgentMessage, AgentPush, AgentView } from '#wire/messages.ts'
import { makeCall, type CallPorts } from '../call/call.ts'
import type { Chosen } from '../call/devices.ts'
import type { Link } from '../link.ts'
import type { Explanation } from '../staff/explain.ts'
import { makeCallActs } from './call-acts.ts'
import type { Drafts } from './drafts.ts'

export type Status = AgentView['status']
export interface DeviceResult { camera: boolean; microphone: boolean; speaker: boolean }

export interface WorkbenchPorts extends Omit<CallPorts, 'ask' | 'connection'> {
  link: (heard: (push: AgentPush) => void) => Link<AgentMessage>
  drafts: Drafts
  /** The devices this agent chose on this machine. */
  chosen: ReadonlySignal<Chosen>
  /** Told with every view: the version of the plan in force, whose words menus show. */
  followPlan: (version: number) => void
}

/** Work that a status chosen meanwhile waits for. */
const WAITED_FOR: ReadonlySet<AgentView['work']> = new Set(['dialling', 'connecting', 'in_call', 'wrap_up'])
/** Where an outgoing call goes: to somebody seen before, or (null) to whoever opens its link. */
export interface Dialled { visitor: string | null; access: string | null }

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
  /** The dialog for calling out is on the screen, for this visitor. */
  const dialling = signal<Dialled | null>(null)

  const link = ports.link((push) => {
    if (push.type === 'view') follow(push.view)
    else if (push.type !== 'bye') call.push(push)
  })
  const call = makeCall({ ...ports, ask: (message) => link.ask(message), connection: link.connection })
  const offer = computed(() => view.value?.offer ?? null)
  const acknowledged = new Set<string>()
  const acts = makeCallActs({ view, ask: (message) => link.ask(message), during })

  /** The engine's word is what the page shows; camera and summary follow it. */
  function follow(next: AgentView): void {
    const before = view.value
    view.value = next
    ports.followPlan(next.plan)
    if (before?.call?.request !== next.call?.request) acts.forget()
    // The first call of the day need not wait for a download.
    if (next.status !== 'offline') call.preload().catch(() => { /* joining tries again */ })
    const talking = next.work === 'connecting' || next.work === 'in_call'
    // A call that comes in, or goes out, wants the camera that a device check holds.
    if (next.offer || next.dial) checking.value = null
    if (next.offer || next.work !== 'none') dialling.value = null
    if (talking) void call.join(ports.chosen.value)
    // From the ring on the agent sees himself, and the picture is ready the moment he accepts.
    else if (next.offer || next.dial) void call.openDevices(ports.chosen.value)
    else if (!before || before.offer || before.dial || before.work !== 'none') call.leave()
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

  /**
   * Asks for a status; while he works, for the one that follows the work. Choosing the status he has takes back the one that was to
   * follow. Idle that needs a device check opens the check instead. Throws Refused.
   */
  async function setStatus(to: Status, reason = ''): Promise<void> {
    const now = view.value
    if (!now) return
    const later = WAITED_FOR.has(now.work)
    if (to === now.status) { if (now.queued) await takeBack(); return }
    // In a call the camera is in use: there the engine says what is missing.
    if (to === 'idle' && now.deviceCheckNeeded && (!later || now.work === 'wrap_up')) { checking.value = { thenIdle: true }; return }
    await during(to, () => link.ask({ type: later ? 'queueStatus' : 'status', to, reason }))
  }
  const takeBack = () => during('takeBack', () => link.ask({ type: 'queueStatus', to: null, reason: '' }))

  return {
    view, offer, link, call, acts, checking, asking, summaryOf, saving, dialling, drafts, setStatus, takeBack,
    hangingUp: computed(() => asking.value === 'hangup'),
    waiting: computed(() => view.value?.queues.reduce((sum, queue) => sum + queue.waiting, 0) ?? 0),

    /** Sends what the device check found, then the idle that was asked for, if camera and microphone allow it. Throws Refused. */
    async checked(result: DeviceResult): Promise<void> {
      await link.ask({ type: 'device', ...result, network: gradeOf(link.roundTripMs.value) })
      const idle = checking.value?.thenIdle && result.camera && result.microphone
      checking.value = null
      if (idle) await during('idle', () => link.ask({ type: WAITED_FOR.has(view.value?.work ?? 'none') ? 'queueStatus' : 'status', to: 'idle', reason: '' }))
    },

    /** Tells the engine that an offer is really shown; once each. */
    shown(id: string): void {
      if (acknowledged.has(id)) return
      acknowledged.add(id)
      link.ask({ type: 'ring', offer: id }).catch(() => { /* the offer is gone: the next view says so */ })
    },
    accept: () => during('accept', async () => { if (offer.value) await link.ask({ type: 'accept', offer: offer.value.offer }) }),
    decline: () => during('decline', async () => { if (offer.value) await link.ask({ type: 'decline', offer: offer.value.offer }) }),
    /** Whether he could take a waiting request by hand now, or call out. */
    free: computed(() => view.value !== null && view.value.status !== 'offline' && view.value.work === 'none'),
    pick: (request: string) => during(`pick ${request}`, () => link.ask({ type: 'pick', request })),
    makeUrgent: (request: string, on: boolean) => during(`urgent ${request}`, () => link.ask({ type: 'urgent', request, on })),
    /** Why this request is not offered to this agent, or is. Throws Refused. */
    explain: async (request: string): Promise<Explanation> => (await link.ask({ type: 'explain', request }))['explanation'] as Explanation,

    /** Opens the dialog for calling out, or the device check without which nobody calls. */
    openDial(wanted: Dialled): void {
      if (view.value?.deviceCheckNeeded) checking.value = { thenIdle: false }
      else dialling.value = wanted
    },
    /** Rings a visitor, or makes the link that rings him. Throws Refused. */
    dial: (visitor: string | null, access: string) => during('dial', async () => { await link.ask({ type: 'dial', visitor, access }); dialling.value = null }),
    dialCancel: () => during('dialCancel', async () => { if (view.value?.dial) await link.ask({ type: 'dialCancel', request: view.value.dial.request }) }),

    wrapupDone: () => during('wrapup', () => link.ask({ type: 'wrapupDone' })),
    wrapupExtend: (ms: number) => during('wrapupExtend', () => link.ask({ type: 'wrapupExtend', ms })),
    /** The summary without which wrap-up does not end. */
    summaryMissing: computed(() => { const wrapUp = view.value?.wrapUp; return Boolean(wrapUp?.summaryNeeded && !drafts.find(wrapUp.request)?.filed) }),
    /** Asks a supervisor to keep out the visitor of a request he served. */
    block: (request: string, reason: string) => during('block', () => link.ask({ type: 'block', request, reason })),

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

/** The nickname of a colleague as far as this page knows; else the id. */
export const nicknameIn = ({ acts }: Workbench, id: string): string => acts.colleagues.value?.find(({ agent }) => agent === id)?.nickname ?? id
