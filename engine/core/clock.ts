// What happens when a deadline is reached; one row per timer. Each is settled before the next, in order of time.
import type { Acd, Verdict } from './acd.ts'
import { lostForGood } from './agent.ts'
import type { Due } from './deadlines.ts'
import { expire } from './dial.ts'
import { settle } from './dispatch.ts'
import { endCall, endLeg, endWait, freed, withdraw } from './endings.ts'
import { ownLeg, type AgentState, type Leg, type RequestState } from './entities.ts'
import { localDay } from '#events/hours.ts'
import { become } from './status.ts'
import { unanswered } from './offer.ts'
import { callbackDue, overflow } from './wait.ts'

/** Handles everything due at `acd.now`. */
export function whatIsDue(acd: Acd): Verdict {
  for (let due = acd.state.deadlines.due(acd.now); due; due = acd.state.deadlines.due(acd.now)) {
    handle(acd, due)
    settle(acd)
  }
  return null
}

function handle(acd: Acd, due: Due): void {
  switch (due.kind) {
    case 'leg': return handleLeg(acd, due.leg, due.timer)
    case 'request': return handleRequest(acd, due.request, due.timer)
    case 'agent': return handleAgent(acd, due.agent, due.timer)
    case 'callback': return callbackDue(acd, due.callback)
    case 'day': return dayBegins(acd)
  }
}

function handleLeg(acd: Acd, leg: Leg, timer: 'waitBy' | 'ringBy' | 'stickyBy' | 'overflowBy'): void {
  switch (timer) {
    case 'waitBy': return waitedTooLong(acd, leg)
    case 'ringBy': return ringTimeout(acd, leg)
    case 'overflowBy': return overflow(acd, leg, 'wait')
    case 'stickyBy':
      acd.say('sticky.ended', { request: leg.request.id })
      acd.dirtyLegs.push(leg)
  }
}

function handleRequest(acd: Acd, r: RequestState, timer: 'connectBy' | 'graceBy' | 'dialBy'): void {
  switch (timer) {
    case 'connectBy': return endCall(acd, r, 'system', 'system', 'connect_timeout')
    case 'dialBy': return expire(acd, r)
    case 'graceBy': return visitorLostForGood(acd, r)
  }
}

function handleAgent(acd: Acd, a: AgentState, timer: 'coolBy' | 'wrapUpBy' | 'graceBy'): void {
  switch (timer) {
    case 'coolBy':
      acd.say('agent.cooledDown', { agent: a.id })
      acd.dirtyAgents.push(a)
      return
    case 'wrapUpBy':
      acd.say('wrapup.ended', { agent: a.id, request: a.request! })
      return freed(acd, a)
    case 'graceBy': return lostForGood(acd, a)
  }
}

/** The longest wait is over. A visitor who was handed over blindly has nobody left to talk to: his call ends with it. */
function waitedTooLong(acd: Acd, leg: Leg): void {
  if (leg.mode === 'own') return endWait(acd, leg.request, 'timed_out', 'queue_timeout', 'system', 'queue_timeout')
  endLeg(acd, leg, 'timed_out', 'timed_out', 'queue_timeout')
  if (leg.mode === 'transfer' && !leg.warm && leg.request.agent === null) endCall(acd, leg.request, 'system', 'system', 'transfer_timeout')
}

/** RONA. An agent who is not even connected is not blamed for it; one who misses too often is set away before anyone else is asked. */
function ringTimeout(acd: Acd, leg: Leg): void {
  const a: AgentState = acd.state.agent(leg.agent!)
  if (a.lostAt !== 0) return withdraw(acd, a, 'agent_left')
  acd.say('offer.expired', { offer: leg.offer!, request: leg.request.id, agent: a.id })
  if (a.misses >= acd.state.plan!.awayAfterMisses && a.status !== 'away') become(acd, a, 'away', 'auto', 'acd')
  unanswered(acd, leg, a.id, 'ring_no_answer')
}

/** A visitor who said that he leaves has abandoned; one who vanished was lost by the network. Both at the instant he was last seen. */
function visitorLostForGood(acd: Acd, r: RequestState): void {
  const by = r.said ? 'visitor' : 'network'
  const leg = ownLeg(r)
  if (!leg) return endCall(acd, r, by, r.visitor, r.said ? 'page_closed' : 'visitor_lost', r.lostAt)
  const abandoned = leg.offer === null ? 'abandoned_queue' : 'abandoned_ring'
  endWait(acd, r, r.said ? 'abandoned' : 'closed', r.said ? abandoned : 'network', by, 'visitor_left', r.lostAt)
}

/** The counts of yesterday are gone, and with them the order of the ready: nothing waits for it, so nobody is asked anew. */
function dayBegins(acd: Acd): void {
  const hours = acd.state.hours.get(acd.state.plan!.dayHours ?? '')
  acd.say('day.began', { day: hours ? localDay(hours, acd.now) : Math.floor(acd.now / 86_400_000) })
}
