// The metric catalogue: what every number is called, what it means and how it is computed, as data. SQL, the JavaScript fold and METRICS.md come from it.
import { FACTS, type FactName } from './facts.ts'

/**
 * The smallest things that are counted, over the rows of one fact: how many (of those whose `column` is not null), how
 * much, the most, or how many within / over the threshold of the query (inclusive, in ms). `where`: the column is one of
 * these values. `scope` inbound: inbound requests only, unless the query filters the session type itself.
 */
export interface Atom {
  fact: FactName
  fn: 'count' | 'sum' | 'max' | 'within' | 'over'
  column?: string
  where?: Readonly<Record<string, readonly (string | boolean)[]>>
  scope: 'inbound' | 'all'
}

const inbound = (fn: Atom['fn'], column?: string, where?: Atom['where']): Atom => atom('requests', fn, column, where, 'inbound')
const ownOffers = (fn: Atom['fn'], column?: string, where?: Atom['where']): Atom => atom('offers', fn, column, { own: [true], ...where }, 'inbound')
const segments = (fn: Atom['fn'], column?: string, ending?: string): Atom => atom('segments', fn, column, ending === undefined ? undefined : { ending: [ending] }, 'inbound')
function atom(fact: FactName, fn: Atom['fn'], column?: string, where?: Atom['where'], scope: Atom['scope'] = 'all'): Atom {
  return { fact, fn, scope, ...(column === undefined ? {} : { column }), ...(where === undefined ? {} : { where }) }
}

const NOT_READY = ['busy', 'away', 'invisible']

/** Name → atom. Each adds up over slots, days and groups (max: the most of the most), so any total comes from its parts. */
export const ATOMS = {
  requests: inbound('count'),
  calls: inbound('count', 'connected_at_ms'),
  accepted: inbound('count', 'wait_ms'),
  abandons: inbound('count', 'abandon_ms'),
  wait_first_sum: inbound('sum', 'wait_first_ms'),
  wait_max: inbound('max', 'wait_ms'),
  offers: inbound('sum', 'offers'),
  response_sum: inbound('sum', 'response_ms'),
  response_max: inbound('max', 'response_ms'),
  abandon_first_sum: inbound('sum', 'abandon_first_ms'),
  abandon_max: inbound('max', 'abandon_ms'),
  ended_calls: inbound('count', 'talk_ms'),
  talk_sum: inbound('sum', 'talk_ms'),
  answered_within: inbound('within', 'response_ms'),
  answered_over: inbound('over', 'response_ms'),
  abandoned_within: inbound('within', 'abandon_ms'),
  abandoned_over: inbound('over', 'abandon_ms'),

  agent_calls: atom('parts', 'count'),
  agent_ended_by_visitor: atom('parts', 'count', undefined, { ending: ['visitor'] }),
  agent_ended_by_agent: atom('parts', 'count', undefined, { ending: ['agent'] }),
  agent_ended_calls: atom('parts', 'count', 'talk_ms'),
  agent_talk_whole: atom('parts', 'sum', 'talk_ms'),
  agent_talk: atom('talk', 'sum', 'ms'),
  agent_offers: ownOffers('count'),
  agent_offered_requests: ownOffers('count', undefined, { first_to_agent: [true] }),
  agent_visitor_wait: ownOffers('sum', 'wait_ms'),
  agent_response: ownOffers('sum', 'response_ms'),
  agent_dialled: atom('requests', 'count', undefined, { session_type: ['outbound'] }),
  agent_login: atom('logins', 'sum', 'ms'),
  agent_not_ready: atom('agent_time', 'sum', 'ms', { status: NOT_READY }),
  agent_not_ready_sets: atom('status_sets', 'count', undefined, { actor: ['agent'], to_status: NOT_READY }),
  agent_gap: atom('gaps', 'sum', 'ms'),

  queue_entered: segments('count'),
  queue_accepted: segments('count', undefined, 'accepted'),
  queue_abandoned: segments('count', undefined, 'abandoned'),
  queue_timed_out: segments('count', undefined, 'timed_out'),
  queue_overflowed: segments('count', undefined, 'overflowed'),
  queue_closed: segments('count', undefined, 'closed'),
  queue_waiting: segments('count', undefined, 'waiting'),
  queue_ended: segments('count', 'wait_ms'),
  queue_time: segments('sum', 'wait_ms'),
} as const satisfies Record<string, Atom>

/** What is computed from atoms: one of them, a quotient (null where the divisor is 0), or a difference. */
export type Expression<A extends string = string> = A | { quotient: [Expression<A>, Expression<A>] } | { difference: [Expression<A>, Expression<A>] }

/** The reports: by time slot, by agent, by queue. */
export const REPORTS = ['slots', 'agents', 'queues'] as const
export type ReportName = (typeof REPORTS)[number]

export interface Metric {
  report: ReportName
  zh: string
  en: string
  definition: { zh: string; en: string }
  formula: Expression<keyof typeof ATOMS>
  unit: 'count' | 'ms' | 'ratio'
  /** Where the definition comes from: the commercial release whose statistics are matched, or the trade's usage. */
  source: 'seed' | 'trade'
  version: number
}

type Formula = Metric['formula']
const over = (a: Formula, b: Formula): Formula => ({ quotient: [a, b] })
const metric = (report: ReportName, unit: Metric['unit'], source: Metric['source'] = 'seed') => (zh: string, en: string, formula: Formula, definitionZh: string, definitionEn: string): Metric =>
  ({ report, zh, en, definition: { zh: definitionZh, en: definitionEn }, formula, unit, source, version: 1 })
const count = metric('slots', 'count')
const time = metric('slots', 'ms')
const ratio = metric('slots', 'ratio')
const agentCount = metric('agents', 'count')
const agentTime = metric('agents', 'ms')
const agentRatio = metric('agents', 'ratio')
const queueCount = metric('queues', 'count', 'trade')
const queueTime = metric('queues', 'ms', 'trade')

/**
 * Every metric under its id, in the order of the reports. A metric of the report by agent or by queue has `agent.` or
 * `queue.` before its name within the report, since several names mean another thing there. A changed definition gets a higher version.
 */
export const METRICS = {
  requests: count('视频请求量', 'Requests', 'requests', '访客发起的视频请求数', 'Requests that visitors made'),
  calls: count('视频通话量', 'Calls', 'calls', '已接通的请求数', 'Requests that were connected'),
  connect_rate: ratio('视频接通率', 'Connect rate', over('calls', 'requests'), '视频通话量 / 视频请求量', 'Calls / requests'),
  abandons: count('视频放弃量', 'Abandons', 'abandons', '访客在排队或振铃时主动放弃（挂断、关闭或离开页面）的请求数', 'Requests the visitor himself gave up (hung up, closed or left the page) in queue or while ringing'),
  abandon_rate: ratio('视频放弃率', 'Abandon rate', over('abandons', 'requests'), '视频放弃量 / 视频请求量', 'Abandons / requests'),
  avg_wait: time('平均等待时长', 'Average wait', over('wait_first_sum', 'requests'), '各应答请求自联络首次请求起至应答的时长之和 / 视频请求量', 'From the first request of the contact to acceptance, summed over accepted requests / requests'),
  max_wait: time('最大等待时长', 'Longest wait', 'wait_max', '应答请求自本次请求起至应答的最长时长', 'The longest time from an accepted request itself to its acceptance'),
  avg_response: time('平均响应时长', 'Average response', over('response_sum', 'offers'), '各应答派单自派单起至应答的时长之和 / 全部派单数', 'From offer to acceptance, summed over accepted offers / all offers'),
  max_response: time('最大响应时长', 'Longest response', 'response_max', '应答派单自派单起至应答的最长时长', 'The longest time from an accepted offer to its acceptance'),
  avg_abandon_wait: time('平均放弃等待时长', 'Average wait before abandoning', over('abandon_first_sum', 'abandons'), '各放弃请求自联络首次请求起至放弃的时长之和 / 视频放弃量', 'From the first request of the contact to the abandon, summed / abandons'),
  max_abandon_wait: time('最大放弃等待时长', 'Longest wait before abandoning', 'abandon_max', '放弃请求自本次请求起至放弃的最长时长', 'The longest time from an abandoned request itself to the abandon'),
  avg_talk: time('平均通话时长', 'Average talk time', over('talk_sum', 'ended_calls'), '通话时长 / 已结束的通话数', 'Talk time / ended calls'),
  talk_time: time('通话时长', 'Talk time', 'talk_sum', '本时段请求的已结束通话自接通至结束的时长之和', 'From connection to end, summed over the ended calls of the slot’s requests'),
  answered_10s: count('10秒应答量', 'Answered within 10 s', 'answered_within', '派单后 10 秒内（含）应答的请求数', 'Accepted requests whose offer was accepted within 10 s, inclusive'),
  answered_over_10s: count('10秒以上应答量', 'Answered after 10 s', 'answered_over', '派单 10 秒后才应答的请求数', 'Accepted requests whose offer took longer than 10 s'),
  abandoned_10s: count('10秒放弃量', 'Abandoned within 10 s', 'abandoned_within', '请求后 10 秒内（含）放弃的请求数', 'Abandons within 10 s of the request, inclusive'),
  abandoned_over_10s: count('10秒以上放弃量', 'Abandoned after 10 s', 'abandoned_over', '请求 10 秒后才放弃的请求数', 'Abandons later than 10 s after the request'),

  'agent.ended_by_visitor': agentCount('客户主动结束量', 'Ended by visitor', 'agent_ended_by_visitor', '该坐席参与到结束、由访客结束的通话数', 'Calls this agent was in to the end, ended by the visitor'),
  'agent.ended_by_agent': agentCount('坐席主动结束量', 'Ended by agent', 'agent_ended_by_agent', '该坐席参与到结束、由坐席结束的通话数', 'Calls this agent was in to the end, ended by an agent'),
  'agent.login_time': agentTime('登录时长', 'Login time', 'agent_login', '登录会话的并集时长，按时段切分', 'Union of login sessions, cut at slot bounds'),
  'agent.talk_time': agentTime('通话时长', 'Talk time', 'agent_talk', '接通后以坐席身份参与通话的时长，按时段切分', 'Time in connected calls in the role agent, cut at slot bounds'),
  'agent.avg_talk': agentTime('平均通话时长', 'Average talk time', over('agent_talk_whole', 'agent_ended_calls'), '本时段请求的已结束通话中该坐席参与的整段时长之和 / 其数量', 'Whole time in the ended calls of the slot’s requests / these calls'),
  'agent.visitor_wait': agentTime('访客等待时长', 'Visitor wait', 'agent_visitor_wait', '该坐席应答的请求自请求至应答的时长之和', 'From request to acceptance, summed over the requests this agent accepted'),
  'agent.avg_visitor_wait': agentTime('平均访客等待时长', 'Average visitor wait', over('agent_visitor_wait', 'agent_offers'), '访客等待时长 / 收到的派单数', 'Visitor wait / offers received'),
  'agent.response_time': agentTime('坐席响应时长', 'Response time', 'agent_response', '该坐席应答的派单自派单至应答的时长之和', 'From offer to acceptance, summed over the offers this agent accepted'),
  'agent.avg_response': agentTime('平均坐席响应时长', 'Average response time', over('agent_response', 'agent_offers'), '坐席响应时长 / 收到的派单数', 'Response time / offers received'),
  'agent.offered_requests': agentCount('视频请求量', 'Requests offered', 'agent_offered_requests', '派给该坐席的不同请求数', 'Distinct requests offered to this agent'),
  'agent.dialled': agentCount('主动发起量', 'Dialled', 'agent_dialled', '该坐席主动发起的呼出请求数', 'Outbound requests by this agent'),
  'agent.calls': agentCount('视频通话量', 'Calls', 'agent_calls', '该坐席参与的已接通通话数，呼入与呼出', 'Connected calls this agent took part in, in and out'),
  'agent.not_ready_count': agentCount('未就绪次数', 'Times not ready', 'agent_not_ready_sets', '该坐席自己转入忙碌、离开或隐身的次数', 'Entries into busy, away or invisible by the agent himself'),
  'agent.not_ready_time': agentTime('未就绪时长', 'Time not ready', 'agent_not_ready', '处于忙碌、离开或隐身的时长（不论由谁设置），按时段切分', 'All time in busy, away or invisible, whoever set it, cut at slot bounds'),
  'agent.avg_not_ready': agentTime('平均未就绪时长', 'Average time not ready', over('agent_not_ready', 'agent_not_ready_sets'), '未就绪时长 / 未就绪次数', 'Time not ready / times not ready'),
  'agent.after_call_gap': agentTime('视频话后处理时长', 'After-call gap', 'agent_gap', '同一登录内从一次通话参与结束到下一次参与开始的时长之和，计入其结束的时段', 'From the end of his part in a call to the start of his part in the next, inside one login, summed in the slot where it ends'),
  'agent.avg_after_call_gap': agentTime('平均视频话后处理时长', 'Average after-call gap', over('agent_gap', 'agent_calls'), '视频话后处理时长 / 视频通话量', 'After-call gap / calls'),
  'agent.workload': agentRatio('工作负荷', 'Workload', over('agent_talk', 'agent_login'), '通话时长 / 登录时长', 'Talk time / login time'),

  'queue.entered': queueCount('进入排队量', 'Entered', 'queue_entered', '进入该技能组队列的次数，含溢出、转接与邀请', 'Times a request came to stand in the queue, by overflow, transfer and invitation too'),
  'queue.accepted': queueCount('排队应答量', 'Accepted', 'queue_accepted', '因坐席应答而离开排队的次数', 'Stays that ended with an agent’s acceptance'),
  'queue.abandoned': queueCount('排队放弃量', 'Abandoned', 'queue_abandoned', '访客自己在排队中离开的次数，含通话中的转接排队', 'Stays that the visitor himself ended, also in the queue of a transfer out of his call'),
  'queue.timed_out': queueCount('排队超时量', 'Timed out', 'queue_timed_out', '超过最长等待的次数', 'Stays that reached the longest wait'),
  'queue.overflowed': queueCount('溢出量', 'Overflowed', 'queue_overflowed', '溢出到其他技能组队列的次数', 'Stays that went on in another group’s queue'),
  'queue.closed': queueCount('其他结束量', 'Closed', 'queue_closed', '以其他方式结束的次数：网络中断、预约回呼、拉黑、移出、取消转接等', 'Stays that ended in any other way: network, callback, blocked, removed, transfer withdrawn …'),
  'queue.waiting': queueCount('排队中', 'Waiting', 'queue_waiting', '尚在排队的次数', 'Stays that go on'),
  'queue.avg_queue_time': queueTime('平均排队时长', 'Average queue time', over('queue_time', 'queue_ended'), '已结束的排队时长之和 / 其数量，不论如何结束', 'Length of the stays that are over / these stays, however they ended'),
} as const satisfies Record<string, Metric>

export type MetricId = keyof typeof METRICS
export const METRIC_IDS = Object.keys(METRICS) as MetricId[]
/** The metrics of a report, in its order. */
export const metricsOf = (report: ReportName): MetricId[] => METRIC_IDS.filter((id) => METRICS[id].report === report)
/** A metric's name within its report. */
export const nameOf = (id: MetricId): string => id.replace(/^(?:agent|queue)\./, '')

/** The report that an atom is counted for. */
export const reportOf = (atom: string): ReportName => (atom.startsWith('agent_') ? 'agents' : atom.startsWith('queue_') ? 'queues' : 'slots')

/** The atoms an expression is made of. */
export function atomsIn<A extends string>(e: Expression<A>): A[] {
  if (typeof e === 'string') return [e]
  return ('quotient' in e ? e.quotient : e.difference).flatMap((x) => atomsIn(x))
}

/** An expression in words: `sum(wait_first_ms) / count(*)`, the fact before it. */
export function formulaText(e: Expression, atoms: Readonly<Record<string, Atom>> = ATOMS): string {
  if (typeof e === 'string') return atomText(atoms[e]!)
  const [[a, b], sign] = 'quotient' in e ? [e.quotient, '/'] as const : [e.difference, '−'] as const
  return `${formulaText(a, atoms)} ${sign} ${formulaText(b, atoms)}`
}

function atomText({ fact, fn, column, where, scope }: Atom): string {
  const conditions = Object.entries(where ?? {}).map(([c, values]) => (values.length === 1 ? (values[0] === true ? c : `${c} = ${values[0]}`) : `${c} in ${values.join(', ')}`))
  if (scope === 'inbound') conditions.unshift('inbound')
  const what = column === undefined ? fact : `${fact}.${column}`
  const of = fn === 'within' ? `count(${what} ≤ T` : fn === 'over' ? `count(${what} > T` : `${fn}(${what}`
  return `${of}${conditions.length > 0 ? `; ${conditions.join(', ')}` : ''})`
}

/** Whether a fact has the column; the catalogue's own test asks. */
export const hasColumn = (fact: FactName, name: string): boolean => Object.hasOwn(FACTS[fact].columns, name)
