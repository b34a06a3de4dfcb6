// The event catalogue: every fact Twinline can state, with its words, its schema and its meaning. EVENTS.md is generated from it.
import Type from 'typebox'
import { OUTCOMES, type Outcome } from './outcome.ts'
import { PlanSchema } from './plan.ts'

const Id = Type.String({ minLength: 1, maxLength: 64 })
const Ms = Type.Integer({ minimum: 0, description: 'UTC ms' })
const Word = Type.String({ minLength: 1, maxLength: 64 })
const OneOf = <const T extends string>(...values: T[]): Type.TEnum<T[]> => Type.Enum(values) as Type.TEnum<T[]>

const AgentStatus = OneOf('offline', 'idle', 'busy', 'away', 'invisible')
/** In a call: a listener hears all and is heard by nobody, a whisperer is heard by the agents alone, a barger by everyone. */
const Role = OneOf('visitor', 'agent', 'guest', 'listener', 'whisperer', 'barger')
const Ended = OneOf('visitor', 'agent', 'supervisor', 'network', 'system')
/** The UTC ms at which a lost party was last known to be there; stated on closings that the clock decides. */
const LastSeen = Type.Optional(Ms)
/** The supervisor whose doing it was: what somebody does to somebody else's work names him. */
const Supervisor = Type.Optional(Id)
/** The invitation an offer or a queue segment belongs to; absent: the request's own search for an agent. */
const Invitation = Type.Optional(Id)
const Reason = Type.String({ maxLength: 64 })

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
    /** Only those attributes that the plan declares; what else the host page says is personal data and kept beside the log. */
    attributes: Type.Optional(Type.Record(Type.String({ maxLength: 64 }), Type.String({ maxLength: 200 }), { maxProperties: 20 })),
    /** The program the page was opened in, such as `wechat`. */
    client: Type.Optional(Word),
    /** The agent who dialled an outbound request. */
    dialledBy: Type.Optional(Id),
  }),
  'request.routed': fact('路由', 'A routing rule chose the skill group', { request: Id, rule: Word, group: Word }),
  'request.overflowed': fact('溢出', 'The request was sent on to another group, and why; to its own group: nobody else takes it, it waits on', {
    request: Id, from: Word, to: Word, why: OneOf('wait', 'length', 'no_agent', 'closed'), invitation: Invitation,
  }),
  'request.prioritized': fact('调整优先级', 'The request’s priority changed: urgent comes before all others', { request: Id, priority: Type.Integer(), supervisor: Supervisor }),
  'request.closed': fact('请求结束', 'The request has its one final outcome', {
    request: Id, outcome: OneOf(...(Object.keys(OUTCOMES) as Outcome[])), endedBy: Ended, lastSeen: LastSeen, supervisor: Supervisor,
  }),
  'visitor.disconnected': fact('访客断线', 'The visitor’s connection is gone; `said` when the page announced that it was closing', { request: Id, said: Type.Boolean() }),
  'visitor.reconnected': fact('访客重连', 'The visitor is back within the grace', { request: Id }),

  'queue.entered': fact('进入排队', 'The request waits in a group’s queue, ordered by priority, then place', {
    request: Id, group: Word, place: Ms, invitation: Invitation,
  }),
  'queue.left': fact('离开排队', 'A queue segment ended; a ringing request keeps its place and has not left', {
    request: Id, group: Word, reason: OneOf('accepted', 'abandoned', 'timed_out', 'overflowed', 'closed'), lastSeen: LastSeen, invitation: Invitation,
  }),
  'sticky.started': fact('等待熟客坐席', 'The request waits for the agent who served this visitor last; nobody else is asked until then', { request: Id, agent: Id, until: Ms }),
  'sticky.ended': fact('不再等待熟客坐席', 'The wait for the last agent is over: everyone of the group may be asked', { request: Id }),
  'callback.requested': fact('预约回呼', 'The visitor asked to be called back; his place in the queue is kept. The callback’s id becomes that of its request', {
    callback: Id, request: Id, visitor: Id, contact: Id, channel: Word, access: Word, group: Word, place: Ms, priority: Type.Integer(), dueAt: Ms,
  }),
  'callback.due': fact('回呼到期', 'The time of a callback has come: its request is created', { callback: Id }),
  'callback.postponed': fact('推迟回呼', 'The group of a callback is closed or full: it is tried again later', { callback: Id, dueAt: Ms }),
  'callback.cancelled': fact('取消回呼', 'A callback will not be made', { callback: Id, supervisor: Supervisor }),
  'day.began': fact('新的一天', 'The plan’s local day changed: agents’ counts of calls and talk start at nothing', { day: Type.Integer() }),
  'decision.made': fact('派单决策', 'The dispatcher chose an agent for a request: who stood at the head, and how many were excluded and why', {
    request: Id, chosen: Id, group: Word, clock: Word, candidates: Type.Integer({ minimum: 1 }),
    /** `key`: what a clock other than since_ready orders by. */
    best: Type.Array(Type.Object({ agent: Id, tier: Type.Integer(), idleSince: Ms, lastOffer: Ms, key: Type.Optional(Type.Integer()) }), { maxItems: 3 }),
    excluded: Type.Record(Type.String(), Type.Integer({ minimum: 1 })),
    /** The chosen was waited for: he served this visitor last. */
    sticky: Type.Optional(Type.Literal(true)), invitation: Invitation,
  }),

  'offer.created': fact('派单', 'The request is offered to one agent', { offer: Id, request: Id, agent: Id, group: Word, mode: OneOf('auto', 'pick', 'direct', 'transfer', 'invite'), expiresAt: Ms, invitation: Invitation, supervisor: Supervisor }),
  'offer.ringing': fact('振铃', 'The agent’s page shows the offer', { offer: Id, request: Id, agent: Id }),
  'offer.accepted': fact('接听', 'The agent took the offer', { offer: Id, request: Id, agent: Id }),
  'offer.declined': fact('拒接', 'The agent declined the offer', { offer: Id, request: Id, agent: Id }),
  'offer.expired': fact('振铃超时', 'The agent did not answer within the ring timeout (RONA)', { offer: Id, request: Id, agent: Id }),
  'offer.cancelled': fact('派单取消', 'The offer was withdrawn before an answer', {
    offer: Id, request: Id, agent: Id, reason: OneOf('visitor_left', 'queue_timeout', 'agent_status', 'agent_left', 'closed', 'withdrawn'), lastSeen: LastSeen,
  }),

  'invitation.started': fact('转接或邀请', 'An agent in the call asks for another agent or group: as help (`invite`), or to hand over (`transfer`; warm: he stays until he leaves by himself, blind: he leaves at once)', {
    invitation: Id, request: Id, from: Id, mode: OneOf('transfer', 'invite'), warm: Type.Boolean(), agent: Type.Optional(Id), group: Type.Optional(Word),
  }),
  'invitation.ended': fact('转接或邀请结束', 'The search for another agent is over', {
    invitation: Id, request: Id, why: OneOf('accepted', 'declined', 'expired', 'unreachable', 'cancelled', 'timed_out', 'call_over'),
  }),

  'dial.started': fact('呼叫访客', 'The visitor is rung: an outbound call or a callback', { request: Id, agent: Id, expiresAt: Ms }),
  'dial.ringing': fact('访客振铃', 'The visitor’s page shows the call', { request: Id }),
  'dial.accepted': fact('访客接听', 'The visitor took the call', { request: Id, agent: Id }),
  'dial.declined': fact('访客拒接', 'The visitor declined the call', { request: Id, agent: Id }),
  'dial.expired': fact('访客未接', 'The visitor did not answer in time', { request: Id, agent: Id }),
  'dial.cancelled': fact('取消呼叫', 'The agent gave up dialling, or was lost', { request: Id, agent: Id, lastSeen: LastSeen }),

  'participant.joined': fact('加入通话', 'A party entered the call’s room', { request: Id, participant: Id, role: Role }),
  'participant.left': fact('离开通话', 'A party left the call’s room', { request: Id, participant: Id, role: Role, lastSeen: LastSeen, supervisor: Supervisor }),
  'guest.invited': fact('邀请外部嘉宾', 'A single-use link for an outside guest was made', { request: Id, guest: Id, agent: Id }),
  'guest.knocked': fact('嘉宾等待准入', 'The guest opened his link and waits to be let in', { request: Id, guest: Id }),
  'guest.admitted': fact('嘉宾准入', 'An agent let the guest in', { request: Id, guest: Id, agent: Id }),
  'guest.refused': fact('嘉宾被拒', 'An agent turned the guest away, or out', { request: Id, guest: Id, agent: Id }),
  'hold.started': fact('保持', 'The visitor is on hold: he hears and sees nobody, nobody him', { request: Id, agent: Id }),
  'hold.ended': fact('取消保持', 'The hold is over', { request: Id, agent: Id }),
  'call.connected': fact('接通', 'Media flows both ways', { request: Id, agent: Id }),
  'call.ended': fact('通话结束', 'The connected call is over', { request: Id, endedBy: Ended, participant: Id, reason: Word, lastSeen: LastSeen, supervisor: Supervisor }),

  'wrapup.asked': fact('要求话后处理', 'The agent wants time for after-call work where it is his choice', { agent: Id, request: Id, wanted: Type.Boolean() }),
  'wrapup.started': fact('话后处理开始', 'After-call work began; endsAt 0: it ends when the agent says so', { agent: Id, request: Id, endsAt: Ms }),
  'wrapup.extended': fact('延长话后处理', 'After-call work may take longer', { agent: Id, request: Id, endsAt: Ms }),
  'wrapup.ended': fact('话后处理结束', 'After-call work is over', { agent: Id, request: Id, lastSeen: LastSeen }),

  'agent.loggedIn': fact('登录', 'An agent’s login session began; a login starts offline', { agent: Id, session: Id }),
  'agent.loggedOut': fact('登出', 'The login session ended', { agent: Id, why: OneOf('self', 'lost', 'plan'), lastSeen: LastSeen }),
  'agent.disconnected': fact('坐席断线', 'The agent’s last connection is gone; he is not offered calls', { agent: Id }),
  'agent.reconnected': fact('坐席重连', 'The agent is back within the grace, his status kept', { agent: Id }),
  'agent.cooledDown': fact('冷却结束', 'The pause after a declined offer is over; the agent is offered calls again', { agent: Id }),
  'agent.statusSet': fact('状态变更', 'The agent’s status changed', { agent: Id, from: AgentStatus, to: AgentStatus, actor: OneOf('agent', 'supervisor', 'acd'), reason: Reason, supervisor: Supervisor }),
  'agent.statusQueued': fact('预约状态', 'The status that follows once the agent’s work is done; null: none', { agent: Id, to: Type.Union([AgentStatus, Type.Null()]), reason: Reason }),
  'status.approvalAsked': fact('申请离开空闲', 'The agent asks a supervisor to leave idle', { agent: Id, to: AgentStatus, reason: Reason }),
  'status.approvalGiven': fact('离开空闲审批', 'A supervisor answered; if granted the status follows', { agent: Id, granted: Type.Boolean(), supervisor: Supervisor }),
  'device.checked': fact('设备检测', 'A device check was done before taking calls; `network` is a warning only', {
    agent: Id, camera: Type.Boolean(), microphone: Type.Boolean(), speaker: Type.Boolean(), network: OneOf('good', 'fair', 'poor', 'unknown'),
  }),

  'summary.filed': fact('服务小结', 'The agent filed the service summary of a call (its text is personal data and kept beside the log)', { request: Id, agent: Id, category: Type.String({ maxLength: 64 }), resolved: Type.Boolean() }),
  'summary.amended': fact('修改服务小结', 'The service summary was filed again', { request: Id, agent: Id, category: Type.String({ maxLength: 64 }), resolved: Type.Boolean() }),
  'ticket.opened': fact('新建工单', 'A ticket was made from the call (its text is kept beside the log)', { request: Id, agent: Id, ticket: Id }),
  'survey.answered': fact('满意度评价', 'The visitor rated the call, 1 (worst) to 5 (best)', { request: Id, score: Type.Integer({ minimum: 1, maximum: 5 }) }),
  'visitor.blockAsked': fact('申请拉黑', 'An agent asks that the visitor be blocked; a supervisor decides', { visitor: Id, agent: Id, reason: Reason }),
  'visitor.blocked': fact('拉黑访客', 'The visitor’s requests are refused from here on', { visitor: Id, supervisor: Supervisor }),
  'visitor.unblocked': fact('解除拉黑', 'The visitor may call again, or is not blocked after all', { visitor: Id, supervisor: Supervisor }),
  'consent.given': fact('同意隐私条款', 'The visitor agreed to what is asked before the camera opens', { request: Id, what: Word }),
} as const

export type EventType = keyof typeof CATALOGUE
