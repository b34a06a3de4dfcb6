// What each page shows, as a pure function of the committed state.
import { deviceCheckNeeded } from '#core/agent.ts'
import type { RequestState } from '#core/entities.ts'
import type { State } from '#core/state.ts'
import type { AgentView, VisitorView } from '#wire/messages.ts'

/** What a visit holds before its call was started: there is no request yet. */
export interface VisitStart { request: string; visitor: string; since: number }

const orNull = (at: number): number | null => (at === 0 ? null : at)

/** The visitor's page. `place` spares the search where the caller knows it. */
export function visitorView(state: State, visit: VisitStart, place?: number): VisitorView {
  const r = state.requests.get(visit.request)
  if (!r) {
    return { phase: 'ready', request: visit.request, participant: visit.visitor, position: null, since: visit.since, agent: null, connectedAt: null, outcome: null, rated: false }
  }
  return {
    phase: phaseOf(r), request: r.id, participant: r.visitor,
    position: r.phase === 'waiting' ? (place ?? state.group(r.group!).queue.rank(r) + 1) : null,
    since: r.createdAt,
    // Whoever rings is not yet the visitor's agent.
    agent: r.acceptedAt === 0 || r.agent === null ? null : (state.agents.get(r.agent)?.plan?.nickname ?? null),
    connectedAt: orNull(r.connectedAt), outcome: r.outcome, rated: r.rated,
  }
}

function phaseOf(r: RequestState): VisitorView['phase'] {
  if (r.phase === 'waiting') return r.offer === null ? 'queued' : 'ringing'
  return r.phase === 'created' ? 'queued' : r.phase
}

/** The agent's workbench; null when the plan does not know him. */
export function agentView(state: State, id: string, now: number): AgentView | null {
  const a = state.agents.get(id)
  // Whom a plan took out in mid-call finishes it first.
  if (!a || (a.plan === null && a.session === null)) return null
  const r = a.request === null ? undefined : state.requests.get(a.request)
  return {
    agent: a.id, nickname: a.plan?.nickname ?? a.id, realName: a.plan?.realName ?? a.id, video: a.plan?.video ?? false,
    status: a.status, statusSince: a.statusSince, work: a.work,
    deviceCheckedAt: orNull(a.checkedAt), deviceCheckNeeded: deviceCheckNeeded(state.plan!, a, now),
    offer: a.work === 'ringing' && r?.offer
      ? { offer: r.offer, request: r.id, visitor: r.visitor, channel: r.channel, access: r.access, group: r.group!, attempt: r.offers, waitingSince: r.createdAt, expiresAt: r.ringBy }
      : null,
    call: r && (a.work === 'connecting' || a.work === 'in_call') ? { request: r.id, visitor: r.visitor, connectedAt: orNull(r.connectedAt) } : null,
    wrapUp: a.work === 'wrap_up' && a.request !== null ? { request: a.request, endsAt: a.wrapUpBy } : null,
    queues: a.memberships.map(({ group }) => ({ group: group.id, name: group.plan.name, waiting: group.queue.size, longestSince: group.queue.first?.place ?? null })),
  }
}
