// What can be asked of the core, by whom, and what it answers: commands and coded refusals.
import type { Actor, DataOf, TwinlineEvent } from '#events/event.ts'
import type { Plan } from '#events/plan.ts'

export type AgentStatus = DataOf<'agent.statusSet'>['to']
/** What the engine knows an agent is doing, apart from what he says (his status). */
export type Work = 'none' | 'ringing' | 'connecting' | 'in_call' | 'wrap_up'

/** Each kind of command with its own fields. Ids are given by whoever asks; the core makes none by chance. */
export interface Asks {
  /** The engine (re)starts on this log: all parties count as disconnected, connection graces start anew. */
  'engine.start': {}
  'plan.change': { plan: Plan }
  'request.create': { request: string; visitor: string; channel: string; access: string }
  /** The visitor hangs up, in whatever phase his request is. */
  'request.cancel': { request: string }
  /** The visitor's connection is gone; `said`: the page announced that it closes. */
  'visitor.lose': { request: string; said: boolean }
  'visitor.return': { request: string }
  'survey.answer': { request: string; score: number }
  'consent.give': { request: string; what: string }
  'agent.login': { agent: string; session: string }
  'agent.logout': { agent: string }
  /** The agent's last connection is gone. */
  'agent.lose': { agent: string }
  'agent.return': { agent: string }
  'agent.setStatus': { agent: string; to: AgentStatus; reason: string }
  'device.check': { agent: string; camera: boolean; microphone: boolean; speaker: boolean; network: 'good' | 'fair' | 'poor' | 'unknown' }
  /** The agent's page acknowledges that it rings. */
  'offer.ring': { agent: string; offer: string }
  'offer.accept': { agent: string; offer: string }
  'offer.decline': { agent: string; offer: string }
  /** The agent hangs up the call he is in (connecting or connected). */
  'call.hangUp': { agent: string; request: string }
  /** Media flows both ways. */
  'call.connect': { request: string }
  /** The room could not be held; the call cannot go on. */
  'call.fail': { request: string; reason: string }
  'wrapup.end': { agent: string }
  'summary.file': { agent: string; request: string; category: string; resolved: boolean }
  /** Time has come for whatever is due; the driver sends it at `nextDeadline()`. */
  'clock': {}
}
export type CommandType = keyof Asks
/** A command: `cmd` is its id (unique within a run; a repeated id returns the first answer), `by` who asks. */
export type CommandOf<T extends CommandType> = { type: T; cmd: string; by: Actor } & Asks[T]
export type Command = { [T in CommandType]: CommandOf<T> }[CommandType]

/** An accepted command as kept beside the log: with its `now`, it re-drives the core to the same events. */
export interface Input { now: number; command: Command }

/** Why the core said no: code → zh and en sentence. A refused command changes nothing. */
export const REFUSALS = {
  unknown_request: { zh: '没有这个视频请求，或它早已结束', en: 'There is no such request, or it ended long ago' },
  unknown_agent: { zh: '没有这个坐席', en: 'There is no such agent' },
  unknown_access: { zh: '没有这个接入点', en: 'There is no such access point' },
  access_off: { zh: '该接入点已停用', en: 'This access point is switched off' },
  duplicate_request: { zh: '这个请求编号已被使用', en: 'This request id has been used' },
  request_open: { zh: '该访客已有进行中的请求', en: 'This visitor already has a request under way' },
  request_over: { zh: '该请求已经结束', en: 'This request is over' },
  not_logged_in: { zh: '坐席未登录', en: 'The agent is not logged in' },
  device_check_needed: { zh: '置为空闲前请先完成设备检测', en: 'Do the device check before going idle' },
  same_status: { zh: '已经是这个状态', en: 'That is already the status' },
  working: { zh: '当前正在处理通话，不能执行此操作', en: 'Not possible while a call is being handled' },
  offer_gone: { zh: '该来电已被取消、接听或超时', en: 'This offer is gone: withdrawn, taken or timed out' },
  not_in_call: { zh: '坐席不在这个通话中', en: 'The agent is not in this call' },
  not_in_wrapup: { zh: '当前没有话后处理', en: 'There is no wrap-up to end' },
  not_answered: { zh: '该请求未曾接通', en: 'This request was never answered' },
  already_rated: { zh: '已经评价过了', en: 'This call has been rated' },
  not_connecting: { zh: '该请求不在接通过程中', en: 'This request is not being connected' },
  plan_invalid: { zh: '方案不合法', en: 'The plan is not valid' },
  no_plan: { zh: '尚未设置方案', en: 'No plan is in force yet' },
  too_many_requests: { zh: '系统繁忙，请稍后再试', en: 'Too many requests are open' },
} as const
export type RefusalCode = keyof typeof REFUSALS
/** A refusal is a value: what is wrong, in a code; `detail` says which thing where a sentence helps. */
export interface Refusal { code: RefusalCode; detail?: string }

/** What `apply` returns: the facts stated, or the refusal (then no facts). */
export interface Outcome { events: TwinlineEvent[]; refusal: Refusal | null }
