// The wire: every message between a page and the engine, typed once; client messages are checked here, at the border, and nowhere else.
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import { MEDIA_REQUESTS, type CallRole, type MediaPush, type MediaRequest } from './media.ts'

const strict = { additionalProperties: false }
const Id = Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9._:/-]+$' })
/** Chosen by the page, unique per action: a repeat after a reconnect gets the first answer, never a second effect. */
const MsgId = Type.String({ minLength: 1, maxLength: 64 })
const message = <T extends string, P extends Type.TProperties>(type: T, fields: P) => Type.Object({ type: Type.Literal(type), id: MsgId, ...fields }, strict)

/** The largest frame a page may send. */
export const MAX_FRAME_BYTES = 64 * 1024

const visitorMessages = {
  /** First on every visitor socket: the token from POST /api/visits. → { view } */
  hello: message('hello', { token: Type.String({ maxLength: 8192 }) }),
  /** Start the call; consent to camera and microphone use was given. → {} */
  call: message('call', { consent: Type.Literal(true) }),
  /** Leave: hang up or stop waiting. → {} */
  hangup: message('hangup', {}),
  /** The page is being closed or left. → {} */
  closing: message('closing', {}),
  /** Be called back instead of waiting, at `dueAt` (UTC ms; 0: when it would be one's turn). → {} */
  callback: message('callback', { dueAt: Type.Integer({ minimum: 0 }) }),
  /** An agent rings: the page shows it, the visitor takes it (consent given), or does not. → {} */
  ringing: message('ringing', {}),
  answer: message('answer', { consent: Type.Literal(true) }),
  refuse: message('refuse', {}),
  rate: message('rate', { score: Type.Integer({ minimum: 1, maximum: 5 }), comment: Type.String({ maxLength: 1000 }) }),
  ping: message('ping', {}),
  ...MEDIA_REQUESTS,
} as const

/** A guest's page: by a link that works once. */
const guestMessages = {
  /** First on every guest socket: the token in his link. → { view } */
  hello: message('hello', { token: Type.String({ maxLength: 2048 }) }),
  /** Ask to be let in, under a name that those in the call read. → {} */
  knock: message('knock', { name: Type.String({ minLength: 1, maxLength: 40 }), consent: Type.Literal(true) }),
  leave: message('leave', {}),
  ping: message('ping', {}),
  ...MEDIA_REQUESTS,
} as const

/** A supervisor's page, for calls he joins. What he does to others' work goes by POST /api/acts. */
const supervisorMessages = {
  hello: message('hello', {}),
  /** Join, or change how. → {} */
  monitor: message('monitor', { request: Id, mode: Type.Enum(['listen', 'whisper', 'barge']) }),
  leave: message('leave', {}),
  ping: message('ping', {}),
  ...MEDIA_REQUESTS,
} as const

const Status = Type.Enum(['offline', 'idle', 'busy', 'away', 'invisible'])
const Reason = Type.String({ maxLength: 64 })
/** One of the two. */
const Target = Type.Union([Type.Object({ agent: Id }, strict), Type.Object({ group: Id }, strict)])

const agentMessages = {
  /** First on every agent socket; the session cookie says who it is. → { view } */
  hello: message('hello', {}),
  status: message('status', { to: Status, reason: Reason }),
  /** The status that follows once the work at hand is done; null takes it back. */
  queueStatus: message('queueStatus', { to: Type.Union([Status, Type.Null()]), reason: Reason }),
  device: message('device', { camera: Type.Boolean(), microphone: Type.Boolean(), speaker: Type.Boolean(), network: Type.Enum(['good', 'fair', 'poor', 'unknown']) }),
  /** The page shows and sounds the offer. */
  ring: message('ring', { offer: Id }),
  accept: message('accept', { offer: Id }),
  decline: message('decline', { offer: Id }),
  /** Take a waiting request by hand. */
  pick: message('pick', { request: Id }),
  /** Make a waiting request urgent, or not. */
  urgent: message('urgent', { request: Id, on: Type.Boolean() }),
  /** Ring a visitor seen before, or one who will open a link. → { request, link } */
  dial: message('dial', { visitor: Type.Union([Id, Type.Null()]), access: Id }),
  dialCancel: message('dialCancel', { request: Id }),
  hangup: message('hangup', { request: Id }),
  /** Leave a call that goes on. */
  leave: message('leave', { request: Id }),
  hold: message('hold', { request: Id, on: Type.Boolean() }),
  transfer: message('transfer', { request: Id, to: Target, warm: Type.Boolean() }),
  invite: message('invite', { request: Id, to: Target }),
  uninvite: message('uninvite', { request: Id, invitation: Id }),
  /** → { guest, link } */
  guest: message('guest', { request: Id }),
  admit: message('admit', { request: Id, guest: Id }),
  turnAway: message('turnAway', { request: Id, guest: Id }),
  wrapupAsk: message('wrapupAsk', { wanted: Type.Boolean() }),
  wrapupExtend: message('wrapupExtend', { ms: Type.Integer({ minimum: 1000, maximum: 600_000 }) }),
  /** Ask that the visitor of this request be blocked. */
  block: message('block', { request: Id, reason: Reason }),
  /** Whom one could ask into a call. → { agents: { agent, nickname, status, work, groups }[] } */
  colleagues: message('colleagues', {}),
  /** Why he, why not I. → { explanation } */
  explain: message('explain', { request: Id }),
  wrapupDone: message('wrapupDone', {}),
  summary: message('summary', { request: Id, category: Type.String({ maxLength: 64 }), resolved: Type.Boolean(), note: Type.String({ maxLength: 4000 }) }),
  ping: message('ping', {}),
  ...MEDIA_REQUESTS,
} as const

type Of<M extends Record<string, Type.TSchema>> = { [K in keyof M]: Type.Static<M[K]> }[keyof M]
export type VisitorMessage = Of<typeof visitorMessages>
export type AgentMessage = Of<typeof agentMessages>
export type GuestMessage = Of<typeof guestMessages>
export type SupervisorMessage = Of<typeof supervisorMessages>
export type { MediaRequest }

/** Errors the border itself answers, beside the core's refusals. */
export const WIRE_ERRORS = {
  bad_json: { zh: '消息不是合法的 JSON', en: 'The message is not valid JSON' },
  bad_message: { zh: '消息格式不正确', en: 'The message does not fit its schema' },
  unknown_type: { zh: '未知的消息类型', en: 'Unknown message type' },
  too_large: { zh: '消息过大', en: 'The message is too large' },
  too_fast: { zh: '消息过于频繁', en: 'Too many messages' },
  hello_first: { zh: '请先发送 hello', en: 'Say hello first' },
  bad_token: { zh: '访问凭证无效或已过期', en: 'The token is not valid or has expired' },
  not_signed_in: { zh: '请先登录', en: 'Sign in first' },
  forbidden: { zh: '没有权限', en: 'Not allowed' },
  not_found: { zh: '未找到', en: 'Not found' },
  bad_credentials: { zh: '用户名或密码错误', en: 'Wrong name or password' },
  replaced: { zh: '已在其他页面打开', en: 'Opened in another page' },
  store_away: { zh: '数据库暂时不可用，请稍候重试', en: 'The database is away for the moment; try again' },
  stopping: { zh: '系统正在停止', en: 'The engine is stopping' },
  internal: { zh: '内部错误', en: 'Internal error' },
  no_room: { zh: '通话房间不存在', en: 'There is no such call room' },
  bad_media: { zh: '媒体参数不合法', en: 'The media parameters are not valid' },
  unknown_media: { zh: '没有这个媒体对象', en: 'There is no such media object' },
  media_failed: { zh: '媒体服务出错', en: 'The media service failed' },
} as const
export type WireErrorCode = keyof typeof WIRE_ERRORS

/** The answer to a message: `re` is its id. */
export type Answer = ({ re: string; ok: true } & Record<string, unknown>) | { re: string | null; ok: false; code: string; zh: string; en: string; detail?: string }

/** Somebody in a call. `name`: what others may read of him. */
export interface PartyView { participant: string; role: CallRole; name: string }
/** Words of the plan for visitors; null: the page's own. */
export type Words = { zh: string; en: string } | null

/** What a visitor's page shows. Sent whole on every change: idempotent, so a reconnect needs nothing more. */
export interface VisitorView {
  /** `dialled`: an agent rings this visitor. */
  phase: 'ready' | 'queued' | 'ringing' | 'dialled' | 'connecting' | 'in_call' | 'closed'
  request: string
  participant: string
  /** Of a callback that waits for its turn the page opens no camera yet. */
  direction: 'inbound' | 'outbound' | 'callback'
  /** Place in the queue, 1 = next; null when not waiting. */
  position: number | null
  /** How long the wait may still be; null: not known. */
  estimateMs: number | null
  since: number
  agent: string | null
  connectedAt: number | null
  held: boolean
  /** The agent handed the call over, the next one is being asked. */
  transferring: boolean
  parties: PartyView[]
  /** When a callback is due; null: none. */
  callbackAt: number | null
  /** What the plan says to the visitor now: while he waits, or about how it ended. */
  message: Words
  outcome: string | null
  rated: boolean
}

/** What a guest's page shows. */
export interface GuestView { phase: 'invited' | 'knocking' | 'in' | 'gone'; request: string; participant: string; held: boolean; parties: PartyView[] }

/** What a supervisor's page shows of the call he is in. */
export interface SupervisorView { participant: string; call: { request: string; mode: 'listen' | 'whisper' | 'barge'; connectedAt: number; held: boolean; parties: PartyView[] } | null }

/** Rows of waiting requests a workbench shows. */
export const QUEUE_ROWS = 30

/** A request that waits, as agents see it. */
export interface QueueRow {
  request: string; group: string; visitor: string; channel: string; accessName: string; direction: 'inbound' | 'outbound' | 'callback'
  priority: number; attributes: Readonly<Record<string, string>>; since: number; ringing: boolean
  /** It waits for this agent alone. */
  sticky: string | null
}
/** What an agent's page shows, sent whole on every change. Times are engine UTC ms. */
export interface AgentView {
  agent: string
  nickname: string
  realName: string
  video: boolean
  status: 'offline' | 'idle' | 'busy' | 'away' | 'invisible'
  statusSince: number
  /** Why, as chosen from the plan's reasons; empty: none given. */
  reason: string
  /** The status that follows, and the one a supervisor was asked for. */
  queued: { to: AgentView['status']; reason: string } | null
  asked: { to: AgentView['status']; reason: string } | null
  work: 'none' | 'ringing' | 'dialling' | 'connecting' | 'in_call' | 'wrap_up'
  deviceCheckedAt: number | null
  deviceCheckNeeded: boolean
  offer: {
    offer: string; request: string; visitor: string; channel: string; access: string; accessName: string; group: string; attempt: number; waitingSince: number; expiresAt: number
    mode: 'own' | 'transfer' | 'invite'; from: string | null; direction: 'inbound' | 'outbound' | 'callback'; priority: number; attributes: Readonly<Record<string, string>>
  } | null
  dial: { request: string; visitor: string; expiresAt: number; link: string | null } | null
  call: {
    request: string; visitor: string; connectedAt: number | null; channel: string; accessName: string; group: string; direction: 'inbound' | 'outbound' | 'callback'; attributes: Readonly<Record<string, string>>
    /** Whether he has the call (his hanging up ends it), or helps. */
    mine: boolean
    held: boolean; parties: PartyView[]; guests: { guest: string; name: string; state: 'invited' | 'knocking' | 'in' | 'gone' }[]
    invitations: { invitation: string; mode: 'transfer' | 'invite'; warm: boolean; to: string; ringing: boolean; position: number | null }[]
    wrapUp: 'timed' | 'untimed' | 'optional' | 'none'; wantsWrapUp: boolean
  } | null
  /** `endsAt` 0: it ends when he says so. */
  wrapUp: { request: string; endsAt: number; summaryNeeded: boolean } | null
  /** Of the plan in force, for menus; fetched anew when the version changes. */
  plan: number
  /** Those who wait in his groups, whose turn it is first; at most QUEUE_ROWS. */
  queue: QueueRow[]
  queues: { group: string; name: string; waiting: number; longestSince: number | null }[]
}
export type VisitorPush = { type: 'view'; now: number; view: VisitorView } | MediaPush | { type: 'bye'; code: WireErrorCode }
export type AgentPush = { type: 'view'; now: number; view: AgentView } | MediaPush | { type: 'bye'; code: WireErrorCode }

export type GuestPush = { type: 'view'; now: number; view: GuestView } | MediaPush | { type: 'bye'; code: WireErrorCode }
export type SupervisorPush = { type: 'view'; now: number; view: SupervisorView } | MediaPush | { type: 'bye'; code: WireErrorCode }

/** A frame that was refused at the border. */
export interface Rejected { re: string | null; code: WireErrorCode; detail: string }

/** Length in UTF-8; counted only where it could matter. */
const bytesOf = (text: string): number => (text.length * 3 <= MAX_FRAME_BYTES ? text.length : new TextEncoder().encode(text).length)

const compile = <M extends Record<string, Type.TSchema>>(messages: M) => {
  const checks = new Map(Object.entries(messages).map(([type, schema]) => [type, Compile(schema)]))
  return (text: string): { message: Of<M> } | { rejected: Rejected } => {
    if (bytesOf(text) > MAX_FRAME_BYTES) return { rejected: { re: null, code: 'too_large', detail: `${text.length}` } }
    let value: unknown
    try { value = JSON.parse(text) } catch { return { rejected: { re: null, code: 'bad_json', detail: '' } } }
    const { type, id } = (typeof value === 'object' && value !== null ? value : {}) as { type?: unknown; id?: unknown }
    const re = typeof id === 'string' ? id.slice(0, 64) : null
    const check = typeof type === 'string' ? checks.get(type) : undefined
    if (!check) return { rejected: { re, code: 'unknown_type', detail: typeof type === 'string' ? type.slice(0, 64) : typeof type } }
    if (!check.Check(value)) {
      const e = check.Errors(value)[0]
      return { rejected: { re, code: 'bad_message', detail: `${e?.instancePath ?? ''} ${e?.message ?? ''}`.trim() } }
    }
    return { message: value as Of<M> }
  }
}
/** Parses one frame from a visitor's page; never throws. */
export const parseVisitor = compile(visitorMessages)
/** Parses one frame from an agent's page; never throws. */
export const parseAgent = compile(agentMessages)
/** Parses one frame from a guest's page; never throws. */
export const parseGuest = compile(guestMessages)
/** Parses one frame from a supervisor's page; never throws. */
export const parseSupervisor = compile(supervisorMessages)
