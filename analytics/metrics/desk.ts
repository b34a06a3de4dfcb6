// Agents' time: logins, statuses and work as spans that tile each login without gap or overlap, cut at quarter-hours.
import type { DataOf } from '#events/event.ts'
import { UNGROUPED, type Plan } from '#events/plan.ts'
import type { Put, Row } from './facts.ts'
import { latest, type CallKey, type Part } from './part.ts'
import { cutAtQuarters, QUARTER_MS, quarterEnd, quarterOf } from './quarter.ts'

type Held =
  | { fact: 'agent_time' | 'logins'; row: Row<'agent_time'> | Row<'logins'> }
  | { fact: 'status_sets'; row: Row<'status_sets'> }
  | { fact: 'gaps'; row: Row<'gaps'> }

/** An agent who is logged in. */
export interface Desk {
  agent: string
  groups: string[]
  status: string
  work: string
  /** The request he works on. */
  request: string | null
  /** From when the present status and work, and the login, have not been written yet. */
  since: number
  loginSince: number
  /** His connection is gone. What is written meanwhile is held, for it is cut if he never comes back. */
  lost: boolean
  held: Held[]
  heldParts: { call: CallKey; part: Part }[]
  /** His last part in a call of this login: the gap to the next one starts at its end. */
  last: { call: CallKey; endedAt: number } | null
}

/** All agents who are logged in, and the roster of the plan. Writes rows through `put`. */
export class Desks {
  readonly #desks = new Map<string, Desk>()
  /** The desk asked for last: consecutive events are mostly about one agent. */
  #latest: Desk | undefined
  readonly #roster = new Map<string, Row<'agents'>>()
  readonly #put: Put

  constructor(put: Put) {
    this.#put = put
  }

  carry(): { desks: Desk[]; roster: Row<'agents'>[] } {
    return { desks: [...this.#desks.values()], roster: [...this.#roster.values()] }
  }

  restore(desks: Desk[], roster: Row<'agents'>[]): void {
    for (const d of desks) this.#desks.set(d.agent, d)
    for (const a of roster) this.#roster.set(a.agent!, a)
  }

  /** A new plan: names and memberships hold from here on; time already spent keeps the groups it was spent in. */
  plan(at: number, plan: Plan): void {
    for (const p of plan.agents) {
      const groups = p.groups.length > 0 ? p.groups.map((g) => g.group) : [UNGROUPED]
      const known = this.#roster.get(p.id)
      if (known && known.nickname === p.nickname && known.real_name === p.realName && same(known.skill_groups!, groups)) continue
      const row: Row<'agents'> = { agent: p.id, plan: plan.version, nickname: p.nickname, real_name: p.realName, skill_groups: groups, at_ms: at, b15: quarterOf(at) }
      this.#roster.set(p.id, row)
      this.#put('agents', row, false)
      const desk = this.#desks.get(p.id)
      if (!desk || same(desk.groups, groups)) continue
      this.#write(desk, at)
      desk.groups = groups
    }
  }

  /** A login begins; in a login already (another tab) it just goes on. */
  loggedIn(at: number, agent: string): void {
    if (this.#desks.has(agent)) return
    this.#desks.set(agent, {
      agent, groups: this.#groupsOf(agent), status: 'offline', work: 'none', request: null, since: at, loginSince: at,
      lost: false, held: [], heldParts: [], last: null,
    })
  }

  /** The login ends; of a lost agent at `lastSeen`, and what was written after it is cut there. Returns the talk that must be cut too. */
  loggedOut(at: number, agent: string, lastSeen: number | undefined): Desk['heldParts'] {
    const desk = this.#desk(agent)
    if (!desk) return []
    this.#desks.delete(agent)
    this.#latest = undefined
    if (lastSeen !== undefined) desk.lost = true
    this.#write(desk, at)
    // Held since the loss, or written just now.
    const end = lastSeen ?? Infinity
    for (const { fact, row } of desk.held) {
      if (fact === 'status_sets' || fact === 'gaps') this.#put(fact, row, row.at_ms! > end)
      else if (row.at_ms! + row.ms! <= end) this.#put(fact, row, false)
      else {
        const ms = Math.max(0, end - row.at_ms!)
        this.#put(fact, { ...row, ms }, ms === 0)
      }
    }
    return desk.heldParts
  }

  /** From here on nothing of his is final: it is held until he is back, or cut if he never comes. */
  lost(agent: string): void {
    const desk = this.#desk(agent)
    if (desk) desk.lost = true
  }

  allLost(): void {
    for (const desk of this.#desks.values()) desk.lost = true
  }

  /** He is back: what was held is final. Returns the parts of calls that are. */
  back(agent: string): Desk['heldParts'] {
    const desk = this.#desk(agent)
    if (!desk) return []
    for (const { fact, row } of desk.held) this.#put(fact, row, false)
    const parts = desk.heldParts
    desk.lost = false
    desk.held = []
    desk.heldParts = []
    return parts
  }

  /** All parts of calls that are held. */
  heldParts(): Desk['heldParts'] {
    return [...this.#desks.values()].flatMap((desk) => desk.heldParts)
  }

  statusSet(at: number, seq: number, d: DataOf<'agent.statusSet'>): void {
    const desk = this.#desk(d.agent)
    const row: Row<'status_sets'> = {
      seq, agent: d.agent, skill_groups: this.#groupsOf(d.agent), from_status: d.from, to_status: d.to, actor: d.actor, at_ms: at, b15: quarterOf(at),
    }
    if (!desk) return this.#put('status_sets', row, false)
    this.#keep(desk, 'status_sets', row)
    this.#writeStretch(desk, at)
    desk.status = d.to
  }

  /** What the agent does from here on. */
  work(at: number, agent: string, work: string, request: string | null): void {
    const desk = this.#desk(agent)
    if (!desk) return
    if (desk.work !== work) this.#writeStretch(desk, at)
    desk.work = work
    desk.request = request
  }

  /** The agent has nothing to do with this request any more; wrap-up has an end of its own. */
  rest(at: number, agent: string, request: string): void {
    const desk = this.#desk(agent)
    if (desk?.request === request && desk.work !== 'wrap_up') this.work(at, agent, 'none', null)
  }

  /** The request an agent works on. */
  requestOf(agent: string): string | null {
    return this.#desk(agent)?.request ?? null
  }

  /** He begins to talk in a call: the gap since his part in another one ends, in the slot of now. */
  gap(at: number, agent: string, request: string): void {
    const desk = this.#desk(agent)
    const last = desk?.last
    if (!last || last.call.request === request) return
    const { call } = last
    const row: Row<'gaps'> = {
      agent, request: call.request, channel: call.channel, access: call.access, session_type: call.session_type, skill_group: call.skill_group,
      at_ms: at, b15: quarterOf(at), ms: Math.max(0, at - last.endedAt),
    }
    this.#keep(desk, 'gaps', row)
  }

  /** His part in a call is over. */
  partEnded(agent: string, call: CallKey, endedAt: number): void {
    const desk = this.#desk(agent)
    if (desk) desk.last = { call, endedAt }
  }

  /** Takes the part of a call that is over into keeping, if the agent is lost; whether it did. */
  hold(agent: string, call: CallKey, part: Part): boolean {
    const desk = this.#desk(agent)
    if (!desk?.lost) return false
    desk.heldParts.push({ call, part })
    this.partEnded(agent, call, latest(part)![1]!)
    return true
  }

  /** Writes everything up to the last bound of a quarter-hour, so that what stays open is never longer than one. */
  cut(at: number): void {
    const bound = quarterOf(at) * QUARTER_MS
    for (const desk of this.#desks.values()) this.#write(desk, bound)
  }

  /** Puts the spans still open as if they ended at `at`; they are put again, longer, the next time. */
  report(at: number): void {
    for (const desk of this.#desks.values()) {
      for (const { fact, row } of desk.held) this.#put(fact, row, false)
      for (const row of stretches(desk, at)) this.#put('agent_time', row, false)
      for (const row of logins(desk, at)) this.#put('logins', row, false)
    }
  }

  #desk(agent: string): Desk | undefined {
    if (this.#latest?.agent !== agent) this.#latest = this.#desks.get(agent)
    return this.#latest
  }

  #groupsOf(agent: string): string[] {
    return this.#roster.get(agent)?.skill_groups ?? [UNGROUPED]
  }

  #write(desk: Desk, at: number): void {
    this.#writeStretch(desk, at)
    for (const row of logins(desk, at)) this.#keep(desk, 'logins', row)
    desk.loginSince = Math.max(desk.loginSince, at)
  }

  #writeStretch(desk: Desk, at: number): void {
    for (let from = desk.since; from < at;) {
      const to = Math.min(at, quarterEnd(from))
      this.#keep(desk, 'agent_time', stretch(desk, from, to))
      from = to
    }
    if (at > desk.since) desk.since = at
  }

  /** Hands the row over, or keeps it back while it may still be cut. */
  #keep(desk: Desk, fact: Held['fact'], row: Held['row']): void {
    if (desk.lost) desk.held.push({ fact, row } as Held)
    else this.#put(fact, row, false)
  }
}

/** A stretch within one quarter-hour. */
const stretch = (d: Desk, from: number, to: number): Row<'agent_time'> =>
  ({ agent: d.agent, skill_groups: d.groups, status: d.status, work: d.work, at_ms: from, b15: quarterOf(from), ms: to - from })

const stretches = (d: Desk, until: number): Row<'agent_time'>[] => cutAtQuarters(d.since, until).map(([from, to]) => stretch(d, from, to))

const logins = (d: Desk, until: number): Row<'logins'>[] =>
  cutAtQuarters(d.loginSince, until).map(([at, end]) => ({ agent: d.agent, skill_groups: d.groups, at_ms: at, b15: quarterOf(at), ms: end - at }))

const same = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((x, i) => x === b[i])
