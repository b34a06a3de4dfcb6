// What happens when a deadline is reached; one row per timer. Each is settled before the next, in order of time.
import type { Acd, Verdict } from './acd.ts'
import { lostForGood } from './agent.ts'
import { unanswered } from './call.ts'
import type { Due } from './deadlines.ts'
import { settle } from './dispatch.ts'
import { cancelOffer, endCall, endWait, freed } from './endings.ts'
import type { AgentState, RequestState } from './entities.ts'

/** Handles everything due at `acd.now`. */
export function whatIsDue(acd: Acd): Verdict {
  for (let due = acd.state.deadlines.due(acd.now); due; due = acd.state.deadlines.due(acd.now)) {
    handle(acd, due)
    settle(acd)
  }
  return null
}

function handle(acd: Acd, due: Due): void {
  switch (due.timer) {
    case 'waitBy': return endWait(acd, due.request, 'timed_out', 'queue_timeout', 'system', 'queue_timeout')
    case 'ringBy': return ringTimeout(acd, due.request)
    case 'connectBy': return endCall(acd, due.request, 'system', 'system', 'connect_timeout')
    case 'coolBy':
      acd.say('agent.cooledDown', { agent: due.agent.id })
      acd.dirtyAgents.push(due.agent)
      return
    case 'wrapUpBy':
      acd.say('wrapup.ended', { agent: due.agent.id, request: due.agent.request! })
      return freed(acd, due.agent)
    case 'graceBy': return 'request' in due ? visitorLostForGood(acd, due.request) : lostForGood(acd, due.agent)
  }
}

/** RONA. An agent who is not even connected is not blamed for it; one who misses too often is set away before anyone else is asked. */
function ringTimeout(acd: Acd, r: RequestState): void {
  const a: AgentState = acd.state.agent(r.agent!)
  if (a.lostAt !== 0) return cancelOffer(acd, r, 'agent_left')
  acd.say('offer.expired', { offer: r.offer!, request: r.id, agent: a.id })
  if (a.misses >= acd.state.plan!.awayAfterMisses) {
    acd.say('agent.statusSet', { agent: a.id, from: a.status, to: 'away', actor: 'acd', reason: 'auto' }, 'acd')
  }
  unanswered(acd, r, a.id, 'ring_no_answer')
}

/** A visitor who said that he leaves has abandoned; one who vanished was lost by the network. Both at the instant he was last seen. */
function visitorLostForGood(acd: Acd, r: RequestState): void {
  const by = r.said ? 'visitor' : 'network'
  if (r.phase !== 'waiting') return endCall(acd, r, by, r.visitor, r.said ? 'page_closed' : 'visitor_lost', r.lostAt)
  const abandoned = r.offer === null ? 'abandoned_queue' : 'abandoned_ring'
  endWait(acd, r, r.said ? 'abandoned' : 'closed', r.said ? abandoned : 'network', by, 'visitor_left', r.lostAt)
}
