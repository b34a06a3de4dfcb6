// What numbers can be split and filtered by, and which facts know it.
import { FACTS, type FactName } from './facts.ts'

/** Dimensions of time come from the spine; the others are a column of the facts. */
export const DIMENSIONS = {
  day: { zh: '日期', en: 'Day', column: null },
  slot: { zh: '时段', en: 'Slot', column: null },
  channel: { zh: '渠道', en: 'Channel', column: 'channel' },
  access: { zh: '接入点', en: 'Access point', column: 'access' },
  session_type: { zh: '会话类型', en: 'Session type', column: 'session_type' },
  group: { zh: '技能组', en: 'Skill group', column: 'skill_group' },
  rule: { zh: '路由规则', en: 'Routing rule', column: 'rule' },
  outcome: { zh: '结果', en: 'Outcome', column: 'outcome' },
  plan: { zh: '方案版本', en: 'Plan version', column: 'plan' },
  agent: { zh: '坐席', en: 'Agent', column: 'agent' },
} as const

export type Dimension = keyof typeof DIMENSIONS
export const isTime = (d: Dimension): d is 'day' | 'slot' => DIMENSIONS[d].column === null

/** Dimensions that a report's filters may name. */
export const FILTERS = ['channel', 'access', 'session_type', 'group', 'agent'] as const satisfies Dimension[]
export type Filter = (typeof FILTERS)[number]
export type Filters = { [F in Filter]?: string[] }

/** Whether the rows of a fact can be grouped by a dimension. */
export const hasDimension = (fact: FactName, d: Dimension): boolean => isTime(d) || Object.hasOwn(FACTS[fact].columns, DIMENSIONS[d].column!)

/**
 * How a filter narrows a fact: by the column of the dimension; by the groups the agent was a member of then, where the
 * fact knows those; or not at all, which a report says beside the number.
 */
export function narrows(fact: FactName, f: Filter): 'column' | 'membership' | null {
  if (hasDimension(fact, f)) return 'column'
  return f === 'group' && Object.hasOwn(FACTS[fact].columns, 'skill_groups') ? 'membership' : null
}
