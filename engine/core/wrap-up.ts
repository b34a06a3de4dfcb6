// After the call: how long it takes, and what is written down. Notes belong to their call, whatever the agent does meanwhile.
import type { WrapUpMode } from '#events/plan.ts'
import { refuse, type Acd, type Verdict } from './acd.ts'
import type { CommandOf } from './command.ts'
import { freed } from './endings.ts'
import type { RequestState } from './entities.ts'
import { MAX_WRAP_UP_MS } from './limits.ts'
import type { State } from './state.ts'

/** After-call work of a request's group: `ms` counts for `timed` only. */
export function wrapUpOf(s: State, r: RequestState): { mode: WrapUpMode; ms: number } {
  const group = s.groups.get(r.group ?? '')?.plan
  const ms = group?.wrapUpMs ?? s.plan!.timers.wrapUpMs
  const mode = group?.wrapUp ?? 'timed'
  return { mode: mode === 'timed' && ms === 0 ? 'none' : mode, ms }
}

/** To be asked when an agent left a connected call: his after-call work begins, if there is any. `wanted`: what he said during the call. */
export function startWrapUp(acd: Acd, r: RequestState, agent: string, wanted: boolean): void {
  const { mode, ms } = wrapUpOf(acd.state, r)
  if (mode === 'none' || (mode === 'optional' && !wanted)) return
  acd.say('wrapup.started', { agent, request: r.id, endsAt: mode === 'timed' ? acd.now + ms : 0 }, 'acd')
}

/** Where it is the agent's choice, he says during the call whether he will need it. */
export function ask(acd: Acd, agent: string, wanted: boolean): Verdict {
  const a = acd.state.agents.get(agent)
  if (a?.work !== 'connecting' && a?.work !== 'in_call') return refuse('not_in_call')
  if (wrapUpOf(acd.state, acd.state.request(a.request!)).mode !== 'optional') return refuse('wrapup_not_optional')
  if (a.wantsWrapUp !== wanted) acd.say('wrapup.asked', { agent, request: a.request!, wanted })
  return null
}

/** More time, as long as all of it stays within an hour. Untimed wrap-up needs none. */
export function extend(acd: Acd, agent: string, ms: number): Verdict {
  const a = acd.state.agents.get(agent)
  if (a?.work !== 'wrap_up') return refuse('not_in_wrapup')
  if (a.wrapUpBy === 0) return null
  const endsAt = a.wrapUpBy + ms
  if (endsAt - a.workSince > MAX_WRAP_UP_MS) return refuse('wrapup_long')
  acd.say('wrapup.extended', { agent, request: a.request!, endsAt })
  return null
}

/** The agent is done. Where the group wants a summary, not before it is filed: by him or by another who took part. */
export function end(acd: Acd, agent: string): Verdict {
  const a = acd.state.agents.get(agent)
  if (!a || a.session === null) return refuse('not_logged_in', agent)
  if (a.work !== 'wrap_up') return refuse('not_in_wrapup')
  const r = acd.state.requests.get(a.request!)
  if (r && !r.summarized && acd.state.groups.get(r.group ?? '')?.plan.summary === 'required') return refuse('summary_needed', r.id)
  acd.say('wrapup.ended', { agent, request: a.request! })
  freed(acd, a)
  return null
}

/** The service summary: during the call, in wrap-up or later, as long as the request is remembered. */
export function fileSummary(acd: Acd, c: CommandOf<'summary.file'>): Verdict {
  const r = acd.state.requests.get(c.request)
  if (!r) return refuse('unknown_request', c.request)
  if (!r.served.includes(c.agent)) return refuse('not_in_call', c.request)
  const { categories } = acd.state.plan!
  if (c.category !== '' && categories !== undefined && !categories.some((x) => x.id === c.category)) return refuse('unknown_category', c.category)
  acd.say(r.summarized ? 'summary.amended' : 'summary.filed', { request: c.request, agent: c.agent, category: c.category, resolved: c.resolved })
  return null
}

/** A ticket from a call one took part in; of a call that is not remembered any more, whoever asks has looked into the records. */
export function openTicket(acd: Acd, c: CommandOf<'ticket.open'>): Verdict {
  const r = acd.state.requests.get(c.request)
  if (r && !r.served.includes(c.agent)) return refuse('not_in_call', c.request)
  acd.say('ticket.opened', { request: c.request, agent: c.agent, ticket: c.ticket })
  return null
}
