// Deadlines against a plain scan: what is next, what is due, and in which order things that fall on one instant come.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AGENT_TIMERS, Deadlines, LEG_TIMERS, REQUEST_TIMERS, type Due } from './deadlines.ts'
import { newAgent, type AgentState, type Leg, type RequestState } from './entities.ts'

/** The order in which timers of the same instant are due: the end of waiting before one more answer, requests before agents. */
const KINDS = ['leg.waitBy', 'leg.ringBy', 'leg.stickyBy', 'leg.overflowBy', 'request.connectBy', 'request.dialBy', 'request.graceBy', 'agent.coolBy', 'agent.wrapUpBy', 'agent.graceBy']

/** A request and its leg in one, as far as timers go. */
type Timed = RequestState & Leg
const request = (n: number): Timed => ({ n, id: `r${n}`, waitBy: 0, ringBy: 0, stickyBy: 0, overflowBy: 0, connectBy: 0, dialBy: 0, graceBy: 0 }) as Timed
const agent = (n: number): AgentState => newAgent(n, { id: `a${n}`, nickname: 'a', realName: 'a', video: true, groups: [] })
function nameOf(due: Due | null): string | null {
  switch (due?.kind) {
    case 'leg': return `leg.${due.timer} ${due.leg.id}`
    case 'request': return `request.${due.timer} ${due.request.id}`
    case 'agent': return `agent.${due.timer} ${due.agent.id}`
    default: return due?.kind ?? null
  }
}

/** Arms one of the kinds of one of the entities, or clears it (`at` 0). */
function arm(deadlines: Deadlines, kind: string, n: number, at: number, requests: Timed[], agents: AgentState[]): void {
  const [whose, timer] = kind.split('.') as [string, string]
  if (whose === 'leg') return deadlines.forLeg(requests[n]!, timer as 'waitBy', at)
  if (whose === 'request') deadlines.forRequest(requests[n]!, timer as 'graceBy', at)
  else deadlines.forAgent(agents[n]!, timer as 'coolBy', at)
}

test('every timer of requests and agents is one of the kinds', () => {
  expect([...LEG_TIMERS.map((t) => `leg.${t}`), ...REQUEST_TIMERS.map((t) => `request.${t}`), ...AGENT_TIMERS.map((t) => `agent.${t}`)].sort()).toEqual([...KINDS].sort())
})

test('nothing armed: nothing is next, nothing is due', () => {
  const deadlines = new Deadlines()
  expect(deadlines.next()).toBe(Infinity)
  expect(deadlines.due(Number.MAX_SAFE_INTEGER)).toBeNull()
})

test('a deadline is due at its instant, not before, and stays due until it is cleared', () => {
  const deadlines = new Deadlines()
  const r = request(1)
  deadlines.forLeg(r, 'ringBy', 500)
  expect([deadlines.next(), deadlines.due(499), nameOf(deadlines.due(500)), nameOf(deadlines.due(900))]).toEqual([500, null, 'leg.ringBy r1', 'leg.ringBy r1'])
  deadlines.forLeg(r, 'ringBy', 700)
  expect([r.ringBy, deadlines.due(699), nameOf(deadlines.due(700))]).toEqual([700, null, 'leg.ringBy r1'])
  deadlines.forLeg(r, 'ringBy', 0)
  expect([r.ringBy, deadlines.next()]).toEqual([0, Infinity])
})

test('on one instant: by kind, then who came first', () => {
  const deadlines = new Deadlines()
  const [requests, agents] = [[request(0), request(1)], [agent(0), agent(1)]]
  for (const kind of KINDS.toReversed()) for (const n of [1, 0]) arm(deadlines, kind, n, 100, requests, agents)
  const order: string[] = []
  for (let due = deadlines.due(100); due; due = deadlines.due(100)) {
    order.push(nameOf(due)!)
    if (due.kind === 'leg') deadlines.forLeg(due.leg, due.timer, 0)
    else if (due.kind === 'request') deadlines.forRequest(due.request, due.timer, 0)
    else if (due.kind === 'agent') deadlines.forAgent(due.agent, due.timer, 0)
  }
  expect(order).toEqual(KINDS.flatMap((kind) => [0, 1].map((n) => `${kind} ${kind.startsWith('agent') ? 'a' : 'r'}${n}`)))
})

test('after any arming and clearing, next and due are what a scan finds', () => {
  const step = fc.record({ kind: fc.constantFrom(...KINDS), n: fc.nat(3), at: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 30 })), now: fc.nat(31) })
  fc.assert(fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
    const deadlines = new Deadlines()
    const [requests, agents] = [[0, 1, 2, 3].map(request), [0, 1, 2, 3].map(agent)]
    const armed = new Map<string, { at: number; kind: number; n: number }>()
    for (const { kind, n, at, now } of steps) {
      arm(deadlines, kind, n, at, requests, agents)
      const name = `${kind} ${kind.startsWith('agent') ? 'a' : 'r'}${n}`
      if (at === 0) armed.delete(name)
      else armed.set(name, { at, kind: KINDS.indexOf(kind), n })
      const [first] = [...armed].sort(([, a], [, b]) => a.at - b.at || a.kind - b.kind || a.n - b.n)
      expect(deadlines.next()).toBe(first?.[1].at ?? Infinity)
      expect(nameOf(deadlines.due(now))).toBe(first && first[1].at <= now ? first[0] : null)
    }
  }), { numRuns: 300 })
})
