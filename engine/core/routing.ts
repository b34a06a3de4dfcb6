// Which skill group serves a request: the first rule that matches; the default rule is last, fixed, and goes to Ungrouped.
import { DEFAULT_RULE, UNGROUPED, type Plan, type PlanRule } from '#events/plan.ts'

/** What rules may look at. */
export interface Asked { channel: string; access: string }

const holds = ({ when }: PlanRule, asked: Asked): boolean =>
  (when.channels === undefined || (when.channels as string[]).includes(asked.channel)) && (when.access === undefined || when.access.includes(asked.access))

export function route(plan: Plan, asked: Asked): { rule: string; group: string } {
  for (const rule of plan.rules) if (holds(rule, asked)) return { rule: rule.id, group: rule.group }
  return { rule: DEFAULT_RULE, group: UNGROUPED }
}
