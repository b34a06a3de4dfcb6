// The laws of the state, checked by a naive scan: slow, simple, and independent of the indexes it checks.
import { byIdle, byTurn, READY, STANDINGS, standingOf, type AgentState, type RequestState } from './entities.ts'
import { must } from './limits.ts'
import type { State } from './state.ts'

const equal = (a: readonly unknown[], b: readonly unknown[], what: string): void => {
  must(a.length === b.length && a.every((x, i) => x === b[i]), `${what}: index and scan differ`)
}

/** Throws ImpossibleState at the first law that does not hold. True after every command and every folded one. */
export function audit(s: State): void {
  const requests = [...s.requests.values()]
  const agents = [...s.agents.values()]
  for (const g of s.groups.values()) {
    const waiting = requests.filter((r) => r.phase === 'waiting' && r.group === g.id).sort(byTurn)
    const members = agents.flatMap((a) => a.memberships).filter((m) => m.group === g)
    equal([...g.queue], waiting, `queue of ${g.id}`)
    equal([...g.offerable], waiting.filter((r) => s.offerable(r)), `offerable of ${g.id}`)
    equal([...g.ready], members.filter((m) => standingOf(m.agent) === READY).sort(byIdle), `ready of ${g.id}`)
    equal(g.standings, STANDINGS.map((_, i) => members.filter((m) => standingOf(m.agent) === i).length), `standings of ${g.id}`)
    must(g.members === members.length, `members of ${g.id}`)
    must(g.offerable.size === 0 || g.ready.size === 0, `${g.id}: an eligible pair was left waiting`)
  }
  for (const r of requests) auditRequest(s, r)
  for (const a of agents) auditAgent(s, a)
  const timers = [...requests.flatMap((r) => [r.waitBy, r.ringBy, r.connectBy, r.graceBy]), ...agents.flatMap((a) => [a.coolBy, a.wrapUpBy, a.graceBy])]
  must(s.deadlines.next() === Math.min(Infinity, ...timers.filter((t) => t !== 0)), 'the next deadline')
  must(s.open === requests.filter((r) => r.phase !== 'closed').length, 'the count of open requests')
  equal([...s.closed].map((r) => r.id).sort(), requests.filter((r) => r.phase === 'closed').map((r) => r.id).sort(), 'closed requests')
}

function auditRequest(s: State, r: RequestState): void {
  const is = (ok: boolean, law: string): true => must(ok, `request ${r.id} (${r.phase}): ${law}`) as true
  is(r.phase !== 'created', 'is somewhere')
  is((r.waitBy !== 0) === (r.phase === 'waiting'), 'has a longest wait exactly while it waits')
  is((r.ringBy !== 0) === (r.offer !== null), 'has a ring timeout exactly while an offer lives')
  is(r.offer === null || r.phase === 'waiting', 'an offer lives only while it waits: a ringing request keeps its place')
  is((r.connectBy !== 0) === (r.phase === 'connecting'), 'has a connect timeout exactly while it connects')
  is(r.phase === 'closed' ? r.graceBy === 0 : (r.graceBy !== 0) === (r.lostAt !== 0), 'a lost visitor has a grace')
  is((r.outcome !== null) === (r.phase === 'closed'), 'has an outcome exactly when closed')
  is(r.outcome === null || (r.outcome === 'answered') === (r.connectedAt !== 0), 'is answered exactly if it connected')
  is((s.visitors.get(r.visitor)?.open === r.id) === (r.phase !== 'closed'), 'is the visitor’s open request until closed')
  if (r.offer !== null || r.phase === 'connecting' || r.phase === 'in_call') {
    const a = s.agent(must(r.agent, `request ${r.id} has an agent`))
    is(a.request === r.id, 'its agent works on it')
    is(a.work === (r.offer !== null ? 'ringing' : r.phase), 'agent and request agree on the work')
  }
}

function auditAgent(s: State, a: AgentState): void {
  const is = (ok: boolean, law: string): true => must(ok, `agent ${a.id} (${a.status}, ${a.work}): ${law}`) as true
  is((a.work === 'none') === (a.request === null), 'has a request exactly when there is work')
  is((a.work === 'wrap_up') === (a.wrapUpBy !== 0), 'wrap-up has an end')
  is((a.lostAt !== 0) === (a.graceBy !== 0), 'a lost connection has a grace')
  is(a.session !== null || (a.work === 'none' && a.status === 'offline' && a.lostAt === 0), 'out means offline, without work')
  is(a.idleSince === 0 || a.status === 'idle', 'stands in the idle order only when idle')
  is(a.standing !== READY || a.idleSince !== 0, 'ready means an idle stretch runs')
  is(a.standing === standingOf(a), 'standing is up to date')
  if (a.work === 'ringing' || a.work === 'connecting' || a.work === 'in_call') is(s.request(a.request!).agent === a.id, 'his request is his')
}
