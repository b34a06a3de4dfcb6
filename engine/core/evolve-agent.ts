// How facts about agents change the state: logins, statuses, connections, after-call work, the day.
import type { DataOf } from '#events/event.ts'
import type { Plan } from '#events/plan.ts'
import type { AgentState } from './entities.ts'
import type { State } from './state.ts'

export function loggedIn(s: State, at: number, d: DataOf<'agent.loggedIn'>): void {
  const a = s.agent(d.agent)
  s.unlist(a)
  a.session = d.session
  a.status = 'offline'
  a.statusSince = at
  a.reason = ''
  a.misses = 0
  s.list(a)
}

export function loggedOut(s: State, at: number, id: string): void {
  const a = s.agent(id)
  s.unlist(a)
  a.session = null
  a.status = 'offline'
  a.statusSince = at
  a.reason = ''
  a.queued = a.asked = null
  a.idleSince = a.lostAt = 0
  s.setAgentTimer(a, 'graceBy', 0)
  s.setAgentTimer(a, 'coolBy', 0)
  s.list(a)
  if (a.plan === null) s.dismiss(a)
}

export function lost(s: State, a: AgentState, lostAt: number, graceBy: number): void {
  s.unlist(a)
  a.lostAt = lostAt
  s.setAgentTimer(a, 'graceBy', graceBy)
  s.list(a)
}

export function back(s: State, id: string): void {
  const a = s.agent(id)
  s.unlist(a)
  a.lostAt = 0
  s.setAgentTimer(a, 'graceBy', 0)
  s.list(a)
}

export function cooledDown(s: State, id: string): void {
  const a = s.agent(id)
  s.unlist(a)
  s.setAgentTimer(a, 'coolBy', 0)
  s.list(a)
}

export function statusSet(s: State, at: number, d: DataOf<'agent.statusSet'>): void {
  const a = s.agent(d.agent)
  s.unlist(a)
  a.status = d.to
  a.statusSince = at
  a.reason = d.reason
  a.queued = a.asked = null
  a.misses = 0
  a.idleSince = d.to === 'idle' && a.work === 'none' ? at : 0
  s.list(a)
}

export function wrapUpStarted(s: State, at: number, d: DataOf<'wrapup.started'>): void {
  const a = s.agent(d.agent)
  s.unlist(a)
  a.work = 'wrap_up'
  a.workSince = at
  a.request = d.request
  a.idleSince = 0
  s.setAgentTimer(a, 'wrapUpBy', d.endsAt)
  s.list(a)
}

export function wrapUpEnded(s: State, at: number, id: string): void {
  const a = s.agent(id)
  s.setAgentTimer(a, 'wrapUpBy', 0)
  free(s, a, at)
}

/** The agent has no work any more; if idle, a new stretch begins. */
export function free(s: State, a: AgentState, at: number): void {
  s.unlist(a)
  a.work = 'none'
  a.workSince = at
  a.request = null
  a.wantsWrapUp = false
  a.idleSince = a.status === 'idle' ? at : 0
  s.list(a)
}

/** What was counted before days were kept is not of today. All lists are made anew, so keys may change here. */
export function planChanged(s: State, plan: Plan): void {
  if (s.deadlines.dayBy === Infinity) for (const a of s.agents.values()) a.calls = a.talkMs = 0
  s.index(plan)
  s.keepDays()
}

/** Counts of the day before are gone, and the order of the ready with them: all are taken out before any key changes. */
export function dayBegan(s: State): void {
  for (const a of s.agents.values()) s.unlist(a)
  for (const a of s.agents.values()) {
    a.calls = a.talkMs = 0
    s.list(a)
  }
  s.deadlines.dayBy = s.nextDay()
}
