// The laws of the state, checked by a naive scan: slow, simple, and independent of the indexes it checks.
import { agentsIn, byClock, byTurn, ownLeg, READY, STANDINGS, standingOf, type AgentState, type Leg, type RequestState } from './entities.ts'
import { must } from './limits.ts'
import type { State } from './state.ts'

const equal = (a: readonly unknown[], b: readonly unknown[], what: string): void => {
  must(a.length === b.length && a.every((x, i) => x === b[i]), `${what}: index and scan differ`)
}

/** Throws ImpossibleState at the first law that does not hold. True after every command and every folded one. */
export function audit(s: State): void {
  const requests = [...s.requests.values()]
  const agents = [...s.agents.values()]
  const legs = requests.flatMap((r) => r.legs)
  for (const g of s.groups.values()) {
    const waiting = legs.filter((l) => l.group === g.id).sort(byTurn)
    const members = agents.flatMap((a) => a.memberships).filter((m) => m.group === g)
    equal([...g.queue], waiting, `queue of ${g.id}`)
    equal([...g.offerable], waiting.filter((l) => s.offerable(l)), `offerable of ${g.id}`)
    equal([...g.ready], members.filter((m) => standingOf(m.agent) === READY).sort(byClock(s.plan!.idleClock)), `ready of ${g.id}`)
    equal(g.standings, STANDINGS.map((_, i) => members.filter((m) => standingOf(m.agent) === i).length), `standings of ${g.id}`)
    must(g.members === members.length, `members of ${g.id}`)
    must(g.offerable.size === 0 || g.ready.size === 0, `${g.id}: an eligible pair was left waiting`)
  }
  for (const r of requests) auditRequest(s, r)
  for (const l of legs) auditLeg(s, l)
  for (const a of agents) auditAgent(s, a)
  const timers = [
    ...legs.flatMap((l) => [l.waitBy, l.ringBy, l.stickyBy, l.overflowBy]), ...requests.flatMap((r) => [r.connectBy, r.graceBy, r.dialBy]),
    ...agents.flatMap((a) => [a.coolBy, a.wrapUpBy, a.graceBy]), ...[...s.callbacks.values()].map((c) => c.dueBy),
  ]
  must(s.deadlines.next() === Math.min(s.deadlines.dayBy, ...timers.filter((t) => t !== 0)), 'the next deadline')
  must(s.open === requests.filter((r) => r.phase !== 'closed').length, 'the count of open requests')
  equal([...s.closed].map((r) => r.id).sort(), requests.filter((r) => r.phase === 'closed').map((r) => r.id).sort(), 'closed requests')
}

function auditRequest(s: State, r: RequestState): void {
  const is = (ok: boolean, law: string): true => must(ok, `request ${r.id} (${r.phase}): ${law}`) as true
  is(r.phase !== 'created', 'is somewhere')
  is((ownLeg(r) !== undefined) === (r.phase === 'waiting'), 'is searched an agent for exactly while it waits')
  is(r.legs.length === 0 || r.phase === 'waiting' || r.phase === 'in_call', 'others are asked for only in a call')
  is((r.connectBy !== 0) === (r.phase === 'connecting'), 'has a connect timeout exactly while it connects')
  is((r.dialBy !== 0) === (r.phase === 'dialling'), 'has a dial timeout exactly while the visitor is rung')
  is(r.phase === 'closed' ? r.graceBy === 0 : (r.graceBy !== 0) === (r.lostAt !== 0), 'a lost visitor has a grace')
  is((r.outcome !== null) === (r.phase === 'closed'), 'has an outcome exactly when closed')
  is(r.outcome === null || (r.outcome === 'answered') === (r.connectedAt !== 0), 'is answered exactly if it connected')
  is((s.visitors.get(r.visitor)?.open === r.id) === (r.phase !== 'closed'), 'is the visitor’s open request until closed')
  const onCall = r.phase === 'connecting' || r.phase === 'in_call'
  is(r.parties.length === 0 || onCall, 'has parties only in a call')
  is(new Set(r.parties.map((p) => p.id)).size === r.parties.length, 'nobody is in it twice')
  is(!onCall || r.parties.some((p) => p.role === 'visitor'), 'a call has its visitor')
  is(!onCall || agentsIn(r).length > 0 || r.legs.some((l) => l.mode === 'transfer' && !l.warm), 'a call has an agent, or is being handed over')
  is(!onCall || (r.agent === null ? agentsIn(r).length === 0 : agentsIn(r).includes(r.agent)), 'the agent who has the call is in it')
  is(!r.held || agentsIn(r).length > 0, 'somebody holds whoever is held')
  for (const id of agentsIn(r)) is(s.agent(id).work === r.phase && s.agent(id).request === r.id, `its agent ${id} is at work on it`)
  if (r.phase === 'dialling') is(s.agent(must(r.agent, 'somebody dials')).work === 'dialling' && s.agent(r.agent!).request === r.id, 'who dials is at work on it')
}

function auditLeg(s: State, l: Leg): void {
  const is = (ok: boolean, law: string): true => must(ok, `${l.mode} ${l.id} of ${l.request.id}: ${law}`) as true
  is((l.waitBy !== 0) === (l.queuedAt !== 0), 'has a longest wait once it stood in a queue')
  is(l.group !== null || l.offer !== null, 'stands in a queue or rings')
  is((l.ringBy !== 0) === (l.offer !== null), 'has a ring timeout exactly while an offer lives')
  is((l.stickyBy !== 0) === (l.sticky !== null), 'waits for one agent for a time only')
  is(l.sticky === null || s.agents.get(l.sticky)?.waitedFor.includes(l) === true, 'who is waited for knows')
  is(l.overflowBy === 0 || (l.offer === null && l.group !== null), 'is not sent on while it rings')
  is(l.sticky === null || !s.askable(l) || s.agent(l.sticky).standing !== READY, 'who is waited for has it once he is ready')
  if (l.offer === null) return void is(l.agent === null, 'rings nobody without an offer')
  const a = s.agent(must(l.agent, 'an offer has an agent'))
  is(a.request === l.request.id && a.work === 'ringing', 'rings an agent who knows')
}

function auditAgent(s: State, a: AgentState): void {
  const is = (ok: boolean, law: string): true => must(ok, `agent ${a.id} (${a.status}, ${a.work}): ${law}`) as true
  is((a.work === 'none') === (a.request === null), 'has a request exactly when there is work')
  is(a.work === 'wrap_up' || a.wrapUpBy === 0, 'a wrap-up timer belongs to wrap-up')
  is((a.lostAt !== 0) === (a.graceBy !== 0), 'a lost connection has a grace')
  is(a.session !== null || (a.work === 'none' && a.status === 'offline' && a.lostAt === 0), 'out means offline, without work')
  is(a.idleSince === 0 || a.status === 'idle', 'stands in the idle order only when idle')
  is(a.standing !== READY || a.idleSince !== 0, 'ready means an idle stretch runs')
  is(a.standing === standingOf(a), 'standing is up to date')
  is((a.talkSince !== 0) === (a.work === 'in_call'), 'talks exactly while in a call')
  is(a.waitedFor.every((l) => l.sticky === a.id), 'only those wait for him who do')
  is(a.waitedFor.length === 0 || a.standing !== STANDINGS.indexOf('offline'), 'nobody waits for one who is gone')
  is(!a.wantsWrapUp || a.work === 'connecting' || a.work === 'in_call', 'wants wrap-up only during a call')
  if (a.work === 'ringing') is(s.request(a.request!).legs.some((l) => l.agent === a.id), 'an offer rings him')
  if (a.work === 'connecting' || a.work === 'in_call') is(agentsIn(s.request(a.request!)).includes(a.id), 'is in the call he works on')
}
