// What is wrong with a draft before it is sent: each fault beside its field, by a path such as `groups/ID/name`.
import type { Plan, PlanHours } from '#events/plan.ts'

/** Keys of the words for what is wrong. */
export type Fault = 'needed' | 'origin' | 'taken' | 'zone' | 'stretch' | 'overlap' | 'date' | 'twice' | 'values'
export type Faults = ReadonlyMap<string, Fault>

/** As browsers send it: small letters, no path, no wildcard. */
const ORIGIN = /^https?:\/\/(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:.]+\])(?::[1-9]\d{0,4})?$/

const isZone = (tz: string): boolean => {
  try { return Boolean(new Intl.DateTimeFormat('en', { timeZone: tz })) } catch { return false }
}
const isDate = (date: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(date) && new Date(`${date}T00:00:00Z`).toISOString().startsWith(date)

/** The first thing wrong with the stretches of a day. */
function dayFault(stretches: PlanHours['week'][number]): Fault | undefined {
  if (stretches.some(([from, to]) => from >= to)) return 'stretch'
  const ordered = [...stretches].sort((a, b) => a[0] - b[0])
  return ordered.some(([from], at) => at > 0 && from < ordered[at - 1]![1]) ? 'overlap' : undefined
}

/** Everything wrong with a draft that this page can tell; the engine's own check says the rest. */
export function faultsOf(plan: Plan): Map<string, Fault> {
  const faults = new Map<string, Fault>()
  const need = (path: string, text: string): void => { if (!text.trim()) faults.set(path, 'needed') }
  for (const part of ['groups', 'access', 'rules', 'hours'] as const) for (const { id, name } of plan[part] ?? []) need(`${part}/${id}/name`, name)
  for (const part of ['attributes', 'reasons', 'categories'] as const) {
    for (const { id, zh, en } of plan[part] ?? []) { need(`${part}/${id}/zh`, zh); need(`${part}/${id}/en`, en) }
  }
  const links = new Map<string, string>()
  for (const { id, origins, im } of plan.access) {
    if (origins?.some((origin) => !ORIGIN.test(origin))) faults.set(`access/${id}/origins`, 'origin')
    if (!im) continue
    for (const [field, value] of Object.entries(im)) need(`access/${id}/im/${field}`, value)
    const key = JSON.stringify([im.appId, im.configId])
    if (im.configId && links.has(key)) faults.set(`access/${id}/im/configId`, 'taken')
    links.set(key, id)
  }
  for (const { id, when } of plan.rules) {
    when.attributes?.forEach((attribute, at) => { if (!attribute.name || attribute.in.length === 0) faults.set(`rules/${id}/attributes/${at}`, 'values') })
  }
  for (const { id, tz, week, holidays } of plan.hours ?? []) {
    if (!isZone(tz)) faults.set(`hours/${id}/tz`, 'zone')
    week.forEach((stretches, day) => {
      const fault = dayFault(stretches)
      if (fault) faults.set(`hours/${id}/week/${day}`, fault)
    })
    const dates = new Set<string>()
    holidays.forEach(({ date, open }, at) => {
      const fault = !isDate(date) ? 'date' : dates.has(date) ? 'twice' : dayFault(open)
      if (fault) faults.set(`hours/${id}/holidays/${at}`, fault)
      dates.add(date)
    })
  }
  return faults
}
