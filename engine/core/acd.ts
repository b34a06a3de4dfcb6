// The one core: commands in, facts out. Pure: no clock, no dice, no I/O; the same class runs live and in the simulator.
import type { Actor, DataOf, EventType, TwinlineEvent } from '#events/event.ts'
import * as agent from './agent.ts'
import * as block from './block.ts'
import * as call from './call.ts'
import { whatIsDue } from './clock.ts'
import type { Command, Outcome, Refusal } from './command.ts'
import * as dial from './dial.ts'
import { settle, type Unsettled } from './dispatch.ts'
import type { AgentState, GroupState, Leg } from './entities.ts'
import { evolve } from './evolve.ts'
import * as guest from './guest.ts'
import * as invitation from './invitation.ts'
import * as monitor from './monitor.ts'
import * as offer from './offer.ts'
import { changePlan } from './plan.ts'
import type { RefusalCode } from './refusal.ts'
import * as request from './request.ts'
import { State, type Snapshot } from './state.ts'
import * as wait from './wait.ts'
import * as wrapUp from './wrap-up.ts'

const SCHEMA = 1

/** A refusal as handlers return it; null means done. */
export type Verdict = Refusal | null
export const refuse = (code: RefusalCode, detail?: string): Refusal => (detail === undefined ? { code } : { code, detail })

export class Acd implements Unsettled {
  readonly run: string
  readonly state: State
  /** What may now be matched: legs and agents that this command touched, and groups whose last agent may have gone. The dispatcher empties them. */
  readonly dirtyLegs: Leg[] = []
  readonly dirtyAgents: AgentState[] = []
  readonly dirtyGroups: GroupState[] = []
  now = 0
  #events: TwinlineEvent[] = []
  #cmd = ''
  #by: Actor = 'acd'

  constructor(run: string, snapshot?: Snapshot) {
    this.run = run
    this.state = snapshot ? State.restore(snapshot) : new State()
  }

  /**
   * Decides one command at `now` (UTC ms; taken as no earlier than the last fact). Returns the facts it caused, or a
   * coded refusal and no facts. A defect of the core throws ImpossibleState: the state must then not be used any more.
   */
  apply(now: number, command: Command): Outcome {
    this.now = now > this.state.at ? now : this.state.at
    this.#events = []
    this.#cmd = command.cmd
    this.#by = command.by
    const refusal = this.#decide(command)
    if (!refusal) settle(this)
    return { events: this.#events, refusal }
  }

  /** The instant (UTC ms) at which a `clock` command is due; Infinity when nothing is. */
  nextDeadline(): number { return this.state.deadlines.next() }

  /** Takes facts from a log in; the state is then what it was live after them. */
  fold(events: Iterable<TwinlineEvent>): this {
    for (const e of events) evolve(this.state, e)
    return this
  }

  /** States a fact: it changes the state at once and is returned by `apply`. `by` where it is not the asker's doing. */
  say<T extends EventType>(type: T, data: DataOf<T>, by: Actor = this.#by): void {
    const e = { seq: this.state.seq + 1, at: this.now, run: this.run, v: SCHEMA, plan: this.state.plan?.version ?? 0, cmd: this.#cmd, by, type, data } as TwinlineEvent
    evolve(this.state, e)
    this.#events.push(e)
  }

  #decide(c: Command): Verdict {
    if (c.type === 'plan.change') return changePlan(this, c.plan)
    if (c.type === 'engine.start') { this.say('engine.started', { lastAt: this.state.at || this.now }, 'acd'); return null }
    if (!this.state.plan) return refuse('no_plan')
    switch (c.type) {
      case 'clock': return whatIsDue(this)
      case 'request.create': return request.create(this, c)
      case 'offer.ring': return offer.ring(this, c.agent, c.offer)
      case 'offer.accept': return offer.accept(this, c.agent, c.offer)
      case 'call.connect': return call.connect(this, c.request)
      case 'request.cancel': return request.cancel(this, c.request)
      case 'call.hangUp': return call.hangUp(this, c.agent, c.request)
      case 'wrapup.end': return wrapUp.end(this, c.agent)
      case 'offer.decline': return offer.decline(this, c.agent, c.offer)
      case 'offer.pick': return offer.pick(this, c.agent, c.request)
      case 'agent.setStatus': return agent.setStatus(this, c)

      case 'visitor.lose': return request.loseVisitor(this, c.request, c.said)
      case 'visitor.return': return request.returnVisitor(this, c.request)
      case 'survey.answer': return request.rate(this, c.request, c.score)
      case 'consent.give': return request.consent(this, c.request, c.what)
      case 'request.prioritize': return wait.prioritize(this, c)
      case 'request.remove': return wait.remove(this, c)
      case 'request.assign': return wait.assign(this, c)
      case 'callback.request': return wait.callBack(this, c)
      case 'callback.cancel': return wait.cancelCallback(this, c)

      case 'call.dial': return dial.dial(this, c)
      case 'dial.ring': return dial.ring(this, c.request)
      case 'dial.accept': return dial.accept(this, c.request)
      case 'dial.decline': return dial.decline(this, c.request)
      case 'dial.cancel': return dial.giveUp(this, c.agent, c.request)

      case 'call.fail': return call.fail(this, c.request, c.reason)
      case 'call.leave': return call.leave(this, c.agent, c.request)
      case 'call.terminate': return call.terminate(this, c.request, c.supervisor)
      case 'call.hold': return call.hold(this, c.agent, c.request, c.on)
      case 'call.transfer': return invitation.transfer(this, c)
      case 'call.invite': return invitation.invite(this, c)
      case 'invitation.cancel': return invitation.cancel(this, c)
      case 'guest.invite': return guest.invite(this, c)
      case 'guest.knock': return guest.knock(this, c.request, c.guest)
      case 'guest.admit': return guest.admit(this, c)
      case 'guest.refuse': return guest.turnAway(this, c)
      case 'guest.leave': return guest.leave(this, c.request, c.guest)
      case 'monitor.start': return monitor.start(this, c)
      case 'monitor.stop': return monitor.stop(this, c.supervisor, c.request)
      case 'monitor.takeOver': return monitor.takeOver(this, c.supervisor, c.request)

      case 'agent.login': return agent.login(this, c.agent, c.session)
      case 'agent.logout': return agent.logout(this, c.agent)
      case 'agent.lose': return agent.lose(this, c.agent)
      case 'agent.return': return agent.comeBack(this, c.agent)
      case 'agent.queueStatus': return agent.queueStatus(this, c)
      case 'status.decide': return agent.decideStatus(this, c)
      case 'device.check': return agent.checkDevices(this, c)
      case 'wrapup.ask': return wrapUp.ask(this, c.agent, c.wanted)
      case 'wrapup.extend': return wrapUp.extend(this, c.agent, c.ms)
      case 'summary.file': return wrapUp.fileSummary(this, c)
      case 'ticket.open': return wrapUp.openTicket(this, c)
      case 'visitor.askBlock': return block.ask(this, c)
      case 'visitor.block': return block.block(this, c.visitor, c.supervisor)
      case 'visitor.unblock': return block.unblock(this, c.visitor, c.supervisor)
    }
  }
}
