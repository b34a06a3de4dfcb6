// The dispatcher: whom for this request, and which request for this agent. After it no eligible pair is left waiting.
import type { Acd } from './acd.ts'
import { READY, STANDINGS, byTurn, type AgentState, type GroupState, type Membership, type RequestState } from './entities.ts'

/** What a command may have made matchable. */
export interface Unsettled { readonly dirtyRequests: RequestState[]; readonly dirtyAgents: AgentState[] }

/**
 * Matches until nothing more can be: first pairs that have not met, then, where nobody else can serve, those who declined
 * or missed the request before. Whoever makes a match possible, the agent is always the one whose turn it is.
 */
export function settle(acd: Acd): void {
  const { dirtyRequests, dirtyAgents, state } = acd
  if (dirtyRequests.length === 0 && dirtyAgents.length === 0) return
  if (dirtyRequests.length > 1) dirtyRequests.sort(byTurn)
  for (let fresh = true; ; fresh = false) {
    for (const r of dirtyRequests) if (state.offerable(r)) tryRequest(acd, r, fresh)
    for (const a of dirtyAgents) tryAgent(acd, a, fresh)
    if (!fresh) break
  }
  // Length 0 would give the room back, to be asked for again at the next command: an eighth of the core's time.
  while (dirtyRequests.length > 0) dirtyRequests.pop()
  while (dirtyAgents.length > 0) dirtyAgents.pop()
}

/** Whom for this request: the first of the ready; `fresh`: who has not had it. */
function tryRequest(acd: Acd, r: RequestState, fresh: boolean): void {
  const { ready } = acd.state.group(r.group!)
  const m = !fresh || r.tried.length === 0 ? ready.first : ready.find((x) => !r.tried.includes(x.agent.id))
  if (m) offer(acd, r, m)
}

/** Which request for this agent: as long as he is ready and something waits for the likes of him, it is offered to whose turn it is. */
function tryAgent(acd: Acd, a: AgentState, fresh: boolean): void {
  while (a.standing === READY) {
    const r = bestFor(a, fresh)
    if (!r) return
    tryRequest(acd, r, fresh)
  }
}

/** The request whose turn it is among all groups of the agent; `fresh`: that he has not had. */
function bestFor(a: AgentState, fresh: boolean): RequestState | null {
  let best: RequestState | null = null
  for (const { group } of a.memberships) {
    const first = group.offerable.first
    if (!first) continue
    const r = fresh && first.tried.length > 0 ? group.offerable.find((x) => !x.tried.includes(a.id)) : first
    if (r && (best === null || byTurn(r, best) < 0)) best = r
  }
  return best
}

function offer(acd: Acd, r: RequestState, { agent, group }: Membership): void {
  acd.say('decision.made', { request: r.id, chosen: agent.id, group: group.id, clock: acd.state.plan!.idleClock, candidates: group.ready.size, best: head(group), excluded: excluded(group) }, 'acd')
  acd.say('offer.created', {
    offer: `${r.id}/${r.offers + 1}`, request: r.id, agent: agent.id, group: group.id, mode: 'auto', expiresAt: acd.now + acd.state.plan!.timers.ringMs,
  }, 'acd')
}

/** The first three of those who could be asked, with the keys they are ordered by. */
function head({ ready }: GroupState): { agent: string; tier: number; idleSince: number; lastOffer: number }[] {
  const best: { agent: string; tier: number; idleSince: number; lastOffer: number }[] = []
  for (let i = 0; i < 3 && i < ready.size; i++) {
    const { agent, tier } = ready.at(i)!
    best.push({ agent: agent.id, tier, idleSince: agent.idleSince, lastOffer: agent.lastOffer })
  }
  return best
}

function excluded(group: GroupState): Record<string, number> {
  const counts: Record<string, number> = {}
  for (let i = 1; i < STANDINGS.length; i++) if (group.standings[i]! > 0) counts[STANDINGS[i]!] = group.standings[i]!
  return counts
}
