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

/** A skill group. `queueLimit` null = bounded by the house limit only; `wrapUpMs` null = the plan's. */
export const GroupSchema = Type.Object({
  id: Id, name: Name, queueLimit: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]), wrapUpMs: Type.Union([Timer(60 * minute), Type.Null()]),
}, strict)

/** An agent: only a video agent is offered video calls. An empty `groups` puts him into Ungrouped. Tier 1 is asked first. */
export const PlanAgentSchema = Type.Object({
  id: Id, nickname: Name, realName: Name, video: Type.Boolean(),
  groups: Type.Array(Type.Object({ group: Id, tier: Type.Integer({ minimum: 1, maximum: 9 }) }, strict), Few(200)),
}, strict)

/** A way in: a web widget or H5 link, an app link, a mini program page. */
export const AccessSchema = Type.Object({
  id: Id, name: Name, channel: Type.Enum(['web', 'app', 'wechat_mp']), enabled: Type.Boolean(),
}, strict)

/** A routing rule: the first whose every stated condition holds decides; a condition left out always holds. */
export const RuleSchema = Type.Object({
  id: Id, name: Name, group: Id,
  when: Type.Object({
    channels: Type.Optional(Type.Array(Type.Enum(['web', 'app', 'wechat_mp']), Few(8))),
    access: Type.Optional(Type.Array(Id, Few(1000))),
  }, strict),
}, strict)

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
}, strict)

export const PlanSchema = Type.Object({
  version: Type.Integer({ minimum: 1 }),
  groups: Type.Array(GroupSchema, { minItems: 1, maxItems: 1000 }),
  agents: Type.Array(PlanAgentSchema, Few(20_000)),
  access: Type.Array(AccessSchema, Few(1000)),
  rules: Type.Array(RuleSchema, Few(1000)),
  timers: TimersSchema,
  /** Whose turn it is among the ready: the longest current uninterrupted stretch of idle without work. */
  idleClock: Type.Enum(['since_ready']),
  /** Offers missed in a row before the agent is set away. */
  awayAfterMisses: Type.Integer({ minimum: 1, maximum: 20 }),
  /** Offers a request may have before it closes unanswered; 0 = as many as fit into the maximum wait. */
  maxOffers: Type.Integer({ minimum: 0, maximum: 100 }),
  /** Whether idle needs a device check no older than `timers.deviceCheckMs`. */
  deviceCheck: Type.Enum(['required', 'remind', 'off']),
}, strict)

export type Plan = Type.Static<typeof PlanSchema>
export type PlanGroup = Type.Static<typeof GroupSchema>
export type PlanAgent = Type.Static<typeof PlanAgentSchema>
export type PlanAccess = Type.Static<typeof AccessSchema>
export type PlanRule = Type.Static<typeof RuleSchema>
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
