// Changes to a plan as plain functions: each leaves nothing behind that names what is gone.
import type { Plan, PlanAgent, UNGROUPED as Ungrouped } from '#events/plan.ts'

/** The plan's own words, tied by their types: importing the values would bring the whole schema library along. */
export const UNGROUPED: typeof Ungrouped = 'ungrouped'

/** Parts of the plan that are lists of things with an id. */
export type Part = 'groups' | 'access' | 'rules' | 'hours' | 'attributes' | 'reasons' | 'categories'
type Thing<P extends Part> = NonNullable<Plan[P]>[number]

const listOf = <P extends Part>(plan: Plan, part: P): readonly Thing<P>[] => (plan[part] ?? []) as readonly Thing<P>[]

export const add = <P extends Part>(plan: Plan, part: P, thing: Thing<P>): Plan => ({ ...plan, [part]: [...listOf(plan, part), thing] })

/** What is undefined in `change` is left out of the thing from then on. */
export const put = <P extends Part>(plan: Plan, part: P, id: string, change: { [K in keyof Thing<P>]?: Thing<P>[K] | undefined }): Plan =>
  ({ ...plan, [part]: listOf(plan, part).map((thing) => (thing.id === id ? without({ ...thing, ...change }) : thing)) })

export const without = <T extends object>(thing: T): T => Object.fromEntries(Object.entries(thing).filter(([, value]) => value !== undefined)) as T

const drop = <P extends Part>(plan: Plan, part: P, ids: ReadonlySet<string>): Plan => ({ ...plan, [part]: listOf(plan, part).filter(({ id }) => !ids.has(id)) })

/** From one place of a list to another. */
export function move<T>(list: readonly T[], from: number, to: number): T[] {
  const moved = [...list]
  const [one] = moved.splice(from, 1)
  if (one !== undefined) moved.splice(Math.max(0, Math.min(to, moved.length)), 0, one)
  return moved
}

/** Whoever was in the group alone is in Ungrouped then; rules that led to it lead there. */
export const removeGroup = (plan: Plan, group: string): Plan => ({
  ...plan,
  groups: plan.groups.filter(({ id }) => id !== group).map((g) => (g.overflow ? without({ ...g, overflow: g.overflow.filter(({ to }) => to !== group) }) : g)),
  agents: plan.agents.map((agent) => (agent.groups.some((one) => one.group === group) ? { ...agent, groups: agent.groups.filter((one) => one.group !== group) } : agent)),
  rules: plan.rules.map((rule) => (rule.group === group ? { ...rule, group: UNGROUPED } : rule)),
})

/** A rule that was for this access point alone goes with it: without the condition it would be for all. */
export const removeAccess = (plan: Plan, access: string): Plan => ({
  ...drop(plan, 'access', new Set([access])),
  rules: plan.rules.flatMap((rule) => {
    if (!rule.when.access?.includes(access)) return [rule]
    const left = rule.when.access.filter((id) => id !== access)
    return left.length ? [{ ...rule, when: { ...rule.when, access: left } }] : []
  }),
})

/** What was bound to these hours is open at all times then; a rule for these hours alone goes with them. */
export function removeHours(plan: Plan, hours: string): Plan {
  const free = <T extends { hours?: string }>(thing: T): T => (thing.hours === hours ? without({ ...thing, hours: undefined }) : thing)
  return without({
    ...drop(plan, 'hours', new Set([hours])), dayHours: plan.dayHours === hours ? undefined : plan.dayHours,
    groups: plan.groups.map(free), access: plan.access.map(free), rules: plan.rules.filter((rule) => rule.when.hours !== hours),
  }) as Plan
}

/** With everything beneath it. */
export function removeCategory(plan: Plan, category: string): Plan {
  const gone = new Set([category])
  for (let before = 0; before !== gone.size;) {
    before = gone.size
    for (const one of plan.categories ?? []) if (one.parent !== undefined && gone.has(one.parent)) gone.add(one.id)
  }
  return drop(plan, 'categories', gone)
}

/** Rules that asked for the attribute go: without the condition they would be for all. */
export const removeAttribute = (plan: Plan, attribute: string): Plan =>
  ({ ...drop(plan, 'attributes', new Set([attribute])), rules: plan.rules.filter((rule) => !rule.when.attributes?.some(({ name }) => name === attribute)) })

export const removeOne = (plan: Plan, part: 'rules' | 'reasons', id: string): Plan => drop(plan, part, new Set([id]))

/** Puts an agent into a group at a tier; null: out of it. */
export const setTier = (plan: Plan, agent: string, group: string, tier: number | null): Plan => ({
  ...plan,
  agents: plan.agents.map((one) => {
    if (one.id !== agent) return one
    const known = one.groups.some((m) => m.group === group)
    const groups = tier === null ? one.groups.filter((m) => m.group !== group) : known ? one.groups.map((m) => (m.group === group ? { group, tier } : m)) : [...one.groups, { group, tier }]
    return { ...one, groups }
  }),
})

/** Whoever serves a group, with his tier there, first tier first; in Ungrouped are those of no group. */
export const membersOf = (plan: Plan, group: string): { agent: PlanAgent; tier: number }[] =>
  plan.agents.flatMap((agent) => {
    const tier = group === UNGROUPED ? (agent.groups.length === 0 ? 1 : undefined) : agent.groups.find((one) => one.group === group)?.tier
    return tier === undefined ? [] : [{ agent, tier }]
  }).sort((a, b) => a.tier - b.tier)

/** How many serve each group; one walk for all, as a plan may hold a thousand groups and twenty thousand agents. */
export function sizesOf(plan: Plan): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>()
  for (const { groups } of plan.agents) for (const { group } of groups.length ? groups : [{ group: UNGROUPED }]) sizes.set(group, (sizes.get(group) ?? 0) + 1)
  return sizes
}

/** Categories in the order of a tree, each with its depth. */
export function tree(categories: NonNullable<Plan['categories']>): { category: NonNullable<Plan['categories']>[number]; depth: number }[] {
  const beneath = new Map<string | undefined, NonNullable<Plan['categories']>>()
  for (const category of categories) beneath.set(category.parent, [...(beneath.get(category.parent) ?? []), category])
  const walk = (parent: string | undefined, depth: number): ReturnType<typeof tree> =>
    (beneath.get(parent) ?? []).flatMap((category) => [{ category, depth }, ...(depth < MOST_DEPTH ? walk(category.id, depth + 1) : [])])
  return walk(undefined, 0)
}
/** Deeper trees are no help to an agent in wrap-up; also the end of a circle. */
export const MOST_DEPTH = 4
