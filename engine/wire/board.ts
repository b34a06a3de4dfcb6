// What supervisors see and do: the board of their groups, and acts on others' work, each named in the log by who did it.
import Type from 'typebox'
import type { AgentView, PartyView, QueueRow } from './messages.ts'

const strict = { additionalProperties: false }
const Id = Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9._:/-]+$' })
const act = <T extends string, P extends Type.TProperties>(type: T, fields: P) => Type.Object({ type: Type.Literal(type), ...fields }, strict)

/** Body of POST /api/acts: `id` is the page's own, so that a repeat has one effect. */
export const ActSchema = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 64 }),
  act: Type.Union([
    /** Offers a waiting request to this agent. */
    act('assign', { request: Id, agent: Id }),
    act('urgent', { request: Id, on: Type.Boolean() }),
    /** Ends a wait. */
    act('remove', { request: Id }),
    /** Ends a call. */
    act('terminate', { request: Id }),
    /** Becomes the call's agent; the supervisor must be logged in as an agent and free. */
    act('takeOver', { request: Id }),
    act('status', { agent: Id, to: Type.Enum(['offline', 'idle', 'busy', 'away', 'invisible']), reason: Type.String({ maxLength: 64 }) }),
    /** Answers an agent who asked to leave idle. */
    act('decide', { agent: Id, granted: Type.Boolean() }),
    act('block', { visitor: Id }),
    act('unblock', { visitor: Id }),
    act('cancelCallback', { callback: Id }),
  ]),
}, strict)
export type Act = Type.Static<typeof ActSchema>['act']

/** GET /api/board: the groups the supervisor may see, as they stand. Times are engine UTC ms. */
export interface BoardView {
  now: number
  /** Version of the plan in force. */
  plan: number
  agents: {
    agent: string; nickname: string; realName: string; video: boolean; groups: string[]; status: AgentView['status']; statusSince: number
    work: AgentView['work']; workSince: number; request: string | null; connected: boolean; queued: AgentView['queued']; asked: { to: AgentView['status']; reason: string; at: number } | null
  }[]
  queues: { group: string; name: string; waiting: number; longestSince: number | null; ready: number; there: number }[]
  waiting: QueueRow[]
  calls: { request: string; group: string; visitor: string; direction: QueueRow['direction']; channel: string; accessName: string; agent: string | null; connectedAt: number | null; held: boolean; parties: PartyView[] }[]
  blocks: { visitor: string; blocked: boolean; by: string; reason: string; at: number }[]
  callbacks: { callback: string; visitor: string; group: string; dueAt: number }[]
}

/** GET /api/desk: the words of the plan an agent's menus need; fetched again when the version changes. */
export interface DeskWords {
  version: number
  groups: { id: string; name: string }[]
  access: { id: string; name: string; channel: string; enabled: boolean }[]
  reasons: { id: string; status: 'busy' | 'away' | 'invisible'; zh: string; en: string }[]
  categories: { id: string; parent?: string; zh: string; en: string }[]
  attributes: { id: string; zh: string; en: string }[]
}
