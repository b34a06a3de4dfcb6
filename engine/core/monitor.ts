// Supervisors in a call: they listen, whisper to the agents, speak to everyone, or take the call over. Every step is a fact.
import { refuse, type Acd, type Verdict } from './acd.ts'
import type { CommandOf } from './command.ts'
import { agentLeaves } from './endings.ts'
import { agentsIn, type Party, type RequestState } from './entities.ts'
import { MAX_PARTIES } from './limits.ts'
import { reachable } from './offer.ts'

const ROLE = { listen: 'listener', whisper: 'whisperer', barge: 'barger' } as const
const MONITORS = new Set<Party['role']>(Object.values(ROLE))

const monitoring = (r: RequestState, supervisor: string): Party | undefined => r.parties.find((p) => p.id === supervisor && MONITORS.has(p.role))

export function start(acd: Acd, c: CommandOf<'monitor.start'>): Verdict {
  const r = acd.state.requests.get(c.request)
  if (!r) return refuse('unknown_request', c.request)
  if (r.phase !== 'in_call') return refuse('not_connected', c.request)
  const now = monitoring(r, c.supervisor)
  if (now?.role === ROLE[c.mode]) return null
  if (r.parties.some((p) => p.id === c.supervisor && p !== now)) return refuse('already_in_call', c.request)
  if (!now && r.parties.length >= MAX_PARTIES) return refuse('call_full')
  if (now) leaves(acd, r, now)
  acd.say('participant.joined', { request: c.request, participant: c.supervisor, role: ROLE[c.mode] })
  return null
}

export function stop(acd: Acd, supervisor: string, request: string): Verdict {
  const r = acd.state.requests.get(request)
  const now = r && monitoring(r, supervisor)
  if (!now) return refuse('not_monitoring', request)
  leaves(acd, r, now)
  return null
}

const leaves = (acd: Acd, r: RequestState, p: Party): void => acd.say('participant.left', { request: r.id, participant: p.id, role: p.role })

/** The supervisor, free and logged in as an agent, is the call's agent from here on. */
export function takeOver(acd: Acd, supervisor: string, request: string): Verdict {
  const r = acd.state.requests.get(request)
  if (!r) return refuse('unknown_request', request)
  if (r.phase !== 'in_call') return refuse('not_connected', request)
  if (agentsIn(r).includes(supervisor)) return refuse('already_in_call', request)
  const no = reachable(acd, supervisor)
  if (no) return no
  const now = monitoring(r, supervisor)
  if (now) leaves(acd, r, now)
  acd.say('participant.joined', { request, participant: supervisor, role: 'agent' })
  for (const agent of agentsIn(r)) if (agent !== supervisor) agentLeaves(acd, r, agent, 0, supervisor)
  return null
}
