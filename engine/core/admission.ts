// Whether a group takes one more who waits, and where he goes if it does not: hours, presence, overflow, the limit.
import type { PlanOverflow } from '#events/plan.ts'
import type { Acd } from './acd.ts'
import { manned, type GroupState } from './entities.ts'
import { MAX_QUEUE } from './limits.ts'
import { open, type HoursOf } from './routing.ts'

/** How a wait that cannot begin ends. */
export type Turned = 'closed_hours' | 'no_agent' | 'queue_full'
type Why = PlanOverflow['when']

/** What admission asks of a group, and of the plan it belongs to: the one in force, or a candidate beside it. */
export type Hall = Pick<GroupState, 'id' | 'plan' | 'members' | 'standings'> & { queue: { readonly size: number } }
export interface House<G extends Hall> { hours: HoursOf; group(id: string): G }

/** What keeps the group from taking one more at this instant; null = it takes him. `no_agent` may mean that he waits all the same. */
function obstacle({ hours }: House<Hall>, g: Hall, at: number): Turned | 'length' | null {
  if (!open(hours, g.plan.hours, at)) return 'closed_hours'
  if (manned(g) === 0 && (g.plan.noAgent === 'close' || g.plan.overflow?.some((o) => o.when === 'no_agent'))) return 'no_agent'
  const length = g.plan.overflow?.find((o) => o.when === 'length')?.length
  if (full(g)) return 'queue_full'
  return length !== undefined && g.queue.size >= length ? 'length' : null
}

const WHY: Record<Turned | 'length', Why> = { closed_hours: 'closed', no_agent: 'no_agent', queue_full: 'length', length: 'length' }

/** Where this group sends whom it does not take, and why; null where the plan names no other. */
function elsewhere<G extends Hall>(house: House<G>, g: G, o: Turned | 'length'): { to: G; why: Why } | null {
  const why = WHY[o]
  const row = g.plan.overflow?.find((x) => x.when === why)
  return row ? { to: house.group(row.to), why } : null
}

/** Whether this group would turn one more away just now, whatever other groups do. */
export const turnedBy = ({ state, now }: Acd, g: GroupState): Turned | null => turns(state, g, now)

function turns({ hours }: House<Hall>, g: Hall, at: number): Turned | null {
  if (!open(hours, g.plan.hours, at)) return 'closed_hours'
  if (g.plan.noAgent === 'close' && manned(g) === 0) return 'no_agent'
  return full(g) ? 'queue_full' : null
}

/** Nothing enters a queue that is at or over its limit. */
export const full = (g: Hall): boolean => g.queue.size >= (g.plan.queueLimit ?? MAX_QUEUE)

/**
 * The group in whose queue a request that was sent to `first` at `at` stands in the end, each step told to `moved`;
 * or how its wait ends before it began. No group is tried twice: a circle ends where it began to close.
 */
export function admission<G extends Hall>(house: House<G>, first: G, at: number, moved: (from: G, to: G, why: Why) => void): G | Turned {
  let g = first
  const tried = new Set<G>()
  for (;;) {
    const o = obstacle(house, g, at)
    if (o === null) return g
    tried.add(g)
    const next = elsewhere(house, g, o)
    const turned = turns(house, g, at)
    // Whom this group would take at need, it keeps where the other would not have him.
    if (next && !tried.has(next.to) && !(turned === null && turns(house, next.to, at) !== null)) {
      moved(g, next.to, next.why)
      g = next.to
      continue
    }
    // Long but not full, or empty but open: he waits here.
    return turned ?? g
  }
}

/** The same for a live request; each step is stated as `request.overflowed`. */
export const admit = (acd: Acd, request: string, first: GroupState): GroupState | Turned =>
  admission(acd.state, first, acd.now, (from, to, why) => acd.say('request.overflowed', { request, from: from.id, to: to.id, why }, 'acd'))
