// The dispatcher: whom for this request, and which request for this agent. After it no eligible pair is left waiting.
import type { DataOf } from '#events/event.ts'
import type { Acd } from './acd.ts'
import { CLOCK_KEYS, manned, READY, STANDINGS, byTurn, type AgentState, type GroupState, type Leg, type Membership } from './entities.ts'
import { offerTo } from './offer.ts'
import { unmanned } from './wait.ts'

/** What a command may have made matchable, and groups that somebody left. */
export interface Unsettled { readonly dirtyLegs: Leg[]; readonly dirtyAgents: AgentState[]; readonly dirtyGroups: GroupState[] }

/**
 * Matches until nothing more can be: first pairs that have not met, then, where nobody else can serve, those who declined
 * or missed the request before. Whoever makes a match possible, the agent is always the one whose turn it is.
 */
export function settle(acd: Acd): void {
  const { dirtyLegs, dirtyAgents, dirtyGroups } = acd
  for (let g = dirtyGroups.pop(); g; g = dirtyGroups.pop()) if (manned(g) === 0) unmanned(acd, g)
  if (dirtyLegs.length === 0 && dirtyAgents.length === 0) return
  if (dirtyLegs.length > 1) dirtyLegs.sort(byTurn)
  for (let fresh = true; ; fresh = false) {
    for (const leg of dirtyLegs) if (leg.group !== null) tryLeg(acd, leg, fresh)
    for (const a of dirtyAgents) tryAgent(acd, a, fresh)
    if (!fresh) break
  }
  // Length 0 would give the room back, to be asked for again at the next command: an eighth of the core's time.
  while (dirtyLegs.length > 0) dirtyLegs.pop()
  while (dirtyAgents.length > 0) dirtyAgents.pop()
}

/** Whom for this leg: the first of the ready; `fresh`: who has not had it. Where it is not this leg's turn with him, first the one whose turn it is. */
function tryLeg(acd: Acd, leg: Leg, fresh: boolean): void {
  const { ready } = acd.state.group(leg.group!)
  while (acd.state.offerable(leg)) {
    const m = !fresh || leg.tried.length === 0 ? ready.first : ready.find((x) => !leg.tried.includes(x.agent.id))
    if (!m) return
    const best = bestFor(acd, m.agent, fresh)
    if (best === null || best === leg) return decide(acd, leg, m)
    if (best.sticky === null) tryLeg(acd, best, fresh)
    else stick(acd, best, m.agent)
  }
}

/** Which leg for this agent: as long as he is ready and something waits for the likes of him, it is offered to whose turn it is; what waits for him alone, to him. */
function tryAgent(acd: Acd, a: AgentState, fresh: boolean): void {
  while (a.standing === READY) {
    const leg = bestFor(acd, a, fresh)
    if (!leg) return
    if (leg.sticky === null) tryLeg(acd, leg, fresh)
    else stick(acd, leg, a)
  }
}

/** The leg whose turn it is among all groups of the agent, and those that wait for him; `fresh`: that he has not had. */
function bestFor(acd: Acd, a: AgentState, fresh: boolean): Leg | null {
  let best: Leg | null = null
  for (const { group } of a.memberships) {
    const first = group.offerable.first
    if (!first) continue
    const leg = fresh && first.tried.length > 0 ? group.offerable.find((x) => !x.tried.includes(a.id)) : first
    if (leg && (best === null || byTurn(leg, best) < 0)) best = leg
  }
  for (const leg of a.waitedFor) if (acd.state.askable(leg) && (best === null || byTurn(leg, best) < 0)) best = leg
  return best
}

/** The agent who served the visitor last is free within the time that is waited for him. */
function stick(acd: Acd, leg: Leg, a: AgentState): void {
  const { idleClock } = acd.state.plan!
  acd.say('decision.made', {
    request: leg.request.id, chosen: a.id, group: leg.group!, clock: idleClock, candidates: 1, best: [row(a, 1, idleClock)], excluded: {}, sticky: true,
  }, 'acd')
  offerTo(acd, leg, a.id, 'auto')
}

function decide(acd: Acd, leg: Leg, { agent, group }: Membership): void {
  const { idleClock } = acd.state.plan!
  const data: DataOf<'decision.made'> = {
    request: leg.request.id, chosen: agent.id, group: group.id, clock: idleClock, candidates: group.ready.size, best: head(group, idleClock), excluded: excluded(group),
  }
  if (leg.mode !== 'own') data.invitation = leg.id
  acd.say('decision.made', data, 'acd')
  offerTo(acd, leg, agent.id, leg.mode === 'own' ? 'auto' : leg.mode)
}

export type Row = { agent: string; tier: number; idleSince: number; lastOffer: number; key?: number }
type Clock = keyof typeof CLOCK_KEYS

/** Where someone stands in the order, as `decision.made` tells it. */
export function row(a: AgentState, tier: number, clock: Clock): Row {
  const { id: agent, idleSince, lastOffer } = a
  return clock === 'since_ready' ? { agent, tier, idleSince, lastOffer } : { agent, tier, idleSince, lastOffer, key: CLOCK_KEYS[clock](a) }
}

/** The first three of those who could be asked, with the keys they are ordered by. */
function head({ ready }: GroupState, clock: Clock): Row[] {
  const best: Row[] = []
  for (let i = 0; i < 3 && i < ready.size; i++) {
    const { agent, tier } = ready.at(i)!
    best.push(row(agent, tier, clock))
  }
  return best
}

/** How many of the members cannot be asked, by what keeps them. */
export function excluded(group: Pick<GroupState, 'standings'>): Record<string, number> {
  const counts: Record<string, number> = {}
  for (let i = 1; i < STANDINGS.length; i++) if (group.standings[i]! > 0) counts[STANDINGS[i]!] = group.standings[i]!
  return counts
}
