// Why him, why not me: read from the state alone, so that fold(log to any seq) explains any moment of the past.
import { byClock, ownLeg, READY, STANDINGS, type AgentState } from './entities.ts'
import type { State } from './state.ts'

/** Reasons, most telling first; with zh and en words for the pages. */
export const REASONS = {
  offered_now: { zh: '正在向该坐席振铃', en: 'The request is ringing at this agent now' },
  has_it: { zh: '该坐席正在服务此请求', en: 'This agent has the request' },
  request_over: { zh: '请求已结束', en: 'The request is over' },
  request_ringing: { zh: '请求正在向其他坐席振铃', en: 'The request is ringing at another agent' },
  request_taken: { zh: '请求已由其他坐席接听', en: 'Another agent has taken the request' },
  visitor_dialled: { zh: '正在呼叫访客', en: 'The visitor is being rung' },
  waited_for: { zh: '正在等待该坐席（熟客坐席）', en: 'The request waits for this agent, who served the visitor last' },
  waits_for_other: { zh: '正在等待曾服务该访客的坐席', en: 'The request waits for the agent who served the visitor last' },
  visitor_away: { zh: '访客暂时断线', en: 'The visitor’s connection is interrupted' },
  not_in_group: { zh: '不在该技能组', en: 'Not in the request’s skill group' },
  offline: { zh: '离线', en: 'Offline' },
  busy: { zh: '忙碌', en: 'Busy' },
  away: { zh: '离开', en: 'Away' },
  invisible: { zh: '隐身', en: 'Invisible' },
  disconnected: { zh: '坐席断线', en: 'Connection lost' },
  cooling: { zh: '拒接后冷却中', en: 'Cooling down after a decline' },
  working: { zh: '正在振铃、通话或话后处理', en: 'Ringing, on a call or in wrap-up' },
  not_video: { zh: '不是视频客服', en: 'Not a video agent' },
  tried: { zh: '已拒接或未接过此请求，先问其他坐席', en: 'Declined or missed this request; others are asked first' },
  behind: { zh: '排在其他空闲坐席之后', en: 'Others come first: better tier or idle for longer' },
  next: { zh: '下一个被派单', en: 'Next to be asked' },
} as const
export type Reason = keyof typeof REASONS

export interface Explanation {
  /** Every reason that applies; the first alone would do. */
  reasons: Reason[]
  /** His place among the ready of the group, 1 = next; null when he is not ready there. */
  rank: number | null
  /** Who stands before him, the next one first; at most three. */
  ahead: string[]
}

/** Explains one agent's chance at one request, as things stand. Null when either is not known. */
export function explain(state: State, request: string, agent: string): Explanation | null {
  const r = state.requests.get(request)
  const a = state.agents.get(agent)
  if (!r || !a) return null
  const reasons: Reason[] = []
  const leg = ownLeg(r)
  if (r.phase === 'closed') reasons.push('request_over')
  else if (r.phase === 'connecting' || r.phase === 'in_call') reasons.push(r.parties.some((p) => p.id === agent && p.role === 'agent') ? 'has_it' : 'request_taken')
  else if (r.phase === 'dialling') reasons.push(r.agent === agent ? 'has_it' : 'visitor_dialled')
  else if (leg?.offer) reasons.push(leg.agent === agent ? 'offered_now' : 'request_ringing')
  else if (r.lostAt !== 0) reasons.push('visitor_away')
  if (leg?.sticky) reasons.push(leg.sticky === agent ? 'waited_for' : 'waits_for_other')
  const membership = a.memberships.find((m) => m.group.id === r.group)
  if (!membership) reasons.push('not_in_group')
  if (a.standing !== READY) reasons.push(STANDINGS[a.standing] as Reason)
  if (leg?.tried.includes(agent)) reasons.push('tried')
  if (!leg || !membership || a.standing !== READY) return { reasons, rank: null, ahead: [] }
  const order = byClock(state.plan!.idleClock)
  const before = [...membership.group.ready].filter((m) => precedes(leg.tried, m.agent, a, order(m, membership)))
  reasons.push(before.length === 0 ? 'next' : 'behind')
  return { reasons, rank: before.length + 1, ahead: before.slice(0, 3).map((m) => m.agent.id) }
}

/** Whether `b` is asked before `a`: who has not had the request yet, then the order of the ready. */
function precedes(tried: readonly string[], b: AgentState, a: AgentState, order: number): boolean {
  const [bTried, aTried] = [tried.includes(b.id), tried.includes(a.id)]
  return bTried === aTried ? order < 0 : aTried
}
