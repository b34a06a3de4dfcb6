// What each page shows, as a pure function of the committed state.
import { deviceCheckNeeded } from '#core/agent.ts'
import { ownLeg, type AgentState, type GroupState, type Leg, type RequestState } from '#core/entities.ts'
import type { State } from '#core/state.ts'
import { wrapUpOf } from '#core/wrap-up.ts'
import type { AgentView, GuestView, PartyView, QueueRow, SupervisorView, VisitorView, Words } from '#wire/messages.ts'

/** What a visit holds before its call was started: there is no request yet. */
export interface VisitStart { request: string; visitor: string; since: number }

/** What the state does not know: names that guests gave themselves and that accounts have, how fast a queue moves, links that were made. */
export interface Asides {
  nameOf(participant: string): string
  /** Mean time between two that are taken from this group's queue; null: not known yet. */
  paceMs(group: string): number | null
  /** Whose turn it is in these groups, as a workbench lists it. */
  queue(groups: readonly GroupState[]): QueueRow[]
  /** The link of a visitor who is rung. */
  link(request: string): string | null
}

const orNull = (at: number): number | null => (at === 0 ? null : at)
const onCall = (r: RequestState): boolean => r.phase === 'connecting' || r.phase === 'in_call'
export const accessName = (state: State, id: string): string => state.access.get(id)?.name ?? id

const MONITORS = { listener: 'listen', whisperer: 'whisper', barger: 'barge' } as const

/** Who is in the call, as this kind of page may know it: visitors and guests do not see who listens or whispers. */
export function partyViews(state: State, r: RequestState, asides: Asides, outside: boolean): PartyView[] {
  return r.parties.filter((p) => !outside || (p.role !== 'listener' && p.role !== 'whisperer')).map(({ id: participant, role }) => ({
    participant, role, name: role === 'visitor' ? '' : (state.agents.get(participant)?.plan?.nickname ?? (asides.nameOf(participant) || (outside || role === 'guest' ? '' : participant))),
  }))
}

/** The request a visit is about now: the one that was asked for, or the callback it became. */
export function current(state: State, visit: VisitStart): RequestState | undefined {
  let r = state.requests.get(visit.request)
  while (r?.callback != null) {
    const next = state.requests.get(r.callback)
    if (!next) break
    r = next
  }
  return r
}

/** The visitor's page. `place` spares the search where the caller knows it. */
export function visitorView(state: State, visit: VisitStart, asides: Asides, place?: number): VisitorView {
  const r = current(state, visit)
  if (!r) {
    return {
      phase: 'ready', request: visit.request, participant: visit.visitor, direction: 'inbound', position: null, estimateMs: null, since: visit.since, agent: null, connectedAt: null, held: false,
      transferring: false, parties: [], callbackAt: null, message: null, outcome: null, rated: false,
    }
  }
  const leg = ownLeg(r)
  const position = leg?.group ? (place ?? state.group(leg.group).queue.rank(leg) + 1) : null
  const pace = leg?.group ? asides.paceMs(leg.group) : null
  return {
    phase: phaseOf(r), request: r.id, participant: r.visitor, direction: r.direction, position,
    estimateMs: position === null || pace === null ? null : Math.round(position * pace),
    since: r.createdAt,
    // Whoever rings is not yet the visitor's agent; one who rings him is.
    agent: (r.acceptedAt === 0 && r.phase !== 'dialling') || r.agent === null ? null : (state.agents.get(r.agent)?.plan?.nickname ?? null),
    connectedAt: orNull(r.connectedAt), held: r.held, transferring: onCall(r) && r.agent === null,
    parties: partyViews(state, r, asides, true), callbackAt: r.callback === null ? null : (state.callbacks.get(r.callback)?.dueBy ?? null),
    message: messageOf(state, r), outcome: r.outcome, rated: r.rated,
  }
}

function phaseOf(r: RequestState): VisitorView['phase'] {
  // It rings for the visitor once an agent's page has said that it does.
  if (r.phase === 'waiting') return ownLeg(r)?.rung ? 'ringing' : 'queued'
  return r.phase === 'created' ? 'queued' : r.phase === 'dialling' ? 'dialled' : r.phase
}

function messageOf(state: State, r: RequestState): Words {
  const { messages } = state.groups.get(r.group ?? '')?.plan ?? {}
  const key = r.phase === 'waiting' ? 'queued' : r.outcome
  return (messages && key !== null && key in messages && messages[key as 'queued']) || null
}

/** A waiting leg as a row; null for those of invitations, which are seen in their call. */
export function queueRow(state: State, leg: Leg): QueueRow | null {
  if (leg.mode !== 'own') return null
  const { id, visitor, channel, access, direction, attributes } = leg.request
  return {
    request: id, group: leg.group!, visitor, channel, accessName: accessName(state, access), direction, priority: leg.priority, attributes,
    since: leg.place, ringing: leg.offer !== null, sticky: leg.sticky,
  }
}

/** Whose turn it is in these groups, the first rows of them together. */
export function queueRows(state: State, groups: readonly GroupState[], most: number): QueueRow[] {
  const rows: QueueRow[] = []
  for (const g of groups) {
    let n = 0
    for (const leg of g.queue) {
      if (n++ >= most) break
      const row = queueRow(state, leg)
      if (row) rows.push(row)
    }
  }
  return rows.sort((a, b) => b.priority - a.priority || a.since - b.since).slice(0, most)
}

/** The agent's workbench; null when the plan does not know him. */
export function agentView(state: State, id: string, now: number, asides: Asides): AgentView | null {
  const a = state.agents.get(id)
  // Whom a plan took out in mid-call finishes it first.
  if (!a || (a.plan === null && a.session === null)) return null
  const r = a.request === null ? undefined : state.requests.get(a.request)
  const leg = a.work === 'ringing' ? r?.legs.find((l) => l.agent === id) : undefined
  return {
    agent: a.id, nickname: a.plan?.nickname ?? a.id, realName: a.plan?.realName ?? a.id, video: a.plan?.video ?? false,
    status: a.status, statusSince: a.statusSince, reason: a.reason, queued: a.queued, asked: a.asked && { to: a.asked.to, reason: a.asked.reason }, work: a.work,
    deviceCheckedAt: orNull(a.checkedAt), deviceCheckNeeded: deviceCheckNeeded(state.plan!, a, now),
    offer: leg ? offerOf(state, leg) : null,
    dial: r && a.work === 'dialling' ? { request: r.id, visitor: r.visitor, expiresAt: r.dialBy, link: asides.link(r.id) } : null,
    call: r && (a.work === 'connecting' || a.work === 'in_call') ? callOf(state, a, r, asides) : null,
    wrapUp: a.work === 'wrap_up' && a.request !== null
      ? { request: a.request, endsAt: a.wrapUpBy, summaryNeeded: r !== undefined && !r.summarized && state.groups.get(r.group ?? '')?.plan.summary === 'required' } : null,
    plan: state.plan!.version,
    queue: asides.queue(a.memberships.map((m) => m.group)),
    queues: a.memberships.map(({ group }) => ({ group: group.id, name: group.plan.name, waiting: group.queue.size, longestSince: group.queue.first?.place ?? null })),
  }
}

function offerOf(state: State, leg: Leg): AgentView['offer'] {
  const { id: request, visitor, channel, access, direction, attributes, offers, createdAt, group } = leg.request
  return {
    offer: leg.offer!, request, visitor, channel, access, accessName: accessName(state, access), group: leg.group ?? group!, attempt: offers, waitingSince: createdAt, expiresAt: leg.ringBy,
    mode: leg.mode, from: leg.from === null ? null : (state.agents.get(leg.from)?.plan?.nickname ?? leg.from), direction, priority: leg.priority, attributes,
  }
}

function callOf(state: State, a: AgentState, r: RequestState, asides: Asides): NonNullable<AgentView['call']> {
  const named = (leg: Leg): string => (leg.target !== null ? (state.agents.get(leg.target)?.plan?.nickname ?? leg.target) : (state.groups.get(leg.group ?? '')?.plan.name ?? ''))
  return {
    request: r.id, visitor: r.visitor, connectedAt: orNull(r.connectedAt), channel: r.channel, accessName: accessName(state, r.access), group: r.group ?? '', direction: r.direction, attributes: r.attributes,
    mine: r.agent === a.id, held: r.held, parties: partyViews(state, r, asides, false),
    guests: r.guests.map((g) => ({ guest: g.id, name: asides.nameOf(g.id), state: g.state })),
    invitations: r.legs.map((leg) => ({
      invitation: leg.id, mode: leg.mode as 'transfer' | 'invite', warm: leg.warm, to: named(leg), ringing: leg.offer !== null,
      position: leg.group === null ? null : state.group(leg.group).queue.rank(leg) + 1,
    })),
    wrapUp: wrapUpOf(state, r).mode, wantsWrapUp: a.wantsWrapUp,
  }
}

/** A guest's page. */
export function guestView(state: State, request: string, guest: string, asides: Asides): GuestView {
  const r = state.requests.get(request)
  const g = r?.phase === 'in_call' ? r.guests.find((x) => x.id === guest) : undefined
  const phase = !g ? 'gone' : g.state
  return { phase, request, participant: guest, held: phase === 'in' && r!.held, parties: phase === 'in' ? partyViews(state, r!, asides, true) : [] }
}

/** A supervisor's page: the call he is in. `request` spares the search. */
export function supervisorView(state: State, participant: string, request: string | null, asides: Asides): SupervisorView {
  const r = request === null ? undefined : state.requests.get(request)
  const role = r?.parties.find((p) => p.id === participant)?.role
  if (!r || !role || !(role in MONITORS)) return { participant, call: null }
  return { participant, call: { request: r.id, mode: MONITORS[role as keyof typeof MONITORS], connectedAt: r.connectedAt, held: r.held, parties: partyViews(state, r, asides, false) } }
}
