// What the core remembers of an agent, a request, a visitor and a group: plain fields, changed only by facts.
import type { DataOf } from '#events/event.ts'
import type { PlanAgent, PlanGroup } from '#events/plan.ts'
import type { AgentStatus, Work } from './command.ts'
import type { Outcome } from '#events/outcome.ts'
import { Ordered } from './ordered.ts'

/** Why an agent is not offered calls now, or that he is ready; the words under which `decision.made` counts the excluded. */
export const STANDINGS = ['ready', 'offline', 'busy', 'away', 'invisible', 'disconnected', 'cooling', 'working', 'not_video'] as const
export type Standing = (typeof STANDINGS)[number]
export const READY = 0

export interface AgentState {
  /** Ordinal: breaks ties, never changes. */
  n: number
  id: string
  /** The plan's row; null once a plan took him out while he was working. */
  plan: PlanAgent | null
  session: string | null
  status: AgentStatus
  statusSince: number
  work: Work
  /** The request he rings for, talks on or wraps up. */
  request: string | null
  /** Start of the current uninterrupted stretch of idle without work; 0 = none. Kept while an offer rings, for its return. */
  idleSince: number
  lastOffer: number
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
}

export type Phase = 'created' | 'waiting' | 'connecting' | 'in_call' | 'closed'

export interface RequestState {
  n: number
  id: string
  visitor: string
  contact: string
  channel: string
  access: string
  direction: DataOf<'request.created'>['direction']
  priority: number
  createdAt: number
  phase: Phase
  group: string | null
  /** Order in the queue: UTC ms from which the wait counts. */
  place: number
  queuedAt: number
  /** The live offer; null when none. */
  offer: string | null
  /** The agent of the live offer, then of the call. */
  agent: string | null
  rung: boolean
  offeredAt: number
  /** Offers made so far; also the ordinal in their ids. */
  offers: number
  /** Agents who declined or missed it. */
  tried: readonly string[]
  acceptedAt: number
  connectedAt: number
  /** When the visitor's connection was lost; 0 = connected. */
  lostAt: number
  /** The page said that it closes. */
  said: boolean
  waitBy: number
  ringBy: number
  connectBy: number
  graceBy: number
  outcome: Outcome | null
  closedAt: number
  rated: boolean
}

/** A visitor's chain of attempts on one channel. */
export interface Contact { contact: string; channel: string; endedAt: number; answered: boolean; place: number }
export interface VisitorState { id: string; open: string | null; contacts: Contact[] }

/** The visitor's chain on this channel. A loop and no closure: it is on the way of every request. */
export function chainOf(v: VisitorState, channel: string): Contact | undefined {
  for (const c of v.contacts) if (c.channel === channel) return c
  return undefined
}

/** An agent's place in a group. */
export interface Membership { agent: AgentState; group: GroupState; tier: number }

export interface GroupState {
  id: string
  plan: PlanGroup
  members: number
  /** Everyone who waits here, ringing included: a ringing request keeps its place. */
  queue: Ordered<RequestState>
  /** Those of the queue who can be offered: not ringing, visitor present. */
  offerable: Ordered<RequestState>
  /** Members who are ready, the next to be asked first. */
  ready: Ordered<Membership>
  /** Members by standing, index as in STANDINGS. */
  standings: number[]
}

/** Who is served first: priority, then place, then who came first. */
export const byTurn = (a: RequestState, b: RequestState): number => b.priority - a.priority || a.place - b.place || a.n - b.n

/** Who is asked first: skill tier, then longest idle, then longest without an offer, then id: a total order. */
export const byIdle = (a: Membership, b: Membership): number =>
  a.tier - b.tier || a.agent.idleSince - b.agent.idleSince || a.agent.lastOffer - b.agent.lastOffer || (a.agent.id < b.agent.id ? -1 : a.agent.id > b.agent.id ? 1 : 0)

export function newGroup(plan: PlanGroup): GroupState {
  return {
    id: plan.id, plan, members: 0,
    queue: new Ordered(byTurn), offerable: new Ordered(byTurn), ready: new Ordered(byIdle),
    standings: STANDINGS.map(() => 0),
  }
}

export function newAgent(n: number, plan: PlanAgent): AgentState {
  return {
    n, id: plan.id, plan, session: null, status: 'offline', statusSince: 0, work: 'none', request: null, idleSince: 0, lastOffer: 0,
    misses: 0, checkedAt: 0, lostAt: 0, graceBy: 0, coolBy: 0, wrapUpBy: 0, standing: STANDINGS.indexOf('offline'), memberships: [],
  }
}

const OFFLINE = STANDINGS.indexOf('offline')
const DISCONNECTED = STANDINGS.indexOf('disconnected')
const COOLING = STANDINGS.indexOf('cooling')
const WORKING = STANDINGS.indexOf('working')
const NOT_VIDEO = STANDINGS.indexOf('not_video')

/** Index into STANDINGS of what keeps this agent from being offered calls, or READY. */
export function standingOf(a: AgentState): number {
  if (a.session === null) return OFFLINE
  if (a.status !== 'idle') return STANDINGS.indexOf(a.status)
  if (a.plan?.video !== true) return NOT_VIDEO
  if (a.lostAt !== 0) return DISCONNECTED
  if (a.work !== 'none') return WORKING
  return a.coolBy !== 0 ? COOLING : READY
}
