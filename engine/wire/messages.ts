// The wire: every message between a page and the engine, typed once; client messages are checked here, at the border, and nowhere else.
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import { MEDIA_REQUESTS, type MediaPush, type MediaRequest } from './media.ts'

const strict = { additionalProperties: false }
const Id = Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9._:/-]+$' })
/** Chosen by the page, unique per action: a repeat after a reconnect gets the first answer, never a second effect. */
const MsgId = Type.String({ minLength: 1, maxLength: 64 })
const message = <T extends string, P extends Type.TProperties>(type: T, fields: P) => Type.Object({ type: Type.Literal(type), id: MsgId, ...fields }, strict)

/** The largest frame a page may send. */
export const MAX_FRAME_BYTES = 64 * 1024

const visitorMessages = {
  /** First on every visitor socket: the token from POST /api/visits. → { view } */
  hello: message('hello', { token: Type.String({ maxLength: 2048 }) }),
  /** Start the call; consent to camera and microphone use was given. → {} */
  call: message('call', { consent: Type.Literal(true) }),
  /** Leave: hang up or stop waiting. → {} */
  hangup: message('hangup', {}),
  /** The page is being closed or left. → {} */
  closing: message('closing', {}),
  rate: message('rate', { score: Type.Integer({ minimum: 1, maximum: 5 }), comment: Type.String({ maxLength: 1000 }) }),
  ping: message('ping', {}),
  ...MEDIA_REQUESTS,
} as const

const agentMessages = {
  /** First on every agent socket; the session cookie says who it is. → { view } */
  hello: message('hello', {}),
  status: message('status', { to: Type.Enum(['offline', 'idle', 'busy', 'away', 'invisible']), reason: Type.String({ maxLength: 64 }) }),
  device: message('device', { camera: Type.Boolean(), microphone: Type.Boolean(), speaker: Type.Boolean(), network: Type.Enum(['good', 'fair', 'poor', 'unknown']) }),
  /** The page shows and sounds the offer. */
  ring: message('ring', { offer: Id }),
  accept: message('accept', { offer: Id }),
  decline: message('decline', { offer: Id }),
  hangup: message('hangup', { request: Id }),
  wrapupDone: message('wrapupDone', {}),
  summary: message('summary', { request: Id, category: Type.String({ maxLength: 64 }), resolved: Type.Boolean(), note: Type.String({ maxLength: 4000 }) }),
  ping: message('ping', {}),
  ...MEDIA_REQUESTS,
} as const

type Of<M extends Record<string, Type.TSchema>> = { [K in keyof M]: Type.Static<M[K]> }[keyof M]
export type VisitorMessage = Of<typeof visitorMessages>
export type AgentMessage = Of<typeof agentMessages>
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

/** What a visitor's page shows. Sent whole on every change: idempotent, so a reconnect needs nothing more. */
export interface VisitorView {
  phase: 'ready' | 'queued' | 'ringing' | 'connecting' | 'in_call' | 'closed'
  request: string
  participant: string
  /** Place in the queue, 1 = next; null when not waiting. */
  position: number | null
  since: number
  agent: string | null
  connectedAt: number | null
  outcome: string | null
  rated: boolean
}
/** What an agent's page shows, sent whole on every change. Times are engine UTC ms. */
export interface AgentView {
  agent: string
  nickname: string
  realName: string
  video: boolean
  status: 'offline' | 'idle' | 'busy' | 'away' | 'invisible'
  statusSince: number
  work: 'none' | 'ringing' | 'connecting' | 'in_call' | 'wrap_up'
  deviceCheckedAt: number | null
  deviceCheckNeeded: boolean
  offer: { offer: string; request: string; visitor: string; channel: string; access: string; group: string; attempt: number; waitingSince: number; expiresAt: number } | null
  call: { request: string; visitor: string; connectedAt: number | null } | null
  wrapUp: { request: string; endsAt: number } | null
  queues: { group: string; name: string; waiting: number; longestSince: number | null }[]
}
export type VisitorPush = { type: 'view'; now: number; view: VisitorView } | MediaPush | { type: 'bye'; code: WireErrorCode }
export type AgentPush = { type: 'view'; now: number; view: AgentView } | MediaPush | { type: 'bye'; code: WireErrorCode }

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
