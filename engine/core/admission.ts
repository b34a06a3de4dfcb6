// Whether a group takes one more who waits, and where he goes if it does not: hours, presence, overflow, the limit.
import type { PlanOverflow } from '#events/plan.ts'
import type { Acd } from './acd.ts'
import { manned, type GroupState } from './entities.ts'
import { MAX_QUEUE } from './limits.ts'
import { open } from './routing.ts'

/** How a wait that cannot begin ends. */
export type Turned = 'closed_hours' | 'no_agent' | 'queue_full'
type Why = PlanOverflow['when']

/** What keeps the group from taking one more at this instant; null = it takes him. `no_agent` may mean that he waits all the same. */
function obstacle(acd: Acd, g: GroupState): Turned | 'length' | null {
  if (!open(acd.state.hours, g.plan.hours, acd.now)) return 'closed_hours'
  if (manned(g) === 0 && (g.plan.noAgent === 'close' || g.plan.overflow?.some((o) => o.when === 'no_agent'))) return 'no_agent'
  const length = g.plan.overflow?.find((o) => o.when === 'length')?.length
  if (full(g)) return 'queue_full'
  return length !== undefined && g.queue.size >= length ? 'length' : null
}

const WHY: Record<Turned | 'length', Why> = { closed_hours: 'closed', no_agent: 'no_agent', queue_full: 'length', length: 'length' }

/** Where this group sends whom it does not take, and why; null where the plan names no other. */
function elsewhere(acd: Acd, g: GroupState, o: Turned | 'length'): { to: GroupState; why: Why } | null {
  const why = WHY[o]
  const row = g.plan.overflow?.find((x) => x.when === why)
  return row ? { to: acd.state.group(row.to), why } : null
}

/** Whether this group would turn one more away just now, whatever other groups do. */
export function turnedBy({ state, now }: Acd, g: GroupState): Turned | null {
  if (!open(state.hours, g.plan.hours, now)) return 'closed_hours'
  if (g.plan.noAgent === 'close' && manned(g) === 0) return 'no_agent'
  return full(g) ? 'queue_full' : null
}

/** Nothing enters a queue that is at or over its limit. */
export const full = (g: GroupState): boolean => g.queue.size >= (g.plan.queueLimit ?? MAX_QUEUE)

/**
 * The group in whose queue a request that was sent to `first` stands in the end, each step stated as `request.overflowed`;
 * or how its wait ends before it began. No group is tried twice: a circle ends where it began to close.
 */
export function admit(acd: Acd, request: string, first: GroupState): GroupState | Turned {
  let g = first
  const tried = new Set<GroupState>()
  for (;;) {
    const o = obstacle(acd, g)
    if (o === null) return g
    tried.add(g)
    const next = elsewhere(acd, g, o)
    const mayStay = turnedBy(acd, g) === null
    // Whom this group would take at need, it keeps where the other would not have him.
    if (next && !tried.has(next.to) && !(mayStay && turnedBy(acd, next.to) !== null)) {
      acd.say('request.overflowed', { request, from: g.id, to: next.to.id, why: next.why }, 'acd')
      g = next.to
      continue
    }
    // Long but not full, or empty but open: he waits here.
    return turnedBy(acd, g) ?? g
  }
}
