// What can be asked of the core, by whom, and what it answers: facts, or a coded refusal.
import type { Actor, DataOf, TwinlineEvent } from '#events/event.ts'
import type { Plan } from '#events/plan.ts'
import type { RefusalCode } from './refusal.ts'

export type AgentStatus = DataOf<'agent.statusSet'>['to']
/** What the engine knows an agent is doing, apart from what he says (his status). */
export type Work = 'none' | 'ringing' | 'dialling' | 'connecting' | 'in_call' | 'wrap_up'

/** Whom an agent asks into his call, or hands it to: one of the two. */
export type Target = { agent: string } | { group: string }

/** Each kind of command with its own fields. Ids are given by whoever asks; the core makes none by chance. `supervisor`: who acts on somebody else's work. */
export interface Asks {
  /** The engine (re)starts on this log: all parties count as disconnected, connection graces start anew. */
  'engine.start': {}
  'plan.change': { plan: Plan }
  /** Time has come for whatever is due; the driver sends it at `nextDeadline()`. */
  'clock': {}

  /** `last`: who served this visitor last and when that ended (UTC ms), as the records know; for sticky rules. */
  'request.create': { request: string; visitor: string; channel: string; access: string; attributes?: Record<string, string>; client?: string; last?: { agent: string; at: number } }
  /** The visitor hangs up, in whatever phase his request is. */
  'request.cancel': { request: string }
  /** The visitor's connection is gone; `said`: the page announced that it closes. */
  'visitor.lose': { request: string; said: boolean }
  'visitor.return': { request: string }
  'survey.answer': { request: string; score: number }
  'consent.give': { request: string; what: string }
  /** A supervisor, or an agent of the group, changes whose turn it is; URGENT is 加急. */
  'request.prioritize': { request: string; priority: number; supervisor?: string }
  /** A supervisor ends a wait. */
  'request.remove': { request: string; supervisor: string }
  /** A supervisor offers a waiting request to this agent, whatever his status but offline. */
  'request.assign': { request: string; agent: string; supervisor: string }
  /** The waiting visitor will be called instead, at `dueAt` (UTC ms; 0: when it would have been his turn). */
  'callback.request': { request: string; callback: string; dueAt: number }
  'callback.cancel': { callback: string; supervisor?: string }

  /** The agent's page acknowledges that it rings. */
  'offer.ring': { agent: string; offer: string }
  'offer.accept': { agent: string; offer: string }
  'offer.decline': { agent: string; offer: string }
  /** The agent takes a waiting request by hand. */
  'offer.pick': { agent: string; request: string }

  /** The agent rings a visitor; `waitMs` instead of the plan's dial time (for a link that has yet to be opened). */
  'call.dial': { agent: string; request: string; visitor: string; channel: string; access: string; waitMs?: number }
  'dial.ring': { request: string }
  'dial.accept': { request: string }
  'dial.decline': { request: string }
  'dial.cancel': { agent: string; request: string }

  /** Media flows both ways. */
  'call.connect': { request: string }
  /** The room could not be held; the call cannot go on. */
  'call.fail': { request: string; reason: string }
  /** The agent who has the call ends it; one who helps leaves it. */
  'call.hangUp': { agent: string; request: string }
  /** The agent leaves; the call goes on as long as another agent is in it. */
  'call.leave': { agent: string; request: string }
  /** A supervisor ends the call. */
  'call.terminate': { request: string; supervisor: string }
  'call.hold': { agent: string; request: string; on: boolean }
  /** Warm: both talk until the first leaves. Blind: the agent leaves at once. */
  'call.transfer': { agent: string; request: string; invitation: string; to: Target; warm: boolean }
  'call.invite': { agent: string; request: string; invitation: string; to: Target }
  'invitation.cancel': { agent: string; request: string; invitation: string }

  'guest.invite': { agent: string; request: string; guest: string }
  'guest.knock': { request: string; guest: string }
  'guest.admit': { agent: string; request: string; guest: string }
  /** Turns a guest away, or out of the call. */
  'guest.refuse': { agent: string; request: string; guest: string }
  'guest.leave': { request: string; guest: string }

  /** Joins a call unasked, or changes how: `listen`, `whisper` (the agents hear him), `barge` (everyone does). */
  'monitor.start': { supervisor: string; request: string; mode: 'listen' | 'whisper' | 'barge' }
  'monitor.stop': { supervisor: string; request: string }
  /** The supervisor, logged in as an agent and free, becomes the call's agent; the others leave. */
  'monitor.takeOver': { supervisor: string; request: string }

  'agent.login': { agent: string; session: string }
  'agent.logout': { agent: string }
  /** The agent's last connection is gone. */
  'agent.lose': { agent: string }
  'agent.return': { agent: string }
  'agent.setStatus': { agent: string; to: AgentStatus; reason: string; supervisor?: string }
  /** The status that follows once his work is done; null takes it back. */
  'agent.queueStatus': { agent: string; to: AgentStatus | null; reason: string }
  /** A supervisor's answer to an agent who asked to leave idle. */
  'status.decide': { agent: string; granted: boolean; supervisor: string }
  'device.check': { agent: string; camera: boolean; microphone: boolean; speaker: boolean; network: 'good' | 'fair' | 'poor' | 'unknown' }

  'wrapup.ask': { agent: string; wanted: boolean }
  'wrapup.extend': { agent: string; ms: number }
  'wrapup.end': { agent: string }
  /** Files the service summary, or files it anew. */
  'summary.file': { agent: string; request: string; category: string; resolved: boolean }
  'ticket.open': { agent: string; request: string; ticket: string }

  /** An agent asks that the visitor of this request be blocked. */
  'visitor.askBlock': { agent: string; request: string; reason: string }
  'visitor.block': { visitor: string; supervisor: string }
  'visitor.unblock': { visitor: string; supervisor: string }
}
export type CommandType = keyof Asks

/** Who asks, where nothing else is said. */
export const ASKED_BY: Record<CommandType, Actor> = {
  'engine.start': 'acd', 'plan.change': 'admin', clock: 'clock', 'call.connect': 'media', 'call.fail': 'media',
  'request.create': 'visitor', 'request.cancel': 'visitor', 'visitor.lose': 'visitor', 'visitor.return': 'visitor', 'survey.answer': 'visitor', 'consent.give': 'visitor',
  'request.prioritize': 'supervisor', 'request.remove': 'supervisor', 'request.assign': 'supervisor', 'callback.request': 'visitor', 'callback.cancel': 'supervisor',
  'offer.ring': 'agent', 'offer.accept': 'agent', 'offer.decline': 'agent', 'offer.pick': 'agent',
  'call.dial': 'agent', 'dial.ring': 'visitor', 'dial.accept': 'visitor', 'dial.decline': 'visitor', 'dial.cancel': 'agent',
  'call.hangUp': 'agent', 'call.leave': 'agent', 'call.terminate': 'supervisor', 'call.hold': 'agent', 'call.transfer': 'agent', 'call.invite': 'agent', 'invitation.cancel': 'agent',
  'guest.invite': 'agent', 'guest.knock': 'visitor', 'guest.admit': 'agent', 'guest.refuse': 'agent', 'guest.leave': 'visitor',
  'monitor.start': 'supervisor', 'monitor.stop': 'supervisor', 'monitor.takeOver': 'supervisor',
  'agent.login': 'agent', 'agent.logout': 'agent', 'agent.lose': 'agent', 'agent.return': 'agent', 'agent.setStatus': 'agent', 'agent.queueStatus': 'agent',
  'status.decide': 'supervisor', 'device.check': 'agent', 'wrapup.ask': 'agent', 'wrapup.extend': 'agent', 'wrapup.end': 'agent', 'summary.file': 'agent', 'ticket.open': 'agent',
  'visitor.askBlock': 'agent', 'visitor.block': 'supervisor', 'visitor.unblock': 'supervisor',
}
/** A command: `cmd` is its id (unique within a run; a repeated id returns the first answer), `by` who asks. */
export type CommandOf<T extends CommandType> = { type: T; cmd: string; by: Actor } & Asks[T]
export type Command = { [T in CommandType]: CommandOf<T> }[CommandType]

/** An accepted command as kept beside the log: with its `now`, it re-drives the core to the same events. */
export interface Input { now: number; command: Command }

/** A refusal is a value: what is wrong, in a code; `detail` says which thing where a sentence helps. */
export interface Refusal { code: RefusalCode; detail?: string }

/** What `apply` returns: the facts stated, or the refusal (then no facts). */
export interface Outcome { events: TwinlineEvent[]; refusal: Refusal | null }
