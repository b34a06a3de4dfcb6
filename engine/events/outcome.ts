// How a request can end: the closed set of outcomes, with the words people read. The first one in the log wins.

/** Each outcome with its zh and en name. `answered` holds exactly when the log has a `call.connected` for the request. */
export const OUTCOMES = {
  answered: { zh: '正常结束', en: 'Answered' },
  ring_no_answer: { zh: '客服未接', en: 'Agent did not answer' },
  declined: { zh: '客服拒接', en: 'Declined by agent' },
  abandoned_queue: { zh: '排队放弃', en: 'Abandoned in queue' },
  abandoned_ring: { zh: '振铃放弃', en: 'Abandoned while ringing' },
  queue_timeout: { zh: '排队超时', en: 'Queue timeout' },
  out_declined: { zh: '访客拒接', en: 'Declined by visitor' },
  out_no_answer: { zh: '访客未接', en: 'Visitor did not answer' },
  callback: { zh: '预约回呼', en: 'Callback taken' },
  connect_failed: { zh: '接通失败', en: 'Connection failed' },
  network: { zh: '网络中断', en: 'Lost by network' },
  overflow_out: { zh: '溢出转出', en: 'Overflowed out' },
  no_agent: { zh: '无客服在线', en: 'No agent available' },
  closed_hours: { zh: '非工作时间', en: 'Outside business hours' },
  queue_full: { zh: '排队已满', en: 'Queue full' },
  blocked: { zh: '访客被拉黑', en: 'Visitor blocked' },
  removed: { zh: '主管移出', en: 'Removed by supervisor' },
  system_error: { zh: '系统错误', en: 'System error' },
} as const

export type Outcome = keyof typeof OUTCOMES
