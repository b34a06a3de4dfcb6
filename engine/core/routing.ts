// Which skill group serves a request: the first rule that matches; the default rule is last, fixed, and goes to Ungrouped.
import { isOpen } from '#events/hours.ts'
import { DEFAULT_RULE, UNGROUPED, type Plan, type PlanHours, type PlanRule } from '#events/plan.ts'

/** What rules may look at. `at`: UTC ms. */
export interface Asked { channel: string; access: string; attributes?: Readonly<Record<string, string>> | undefined; at?: number }

/** The plan's hours by id; an id that is not there is always open. */
export type HoursOf = Pick<ReadonlyMap<string, PlanHours>, 'get'>

export const open = (hours: HoursOf, id: string | undefined, at: number): boolean => {
  const h = id === undefined ? undefined : hours.get(id)
  return h === undefined || isOpen(h, at)
}

function holds({ when }: PlanRule, asked: Asked, hours: HoursOf): boolean {
  if (when.channels !== undefined && !(when.channels as string[]).includes(asked.channel)) return false
  if (when.access !== undefined && !when.access.includes(asked.access)) return false
  if (when.attributes !== undefined) for (const { name, in: values } of when.attributes) if (!values.includes(asked.attributes?.[name] ?? '')) return false
  return when.hours === undefined || open(hours, when.hours, asked.at ?? 0)
}

/** The rule that decides; null: none matches, the default rule does. */
export function matching(plan: Plan, asked: Asked, hours: HoursOf): PlanRule | null {
  for (const rule of plan.rules) if (holds(rule, asked, hours)) return rule
  return null
}

export function route(plan: Plan, asked: Asked, hours: HoursOf): { rule: string; group: string } {
  const rule = matching(plan, asked, hours)
  return rule ? { rule: rule.id, group: rule.group } : { rule: DEFAULT_RULE, group: UNGROUPED }
}

/** Of what the host page says only that which the plan declares; undefined where nothing is left. */
export function declared(plan: Plan, given: Readonly<Record<string, string>>): Record<string, string> | undefined {
  const picked: Record<string, string> = {}
  let some = false
  for (const { id } of plan.attributes ?? []) {
    const value = Object.hasOwn(given, id) ? given[id] : undefined
    if (value !== undefined) { picked[id] = value; some = true }
  }
  return some ? picked : undefined
}
