// The event catalogue: every fact Twinline can state, with its words, its schema and its meaning. EVENTS.md is generated from it.
import Type from 'typebox'
import { OUTCOMES, type Outcome } from './outcome.ts'
import { PlanSchema } from './plan.ts'

const Id = Type.String({ minLength: 1, maxLength: 64 })
const Ms = Type.Integer({ minimum: 0, description: 'UTC ms' })
const Word = Type.String({ minLength: 1, maxLength: 64 })
const OneOf = <const T extends string>(...values: T[]): Type.TEnum<T[]> => Type.Enum(values) as Type.TEnum<T[]>

const AgentStatus = OneOf('offline', 'idle', 'busy', 'away', 'invisible')
const Role = OneOf('visitor', 'agent', 'guest', 'listener', 'whisperer')
const Ended = OneOf('visitor', 'agent', 'supervisor', 'network', 'system')
/** The UTC ms at which a lost party was last known to be there; stated on closings that the clock decides. */
const LastSeen = Type.Optional(Ms)

const fact = <P extends Type.TProperties>(zh: string, en: string, properties: P) => ({ zh, en, data: Type.Object(properties, { additionalProperties: false }) })

/** Type of fact → zh name, en meaning, and the schema of its `data`. */
export const CATALOGUE = {
  'plan.changed': fact('方案变更', 'A new plan version is in force from here on; the document is whole, so that the log alone rebuilds the state', {
    version: Type.Integer({ minimum: 1 }), diff: Type.Array(Type.String({ maxLength: 400 }), { maxItems: 200 }), document: PlanSchema,
  }),
  'engine.started': fact('引擎启动', 'The engine began to drive this log (again); every party counts as disconnected since the last fact before, its grace starts now', {
    lastAt: Ms,
  }),

  'request.created': fact('视频请求', 'A visitor asked for a call (one attempt)', {
    request: Id, visitor: Id, contact: Id, channel: Word, access: Word, direction: OneOf('inbound', 'outbound', 'callback'), priority: Type.Integer(),
  }),
  'request.routed': fact('路由', 'A routing rule chose the skill group', { request: Id, rule: Word, group: Word }),
  'request.closed': fact('请求结束', 'The request has its one final outcome', {
    request: Id, outcome: OneOf(...(Object.keys(OUTCOMES) as Outcome[])), endedBy: Ended, lastSeen: LastSeen,
  }),
  'visitor.disconnected': fact('访客断线', 'The visitor’s connection is gone; `said` when the page announced that it was closing', { request: Id, said: Type.Boolean() }),
  'visitor.reconnected': fact('访客重连', 'The visitor is back within the grace', { request: Id }),

  'queue.entered': fact('进入排队', 'The request waits in a group’s queue, ordered by priority, then place', { request: Id, group: Word, place: Ms }),
  'queue.left': fact('离开排队', 'A queue segment ended; a ringing request keeps its place and has not left', {
    request: Id, group: Word, reason: OneOf('accepted', 'abandoned', 'timed_out', 'overflowed', 'closed'), lastSeen: LastSeen,
  }),
  'decision.made': fact('派单决策', 'The dispatcher chose an agent for a request: who stood at the head, and how many were excluded and why', {
    request: Id, chosen: Id, group: Word, clock: Word, candidates: Type.Integer({ minimum: 1 }),
    best: Type.Array(Type.Object({ agent: Id, tier: Type.Integer(), idleSince: Ms, lastOffer: Ms }), { maxItems: 3 }),
    excluded: Type.Record(Type.String(), Type.Integer({ minimum: 1 })),
  }),

  'offer.created': fact('派单', 'The request is offered to one agent', { offer: Id, request: Id, agent: Id, group: Word, mode: OneOf('auto', 'pick', 'direct', 'transfer', 'invite'), expiresAt: Ms }),
  'offer.ringing': fact('振铃', 'The agent’s page shows the offer', { offer: Id, request: Id, agent: Id }),
  'offer.accepted': fact('接听', 'The agent took the offer', { offer: Id, request: Id, agent: Id }),
  'offer.declined': fact('拒接', 'The agent declined the offer', { offer: Id, request: Id, agent: Id }),
  'offer.expired': fact('振铃超时', 'The agent did not answer within the ring timeout (RONA)', { offer: Id, request: Id, agent: Id }),
  'offer.cancelled': fact('派单取消', 'The offer was withdrawn before an answer', {
    offer: Id, request: Id, agent: Id, reason: OneOf('visitor_left', 'queue_timeout', 'agent_status', 'agent_left', 'closed'), lastSeen: LastSeen,
  }),

  'participant.joined': fact('加入通话', 'A party entered the call’s room', { request: Id, participant: Id, role: Role }),
  'participant.left': fact('离开通话', 'A party left the call’s room', { request: Id, participant: Id, role: Role, lastSeen: LastSeen }),
  'call.connected': fact('接通', 'Media flows both ways', { request: Id, agent: Id }),
  'call.ended': fact('通话结束', 'The connected call is over', { request: Id, endedBy: Ended, participant: Id, reason: Word, lastSeen: LastSeen }),

  'wrapup.started': fact('话后处理开始', 'After-call work began', { agent: Id, request: Id, endsAt: Ms }),
  'wrapup.ended': fact('话后处理结束', 'After-call work is over', { agent: Id, request: Id, lastSeen: LastSeen }),

  'agent.loggedIn': fact('登录', 'An agent’s login session began; a login starts offline', { agent: Id, session: Id }),
  'agent.loggedOut': fact('登出', 'The login session ended', { agent: Id, why: OneOf('self', 'lost', 'plan'), lastSeen: LastSeen }),
  'agent.disconnected': fact('坐席断线', 'The agent’s last connection is gone; he is not offered calls', { agent: Id }),
  'agent.reconnected': fact('坐席重连', 'The agent is back within the grace, his status kept', { agent: Id }),
  'agent.cooledDown': fact('冷却结束', 'The pause after a declined offer is over; the agent is offered calls again', { agent: Id }),
  'agent.statusSet': fact('状态变更', 'The agent’s status changed', { agent: Id, from: AgentStatus, to: AgentStatus, actor: OneOf('agent', 'supervisor', 'acd'), reason: Type.String({ maxLength: 64 }) }),
  'device.checked': fact('设备检测', 'A device check was done before taking calls; `network` is a warning only', {
    agent: Id, camera: Type.Boolean(), microphone: Type.Boolean(), speaker: Type.Boolean(), network: OneOf('good', 'fair', 'poor', 'unknown'),
  }),

  'summary.filed': fact('服务小结', 'The agent filed the service summary of a call (its text is personal data and kept beside the log)', { request: Id, agent: Id, category: Type.String({ maxLength: 64 }), resolved: Type.Boolean() }),
  'survey.answered': fact('满意度评价', 'The visitor rated the call, 1 (worst) to 5 (best)', { request: Id, score: Type.Integer({ minimum: 1, maximum: 5 }) }),
  'consent.given': fact('同意隐私条款', 'The visitor agreed to what is asked before the camera opens', { request: Id, what: Word }),
} as const

export type EventType = keyof typeof CATALOGUE
