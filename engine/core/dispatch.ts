// The dispatcher: whom for this request, and which request for this agent. After it no eligible pair is left waiting.
import type { Acd } from './acd.ts'
import { READY, STANDINGS, byTurn, type AgentState, type GroupState, type Membership, type RequestState } from './entities.ts'

/** What a command may have made matchable. */
export interface Unsettled { readonly dirtyRequests: string[]; readonly dirtyAgents: string[] }

/**
 * Matches until nothing more can be. Someone who has not had the request yet goes before someone who declined or missed
 * it, and a request the agent has not had before one he has: so nobody is rung twice for a request while another can serve.
 */
export function settle(acd: Acd): void {
  const { dirtyRequests, dirtyAgents, state } = acd
  if (dirtyRequests.length === 0 && dirtyAgents.length === 0) return
  const requests = dirtyRequests.length < 2 ? dirtyRequests : [...new Set(dirtyRequests)].filter((id) => state.requests.has(id)).sort((a, b) => byTurn(state.request(a), state.request(b)))
  for (const id of requests) tryRequest(acd, id, false)
  const agents = dirtyAgents.length < 2 ? dirtyAgents : [...new Set(dirtyAgents)].filter((id) => state.agents.has(id)).sort((a, b) => state.agent(a).idleSince - state.agent(b).idleSince || (a < b ? -1 : 1))
  for (const id of agents) tryAgent(acd, id)
  for (const id of requests) tryRequest(acd, id, true)
  dirtyRequests.length = dirtyAgents.length = 0
}

function tryRequest(acd: Acd, id: string, again: boolean): void {
  const r = acd.state.requests.get(id)
  if (!r || !acd.state.offerable(r)) return
  const { ready } = acd.state.group(r.group!)
  const fresh = r.tried.length === 0 ? ready.first : ready.find((m) => !r.tried.includes(m.agent.id))
  const chosen = fresh ?? (again ? ready.first : undefined)
  if (chosen) offer(acd, r, chosen)
}

function tryAgent(acd: Acd, id: string): void {
  const a = acd.state.agents.get(id)
  if (!a || a.standing !== READY) return
  const found = bestFor(a, true) ?? bestFor(a, false)
  if (found) offer(acd, found.r, found.m)
}

/** The request whose turn it is among all groups of the agent. */
function bestFor(a: AgentState, fresh: boolean): { r: RequestState; m: Membership } | null {
  let best: { r: RequestState; m: Membership } | null = null
  for (const m of a.memberships) {
    const first = m.group.offerable.first
    if (!first) continue
    const r = fresh && first.tried.length > 0 ? m.group.offerable.find((x) => !x.tried.includes(a.id)) : first
    if (r && (best === null || byTurn(r, best.r) < 0)) best = { r, m }
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
function head(group: GroupState): { agent: string; tier: number; idleSince: number; lastOffer: number }[] {
  const best: { agent: string; tier: number; idleSince: number; lastOffer: number }[] = []
  group.ready.find(({ agent, tier }) => best.push({ agent: agent.id, tier, idleSince: agent.idleSince, lastOffer: agent.lastOffer }) === 3)
  return best
}

function excluded(group: GroupState): Record<string, number> {
  const counts: Record<string, number> = {}
  for (let i = 1; i < STANDINGS.length; i++) if (group.standings[i]! > 0) counts[STANDINGS[i]!] = group.standings[i]!
  return counts
}
