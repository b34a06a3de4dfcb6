// Events → rows of the facts: the one fold behind the lake, live counters and the tests' oracle. What it must remember between events is small and plain.
import type { DataOf, TwinlineEvent } from '#events/event.ts'
import { Contacts, type ContactsCarry } from './contacts.ts'
import { Desks, type Desk } from './desk.ts'
import type { Change, Put, Row } from './facts.ts'
import { newRequest, NONE, withItem, withoutItem, type OpenRequest } from './open-request.ts'
import { between, callKey, cutTalk, joinTalk, latest, leaveTalk, newPart, partRow, putTalk, type CallKey, type Part } from './part.ts'
import { quarterEnd } from './quarter.ts'
import { endSegment, newSegment } from './segment.ts'

/**
 * Raised with every change of what the fold remembers or of the rows it makes: what an older one left behind cannot be
 * gone on from, and a lake it filled is made anew.
 */
export const FOLD_VERSION = 2

const isAbandoned = (outcome: string): boolean => outcome === 'abandoned_queue' || outcome === 'abandoned_ring'
const isOwn = (mode: string): boolean => mode === 'auto' || mode === 'pick' || mode === 'direct'

/** What the fold remembers after an event, as plain JSON: enough to go on as if it had never stopped. */
export interface Carry {
  version: number
  seq: number
  at: number
  contacts: ContactsCarry
  requests: OpenRequest[]
  desks: Desk[]
  roster: Row<'agents'>[]
}

/**
 * Folds the events of one run, in order of seq, into rows of the facts. `drain` hands over what changed since the last
 * time; the rows depend on the events alone, never on when they are drained. Memory holds what is open: requests, logins
 * and recent contacts, beside the rows not yet drained.
 *
 * Whoever adds rows up and keeps none gives a `put` instead: it gets each row at once when nothing can change it any more,
 * and with `putOpen` what is left. (A row that comes as `gone` was never among those it got.)
 */
export class Fold {
  /** The last event folded; 0 = none. */
  seq = 0
  /** Its instant, UTC ms: open spans of time are reported up to here. */
  at = 0
  readonly #contacts: Contacts
  readonly #requests = new Map<string, OpenRequest>()
  /** The request asked for last: consecutive events are mostly about one. */
  #latest: OpenRequest | undefined
  readonly #desks: Desks
  readonly #put: Put
  #changes: Change[] = []
  /** The instant at which the quarter-hour of `at` ends. */
  #quarterEnd = 0

  constructor(carry?: Carry, put?: Put) {
    this.#put = put ?? ((fact, row, gone) => { this.#changes.push({ fact, row, gone }) })
    this.#desks = new Desks(this.#put)
    const copy = structuredClone(carry)
    this.#contacts = new Contacts(copy?.contacts)
    if (!copy) return
    const { seq, at, requests, desks, roster } = copy
    this.seq = seq
    this.at = at
    this.#quarterEnd = quarterEnd(at)
    for (const r of requests) this.#requests.set(r.row.request!, r)
    this.#desks.restore(desks, roster)
  }

  /** What must be remembered to go on later, as plain JSON that shares nothing with the fold. */
  carry(): Carry {
    return structuredClone({
      version: FOLD_VERSION, seq: this.seq, at: this.at, contacts: this.#contacts.carry(),
      requests: [...this.#requests.values()], ...this.#desks.carry(),
    })
  }

  /** Folds the next event. Throws when it is not the next one: rows computed across a gap would be wrong. */
  apply(e: TwinlineEvent): void {
    if (e.seq !== this.seq + 1) throw new Error(`event ${e.seq} cannot follow ${this.seq}: the log has a gap`)
    // Everyone is lost since the last fact before a restart, so also for what is cut at quarter-hours on the way here.
    if (e.type === 'engine.started') this.#desks.allLost()
    if (e.at >= this.#quarterEnd) this.#nextQuarter(e.at)
    this.seq = e.seq
    this.at = e.at
    // The facts of every call first, in their order: the cases are compared one after the other, a million times a second.
    switch (e.type) {
      case 'request.created': return this.#created(e.at, e.plan, e.data)
      case 'request.routed': return this.#routed(e.data)
      case 'queue.entered': return this.#entered(e.seq, e.at, e.data)
      case 'decision.made': case 'offer.ringing': return
      case 'offer.created': return this.#offered(e.at, e.data)
      case 'offer.accepted': return this.#accepted(e.at, e.data)
      case 'queue.left': return this.#leftQueue(e.at, e.data)
      case 'participant.joined': return this.#joined(e.at, e.data)
      case 'call.connected': return this.#connected(e.at, e.data)
      case 'call.ended': return this.#ended(e.at, e.data)
      case 'participant.left': return this.#left(e.at, e.data)
      case 'wrapup.started': return this.#desks.work(e.at, e.data.agent, 'wrap_up', e.data.request)
      case 'request.closed': return this.#closed(e.at, e.data)
      case 'wrapup.ended': return this.#desks.work(e.at, e.data.agent, 'none', null)
      case 'offer.declined': return this.#unanswered(e.at, e.data, 'declined', null)
      case 'offer.expired': return this.#unanswered(e.at, e.data, 'expired', null)
      case 'offer.cancelled': return this.#unanswered(e.at, e.data, 'cancelled', e.data.reason)
      case 'invitation.started': return this.#invited(e.data)
      case 'invitation.ended': return this.#invitationEnded(e.data)
      case 'dial.started': return this.#desks.work(e.at, e.data.agent, 'dialling', e.data.request)
      case 'dial.accepted': return this.#desks.work(e.at, e.data.agent, 'connecting', e.data.request)
      case 'dial.declined': case 'dial.expired': case 'dial.cancelled': return this.#desks.rest(e.at, e.data.agent, e.data.request)
      case 'callback.requested': return this.#contacts.awaits(e.data.callback, e.data.contact, e.at)
      case 'callback.due': case 'callback.cancelled': return this.#contacts.awaitsNoMore(e.data.callback, e.at)
      case 'agent.loggedIn': return this.#desks.loggedIn(e.at, e.data.agent)
      case 'agent.loggedOut': return this.#loggedOut(e.at, e.data)
      case 'agent.disconnected': return this.#desks.lost(e.data.agent)
      case 'agent.reconnected': {
        for (const { call, part } of this.#desks.back(e.data.agent)) this.#settle(call, part, Infinity)
        return
      }
      case 'agent.statusSet': return this.#desks.statusSet(e.at, e.seq, e.data)
      case 'plan.changed': {
        this.#contacts.gapMs = e.data.document.timers.contactGapMs
        return this.#desks.plan(e.at, e.data.document)
      }
      default: return
    }
  }

  /**
   * The rows that are new, changed or gone since the last drain, each key at most once; what is still open is handed over as
   * it stands at `at`, and again in later drains until it is final.
   */
  drain(): Change[] {
    this.putOpen()
    const changes = this.#changes
    this.#changes = []
    return changes
  }

  /** Puts what is still open, as it stands at `at`. */
  putOpen(): void {
    for (const r of this.#requests.values()) {
      if (r.changed) {
        this.#put('requests', { ...r.row }, false)
        for (const o of r.offers) this.#put('offers', { ...o }, false)
        for (const p of r.parts) if (p.spans.length > 0) this.#put('parts', partRow(r.row, p), false)
        for (const s of r.segments) this.#put('segments', { ...s }, false)
        r.changed = false
      }
      for (const p of r.parts) putTalk(this.#put, r.row, p, this.at, false)
    }
    this.#desks.report(this.at)
    for (const { call, part } of this.#desks.heldParts()) {
      this.#put('parts', partRow(call, part), false)
      putTalk(this.#put, call, part, this.at, false)
    }
  }

  #nextQuarter(at: number): void {
    this.#quarterEnd = quarterEnd(at)
    this.#desks.cut(at)
    this.#contacts.forget(at)
  }

  #request(id: string): OpenRequest | undefined {
    if (this.#latest?.row.request !== id) this.#latest = this.#requests.get(id)
    return this.#latest
  }

  #created(at: number, plan: number, d: DataOf<'request.created'>): void {
    const r = newRequest(at, plan, d, this.#contacts.opens(d.contact, at))
    this.#requests.set(d.request, (this.#latest = r))
  }

  #routed(d: DataOf<'request.routed'>): void {
    const r = this.#request(d.request)
    // A request counts under the group it was routed to first, wherever it waits later.
    if (!r || r.row.skill_group !== null) return
    r.row.rule = d.rule
    r.row.skill_group = d.group
    r.changed = true
  }

  #closed(at: number, d: DataOf<'request.closed'>): void {
    const r = this.#request(d.request)
    if (!r) return
    const { row } = r
    row.state = 'closed'
    row.outcome = d.outcome
    if (isAbandoned(d.outcome)) {
      const gaveUpAt = between(row.at_ms!, d.lastSeen ?? at, at)
      row.abandon_ms = gaveUpAt - row.at_ms!
      row.abandon_first_ms = gaveUpAt - row.contact_at_ms!
    }
    for (const o of r.offers) this.#desks.rest(at, o.agent!, d.request)
    for (const p of r.parts) this.#desks.rest(at, p.agent, d.request)
    if (row.agent !== null) this.#desks.rest(at, row.agent, d.request)
    this.#put('requests', row, false)
    this.#requests.delete(d.request)
    this.#latest = undefined
    this.#contacts.closes(row.contact!, at)
  }

  #invited(d: DataOf<'invitation.started'>): void {
    const r = this.#request(d.request)
    if (r) r.invitations = withItem(r.invitations, { invitation: d.invitation, mode: d.mode })
  }

  #invitationEnded(d: DataOf<'invitation.ended'>): void {
    const r = this.#request(d.request)
    if (r) r.invitations = r.invitations.filter((i) => i.invitation !== d.invitation)
  }

  #entered(seq: number, at: number, d: DataOf<'queue.entered'>): void {
    const r = this.#request(d.request)
    if (!r) return
    const { invitation = null } = d
    const mode = invitation === null ? 'own' : r.invitations.find((i) => i.invitation === invitation)?.mode ?? 'transfer'
    r.segments = withItem(r.segments, newSegment(r.row, seq, at, d.group, invitation, mode))
    r.changed = true
  }

  #leftQueue(at: number, d: DataOf<'queue.left'>): void {
    const r = this.#request(d.request)
    if (!r) return
    const { invitation = null } = d
    for (const segment of r.segments) {
      if (segment.invitation !== invitation) continue
      r.segments = withoutItem(r.segments, segment)
      endSegment(segment, at, d.reason, d.lastSeen)
      return this.#put('segments', segment, false)
    }
  }

  #offered(at: number, d: DataOf<'offer.created'>): void {
    this.#desks.work(at, d.agent, 'ringing', d.request)
    const r = this.#request(d.request)
    if (!r) return
    const own = isOwn(d.mode)
    const first = own && !r.offeredTo.includes(d.agent)
    if (first) r.offeredTo = withItem(r.offeredTo, d.agent)
    if (own) r.row.offers!++
    r.changed = true
    const { row } = r
    r.offers = withItem(r.offers, {
      request: row.request, channel: row.channel, access: row.access, session_type: row.session_type, skill_group: row.skill_group, b15: row.b15,
      offer: d.offer, agent: d.agent, mode: d.mode, own, first_to_agent: first, at_ms: at,
      result: 'ringing', cancel_reason: null, response_ms: null, wait_ms: null,
    })
  }

  /** Takes the offer out of those without answer. */
  #answer(r: OpenRequest | undefined, id: string): Row<'offers'> | undefined {
    if (!r) return undefined
    for (const offer of r.offers) {
      if (offer.offer !== id) continue
      r.offers = withoutItem(r.offers, offer)
      return offer
    }
    return undefined
  }

  #accepted(at: number, d: DataOf<'offer.accepted'>): void {
    this.#desks.work(at, d.agent, 'connecting', d.request)
    const r = this.#request(d.request)
    const offer = this.#answer(r, d.offer)
    if (!r || !offer) return
    offer.result = 'accepted'
    offer.response_ms = at - offer.at_ms!
    if (offer.own) {
      const { row } = r
      row.agent = d.agent
      row.accepted = 'not_connected'
      row.response_ms = offer.response_ms
      row.wait_ms = offer.wait_ms = at - row.at_ms!
      row.wait_first_ms = at - row.contact_at_ms!
      r.changed = true
    }
    this.#put('offers', offer, false)
  }

  #unanswered(at: number, d: { offer: string; request: string; agent: string }, result: string, reason: string | null): void {
    this.#desks.rest(at, d.agent, d.request)
    const offer = this.#answer(this.#request(d.request), d.offer)
    if (!offer) return
    offer.result = result
    offer.cancel_reason = reason
    this.#put('offers', offer, false)
  }

  #partOf(r: OpenRequest, agent: string): Part {
    for (const part of r.parts) if (part.agent === agent) return part
    const part = newPart(agent)
    r.parts = withItem(r.parts, part)
    return part
  }

  #joined(at: number, d: DataOf<'participant.joined'>): void {
    const r = this.#request(d.request)
    if (!r || d.role !== 'agent') return
    const part = this.#partOf(r, d.participant)
    part.present = true
    if (r.row.connected_at_ms !== null) this.#talks(at, r, part)
  }

  #connected(at: number, d: DataOf<'call.connected'>): void {
    const r = this.#request(d.request)
    if (!r) return
    const { row } = r
    row.connected_at_ms = at
    row.state = 'in_progress'
    if (row.accepted !== null) row.accepted = 'connected'
    else row.agent ??= d.agent
    r.changed = true
    this.#partOf(r, d.agent).present = true
    for (const part of r.parts) if (part.present) this.#talks(at, r, part)
  }

  /** From here on the agent takes part in the call. */
  #talks(at: number, r: OpenRequest, part: Part): void {
    this.#desks.work(at, part.agent, 'in_call', r.row.request)
    joinTalk(part, at)
    r.changed = true
    this.#desks.gap(at, part.agent, r.row.request!)
  }

  #left(at: number, d: DataOf<'participant.left'>): void {
    if (d.role !== 'agent') return
    this.#leaves(this.#request(d.request), d.participant, at, d.lastSeen)
    this.#desks.rest(at, d.participant, d.request)
  }

  #leaves(r: OpenRequest | undefined, agent: string, at: number, lastSeen: number | undefined): void {
    if (!r) return
    for (const part of r.parts) {
      if (part.agent !== agent || !part.present) continue
      part.present = false
      const span = latest(part)
      if (!span) return
      leaveTalk(part, between(span[0], lastSeen ?? at, at))
      return this.#desks.partEnded(agent, callKey(r.row), span[1]!)
    }
  }

  #ended(at: number, d: DataOf<'call.ended'>): void {
    const r = this.#request(d.request)
    const connectedAt = r?.row.connected_at_ms ?? null
    if (!r || connectedAt === null) return
    const endedAt = between(connectedAt, d.lastSeen ?? at, at)
    r.row.ended_by = d.endedBy
    r.row.talk_ms = endedAt - connectedAt
    r.changed = true
    const call = callKey(r.row)
    for (const part of r.parts) {
      const leftAt = latest(part)?.[1]
      if (leftAt === undefined) continue
      // Who went after the visitor was last seen was there when the call ended, as it turned out.
      const stayed = part.present || leftAt! > endedAt || part.agent === d.participant
      part.ending = !stayed ? 'left_before_end' : d.endedBy === 'visitor' || d.endedBy === 'agent' ? d.endedBy : 'other'
      cutTalk(part, endedAt)
      // Of an agent who is lost just now it is not known yet how long he was there.
      if (!this.#desks.hold(part.agent, call, part)) this.#settle(call, part, endedAt)
      this.#desks.rest(at, part.agent, d.request)
    }
    r.parts = NONE
  }

  /** Writes a part of a call that is over, cut at `end`. */
  #settle(call: CallKey, part: Part, end: number): void {
    cutTalk(part, end)
    this.#put('parts', partRow(call, part), false)
    putTalk(this.#put, call, part, end, true)
    this.#desks.partEnded(part.agent, call, latest(part)![1]!)
  }

  #loggedOut(at: number, d: DataOf<'agent.loggedOut'>): void {
    this.#leaves(this.#request(this.#desks.requestOf(d.agent) ?? ''), d.agent, at, d.lastSeen)
    if (d.lastSeen !== undefined) this.#cutOpen(d.agent, d.lastSeen)
    for (const { call, part } of this.#desks.loggedOut(at, d.agent, d.lastSeen)) this.#settle(call, part, d.lastSeen ?? Infinity)
  }

  /** The talk of a lost agent in calls that others go on with: whatever was stated of it after he was last seen. */
  #cutOpen(agent: string, lastSeen: number): void {
    for (const r of this.#requests.values()) {
      for (const part of r.parts) {
        const end = part.agent === agent ? latest(part)?.[1] ?? 0 : 0
        if (end <= lastSeen) continue
        cutTalk(part, lastSeen)
        r.changed = true
      }
    }
  }
}
