// What the core remembers of an agent, a request, a visitor and a group: plain fields, changed only by facts.
import type { DataOf } from '#events/event.ts'
import type { IdleClock, PlanAgent, PlanGroup } from '#events/plan.ts'
import type { Outcome } from '#events/outcome.ts'
import type { AgentStatus, Work } from './command.ts'
import { Ordered } from './ordered.ts'

/** Why an agent is not offered calls now, or that he is ready; the words under which `decision.made` counts the excluded. */
export const STANDINGS = ['ready', 'offline', 'not_video', 'busy', 'away', 'invisible', 'disconnected', 'cooling', 'working'] as const
export type Standing = (typeof STANDINGS)[number]
export const READY = 0
const OFFLINE = STANDINGS.indexOf('offline')
const NOT_VIDEO = STANDINGS.indexOf('not_video')

export interface AgentState {
  /** Ordinal: breaks ties, never changes. */
  n: number
  id: string
  /** The plan's row; null once a plan took him out while he was working. */
  plan: PlanAgent | null
  session: string | null
  status: AgentStatus
  statusSince: number
  /** Why, as it was given with the status. */
  reason: string
  /** The status that follows once his work is done, and the one he asked a supervisor for; null = none. */
  queued: { to: AgentStatus; reason: string } | null
  asked: { to: AgentStatus; reason: string; at: number } | null
  work: Work
  workSince: number
  /** The request he rings for, dials, talks on or wraps up. */
  request: string | null
  /** In a call: whether he wants wrap-up where it is his choice. */
  wantsWrapUp: boolean
  /** Start of the current uninterrupted stretch of idle without work; 0 = none. Kept while an offer rings, for its return. */
  idleSince: number
  lastOffer: number
  /** Ends of his last call and of his last inbound one; 0 = none. */
  lastCall: number
  lastInbound: number
  /** Calls and talk of the plan's local day, for the clocks that count them. */
  calls: number
  talkMs: number
  /** Since when he talks; 0 = not. */
  talkSince: number
  /** Offers missed in a row. */
  misses: number
  checkedAt: number
  /** When his connection was lost; 0 = connected. */
  lostAt: number
  graceBy: number
  coolBy: number
  wrapUpBy: number
  /** Index into STANDINGS, derived. */
  standing: number
  /** His places in groups, derived from the plan. */
  memberships: Membership[]
  /** Those who wait for him alone (sticky), derived. */
  waitedFor: Leg[]
}

export type Phase = 'created' | 'waiting' | 'dialling' | 'connecting' | 'in_call' | 'closed'
export type Role = DataOf<'participant.joined'>['role']
export interface Party { id: string; role: Role }
export interface Guest { id: string; state: 'invited' | 'knocking' | 'in' | 'gone'; agent: string }

/** One search for an agent: the request's own, or one an agent in the call asked for. What queues and offers are about. */
export interface Leg {
  /** The order in which legs came: breaks ties. */
  n: number
  /** The invitation's id; the request's own leg has the request's. */
  id: string
  request: RequestState
  mode: 'own' | 'transfer' | 'invite'
  warm: boolean
  /** The agent who asked. */
  from: string | null
  /** Whom it is for, where it is for one agent and stands in no queue. */
  target: string | null
  group: string | null
  priority: number
  /** Order in the queue: UTC ms from which the wait counts. */
  place: number
  /** When it first stood in a queue; 0 = not yet. */
  queuedAt: number
  /** The live offer and whom it rings; null when none. */
  offer: string | null
  agent: string | null
  rung: boolean
  /** Agents who declined or missed it. */
  tried: readonly string[]
  /** The agent it waits for until `stickyBy`. */
  sticky: string | null
  waitBy: number
  ringBy: number
  stickyBy: number
  /** When it is sent on to another group; `overflowAt` is the plan's instant, the timer rests while an offer rings. */
  overflowAt: number
  overflowBy: number
}

export interface RequestState {
  n: number
  id: string
  visitor: string
  contact: string
  channel: string
  access: string
  direction: DataOf<'request.created'>['direction']
  priority: number
  attributes: Readonly<Record<string, string>>
  createdAt: number
  phase: Phase
  /** The group it was routed to, or overflowed to. */
  group: string | null
  /** Its own search first, then those of invitations; empty when nobody is searched for. */
  legs: Leg[]
  /** Offers made so far, of all legs; also the ordinal in their ids. */
  offers: number
  /** The agent who has the call: the one who answers for it; null before acceptance and during a blind transfer. */
  agent: string | null
  /** Who is in the call; only facts change the list. */
  parties: readonly Party[]
  guests: readonly Guest[]
  held: boolean
  acceptedAt: number
  connectedAt: number
  /** When the visitor's connection was lost; 0 = connected. */
  lostAt: number
  /** The page said that it closes. */
  said: boolean
  connectBy: number
  graceBy: number
  dialBy: number
  outcome: Outcome | null
  /** The callback it became; that is also the id of the request to come. */
  callback: string | null
  closedAt: number
  rated: boolean
  summarized: boolean
  /** Agents who took part: they may file its summary. */
  served: readonly string[]
}

/** A visitor's chain of attempts on one channel. */
export interface Contact { contact: string; channel: string; endedAt: number; answered: boolean; place: number }
export interface VisitorState { id: string; open: string | null; contacts: Contact[] }
/** Someone who is to be called back; `dueBy` UTC ms. */
export interface CallbackState extends Omit<DataOf<'callback.requested'>, 'dueAt'> { n: number; id: string; dueBy: number }
/** A visitor who is blocked, or of whom an agent (`by`) asks that he be. */
export interface BlockState { visitor: string; blocked: boolean; by: string; reason: string; at: number }

/** The visitor's chain on this channel. A loop and no closure: it is on the way of every request. */
export function chainOf(v: VisitorState, channel: string): Contact | undefined {
  for (const c of v.contacts) if (c.channel === channel) return c
  return undefined
}

/** The request's own search for an agent, while there is one. */
export const ownLeg = (r: RequestState): Leg | undefined => (r.legs.length > 0 && r.legs[0]!.mode === 'own' ? r.legs[0] : undefined)
/** The leg whose live offer this is. */
export function legOfOffer(r: RequestState, offer: string): Leg | undefined {
  for (const leg of r.legs) if (leg.offer === offer) return leg
  return undefined
}
export const legOf = (r: RequestState, id: string | undefined): Leg | undefined => (id === undefined ? ownLeg(r) : r.legs.find((l) => l.id === id))
/** How facts name the search they are about: not at all where it is the request's own. */
export const invitationOf = (leg: Leg): { invitation?: string } => (leg.mode === 'own' ? {} : { invitation: leg.id })
/** Agents who are in the call, in the order in which they joined. */
export const agentsIn = (r: RequestState): string[] => r.parties.filter((p) => p.role === 'agent').map((p) => p.id)

/** What it takes to be put in order: who, and of which tier. */
export interface Ranked { agent: AgentState; tier: number }
/** An agent's place in a group. */
export interface Membership extends Ranked { group: GroupState }

export interface GroupState {
  id: string
  plan: PlanGroup
  members: number
  /** Everyone who waits here, ringing included: a ringing request keeps its place. */
  queue: Ordered<Leg>
  /** Those of the queue who can be offered to anyone: not ringing, visitor present, waiting for nobody in particular. */
  offerable: Ordered<Leg>
  /** Members who are ready, the next to be asked first. */
  ready: Ordered<Membership>
  /** Members by standing, index as in STANDINGS. */
  standings: number[]
}

/** Who is served first: priority, then place, then who came first. */
export const byTurn = (a: Leg, b: Leg): number => b.priority - a.priority || a.place - b.place || a.n - b.n

/** Video agents of the group who are there at all, whatever they do. */
export const manned = (g: Pick<GroupState, 'members' | 'standings'>): number => g.members - g.standings[OFFLINE]! - g.standings[NOT_VIDEO]!

const order = (a: Ranked, b: Ranked): number =>
  a.agent.idleSince - b.agent.idleSince || a.agent.lastOffer - b.agent.lastOffer || (a.agent.id < b.agent.id ? -1 : a.agent.id > b.agent.id ? 1 : 0)

/** What each clock orders by before the longest idle; the smaller is asked first. */
export const CLOCK_KEYS: Record<IdleClock, (a: AgentState) => number> = {
  since_ready: (a) => a.idleSince,
  since_last_call: (a) => a.lastCall,
  since_last_inbound: (a) => a.lastInbound,
  fewest_calls: (a) => a.calls,
  least_talk: (a) => a.talkMs,
  round_robin: (a) => a.lastOffer,
}

/** Who is asked first: skill tier, then the plan's clock, then longest idle, then longest without an offer, then id: a total order. */
export function byClock(clock: IdleClock): (a: Ranked, b: Ranked) => number {
  // The usual clock without the detour: it is compared at every command.
  if (clock === 'since_ready') return (a, b) => a.tier - b.tier || order(a, b)
  const key = CLOCK_KEYS[clock]
  return (a, b) => a.tier - b.tier || key(a.agent) - key(b.agent) || order(a, b)
}

export function newGroup(plan: PlanGroup, clock: IdleClock): GroupState {
  return {
    id: plan.id, plan, members: 0,
    queue: new Ordered(byTurn), offerable: new Ordered(byTurn), ready: new Ordered<Membership>(byClock(clock)),
    standings: STANDINGS.map(() => 0),
  }
}

export function newAgent(n: number, plan: PlanAgent): AgentState {
  return {
    n, id: plan.id, plan, session: null, status: 'offline', statusSince: 0, reason: '', queued: null, asked: null, work: 'none', workSince: 0, request: null, wantsWrapUp: false,
    idleSince: 0, lastOffer: 0, lastCall: 0, lastInbound: 0, calls: 0, talkMs: 0, talkSince: 0,
    misses: 0, checkedAt: 0, lostAt: 0, graceBy: 0, coolBy: 0, wrapUpBy: 0, standing: OFFLINE, memberships: [], waitedFor: [],
  }
}

const DISCONNECTED = STANDINGS.indexOf('disconnected')
const COOLING = STANDINGS.indexOf('cooling')
const WORKING = STANDINGS.indexOf('working')

/** Index into STANDINGS of what keeps this agent from being offered calls, or READY. `video`: what a plan says of him. */
export function standingOf(a: AgentState, video = a.plan?.video === true): number {
  if (a.session === null || a.status === 'offline') return OFFLINE
  if (!video) return NOT_VIDEO
  if (a.status !== 'idle') return STANDINGS.indexOf(a.status)
  if (a.lostAt !== 0) return DISCONNECTED
  if (a.work !== 'none') return WORKING
  return a.coolBy !== 0 ? COOLING : READY
}
