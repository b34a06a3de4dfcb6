// The one core: commands in, facts out. Pure: no clock, no dice, no I/O; the same class runs live and in the simulator.
import type { Actor, DataOf, EventType, TwinlineEvent } from '#events/event.ts'
import * as agent from './agent.ts'
import * as call from './call.ts'
import { whatIsDue } from './clock.ts'
import type { Command, Outcome, Refusal, RefusalCode } from './command.ts'
import { settle, type Unsettled } from './dispatch.ts'
import type { AgentState, RequestState } from './entities.ts'
import { evolve } from './evolve.ts'
import { changePlan } from './plan.ts'
import { State, type Snapshot } from './state.ts'

const SCHEMA = 1

/** A refusal as handlers return it; null means done. */
export type Verdict = Refusal | null
export const refuse = (code: RefusalCode, detail?: string): Refusal => (detail === undefined ? { code } : { code, detail })

export class Acd implements Unsettled {
  readonly run: string
  readonly state: State
  /** What may now be matched: requests and agents that this command touched. The dispatcher empties both. */
  readonly dirtyRequests: RequestState[] = []
  readonly dirtyAgents: AgentState[] = []
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
      case 'request.create': return call.create(this, c)
      case 'request.cancel': return call.cancel(this, c.request)
      case 'visitor.lose': return call.loseVisitor(this, c.request, c.said)
      case 'visitor.return': return call.returnVisitor(this, c.request)
      case 'survey.answer': return call.rate(this, c.request, c.score)
      case 'consent.give': return call.consent(this, c.request, c.what)
      case 'offer.ring': return call.ring(this, c.agent, c.offer)
      case 'offer.accept': return call.accept(this, c.agent, c.offer)
      case 'offer.decline': return call.decline(this, c.agent, c.offer)
      case 'call.hangUp': return call.hangUp(this, c.agent, c.request)
      case 'call.connect': return call.connect(this, c.request)
      case 'call.fail': return call.fail(this, c.request, c.reason)
      case 'summary.file': return call.summary(this, c)
      case 'agent.login': return agent.login(this, c.agent, c.session)
      case 'agent.logout': return agent.logout(this, c.agent)
      case 'agent.lose': return agent.lose(this, c.agent)
      case 'agent.return': return agent.comeBack(this, c.agent)
      case 'agent.setStatus': return agent.setStatus(this, c)
      case 'device.check': return agent.checkDevices(this, c)
      case 'wrapup.end': return agent.endWrapUp(this, c.agent)
    }
  }
}
