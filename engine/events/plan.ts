// The plan: routing rules, skill groups, memberships and timers as one versioned document. A what-if compares two of these.
import Type from 'typebox'

const Id = Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9._:-]+$' })
const Name = Type.String({ minLength: 1, maxLength: 100 })
const Few = (maxItems: number) => ({ maxItems })
const strict = { additionalProperties: false }
const Timer = (max: number) => Type.Integer({ minimum: 0, maximum: max })
const minute = 60_000

/** The group of agents who are in no other group, and of requests that no rule matched. Every plan has it. */
export const UNGROUPED = 'ungrouped'
/** The id under which the fixed last routing rule states its decisions. */
export const DEFAULT_RULE = 'default'

/** The one word of a channel 渠道: web 网页 (desktop widget or H5 link), app, wechat_mp 微信小程序. */
export const CHANNELS = ['web', 'app', 'wechat_mp'] as const
const Channel = Type.Enum([...CHANNELS])

/** Text for visitors in both languages; an empty one means the product's own words. */
const Words = Type.Object({ zh: Type.String({ maxLength: 500 }), en: Type.String({ maxLength: 500 }) }, strict)

/** Minutes of a local day, half-open; [0, 1440] is the whole day. */
const Stretch = Type.Tuple([Type.Integer({ minimum: 0, maximum: 1439 }), Type.Integer({ minimum: 1, maximum: 1440 })])
const Stretches = Type.Array(Stretch, Few(12))

/**
 * Business hours 营业时间. `week`: Monday first. `holidays` replace the week's hours on their local date (`[]` = closed).
 * `offsets` are the time zone's, written into the plan when it is saved: a decision made again years later, on a machine
 * with another time zone table, is the same decision. `fromMs` ascends, the first is 0.
 */
export const HoursSchema = Type.Object({
  id: Id, name: Name, tz: Type.String({ maxLength: 64 }),
  offsets: Type.Array(Type.Object({ fromMs: Type.Integer({ minimum: 0 }), minutes: Type.Integer({ minimum: -1080, maximum: 1080 }) }, strict), { minItems: 1, maxItems: 200 }),
  week: Type.Array(Stretches, { minItems: 7, maxItems: 7 }),
  holidays: Type.Array(Type.Object({ date: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }), name: Type.Optional(Name), open: Stretches }, strict), Few(400)),
}, strict)

/** Where a request goes instead, first row that applies: `wait` after so long in this queue, `length` when so many wait, `no_agent` when nobody of the group is there, `closed` outside its hours. */
export const OverflowSchema = Type.Object({
  when: Type.Enum(['wait', 'length', 'no_agent', 'closed']), to: Id,
  waitMs: Type.Optional(Timer(24 * 60 * minute)), length: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
}, strict)

/** After-call work: `timed` ends by the clock at the latest, `untimed` by the agent alone, `optional` only if he asks for it during the call, `none`. */
export const WRAP_UP_MODES = ['timed', 'untimed', 'optional', 'none'] as const

/** A skill group. `queueLimit` null = bounded by the house limit only; `wrapUpMs` null = the plan's. What is left out is not in use. */
export const GroupSchema = Type.Object({
  id: Id, name: Name, queueLimit: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]), wrapUpMs: Type.Union([Timer(60 * minute), Type.Null()]),
  wrapUp: Type.Optional(Type.Enum([...WRAP_UP_MODES])), summary: Type.Optional(Type.Enum(['required'])),
  maxWaitMs: Type.Optional(Type.Integer({ minimum: 1000, maximum: 24 * 60 * minute })),
  hours: Type.Optional(Id), overflow: Type.Optional(Type.Array(OverflowSchema, Few(8))),
  /** When nobody of the group is there and no overflow applies; by default visitors wait. */
  noAgent: Type.Optional(Type.Enum(['wait', 'close'])),
  messages: Type.Optional(Type.Object({
    queued: Type.Optional(Words), queue_full: Type.Optional(Words), queue_timeout: Type.Optional(Words), no_agent: Type.Optional(Words), closed_hours: Type.Optional(Words),
  }, strict)),
}, strict)

/** An agent: only a video agent 视频客服 is offered video calls. `call` marks 在线+呼叫客服 (a label: no telephony). An empty `groups` puts him into Ungrouped. Tier 1 is asked first. */
export const PlanAgentSchema = Type.Object({
  id: Id, nickname: Name, realName: Name, video: Type.Boolean(), call: Type.Optional(Type.Boolean()),
  groups: Type.Array(Type.Object({ group: Id, tier: Type.Integer({ minimum: 1, maximum: 9 }) }, strict), Few(200)),
}, strict)

const Short = Type.String({ minLength: 1, maxLength: 128 })

/** A way in 接入: a web widget or H5 link, an app link, a mini program page. Secrets are never in the plan. */
export const AccessSchema = Type.Object({
  id: Id, name: Name, channel: Channel, enabled: Type.Boolean(),
  /** How a web access point is shown. */
  form: Type.Optional(Type.Enum(['desktop', 'h5'])),
  /** Sites that may show it in a frame and call its API, as `https://host[:port]`. */
  origins: Type.Optional(Type.Array(Type.String({ maxLength: 200, pattern: '^https?://[^/\\s]+$' }), Few(50))),
  greeting: Type.Optional(Words), theme: Type.Optional(Type.String({ pattern: '^#[0-9a-fA-F]{6}$' })), language: Type.Optional(Type.Enum(['auto', 'zh', 'en'])),
  hours: Type.Optional(Id),
  /** Whether the host page's attributes must be signed with the access point's secret. */
  signed: Type.Optional(Type.Boolean()),
  /** An app made here by quick create 快速创建. */
  appId: Type.Optional(Short),
  /** An IM account linked 关联IM账号; a request that names appId and configId comes in here. */
  im: Type.Optional(Type.Object({ appName: Short, appId: Short, tenantId: Short, serviceNumber: Short, configId: Short }, strict)),
}, strict)

/** A routing rule: the first whose every stated condition holds decides; a condition left out always holds. */
export const RuleSchema = Type.Object({
  id: Id, name: Name, group: Id,
  when: Type.Object({
    channels: Type.Optional(Type.Array(Channel, Few(8))),
    access: Type.Optional(Type.Array(Id, Few(1000))),
    /** Every attribute named must have one of its values. */
    attributes: Type.Optional(Type.Array(Type.Object({ name: Short, in: Type.Array(Type.String({ maxLength: 200 }), { minItems: 1, maxItems: 100 }) }, strict), Few(20))),
    /** Only while these hours are open. */
    hours: Type.Optional(Id),
  }, strict),
  /** Higher is served first; 0 where it is left out. */
  priority: Type.Optional(Type.Integer({ minimum: 0, maximum: 99 })),
  /** The agent who served the visitor within `days` is waited for, at most `waitMs`. */
  sticky: Type.Optional(Type.Object({ days: Type.Integer({ minimum: 1, maximum: 365 }), waitMs: Timer(10 * minute) }, strict)),
}, strict)

/** Whose turn it is among the ready of a tier; equal ones by the longest idle. `fewest_calls` and `least_talk` count the plan's local day. */
export const IDLE_CLOCKS = ['since_ready', 'since_last_call', 'since_last_inbound', 'fewest_calls', 'least_talk', 'round_robin'] as const

/** The priority that 加急 gives: above every rule's. */
export const URGENT = 100

export const TimersSchema = Type.Object({
  ringMs: Type.Integer({ minimum: 1000, maximum: 5 * minute }),
  connectMs: Type.Integer({ minimum: 1000, maximum: 5 * minute }),
  maxWaitMs: Type.Integer({ minimum: 1000, maximum: 24 * 60 * minute }),
  declineCoolDownMs: Timer(10 * minute),
  wrapUpMs: Timer(60 * minute),
  visitorGraceMs: Timer(5 * minute),
  agentGraceMs: Timer(5 * minute),
  contactGapMs: Timer(24 * 60 * minute),
  keepPlaceMs: Timer(60 * minute),
  deviceCheckMs: Timer(7 * 24 * 60 * minute),
  /** How long a visitor is rung; 45 s where it is left out. */
  dialMs: Type.Optional(Type.Integer({ minimum: 5000, maximum: 10 * minute })),
}, strict)

export const PlanSchema = Type.Object({
  version: Type.Integer({ minimum: 1 }),
  groups: Type.Array(GroupSchema, { minItems: 1, maxItems: 1000 }),
  agents: Type.Array(PlanAgentSchema, Few(20_000)),
  access: Type.Array(AccessSchema, Few(1000)),
  rules: Type.Array(RuleSchema, Few(1000)),
  timers: TimersSchema,
  /** Whose turn it is among the ready: the longest current uninterrupted stretch of idle without work. */
  idleClock: Type.Enum([...IDLE_CLOCKS]),
  /** Offers missed in a row before the agent is set away. */
  awayAfterMisses: Type.Integer({ minimum: 1, maximum: 20 }),
  /** Offers a request may have before it closes unanswered; 0 = as many as fit into the maximum wait. */
  maxOffers: Type.Integer({ minimum: 0, maximum: 100 }),
  /** Whether idle needs a device check no older than `timers.deviceCheckMs`. */
  deviceCheck: Type.Enum(['required', 'remind', 'off']),
  hours: Type.Optional(Type.Array(HoursSchema, Few(200))),
  /** The hours whose time zone makes the plan's local day; UTC where it is left out. */
  dayHours: Type.Optional(Id),
  /** Visitor attributes that rules may ask for; others are not stated in the log. */
  attributes: Type.Optional(Type.Array(Type.Object({ id: Short, zh: Name, en: Name }, strict), Few(20))),
  /** Reasons an agent chooses from when he leaves idle. */
  reasons: Type.Optional(Type.Array(Type.Object({ id: Id, status: Type.Enum(['busy', 'away', 'invisible']), zh: Name, en: Name }, strict), Few(100))),
  /** Whether leaving idle by oneself asks a supervisor first. */
  approval: Type.Optional(Type.Boolean()),
  /** Categories of the service summary, a tree; `parent` absent: a root. */
  categories: Type.Optional(Type.Array(Type.Object({ id: Id, parent: Type.Optional(Id), zh: Name, en: Name }, strict), Few(1000))),
}, strict)

export type Plan = Type.Static<typeof PlanSchema>
export type PlanGroup = Type.Static<typeof GroupSchema>
export type PlanAgent = Type.Static<typeof PlanAgentSchema>
export type PlanAccess = Type.Static<typeof AccessSchema>
export type PlanRule = Type.Static<typeof RuleSchema>
export type PlanHours = Type.Static<typeof HoursSchema>
export type PlanOverflow = Type.Static<typeof OverflowSchema>
export type WrapUpMode = (typeof WRAP_UP_MODES)[number]
export type IdleClock = (typeof IDLE_CLOCKS)[number]
export type PlanTimers = Type.Static<typeof TimersSchema>

/** Timers as the trade sets them where nobody chose. */
export const DEFAULT_TIMERS: PlanTimers = {
  ringMs: 20_000, connectMs: 15_000, maxWaitMs: 600_000, declineCoolDownMs: 10_000, wrapUpMs: 30_000,
  visitorGraceMs: 20_000, agentGraceMs: 30_000, contactGapMs: 300_000, keepPlaceMs: 60_000, deviceCheckMs: 12 * 3_600_000,
}

/** The smallest useful plan: Ungrouped, one web widget, no rules. What a new installation starts with. */
export function firstPlan(): Plan {
  return {
    version: 1,
    groups: [{ id: UNGROUPED, name: '未分组 Ungrouped', queueLimit: null, wrapUpMs: null }],
    agents: [],
    access: [{ id: 'web', name: '官网 Website', channel: 'web', enabled: true }],
    rules: [],
    timers: { ...DEFAULT_TIMERS },
    idleClock: 'since_ready', awayAfterMisses: 3, maxOffers: 0, deviceCheck: 'required',
  }
}
