// The laws under random commands over random plans: after each step everything audit.ts states, every event law, and fold = live.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CATALOGUE } from '#events/catalogue.ts'
import { parseEvent, type TwinlineEvent } from '#events/event.ts'
import { UNGROUPED } from '#events/plan.ts'
import { Acd } from './acd.ts'
import { admission } from './admission.ts'
import { audit } from './audit.ts'
import type { Command } from './command.ts'
import { byTurn, CLOCK_KEYS, legOf, ownLeg, READY } from './entities.ts'
import { evolve } from './evolve.ts'
import { explain } from './explain.ts'
import { MAX_QUEUE, must } from './limits.ts'
import { declared, route } from './routing.ts'
import { many, run, somePlan } from './testing.ts'
import { Shadow, stated } from './shadow.ts'
import { COUNTING, State } from './state.ts'

/**
 * `LAW_RUNS=20000` for a long search. A failure says its seed and path: `LAW_AT=seed/path` plays that one again. It is not
 * shrunk: days this long take minutes to shrink, and the law that broke names its parties.
 */
const [seed, path] = process.env.LAW_AT?.split('/') ?? []
const runs: fc.Parameters<unknown> = {
  numRuns: Number(process.env.LAW_RUNS ?? 300), endOnFailure: true, ...(seed && path ? { seed: Number(seed), path } : {}),
  reporter: (out) => {
    if (out.failed) throw new Error(`LAW_AT=${out.seed}/${out.counterexamplePath} (run ${out.numRuns})`, { cause: out.errorInstance })
  },
}
const patience = 60_000 + runs.numRuns! * 100

test('after each step every law holds, and the events obey theirs', () => {
  fc.assert(fc.property(somePlan, many, (plan, steps) => {
    const offers = new Map<string, string>()
    const calls = new Map<string, string>()
    const outcomes = new Set<string>()
    const lengths = new Map<string, number>()
    let seq = 0
    let at = 0
    run(plan, steps, (acd, events) => {
      audit(acd.state)
      for (const e of events) {
        expect(e.seq).toBe(++seq)
        expect(e.at).toBeGreaterThanOrEqual(at)
        at = e.at
        expect(parseEvent(JSON.parse(JSON.stringify(e)))).toEqual(e)
        if (e.type === 'queue.entered') {
          const n = lengths.get(e.data.group) ?? 0
          const limit = acd.state.groups.get(e.data.group)?.plan.queueLimit ?? MAX_QUEUE
          if (e.by === 'acd') expect(n).toBeLessThan(limit)
          lengths.set(e.data.group, n + 1)
        }
        if (e.type === 'queue.left') {
          const n = lengths.get(e.data.group)! - 1
          expect(n).toBeGreaterThanOrEqual(0)
          lengths.set(e.data.group, n)
        }
        if (e.type === 'offer.created') { expect(offers.has(e.data.offer)).toBe(false); offers.set(e.data.offer, 'open') }
        if (/^offer\.(accepted|declined|expired|cancelled)$/.test(e.type)) {
          const { offer } = e.data as { offer: string }
          expect(offers.get(offer)).toBe('open')
          offers.set(offer, e.type)
        }
        if (e.type === 'call.connected') { expect(calls.has(e.data.request)).toBe(false); calls.set(e.data.request, 'open') }
        if (e.type === 'call.ended') { expect(calls.get(e.data.request)).toBe('open'); calls.set(e.data.request, 'ended') }
        if (e.type === 'request.closed') {
          expect(outcomes.has(e.data.request)).toBe(false)
          outcomes.add(e.data.request)
          expect(e.data.outcome === 'answered').toBe(calls.has(e.data.request))
          expect(calls.get(e.data.request)).not.toBe('open')
        }
        if (e.type === 'decision.made') {
          const head = e.data.best.map((b) => [b.tier, b.key ?? b.idleSince, b.idleSince, b.lastOffer] as const)
          for (let i = 1; i < head.length; i++) expect([head[i - 1]!, head[i]!].sort((x, y) => x[0] - y[0] || x[1] - y[1] || x[2] - y[2] || x[3] - y[3])[0]).toEqual(head[i - 1])
        }
      }
    })
  }), runs)
}, patience)

test('longest idle first, rechecked by a naive scan; and explain says the same as the dispatcher', () => {
  fc.assert(fc.property(somePlan, many, (plan, steps) => {
    const { state } = new Acd('law')
    for (const e of run(plan, steps, () => {}).log) {
      if (e.type === 'decision.made') {
        const r = state.request(e.data.request)
        const leg = must(legOf(r, e.data.invitation), 'a decision is about a search')
        if (e.data.sticky) {
          expect(leg.sticky).toBe(e.data.chosen)
          expect(state.agent(e.data.chosen).standing).toBe(READY)
          evolve(state, e)
          continue
        }
        const members = [...state.agents.values()].flatMap((a) => a.memberships).filter((m) => m.group.id === leg.group)
        const ready = members.filter(({ agent: a }) => a.session !== null && a.status === 'idle' && a.work === 'none' && a.lostAt === 0 && a.coolBy === 0 && a.plan!.video)
        const key = (m: (typeof ready)[number]) => [m.tier, CLOCK_KEYS[state.plan!.idleClock](m.agent), m.agent.idleSince, m.agent.lastOffer]
        const order = (a: (typeof ready)[number], b: (typeof ready)[number]): number => {
          for (const [i, x] of key(a).entries()) if (x !== key(b)[i]) return x! - key(b)[i]!
          return a.agent.id < b.agent.id ? -1 : 1
        }
        const [fresh, again] = [ready.filter((m) => !leg.tried.includes(m.agent.id)).sort(order), ready.toSorted(order)]
        expect(e.data.chosen).toBe((fresh[0] ?? again[0])!.agent.id)
        expect(e.data.candidates).toBe(ready.length)
        expect(Object.values(e.data.excluded).reduce((sum, n) => sum + n, 0)).toBe(members.length - ready.length)
        const turn = [...fresh, ...again.filter((m) => !fresh.includes(m))].map((m) => m.agent.id)
        if (leg.mode === 'own') for (const { agent } of ready) expect(explain(state, r.id, agent.id)?.rank).toBe(turn.indexOf(agent.id) + 1)
        for (const { agent } of members) expect(explain(state, r.id, agent.id)!.reasons.length).toBeGreaterThan(0)
        // Which request for this agent: nobody who waits for the likes of him comes before, unless he has had him already.
        const offerable = [...state.requests.values()].flatMap((x) => x.legs).filter((x) => state.offerable(x) && state.agent(e.data.chosen).memberships.some((m) => m.group.id === x.group))
        const before = offerable.filter((x) => byTurn(x, leg) < 0 && !x.tried.includes(e.data.chosen))
        expect(before.map((x) => x.id)).toEqual([])
      }
      evolve(state, e)
    }
  }), runs)
}, patience)

test('the log folds to the live state, from any snapshot on, and has the same future', () => {
  fc.assert(fc.property(somePlan, many, fc.nat(1000), (plan, steps, cut) => {
    const { acd, log, inputs } = run(plan, steps, () => {})
    const folded = new Acd('law').fold(structuredClone(log))
    expect(folded.state.snapshot()).toEqual(acd.state.snapshot())
    const k = cut % (inputs.length + 1)
    const first = new Acd('law')
    const replayed = inputs.slice(0, k).flatMap((i) => first.apply(i.now, i.command).events)
    const second = new Acd('law', JSON.parse(JSON.stringify(first.state.snapshot())))
    audit(second.state)
    for (const i of inputs.slice(k)) replayed.push(...second.apply(i.now, i.command).events)
    expect(replayed).toEqual(log)
    expect(second.state.snapshot()).toEqual(acd.state.snapshot())
  }), runs)
}, patience)

test('a crash after any command: the log so far, folded, is the live state, and what comes next is the same', () => {
  fc.assert(fc.property(somePlan, many, (plan, steps) => {
    const { log, inputs } = run(plan, steps, () => {})
    const live = new Acd('law')
    let n = 0
    inputs.forEach((input, k) => {
      n += live.apply(input.now, input.command).events.length
      const after = new Acd('law').fold(log.slice(0, n))
      expect(after.state.snapshot()).toEqual(live.state.snapshot())
      audit(after.state)
      const next = inputs.slice(k + 1, k + 4).flatMap((i) => after.apply(i.now, i.command).events)
      expect(next).toEqual(log.slice(n, n + next.length))
    })
  }), { ...runs, numRuns: Math.ceil(runs.numRuns! / 20) })
}, patience)

test('everything open ends once time passes and parties are gone', () => {
  fc.assert(fc.property(somePlan, many, (plan, steps) => {
    const { acd } = run(plan, steps, () => {})
    let n = 0
    const act = (now: number, c: object): void => { acd.apply(now, { cmd: `end${++n}`, by: 'clock', ...c } as Command); audit(acd.state) }
    for (const r of [...acd.state.requests.values()]) act(acd.state.at, { type: 'visitor.lose', request: r.id, said: false })
    for (const a of [...acd.state.agents.values()]) act(acd.state.at, { type: 'agent.lose', agent: a.id })
    for (const callback of acd.state.callbacks.keys()) act(acd.state.at, { type: 'callback.cancel', callback })
    const there = (): boolean => acd.state.open > 0 || [...acd.state.agents.values()].some((a) => a.session !== null)
    for (let at = acd.nextDeadline(), i = 0; at !== Infinity && there(); at = acd.nextDeadline()) {
      expect(++i).toBeLessThan(200)
      act(at, { type: 'clock' })
    }
    expect([...acd.state.requests.values()].filter((r) => r.phase !== 'closed').map(({ legs, ...r }) => ({ ...r, legs: legs.length }))).toEqual([])
    for (const a of acd.state.agents.values()) expect(a).toMatchObject({ work: 'none', session: null })
  }), runs)
}, patience)

/** Every fact of a day, with the state before it. */
function refold(log: TwinlineEvent[], each: (state: State, e: TwinlineEvent) => void): void {
  const { state } = new Acd('law')
  for (const e of log) {
    each(state, e)
    evolve(state, e)
  }
}

test('a shadow of the plan in force decides as it does', () => {
  fc.assert(fc.property(somePlan, many, (plan, steps) => {
    let shadow: Shadow | null = null
    refold(run(plan, steps, () => {}).log, (state, e) => {
      if (!state.plan) return
      if (shadow?.plan !== state.plan) shadow = new Shadow(state.plan)
      const answer = shadow.decide(state, e)
      if (answer) expect(answer).toEqual({ ...answer, candidate: answer.live, same: true, reason: null })
      else if (e.type === 'decision.made') expect(e.data.invitation).toBeDefined()
      else if (e.type === 'request.routed') expect(state.request(e.data.request).direction).not.toBe('inbound')
    })
  }), runs)
}, patience)

test('a shadow of any plan decides as the core would, had that plan come into force at that instant', () => {
  fc.assert(fc.property(somePlan, somePlan, many, (plan, other, steps) => {
    const shadow = new Shadow(other)
    refold(run(plan, steps, () => {}).log, (state, e) => {
      const answer = shadow.decide(state, e)
      if (!answer) return
      const snapshot = structuredClone(state.snapshot())
      const here = new Set(other.groups.map((g) => g.id))
      for (const r of snapshot.requests) for (const l of r.legs) if (l.group !== null && !here.has(l.group)) l.group = UNGROUPED
      const asIf = State.restore({ ...snapshot, plan: other })
      for (const e of stated(answer)) parseEvent({ seq: 1, at: 1, run: 'shadow', v: 1, plan: 1, cmd: 'c', by: 'acd', ...e })
      if (answer.type === 'request.routed') {
        const r = asIf.request(answer.request)
        const asked = { channel: r.channel, access: r.access, attributes: declared(other, r.attributes), at: e.at }
        expect(answer.candidate).toMatchObject(route(other, asked, asIf.hours))
        const end = admission(asIf, asIf.group(answer.candidate.group), e.at, () => {})
        expect(answer.candidate.turned ?? answer.candidate.queue).toBe(typeof end === 'string' ? end : end.id)
        return
      }
      const { candidate } = answer
      const leg = ownLeg(asIf.request(answer.request))!
      expect(candidate.group).toBe(leg.group)
      const { ready, standings } = asIf.group(leg.group!)
      const waitedFor = leg.sticky === null ? undefined : asIf.agents.get(leg.sticky)
      // Counts that the live plan does not keep would begin at nothing in the core; the shadow has its own.
      if (COUNTING.has(other.idleClock) && !COUNTING.has(state.plan!.idleClock)) return expect(candidate.candidates).toBe(candidate.sticky ? 1 : ready.size)
      expect(candidate.sticky).toBe(waitedFor?.standing === READY)
      const first = candidate.sticky ? waitedFor : (ready.find((m) => !leg.tried.includes(m.agent.id)) ?? ready.first)?.agent
      expect(candidate.agent).toBe(first?.id ?? null)
      if (candidate.sticky) return
      expect([candidate.candidates, candidate.best.map((b) => b.agent)]).toEqual([ready.size, [...ready].slice(0, 3).map((m) => m.agent.id)])
      expect(Object.values(candidate.excluded).reduce((sum, n) => sum + n, 0)).toBe(standings.slice(1).reduce((sum, n) => sum + n, 0))
      expect(answer.same).toBe(candidate.agent === answer.live.agent && candidate.group === answer.live.group)
    })
  }), { ...runs, numRuns: Math.ceil(runs.numRuns! / 5) })
}, patience)

test('the random days are worth testing: every kind of fact happens in them', () => {
  const seen = new Map<string, number>()
  for (const [plan, steps] of fc.sample(fc.tuple(somePlan, many), { numRuns: 1200, seed: 7 })) {
    for (const e of run(plan, steps, () => {}).log) seen.set(e.type, (seen.get(e.type) ?? 0) + 1)
  }
  const never = Object.keys(CATALOGUE).filter((type) => (seen.get(type) ?? 0) < 5)
  expect(never).toEqual([])
})
