// The tables every number is computed from: what one row of each fact is, and its columns. Rows come out of the fold (fold.ts) ready to be counted.

export type ColumnType = 'VARCHAR' | 'INTEGER' | 'BIGINT' | 'BOOLEAN' | 'VARCHAR[]'
type Cell = { VARCHAR: string; INTEGER: number; BIGINT: number; BOOLEAN: boolean; 'VARCHAR[]': string[] }

interface Column<T extends ColumnType = ColumnType> { type: T; zh: string; en: string }
const column = <const T extends ColumnType>(type: T) => (zh: string, en: string): Column<T> => ({ type, zh, en })
const text = column('VARCHAR')
const whole = column('INTEGER')
const ms = column('BIGINT')
const flag = column('BOOLEAN')
const texts = column('VARCHAR[]')

/** What a fact about a request inherits from it, so that it can be filtered and grouped like the request. */
const ofRequest = {
  channel: text('渠道', 'Channel the visitor came by'),
  access: text('接入点', 'Access point: the widget or link'),
  session_type: text('会话类型', 'inbound, outbound or callback, fixed when the request was made'),
  skill_group: text('技能组', 'Routed skill group; null: closed before routing'),
}
const ofMember = { skill_groups: texts('所属技能组', 'Skill groups the agent was a member of at that time') }
const b15OfRequest = whole('请求所在刻', 'UTC quarter-hour (count from 1970) of the request')

/**
 * Fact → what a row is, the columns that identify it, and its columns. Every fact has `b15`, the quarter-hour by which it
 * falls into slots, and is filed under the UTC day of `b15`. Durations are whole ms and null where they do not exist, so
 * that counting a column counts the rows that have it.
 */
export const FACTS = {
  requests: {
    zh: '视频请求', en: 'A request: one attempt of a visitor', key: ['request'],
    columns: {
      request: text('请求', 'Request'), visitor: text('访客', 'Visitor'), contact: text('联络', 'The chain of attempts it belongs to'),
      ...ofRequest, rule: text('路由规则', 'Routing rule that chose the group'), plan: whole('方案版本', 'Plan version when it was made'),
      agent: text('坐席', 'Agent who accepted it, or who dialled it, answered or not'),
      at_ms: ms('请求时刻', 'R: when it was made, UTC ms'), b15: b15OfRequest, contact_at_ms: ms('首次请求时刻', 'F: first request of the same contact, UTC ms'),
      state: text('进度', 'open (neither connected nor closed), in_progress or closed'), outcome: text('结果', 'Final outcome; null while not closed'),
      accepted: text('应答', 'connected or not_connected once an own offer was accepted, else null'), ended_by: text('结束方', 'Who ended the connected call'),
      offers: whole('派单数', 'Own offers: auto, pick and direct'),
      wait_ms: ms('等待', 'A - R of an accepted request'), wait_first_ms: ms('首次起等待', 'A - F of an accepted request'),
      response_ms: ms('响应', 'A - I of the accepted offer'), connected_at_ms: ms('接通时刻', 'C: when both could see and hear, UTC ms'),
      talk_ms: ms('通话', 'E - C of an ended call'), abandon_ms: ms('放弃等待', 'X - R of an abandoned request'), abandon_first_ms: ms('首次起放弃等待', 'X - F of an abandoned request'),
    },
  },
  segments: {
    zh: '排队段', en: 'A stay of a request in one group’s queue: its own, or that of a transfer or an invitation', key: ['seq'],
    columns: {
      seq: ms('序号', 'Seq of the event by which it began'), request: text('请求', 'Request'), invitation: text('转接或邀请', 'The transfer or invitation it belongs to; null: the request’s own'),
      mode: text('方式', 'own, transfer or invite'), channel: ofRequest.channel, access: ofRequest.access, session_type: ofRequest.session_type,
      skill_group: text('排队技能组', 'The group whose queue it is'), at_ms: ms('进入时刻', 'When it began, UTC ms'), b15: whole('刻', 'UTC quarter-hour in which it began'),
      ending: text('结束方式', 'waiting, accepted, abandoned (by the visitor himself), timed_out, overflowed or closed'), wait_ms: ms('排队时长', 'Length, once it is over'),
    },
  },
  offers: {
    zh: '派单', en: 'An offer of a request to one agent', key: ['offer'],
    columns: {
      offer: text('派单', 'Offer'), request: text('请求', 'Request'), agent: text('坐席', 'Agent'), mode: text('方式', 'auto, pick, direct, transfer or invite'),
      own: flag('本请求派单', 'Whether it seeks the owner of the request (auto, pick, direct)'), first_to_agent: flag('首次派给该坐席', 'The first own offer of this request to this agent'),
      ...ofRequest, at_ms: ms('派单时刻', 'I: when it was made, UTC ms'), b15: b15OfRequest,
      result: text('结果', 'ringing, accepted, declined, expired or cancelled'), cancel_reason: text('取消原因', 'Why it was cancelled'),
      response_ms: ms('响应', 'A - I of an accepted offer'), wait_ms: ms('访客等待', 'A - R of an accepted own offer'),
    },
  },
  parts: {
    zh: '参与通话', en: 'An agent’s part in a connected call, in the role agent', key: ['request', 'agent'],
    columns: {
      request: text('请求', 'Request'), agent: text('坐席', 'Agent'), ...ofRequest, at_ms: ms('开始', 'When the part began, UTC ms'), b15: b15OfRequest,
      ending: text('结束方式', 'visitor, agent or other: who ended the call; left_before_end; in_progress'),
      talk_ms: ms('通话', 'Whole length of the part, once the call has ended'),
    },
  },
  talk: {
    zh: '通话时段', en: 'A stretch of an agent’s talk within one quarter-hour', key: ['request', 'agent', 'at_ms'],
    columns: {
      request: text('请求', 'Request'), agent: text('坐席', 'Agent'), ...ofRequest,
      at_ms: ms('开始', 'Start, UTC ms'), b15: whole('刻', 'UTC quarter-hour it lies in'), ms: ms('时长', 'Length'),
    },
  },
  gaps: {
    zh: '话后间隔', en: 'From the end of an agent’s part in a call to the start of his part in the next, inside one login', key: ['agent', 'at_ms', 'request'],
    columns: {
      agent: text('坐席', 'Agent'), request: text('前一请求', 'The request before the gap, whose filters hold'), ...ofRequest,
      at_ms: ms('结束', 'When the gap ended, UTC ms'), b15: whole('刻', 'UTC quarter-hour in which it ended'), ms: ms('时长', 'Length'),
    },
  },
  logins: {
    zh: '登录时段', en: 'A stretch of an agent’s login within one quarter-hour', key: ['agent', 'at_ms'],
    columns: { agent: text('坐席', 'Agent'), ...ofMember, at_ms: ms('开始', 'Start, UTC ms'), b15: whole('刻', 'UTC quarter-hour it lies in'), ms: ms('时长', 'Length') },
  },
  agent_time: {
    zh: '坐席状态时段', en: 'A stretch of one status and one kind of work of an agent within one quarter-hour', key: ['agent', 'at_ms'],
    columns: {
      agent: text('坐席', 'Agent'), ...ofMember, status: text('状态', 'What the agent says: offline, idle, busy, away, invisible'),
      work: text('工作', 'What the engine knows: none, ringing, dialling, connecting, in_call, wrap_up'),
      at_ms: ms('开始', 'Start, UTC ms'), b15: whole('刻', 'UTC quarter-hour it lies in'), ms: ms('时长', 'Length'),
    },
  },
  status_sets: {
    zh: '状态变更', en: 'A change of an agent’s status', key: ['seq'],
    columns: {
      seq: ms('序号', 'Seq of the event'), agent: text('坐席', 'Agent'), ...ofMember, from_status: text('原状态', 'Status before'), to_status: text('新状态', 'Status after'),
      actor: text('操作者', 'agent, supervisor or acd'), at_ms: ms('时刻', 'When, UTC ms'), b15: whole('刻', 'UTC quarter-hour'),
    },
  },
  agents: {
    zh: '坐席名册', en: 'An agent as a plan names him; a row for each plan that brought or changed him', key: ['agent', 'plan'],
    columns: {
      agent: text('坐席', 'Agent'), plan: whole('方案版本', 'Plan version'), nickname: text('昵称', 'Name visitors see'), real_name: text('姓名', 'Real name'),
      ...ofMember, at_ms: ms('生效', 'Since when, UTC ms'), b15: whole('刻', 'UTC quarter-hour'),
    },
  },
} as const satisfies Record<string, { zh: string; en: string; key: readonly string[]; columns: Record<string, Column> }>

export type FactName = keyof typeof FACTS
export const FACT_NAMES = Object.keys(FACTS) as FactName[]

/** One row of a fact. */
export type Row<F extends FactName = FactName> = { [K in F]: { -readonly [C in keyof (typeof FACTS)[K]['columns']]: (typeof FACTS)[K]['columns'][C] extends { type: infer T extends ColumnType } ? Cell[T] | null : never } }[F]

/** The columns of a fact, in order, with their types. */
export const columnsOf = (fact: FactName): [name: string, type: ColumnType][] =>
  Object.entries(FACTS[fact].columns).map(([name, { type }]) => [name, type])

/** A row that is new, changed or gone since the fold was last drained. A gone row still carries its key. */
export interface Change { fact: FactName; row: Row; gone: boolean }

/** Takes the rows of a fold one by one; `gone` as in Change. */
export type Put = (fact: FactName, row: Row, gone: boolean) => void

/** What identifies a row within its fact, as text. */
export const keyOf = (fact: FactName, row: Row): string => FACTS[fact].key.map((c) => (row as Record<string, unknown>)[c]).join('\u0000')
