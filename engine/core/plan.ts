// A new plan comes into force: what must hold of it, what it changes, and what becomes of those it takes away.
import { accessErrors } from '#events/access.ts'
import { DEFAULT_RULE, UNGROUPED, type Plan } from '#events/plan.ts'
import { refuse, type Acd, type Verdict } from './acd.ts'
import { cancelOffer, withdraw } from './endings.ts'
import { invitationOf, READY } from './entities.ts'
import { gone } from './status.ts'

const doubles = (ids: string[]): string[] => {
  const seen = new Set<string>()
  return ids.filter((id) => seen.size === seen.add(id).size)
}

/** What makes a plan impossible, in sentences; empty when it can come into force. Its shape is checked at the border. */
export function planErrors(plan: Plan): string[] {
  const errors: string[] = []
  const groups = new Set(plan.groups.map((g) => g.id))
  const access = new Set(plan.access.map((a) => a.id))
  const hours = new Set(plan.hours?.map((h) => h.id))
  const named = { group: plan.groups, agent: plan.agents, access: plan.access, rule: plan.rules, hours: plan.hours, attribute: plan.attributes, reason: plan.reasons, category: plan.categories }
  for (const [what, ids = []] of Object.entries(named)) {
    for (const id of doubles(ids.map((x) => x.id))) errors.push(`${what} ${id} is there twice`)
  }
  if (!groups.has(UNGROUPED)) errors.push(`the group ${UNGROUPED} is missing`)
  for (const a of plan.agents) {
    for (const m of a.groups) {
      if (m.group === UNGROUPED) errors.push(`agent ${a.id}: Ungrouped holds the agents of no group, nobody is put into it by name`)
      else if (!groups.has(m.group)) errors.push(`agent ${a.id}: there is no group ${m.group}`)
    }
    for (const g of doubles(a.groups.map((m) => m.group))) errors.push(`agent ${a.id} is twice in group ${g}`)
  }
  const openHours = (who: string, id: string | undefined): void => { if (id !== undefined && !hours.has(id)) errors.push(`${who}: there are no hours ${id}`) }
  for (const g of plan.groups) {
    openHours(`group ${g.id}`, g.hours)
    for (const o of g.overflow ?? []) {
      if (!groups.has(o.to)) errors.push(`group ${g.id}: it overflows into ${o.to}, which is not there`)
      if (o.to === g.id) errors.push(`group ${g.id}: it overflows into itself`)
      if (o.when === 'wait' && o.waitMs === undefined) errors.push(`group ${g.id}: overflow by wait needs waitMs`)
      if (o.when === 'length' && o.length === undefined) errors.push(`group ${g.id}: overflow by length needs length`)
    }
    for (const when of doubles((g.overflow ?? []).map((o) => o.when))) errors.push(`group ${g.id}: two overflows for ${when}`)
  }
  for (const h of plan.hours ?? []) {
    if (h.offsets[0]!.fromMs !== 0 || h.offsets.some((o, i) => i > 0 && o.fromMs <= h.offsets[i - 1]!.fromMs)) errors.push(`hours ${h.id}: offsets begin at 0 and ascend`)
    for (const d of doubles(h.holidays.map((x) => x.date))) errors.push(`hours ${h.id}: holiday ${d} is there twice`)
  }
  openHours('dayHours', plan.dayHours)
  for (const a of plan.access) openHours(`access ${a.id}`, a.hours)
  errors.push(...accessErrors(plan))
  const categories = new Set(plan.categories?.map((c) => c.id))
  for (const c of plan.categories ?? []) if (c.parent !== undefined && (!categories.has(c.parent) || c.parent === c.id)) errors.push(`category ${c.id}: there is no parent ${c.parent}`)
  for (const r of plan.rules) {
    openHours(`rule ${r.id}`, r.when.hours)
    if (r.id === DEFAULT_RULE) errors.push(`rule ${r.id}: this id belongs to the fixed last rule`)
    if (!groups.has(r.group)) errors.push(`rule ${r.id}: there is no group ${r.group}`)
    for (const id of r.when.access ?? []) if (!access.has(id)) errors.push(`rule ${r.id}: there is no access point ${id}`)
  }
  return errors
}

/** What differs between two plans, one line per thing. */
export function planDiff(from: Plan | null, to: Plan): string[] {
  const lines: string[] = []
  for (const part of ['groups', 'agents', 'access', 'rules', 'hours', 'attributes', 'reasons', 'categories'] as const) {
    const before = new Map((from?.[part] ?? []).map((x) => [x.id, JSON.stringify(x)]))
    for (const x of to[part] ?? []) {
      const old = before.get(x.id)
      if (old === undefined) lines.push(`+ ${part} ${x.id}`)
      else if (old !== JSON.stringify(x)) lines.push(`~ ${part} ${x.id}`)
      before.delete(x.id)
    }
    for (const id of before.keys()) lines.push(`- ${part} ${id}`)
  }
  const orderOf = (a: Plan, b: Plan): string => a.rules.map((r) => r.id).filter((id) => b.rules.some((r) => r.id === id)).join(' ')
  if (from && orderOf(from, to) !== orderOf(to, from)) lines.push('~ order of rules')
  for (const key of ['idleClock', 'awayAfterMisses', 'maxOffers', 'deviceCheck', 'approval', 'dayHours'] as const) {
    if (from && from[key] !== to[key]) lines.push(`~ ${key} ${from[key] ?? '–'} → ${to[key] ?? '–'}`)
  }
  for (const key of Object.keys(to.timers) as (keyof Plan['timers'])[]) {
    if (from && from.timers[key] !== to.timers[key]) lines.push(`~ ${key} ${from.timers[key] ?? '–'} → ${to.timers[key] ?? '–'}`)
  }
  return lines.length <= 200 ? lines : [...lines.slice(0, 199), `… and ${lines.length - 199} more`]
}

/**
 * Brings a plan into force. Its version must be above the one in force: whoever edited an older one is refused. Requests
 * waiting in a group that goes are moved to Ungrouped at their place; agents who go leave when their work is done.
 */
export function changePlan(acd: Acd, plan: Plan): Verdict {
  const s = acd.state
  if (s.plan && plan.version <= s.plan.version) return refuse('plan_invalid', `version ${s.plan.version} is in force; the next must be higher`)
  const errors = planErrors(plan)
  if (errors.length > 0) return refuse('plan_invalid', errors.slice(0, 5).join('; '))
  // Agents first: whom one of them was to take over may go back to his group's queue, and must be there when the group goes.
  const staying = new Set(plan.agents.map((a) => a.id))
  for (const a of [...s.agents.values()]) {
    if (staying.has(a.id) || a.session === null) continue
    if (a.work === 'ringing') withdraw(acd, a, 'agent_left')
    if (a.work !== 'none') continue
    acd.say('agent.loggedOut', { agent: a.id, why: 'plan' }, 'acd')
    gone(acd, a)
  }
  const groups = new Set(plan.groups.map((g) => g.id))
  for (const g of s.groups.values()) {
    if (groups.has(g.id)) continue
    for (const leg of [...g.queue]) {
      const request = leg.request.id
      const invitation = invitationOf(leg)
      cancelOffer(acd, leg, 'closed')
      acd.say('queue.left', { request, group: g.id, reason: 'overflowed', ...invitation })
      acd.say('queue.entered', { request, group: UNGROUPED, place: leg.place, ...invitation })
    }
  }
  acd.say('plan.changed', { version: plan.version, diff: planDiff(s.plan, plan), document: plan })
  for (const r of s.requests.values()) for (const leg of r.legs) acd.dirtyLegs.push(leg)
  for (const a of s.agents.values()) if (a.standing === READY) acd.dirtyAgents.push(a)
  // Those noted on the way here are of the plan before.
  acd.dirtyGroups.length = 0
  for (const g of s.groups.values()) acd.dirtyGroups.push(g)
  return null
}
