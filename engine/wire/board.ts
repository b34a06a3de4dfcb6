// What supervisors see and do: the board of their groups, and acts on others' work, each named in the log by who did it.
import Type from 'typebox'

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

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const Text = Type.String()
const Ms = Type.Integer({ description: 'UTC ms' })
const Status = Type.Enum(['offline', 'idle', 'busy', 'away', 'invisible'])
const Work = Type.Enum(['none', 'ringing', 'dialling', 'connecting', 'in_call', 'wrap_up'])
const Direction = Type.Enum(['inbound', 'outbound', 'callback'])
const Party = Type.Object({ participant: Text, role: Type.Enum(['visitor', 'agent', 'guest', 'listener', 'whisperer', 'barger']), name: Text }, strict)
const Chosen = { to: Status, reason: Text }

/** GET /api/board: the groups the supervisor may see, as they stand. */
export const BoardSchema = Type.Object({
  now: Ms,
  /** Version of the plan in force. */
  plan: Type.Integer(),
  agents: Type.Array(Type.Object({
    agent: Text, nickname: Text, realName: Text, video: Type.Boolean(), groups: Type.Array(Text), status: Status, statusSince: Ms, reason: Text, work: Work, workSince: Ms,
    request: Nullable(Text), connected: Type.Boolean(), queued: Nullable(Type.Object(Chosen, strict)), asked: Nullable(Type.Object({ ...Chosen, at: Ms }, strict)),
  }, strict)),
  queues: Type.Array(Type.Object({ group: Text, name: Text, waiting: Type.Integer(), longestSince: Nullable(Ms), ready: Type.Integer(), there: Type.Integer() }, strict)),
  waiting: Type.Array(Type.Object({
    request: Text, group: Text, visitor: Text, channel: Text, accessName: Text, direction: Direction, priority: Type.Integer(), attributes: Type.Record(Text, Text),
    since: Ms, ringing: Type.Boolean(), sticky: Nullable(Text),
  }, strict)),
  calls: Type.Array(Type.Object({
    request: Text, group: Text, visitor: Text, direction: Direction, channel: Text, accessName: Text, agent: Nullable(Text), connectedAt: Nullable(Ms), held: Type.Boolean(), parties: Type.Array(Party),
  }, strict)),
  blocks: Type.Array(Type.Object({ visitor: Text, blocked: Type.Boolean(), by: Text, reason: Text, at: Ms }, strict)),
  callbacks: Type.Array(Type.Object({ callback: Text, visitor: Text, group: Text, dueAt: Ms }, strict)),
}, strict)
export type BoardView = Type.Static<typeof BoardSchema>

/** GET /api/desk: the words of the plan an agent's menus need; fetched again when the version changes. */
export const DeskSchema = Type.Object({
  version: Type.Integer(),
  groups: Type.Array(Type.Object({ id: Text, name: Text }, strict)),
  access: Type.Array(Type.Object({ id: Text, name: Text, channel: Text, enabled: Type.Boolean() }, strict)),
  reasons: Type.Array(Type.Object({ id: Text, status: Type.Enum(['busy', 'away', 'invisible']), zh: Text, en: Text }, strict)),
  categories: Type.Array(Type.Object({ id: Text, parent: Type.Optional(Text), zh: Text, en: Text }, strict)),
  attributes: Type.Array(Type.Object({ id: Text, zh: Text, en: Text }, strict)),
}, strict)
export type DeskWords = Type.Static<typeof DeskSchema>

/** Why an agent was, may be, or was not asked: every reason, his place among the ready (1 = next), who stands before him. */
export const ExplanationSchema = Type.Object({
  reasons: Type.Array(Type.Object({ code: Text, zh: Text, en: Text }, strict)), rank: Nullable(Type.Integer()), ahead: Type.Array(Text),
  /** When that was, for a request that is over. */
  at: Type.Optional(Ms),
}, strict)
export type ExplanationView = Type.Static<typeof ExplanationSchema>
