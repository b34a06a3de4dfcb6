// What is odd about a plan that may come into force all the same: rules that never decide, groups nobody serves, timers that defeat each other.
import { AccessSchema, UNGROUPED, type Plan, type PlanAgent, type PlanRule } from '#events/plan.ts'
import { route, type Asked, type HoursOf } from './routing.ts'

/** Each warning with its zh and en sentence. What makes a plan impossible is in plan.ts; this is what somebody will regret. */
export const WARNINGS = {
  no_access: { zh: '没有启用的接入点，访客无法发起请求', en: 'No access point is switched on: nobody can ask for a call' },
  rule_never_matches: { zh: '规则的条件不可能同时成立，永远不会匹配', en: 'The rule’s conditions never hold together: it matches nothing' },
  rule_unreachable: { zh: '前面的规则已匹配它的全部请求，这条规则永远轮不到', en: 'Earlier rules match everything this rule matches: it never decides' },
  rule_channel_unused: { zh: '规则所选的渠道没有接入点', en: 'The rule names a channel that no access point has' },
  rule_access_off: { zh: '规则所选的接入点已停用', en: 'The rule names an access point that is switched off' },
  group_unserved: { zh: '有请求路由到该技能组，但组内没有视频客服', en: 'Requests are routed to this group, but no video agent is in it' },
  group_unused: { zh: '没有请求会路由到该技能组，组内坐席不会从中收到派单', en: 'No request is routed to this group: its agents are offered nothing from it' },
  agents_not_video: { zh: '组内有坐席不是视频客服，不会收到派单', en: 'Agents in this group are not video agents: they are offered nothing' },
  overflow_cycle: { zh: '溢出形成回路：请求会在这些技能组之间打转', en: 'Overflow runs in a circle: requests wander among these groups' },
  overflow_late: { zh: '溢出的等待时长不短于最大等待时长，永远不会溢出', en: 'The wait before overflow is not shorter than the maximum wait: it never happens' },
  hours_never_open: { zh: '营业时间没有任何开放时段', en: 'These hours are never open' },
  queue_shut: { zh: '排队上限为 0：即使有空闲坐席，每个请求也会以“排队已满”结束', en: 'With a queue limit of 0 every request ends as “queue full”, even while agents are idle' },
  ring_outlasts_wait: { zh: '振铃时限不短于最大等待时长：无人接听时来不及再问下一位坐席', en: 'The ring timeout is not shorter than the maximum wait: after a missed ring there is no time to ask another agent' },
  wrapup_outlasts_wait: { zh: '话后处理比最大等待时长更长：排队的访客会先超时', en: 'Wrap-up is longer than the maximum wait: whoever queues meanwhile times out first' },
  place_outlasts_contact: { zh: '保留位置的时长超过联络间隔：超出联络间隔后位置不再保留', en: 'Places are kept for longer than the contact gap: beyond the gap they are lost all the same' },
  grace_short: { zh: '断线宽限过短：刷新页面就可能结束通话', en: 'The grace is too short: reloading a page may end the call' },
  check_stale: { zh: '设备检测的有效期过短：坐席检测完仍可能无法置为空闲', en: 'A device check expires too soon: agents may be unable to go idle even right after one' },
} as const
export type WarningCode = keyof typeof WARNINGS

/** `on`: the part of the plan it is about, as `rules/ID`, `groups/ID`, `timers/NAME` or `access`. `detail`: names and figures. */
export interface Warning { code: WarningCode; on: string; zh: string; en: string; detail: string }

/** A page takes about two seconds to load again on a slow phone; a shorter grace loses those who only reload. */
const RELOAD_MS = 3_000
/** From the end of a device check to the click on idle. */
const CHECK_TO_IDLE_MS = 60_000

const warning = (code: WarningCode, on: string, detail = ''): Warning => ({ code, on, ...WARNINGS[code], detail })
const seconds = (ms: number): string => `${ms / 1000} s`
const some = (names: readonly string[]): string => (names.length <= 3 ? names.join(', ') : `${names.slice(0, 3).join(', ')} … (${names.length})`)

/**
 * Everything odd about a plan that has no errors, in the order of its parts: access, rules, groups, timers. Routing is asked,
 * not modelled again, so that a warning and the live decision cannot differ.
 */
export function lint(plan: Plan): Warning[] {
  /** What has been asked of the rules so far, and which of them decides it. */
  const decided = new Map<Asked, PlanRule>()
  /** Access points from which requests come to a group by rules that depend on more than the access point. */
  const reached = new Map<string, Set<string>>()
  const asked: Asked[] = [...plan.access.map((a) => ({ channel: a.channel, access: a.id })), ...CHANNELS.map((channel) => ({ channel, access: LATER }))]
  return [
    ...(plan.access.some((a) => a.enabled) ? [] : [warning('no_access', 'access')]),
    ...rules(plan, asked, decided, reached),
    ...groups(plan, asked.slice(0, plan.access.length), decided, reached),
    ...overflows(plan),
    ...(plan.hours ?? []).filter((h) => [...h.week, ...h.holidays.map((x) => x.open)].every((day) => day.length === 0)).map((h) => warning('hours_never_open', `hours/${h.id}`)),
    ...timers(plan),
  ]
}

/** An access point that does not exist yet, so that a rule for what comes later is not called unreachable. No real id is empty. */
const LATER = ''
const CHANNELS = AccessSchema.properties.channel.enum

/** For lint every hour is open: a rule for some hours decides at some time. */
const ALWAYS: HoursOf = { get: () => undefined }

function rules(plan: Plan, asked: readonly Asked[], decided: Map<Asked, PlanRule>, reached: Map<string, Set<string>>): Warning[] {
  const byAccess = new Map(asked.map((a) => [a.access, a]))
  const used = new Set<string>(plan.access.map((a) => a.channel))
  const off = new Set(plan.access.filter((a) => !a.enabled).map((a) => a.id))
  return plan.rules.flatMap((rule) => {
    const on = `rules/${rule.id}`
    const { access, ...rest } = rule.when
    const { channels } = rest
    // Only what the rule lists can match it; searching the list again for each of them took seconds in the largest plans.
    const listed = access ? access.flatMap((id) => byAccess.get(id) ?? []) : asked
    const alone = { ...plan, rules: [{ ...rule, when: rest }] }
    const attributes = Object.fromEntries((rest.attributes ?? []).map((x) => [x.name, x.in[0]!]))
    const own = listed.filter((a) => route(alone, { ...a, attributes }, ALWAYS).rule === rule.id)
    if (own.length === 0) return [warning('rule_never_matches', on)]
    const found: Warning[] = []
    const earlier = new Set(own.map((a) => decided.get(a)?.id ?? null))
    if (!earlier.has(null)) found.push(warning('rule_unreachable', on, some([...earlier] as string[])))
    // A rule that asks for more than where a visitor comes in leaves requests for the rules below.
    if (rest.attributes === undefined && rest.hours === undefined) for (const a of own) if (!decided.has(a)) decided.set(a, rule)
    const to = reached.get(rule.group) ?? new Set()
    reached.set(rule.group, to)
    if (rest.attributes !== undefined || rest.hours !== undefined) for (const a of own) to.add(a.access)
    const unused = access ? [] : (channels ?? []).filter((c) => !used.has(c))
    if (unused.length > 0) found.push(warning('rule_channel_unused', on, some(unused)))
    const dark = (access ?? []).filter((id) => off.has(id))
    if (dark.length > 0) found.push(warning('rule_access_off', on, some(dark)))
    return found
  })
}

function groups(plan: Plan, asked: readonly Asked[], decided: ReadonlyMap<Asked, PlanRule>, reached: ReadonlyMap<string, ReadonlySet<string>>): Warning[] {
  const members = new Map<string, PlanAgent[]>(plan.groups.map((g) => [g.id, []]))
  for (const a of plan.agents) {
    if (a.groups.length === 0) members.get(UNGROUPED)?.push(a)
    for (const m of a.groups) members.get(m.group)?.push(a)
  }
  const sources = new Map<string, string[]>()
  asked.forEach((a, i) => {
    const { id, enabled } = plan.access[i]!
    const group = decided.get(a)?.group ?? UNGROUPED
    if (!enabled) return
    sources.set(group, [...(sources.get(group) ?? []), id])
    for (const [other, from] of reached) if (other !== group && from.has(id)) sources.set(other, [...(sources.get(other) ?? []), id])
  })
  // What overflows into a group comes from wherever its first group is reached from.
  for (let grew = true; grew;) {
    grew = false
    for (const g of plan.groups) for (const o of g.overflow ?? []) {
      const from = sources.get(g.id)
      if (from && !sources.has(o.to)) { sources.set(o.to, from); grew = true }
    }
  }
  return plan.groups.flatMap((g) => {
    const on = `groups/${g.id}`
    const agents = members.get(g.id)!
    const chat = agents.filter((a) => !a.video)
    const from = sources.get(g.id)
    const found: Warning[] = []
    if (from && chat.length === agents.length) found.push(warning('group_unserved', on, some(from)))
    if (!from && agents.length > 0 && sources.size > 0) found.push(warning('group_unused', on))
    // In Ungrouped nobody was put on purpose.
    if (g.id !== UNGROUPED && chat.length > 0) found.push(warning('agents_not_video', on, some(chat.map((a) => a.nickname))))
    if (g.queueLimit === 0) found.push(warning('queue_shut', on))
    if (g.wrapUpMs !== null && g.wrapUpMs > plan.timers.maxWaitMs) found.push(warning('wrapup_outlasts_wait', on, `${seconds(g.wrapUpMs)} > ${seconds(plan.timers.maxWaitMs)}`))
    return found
  })
}

function overflows(plan: Plan): Warning[] {
  const next = new Map(plan.groups.map((g) => [g.id, (g.overflow ?? []).map((o) => o.to)]))
  /** The shortest way from a group back to itself. */
  const circle = (start: string): string[] | null => {
    const ways = [[start]]
    const seen = new Set<string>()
    for (let way = ways.shift(); way; way = ways.shift()) for (const to of next.get(way.at(-1)!) ?? []) {
      if (to === start) return way
      if (!seen.has(to)) { seen.add(to); ways.push([...way, to]) }
    }
    return null
  }
  const known = new Set<string>()
  return plan.groups.flatMap((g) => {
    const found: Warning[] = []
    const way = known.has(g.id) ? null : circle(g.id)
    if (way) {
      for (const id of way) known.add(id)
      found.push(warning('overflow_cycle', `groups/${g.id}`, [...way, g.id].join(' → ')))
    }
    const longest = g.maxWaitMs ?? plan.timers.maxWaitMs
    for (const { waitMs } of g.overflow ?? []) if (waitMs !== undefined && waitMs >= longest) found.push(warning('overflow_late', `groups/${g.id}`, `${seconds(waitMs)} ≥ ${seconds(longest)}`))
    return found
  })
}

function timers({ timers: t, deviceCheck }: Plan): Warning[] {
  const found: Warning[] = []
  const compare = (odd: boolean, code: WarningCode, name: Exclude<keyof Plan['timers'], 'dialMs'>, limit: number, sign = '>'): void => {
    if (odd) found.push(warning(code, `timers/${name}`, `${seconds(t[name])} ${sign} ${seconds(limit)}`))
  }
  compare(t.ringMs >= t.maxWaitMs, 'ring_outlasts_wait', 'ringMs', t.maxWaitMs, '≥')
  compare(t.wrapUpMs > t.maxWaitMs, 'wrapup_outlasts_wait', 'wrapUpMs', t.maxWaitMs)
  compare(t.keepPlaceMs > t.contactGapMs, 'place_outlasts_contact', 'keepPlaceMs', t.contactGapMs)
  compare(t.visitorGraceMs < RELOAD_MS, 'grace_short', 'visitorGraceMs', RELOAD_MS, '<')
  compare(t.agentGraceMs < RELOAD_MS, 'grace_short', 'agentGraceMs', RELOAD_MS, '<')
  compare(deviceCheck === 'required' && t.deviceCheckMs < CHECK_TO_IDLE_MS, 'check_stale', 'deviceCheckMs', CHECK_TO_IDLE_MS, '<')
  return found
}
