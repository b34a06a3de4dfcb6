// The other driver: the very core that runs live, on virtual time. Visitors and agents are acts in an event set; what the
// core answers decides what they do next. Nothing about routing, queues or offers is decided here.
import { Acd } from '#core/acd.ts'
import type { Command } from '#core/command.ts'
import type { RefusalCode } from '#core/refusal.ts'
import type { TwinlineEvent } from '#events/event.ts'
import type { Plan } from '#events/plan.ts'
import { EventHeap } from './heap.ts'
import { Names } from './names.ts'
import type { People } from './people.ts'
import type { Traffic } from './traffic.ts'

/** Takes what a run brings forth: each accepted command with the facts it caused, in order. Neither may be kept and changed. */
export interface Sink { take(now: number, command: Command, events: readonly TwinlineEvent[]): void }

export interface WorldOptions {
  /** Under which run the facts are stated, such as `sim-7`. */
  run: string
  plan: Plan
  /** When the plan comes into force: UTC ms, not after any shift or arrival. */
  fromMs: number
  traffic: Traffic
  people: People
  sink: Sink
}

/** A simulated world that cannot be: the core refused what its people did, or its time stands still. A defect, or an overload if the code is `too_many_requests`. */
export class WorldError extends Error {
  readonly code: RefusalCode | 'stuck'
  constructor(code: RefusalCode | 'stuck', message: string) { super(message); this.code = code }
}

/** What an agent does next. His shift and his work are two items of the event set. */
const LOG_IN = 0, CHECK_DEVICES = 1, GET_READY = 2, END_SHIFT = 3
const SHOW_OFFER = 4, ACCEPT = 5, DECLINE = 6, CONNECT = 7, VISITOR_ENDS = 8, AGENT_ENDS = 9, END_WRAP_UP = 10, COME_BACK = 11
/** What he is doing, as far as he knows. */
const FREE = 0, RINGING = 1, ON_CALL = 2, WRAPPING_UP = 3

const OPEN = 1, CLOSED = 0

export class World {
  readonly acd: Acd
  /** Virtual UTC ms. */
  now: number
  /** Commands applied so far; also the number in their ids. */
  commands = 0
  /** Visitors who came so far; also the number in their ids. */
  requests = 0
  readonly #traffic: Traffic
  readonly #people: People
  readonly #sink: Sink
  readonly #heap: EventHeap
  readonly #commandNames = new Names('c')
  readonly #requestNames = new Names('r')
  readonly #visitorNames = new Names('v')

  // Agents, by their place in `people.persons`.
  readonly #agents: number
  readonly #agentIds: string[]
  readonly #agentOf = new Map<string, number>()
  /** The agent asked for last: the facts of a command are mostly about one. */
  #latest = 0
  readonly #shift: Int32Array
  readonly #shiftAct: Uint8Array
  readonly #act: Uint8Array
  readonly #doing: Uint8Array
  readonly #leaving: Uint8Array
  readonly #offers: Int32Array
  readonly #offer: string[]
  /** Number of the request he rings for, talks on or wraps up; valid while it is open. */
  readonly #request: Int32Array
  readonly #answerAt: Float64Array

  // Requests that are open, by number modulo a power of two that spans the oldest and the newest of them.
  #mask = 1023
  #oldest = 0
  /** Their ids, kept so that the core's tables meet the very string they know. */
  #ids: string[] = Array.from({ length: 1024 }, () => '')
  #state = new Uint8Array(1024)
  #talkMs = new Float64Array(1024)
  #endedByVisitor = new Uint8Array(1024)

  constructor({ run, plan, fromMs, traffic, people, sink }: WorldOptions) {
    this.acd = new Acd(run)
    this.now = fromMs
    this.#traffic = traffic
    this.#people = people
    this.#sink = sink
    const agents = (this.#agents = people.persons.length)
    this.#heap = new EventHeap(2 * agents + this.#mask + 1)
    this.#agentIds = people.persons.map((p) => p.agent)
    this.#shift = new Int32Array(agents)
    this.#shiftAct = new Uint8Array(agents)
    this.#act = new Uint8Array(agents)
    this.#doing = new Uint8Array(agents)
    this.#leaving = new Uint8Array(agents)
    this.#offers = new Int32Array(agents)
    this.#offer = this.#agentIds.map(() => '')
    this.#request = new Int32Array(agents)
    this.#answerAt = new Float64Array(agents)
    for (let a = 0; a < agents; a++) {
      this.#agentOf.set(this.#agentIds[a]!, a)
      this.#startShift(a)
    }
    this.#apply({ type: 'plan.change', cmd: this.#cmd(), by: 'admin', plan })
  }

  /** Lets things happen until nothing is left to happen, or until `steps` of them did. True when the run is over. Throws WorldError. */
  run(steps = Infinity): boolean {
    for (let i = 0; i < steps; i++) if (!this.step()) return true
    return false
  }

  /** Lets the next thing happen; false when there is none. At one instant the clock goes first, then agents and waiting visitors, then arrivals. */
  step(): boolean {
    const heap = this.#heap
    const planned = heap.firstTime
    const arrival = this.#traffic.at
    const due = this.acd.nextDeadline()
    if (due <= planned && due <= arrival) {
      if (due === Infinity) return this.#close()
      this.now = due
      this.#apply({ type: 'clock', cmd: this.#cmd(), by: 'clock' })
      if (this.acd.nextDeadline() <= due) throw new WorldError('stuck', `at ${new Date(due).toISOString()}: what was due is still due after the clock command`)
    } else if (planned <= arrival) {
      this.now = planned
      const item = heap.first
      heap.delete(item)
      const requests = item - 2 * this.#agents
      if (requests >= 0) this.#giveUp(requests)
      else if (item % 2 === 0) this.#work(item >> 1)
      else this.#shiftWork(item >> 1)
    } else {
      this.now = arrival
      this.#arrive()
    }
    return true
  }

  #cmd(): string { return this.#commandNames.of(++this.commands) }

  #arrive(): void {
    const { entrance, patienceMs, talkMs, endedByVisitor } = this.#traffic
    const n = this.requests++
    if (n - this.#oldest > this.#mask) this.#grow()
    const slot = n & this.#mask
    const request = (this.#ids[slot] = this.#requestNames.of(n))
    this.#state[slot] = OPEN
    this.#talkMs[slot] = talkMs
    this.#endedByVisitor[slot] = endedByVisitor ? 1 : 0
    this.#heap.set(2 * this.#agents + slot, this.now + patienceMs)
    this.#traffic.advance()
    this.#apply({ type: 'request.create', cmd: this.#cmd(), by: 'visitor', request, visitor: this.#visitorNames.of(n), channel: entrance.channel, access: entrance.access })
  }

  /** The visitor's patience is over. */
  #giveUp(slot: number): void {
    this.#apply({ type: 'request.cancel', cmd: this.#cmd(), by: 'visitor', request: this.#ids[slot]! })
  }

  #work(a: number): void {
    const agent = this.#agentIds[a]!
    const slot = this.#request[a]! & this.#mask
    switch (this.#act[a]!) {
      case SHOW_OFFER: {
        const k = this.#offers[a]!
        const reaction = this.#people.reaction(a, k)
        if (reaction !== 'misses') this.#plan(a, reaction === 'accepts' ? ACCEPT : DECLINE, Math.max(this.now, this.#answerAt[a]!))
        return this.#apply({ type: 'offer.ring', cmd: this.#cmd(), by: 'agent', agent, offer: this.#offer[a]! })
      }
      case ACCEPT: return this.#apply({ type: 'offer.accept', cmd: this.#cmd(), by: 'agent', agent, offer: this.#offer[a]! })
      case DECLINE: return this.#apply({ type: 'offer.decline', cmd: this.#cmd(), by: 'agent', agent, offer: this.#offer[a]! })
      case CONNECT:
        this.#plan(a, this.#endedByVisitor[slot] === 1 ? VISITOR_ENDS : AGENT_ENDS, this.now + this.#talkMs[slot]!)
        return this.#apply({ type: 'call.connect', cmd: this.#cmd(), by: 'media', request: this.#ids[slot]! })
      case VISITOR_ENDS: return this.#apply({ type: 'request.cancel', cmd: this.#cmd(), by: 'visitor', request: this.#ids[slot]! })
      case AGENT_ENDS: return this.#apply({ type: 'call.hangUp', cmd: this.#cmd(), by: 'agent', agent, request: this.#ids[slot]! })
      case END_WRAP_UP: return this.#apply({ type: 'wrapup.end', cmd: this.#cmd(), by: 'agent', agent })
      case COME_BACK: return this.#apply({ type: 'agent.setStatus', cmd: this.#cmd(), by: 'agent', agent, to: 'idle', reason: '' })
    }
  }

  #shiftWork(a: number): void {
    const agent = this.#agentIds[a]!
    const { settleMs } = this.#people.habits
    switch (this.#shiftAct[a]!) {
      case LOG_IN:
        this.#planShift(a, CHECK_DEVICES, this.now + settleMs)
        return this.#apply({ type: 'agent.login', cmd: this.#cmd(), by: 'agent', agent, session: `${agent}/${this.#shift[a]!}` })
      case CHECK_DEVICES:
        this.#planShift(a, GET_READY, this.now + settleMs)
        return this.#apply({ type: 'device.check', cmd: this.#cmd(), by: 'agent', agent, camera: true, microphone: true, speaker: true, network: 'good' })
      case GET_READY: {
        const { untilMs } = this.#people.persons[a]!.shifts[this.#shift[a]!]!
        if (untilMs !== Infinity) this.#planShift(a, END_SHIFT, Math.max(this.now, untilMs))
        return this.#apply({ type: 'agent.setStatus', cmd: this.#cmd(), by: 'agent', agent, to: 'idle', reason: '' })
      }
      case END_SHIFT: return this.#endShift(a)
    }
  }

  /** Whoever has nothing to do leaves; a call that rings is still taken, a call that is on is finished, with its wrap-up. */
  #endShift(a: number): void {
    const agent = this.#agentIds[a]!
    if (this.#doing[a] === FREE) {
      this.#leaving[a] = 0
      this.#heap.delete(2 * a)
      this.#shift[a]!++
      this.#startShift(a)
      return this.#apply({ type: 'agent.logout', cmd: this.#cmd(), by: 'agent', agent })
    }
    this.#leaving[a] = 1
    if (this.#doing[a] !== RINGING && this.acd.state.agent(agent).status === 'idle') {
      this.#apply({ type: 'agent.setStatus', cmd: this.#cmd(), by: 'agent', agent, to: 'busy', reason: 'end of shift' })
    }
  }

  #startShift(a: number): void {
    const shift = this.#people.persons[a]!.shifts[this.#shift[a]!]
    if (shift) this.#planShift(a, LOG_IN, Math.max(this.now, shift.fromMs))
  }

  /** When no one calls any more and nothing is pending, those without an end of shift go home. False when they all have. */
  #close(): boolean {
    let someone = false
    for (let a = 0; a < this.#agents; a++) {
      if (this.acd.state.agents.get(this.#agentIds[a]!)?.session == null) continue
      someone = true
      this.#planShift(a, END_SHIFT, this.now)
    }
    return someone
  }

  #place(agent: string): number {
    if (this.#agentIds[this.#latest] !== agent) this.#latest = this.#agentOf.get(agent)!
    return this.#latest
  }

  #plan(a: number, act: number, at: number): void {
    this.#act[a] = act
    this.#heap.set(2 * a, at)
  }

  #planShift(a: number, act: number, at: number): void {
    this.#shiftAct[a] = act
    this.#heap.set(2 * a + 1, at)
  }

  /** He does something else from now on; at the end of his shift that may be to leave. */
  #becomes(a: number, doing: number): void {
    this.#doing[a] = doing
    if (this.#leaving[a] === 1) this.#planShift(a, END_SHIFT, this.now)
  }

  #apply(command: Command): void {
    const { events, refusal } = this.acd.apply(this.now, command)
    if (refusal) throw new WorldError(refusal.code, `at ${new Date(this.now).toISOString()} the core refused ${JSON.stringify(command)}: ${refusal.code}${refusal.detail === undefined ? '' : ` (${refusal.detail})`}`)
    for (let i = 0; i < events.length; i++) this.#react(events[i]!)
    this.#sink.take(this.now, command, events)
  }

  /** What the people do about a fact. */
  #react(e: TwinlineEvent): void {
    switch (e.type) {
      case 'offer.created': {
        const a = this.#place(e.data.agent)
        const { ringingMs } = this.#people.habits
        this.#offer[a] = e.data.offer
        this.#request[a] = numberOf(e.data.request)
        this.#answerAt[a] = this.now + this.#people.answerMs(a, ++this.#offers[a]!)
        this.#doing[a] = RINGING
        return this.#plan(a, SHOW_OFFER, this.now + ringingMs)
      }
      case 'offer.accepted': {
        const a = this.#place(e.data.agent)
        const n = this.#request[a]!
        this.#heap.delete(2 * this.#agents + (n & this.#mask))
        this.#plan(a, CONNECT, this.now + this.#people.connectMs(n))
        return this.#becomes(a, ON_CALL)
      }
      case 'offer.declined':
      case 'offer.expired':
      case 'offer.cancelled': {
        const a = this.#place(e.data.agent)
        this.#heap.delete(2 * a)
        return this.#becomes(a, FREE)
      }
      case 'wrapup.started': {
        const a = this.#place(e.data.agent)
        this.#plan(a, END_WRAP_UP, this.now + this.#people.wrapUpMs(this.#request[a]!))
        return this.#becomes(a, WRAPPING_UP)
      }
      case 'wrapup.ended': {
        const a = this.#place(e.data.agent)
        this.#heap.delete(2 * a)
        return this.#becomes(a, FREE)
      }
      case 'participant.left': {
        if (e.data.role !== 'agent') return
        const a = this.#place(e.data.participant)
        this.#heap.delete(2 * a)
        return this.#becomes(a, FREE)
      }
      case 'agent.statusSet': {
        if (e.data.actor !== 'acd') return
        const a = this.#place(e.data.agent)
        if (this.#leaving[a] === 0) this.#plan(a, COME_BACK, this.now + this.#people.awayMs(a, this.#offers[a]!))
        return
      }
      case 'request.closed': {
        const n = numberOf(e.data.request)
        this.#state[n & this.#mask] = CLOSED
        this.#heap.delete(2 * this.#agents + (n & this.#mask))
        while (this.#oldest < this.requests && this.#state[this.#oldest & this.#mask] === CLOSED) this.#oldest++
        return
      }
    }
  }

  /** Doubles the room for open requests. A number keeps its slot, or moves by the old size into the new half. */
  #grow(): void {
    const size = this.#mask + 1
    const first = 2 * this.#agents
    this.#heap.grow(first + 2 * size)
    const ids = Array.from({ length: 2 * size }, () => '')
    const state = new Uint8Array(2 * size), talkMs = new Float64Array(2 * size), endedByVisitor = new Uint8Array(2 * size)
    for (let n = this.#oldest; n < this.#oldest + size; n++) {
      const from = n & this.#mask
      const to = n & (2 * size - 1)
      ids[to] = this.#ids[from]!
      state[to] = this.#state[from]!
      talkMs[to] = this.#talkMs[from]!
      endedByVisitor[to] = this.#endedByVisitor[from]!
      if (to !== from) this.#heap.rename(first + from, first + to)
    }
    this.#mask = 2 * size - 1
    this.#ids = ids
    this.#state = state
    this.#talkMs = talkMs
    this.#endedByVisitor = endedByVisitor
  }
}

/** The number in a request id that this world gave. */
function numberOf(id: string): number {
  let n = 0
  for (let i = 1; i < id.length; i++) n = n * 10 + id.charCodeAt(i) - 48
  return n
}
