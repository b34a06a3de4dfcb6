// Why he, why not I: of a request that is open as things stand, of one that is over as things stood when it was last decided.
import { Acd } from '#core/acd.ts'
import { explain, REASONS } from '#core/explain.ts'
import type { State } from '#core/state.ts'
import type { ExplanationView } from '#wire/board.ts'
import { Refused } from './errors.ts'
import { EXPLAIN_AT_ONCE } from './limits.ts'
import type { Ports } from './ports.ts'

/** In words. Throws Refused `unknown_request` or `unknown_agent`. */
function told(state: State, request: string, agent: string): ExplanationView {
  const found = explain(state, request, agent)
  if (!found) throw new Refused(state.agents.has(agent) ? 'unknown_request' : 'unknown_agent')
  return {
    reasons: found.reasons.map((code) => ({ code, ...REASONS[code] })), rank: found.rank,
    ahead: found.ahead.map((id) => state.agents.get(id)?.plan?.nickname ?? id),
  }
}

/**
 * Explains one agent's chance at one request. Of a request that is over, the log is folded up to its last decision (or, where
 * none was made, to its entering the queue): `at` says when that was. About a second for a million facts.
 */
export async function explained({ driver, store }: Pick<Ports, 'driver' | 'store'>, request: string, agent: string): Promise<ExplanationView> {
  const r = driver.committed.requests.get(request)
  if (r && r.phase !== 'closed') return told(driver.committed, request, agent)
  await store.records.catchUp()
  const facts = await store.records.events(request)
  const last = facts.findLast((e) => e.type === 'decision.made') ?? facts.findLast((e) => e.type === 'queue.entered')
  if (!last) return told(driver.committed, request, agent)
  const acd = new Acd(last.run)
  while (acd.state.seq < last.seq) {
    const more = await store.facts(acd.state.seq, Math.min(EXPLAIN_AT_ONCE, last.seq - acd.state.seq))
    if (more.length === 0) throw new Error(`the log ends at ${acd.state.seq}, before fact ${last.seq} of its own records`)
    acd.fold(more)
  }
  return { ...told(acd.state, request, agent), at: last.at }
}
