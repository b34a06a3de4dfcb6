// Plays: a plan in a few lines, commands with their times, and under each the facts it must cause. Rendering a play again
// gives the same text, so the diff of a play is the review of a rule.
import type { TwinlineEvent } from '#events/event.ts'
import { firstPlan, type Plan, type PlanOverflow, type PlanRule, type PlanTimers } from '#events/plan.ts'
import { Acd } from '../acd.ts'
import { ASKED_BY, type Command, type CommandType, type Refusal } from '../command.ts'

/** Midnight of the day on which all plays happen. */
export const PLAY_DAY = Date.UTC(2026, 0, 5)

/** One step of a play as it happened. */
export interface Step { now: number; command: Command; events: TwinlineEvent[]; refusal: Refusal | null }

const value = (text: string): unknown => (text === 'true' ? true : text === 'false' ? false : text === 'null' ? null : /^-?\d+$/.test(text) ? Number(text) : text)

/** `key=value` words as an object; `to.agent=ben` is a field of a field. */
function fields(words: string[]): Record<string, unknown> {
  const all: Record<string, unknown> = {}
  for (const w of words) {
    const [key, text] = [w.slice(0, w.indexOf('=')), w.slice(w.indexOf('=') + 1)]
    const [outer, inner] = key.split('.') as [string, string?]
    if (inner === undefined) all[outer] = value(text)
    else all[outer] = { ...(all[outer] as object | undefined), [inner]: value(text) }
  }
  return all
}

const clockTime = (ms: number): string => new Date(ms).toISOString().slice(11, 23)
const parseTime = (text: string): number => PLAY_DAY + Date.parse(`1970-01-01T${text}Z`)

/** Reads one line of the plan's description into the plan; false when the line is something else. */
function planLine(plan: Plan, [word, ...rest]: string[]): boolean {
  const named = rest.filter((w) => w.includes('='))
  const plain = rest.filter((w) => !w.includes('='))
  switch (word) {
    case 'group': plan.groups.push({ id: plain[0]!, name: plain[0]!, queueLimit: null, wrapUpMs: null, ...fields(named) }); return true
    case 'ungrouped': Object.assign(plan.groups[0]!, fields(named)); return true
    case 'agent': {
      const groups = plain.slice(1).map((g) => ({ group: g.split(':')[0]!, tier: Number(g.split(':')[1] ?? 1) }))
      plan.agents.push({ id: plain[0]!, nickname: plain[0]!, realName: plain[0]!, video: true, groups, ...fields(named) })
      return true
    }
    case 'access': plan.access.push({ id: plain[0]!, name: plain[0]!, channel: 'web', enabled: true, ...fields(named) } as Plan['access'][number]); return true
    case 'rule': {
      const { group, channel, access, hours, when, ...rest } = fields(named) as Record<string, string> & { when?: Record<string, string> }
      const attributes = Object.entries(when ?? {}).map(([name, v]) => ({ name, in: String(v).split('|') }))
      plan.rules.push({
        id: plain[0]!, name: plain[0]!, group: group!, ...(rest as Partial<PlanRule>),
        when: { ...(channel ? { channels: [channel as 'web'] } : {}), ...(access ? { access: [access] } : {}), ...(hours ? { hours } : {}), ...(attributes.length > 0 ? { attributes } : {}) },
      })
      return true
    }
    case 'overflow': {
      const group = plan.groups.find((g) => g.id === plain[0])!
      group.overflow = [...(group.overflow ?? []), fields(named) as unknown as PlanOverflow]
      return true
    }
    // Every day of the week alike, UTC: `hours day 09:00-18:00 holiday=2026-01-05`.
    case 'hours': {
      const minutes = (t: string): number => Number(t.slice(0, 2)) * 60 + Number(t.slice(3))
      const day = plain.slice(1).map((span) => span.split('-').map(minutes) as [number, number])
      const { holiday } = fields(named) as { holiday?: string }
      ;(plan.hours ??= []).push({ id: plain[0]!, name: plain[0]!, tz: 'UTC', offsets: [{ fromMs: 0, minutes: 0 }], week: Array.from({ length: 7 }, () => day), holidays: holiday ? [{ date: holiday, open: [] }] : [] })
      return true
    }
    case 'attribute': (plan.attributes ??= []).push({ id: plain[0]!, zh: plain[0]!, en: plain[0]! }); return true
    case 'reason': (plan.reasons ??= []).push({ id: plain[1]!, status: plain[0] as 'busy', zh: plain[1]!, en: plain[1]! }); return true
    case 'category': (plan.categories ??= []).push({ id: plain[0]!, zh: plain[0]!, en: plain[0]! }); return true
    case 'timer': Object.assign(plan.timers, fields(named) as Partial<PlanTimers>); return true
    case 'set': Object.assign(plan, fields(named)); return true
    default: return false
  }
}

/** Commands a line stands for: itself, or what a shorthand means. */
function commands(type: string, words: string[]): Record<string, unknown>[] {
  const f = fields(words.filter((w) => w.includes('=')))
  if (type === 'ready') {
    const agent = words[0]!
    return [{ type: 'agent.login', agent, session: `s-${agent}` }, { type: 'device.check', agent, camera: true, microphone: true, speaker: true, network: 'good' }, { type: 'agent.setStatus', agent, to: 'idle', reason: '' }]
  }
  if (type === 'call.dial') return [{ type, channel: 'web', access: 'web', visitor: `v-${String(f.request)}`, ...f }]
  // A call to the talk: asked for, taken by the one who is asked, connected.
  if (type === 'talk') {
    const [request, agent] = words as [string, string]
    return [...commands('request.create', [`request=${request}`]), { type: 'offer.accept', agent, offer: `${request}/1` }, { type: 'call.connect', request }]
  }
  if (type === 'request.create') return [{ type, channel: 'web', access: 'web', visitor: `v-${String(f.request)}`, ...f }]
  if (type === 'agent.setStatus' || type === 'agent.queueStatus') return [{ type, reason: '', ...f }]
  if (type === 'device.check') return [{ type, camera: true, microphone: true, speaker: true, network: 'good', ...f }]
  return [{ type, ...f }]
}

/** Plays a text; `each` sees every step right after it happened. `plan NAME=…` lines in mid-play bring the plan's next version into force. */
export function play(text: string, each: (step: Step, acd: Acd) => void = () => {}): { acd: Acd; rendered: string; steps: Step[] } {
  const acd = new Acd('play')
  const plan = firstPlan()
  const steps: Step[] = []
  const out: string[] = []
  let n = 0
  let planned = false
  const act = (now: number, command: Record<string, unknown>, shown = true): void => {
    const full = { cmd: `c${++n}`, by: ASKED_BY[String(command.type) as CommandType], ...command } as Command
    const { events, refusal } = acd.apply(now, full)
    const step = { now, command: full, events, refusal }
    steps.push(step)
    each(step, acd)
    if (!shown) return
    if (refusal) out.push(`  ! ${refusal.code}${refusal.detail ? ` (${refusal.detail})` : ''}`)
    for (const e of events) out.push(`  ${renderEvent(e)}`)
  }
  const pass = (until: number): void => {
    for (let at = acd.nextDeadline(); at <= until; at = acd.nextDeadline()) {
      out.push(`${clockTime(at)} clock`)
      act(at, { type: 'clock' })
    }
  }
  for (const line of text.split('\n')) {
    if (line.startsWith('  ') || /^\S+ clock$/.test(line)) continue
    const words = line.trim().split(/\s+/)
    if (line.trim() === '' || line.startsWith('#')) { out.push(line); continue }
    if (planLine(plan, words)) { out.push(line); continue }
    const now = parseTime(words[0]!)
    if (!planned) {
      act(PLAY_DAY, { type: 'plan.change', plan: structuredClone(plan) }, false)
      planned = true
    }
    pass(now)
    out.push(line)
    if (words[1] === 'wait') continue
    if (words[1] === 'plan.change') act(now, { type: 'plan.change', plan: structuredClone({ ...plan, version: ++plan.version }) })
    else for (const c of commands(words[1]!, words.slice(2))) act(now, c)
  }
  return { acd, rendered: out.join('\n'), steps }
}

function renderEvent(e: TwinlineEvent): string {
  const shown = (v: unknown, key: string): string =>
    typeof v === 'number' && v > PLAY_DAY ? clockTime(v) : typeof v === 'object' ? JSON.stringify(v, (k, x: unknown) => (typeof x === 'number' && x > PLAY_DAY && k !== '' ? clockTime(x) : x)) : key === 'document' ? '…' : String(v)
  return `${e.type} ${Object.entries(e.data).filter(([k]) => k !== 'document').map(([k, v]) => `${k}=${shown(v, k)}`).join(' ')}`
}
