// Why him, why not me: every reason there is, each at a moment of a play, read from the log up to that moment.
import { expect, test } from 'vitest'
import { Acd } from './acd.ts'
import { STANDINGS } from './entities.ts'
import { explain, REASONS, type Explanation, type Reason } from './explain.ts'
import { play } from './scenarios/play.ts'
import type { State } from './state.ts'

const PLAN = 'group gold\ngroup silver\nagent anna gold\nagent ben gold\nagent cleo gold:2\nagent dan silver\nagent eve gold video=false\nrule all group=gold\n'
/** The state after a play: from its facts, as whoever explains has it. */
function after(lines: string): State {
  const { steps } = play(`${PLAN}${lines}\n`)
  return new Acd('play').fold(steps.flatMap((s) => s.events)).state
}

const RING = '08:00:00.000 ready anna\n08:00:10.000 request.create request=r1\n'
const CALL = `${RING}08:00:12.000 offer.accept agent=anna offer=r1/1\n`
const WAIT = '08:00:10.000 request.create request=r1\n'

test.for<[title: string, lines: string, agent: string, expected: Reason[], request?: string]>([
  ['it rings here', RING, 'anna', ['offered_now', 'working']],
  ['it rings elsewhere', `${RING}08:00:11.000 ready ben`, 'ben', ['request_ringing', 'next']],
  ['he has it, connecting', CALL, 'anna', ['has_it', 'working']],
  ['he has it, in call', `${CALL}08:00:13.000 call.connect request=r1`, 'anna', ['has_it', 'working']],
  ['another has it', `${CALL}08:00:13.000 call.connect request=r1\n08:00:14.000 agent.login agent=ben session=s`, 'ben', ['request_taken', 'offline']],
  ['it is over', `${WAIT}08:00:11.000 request.cancel request=r1`, 'ben', ['request_over', 'offline']],
  ['the visitor is away', `${WAIT}08:00:11.000 visitor.lose request=r1 said=false\n08:00:12.000 ready ben`, 'ben', ['visitor_away', 'next']],
  ['another group', `${WAIT}08:00:11.000 ready dan`, 'dan', ['not_in_group']],
  ['not logged in', WAIT, 'ben', ['offline']],
  ['logged in, offline', `${WAIT}08:00:11.000 agent.login agent=ben session=s`, 'ben', ['offline']],
  ['busy', `${WAIT}08:00:11.000 agent.login agent=ben session=s\n08:00:12.000 agent.setStatus agent=ben to=busy`, 'ben', ['busy']],
  ['away', `${WAIT}08:00:11.000 agent.login agent=ben session=s\n08:00:12.000 agent.setStatus agent=ben to=away`, 'ben', ['away']],
  ['invisible', `${WAIT}08:00:11.000 agent.login agent=ben session=s\n08:00:12.000 agent.setStatus agent=ben to=invisible`, 'ben', ['invisible']],
  ['his connection is lost', `08:00:00.000 ready ben\n08:00:05.000 agent.lose agent=ben\n${WAIT}`, 'ben', ['disconnected']],
  ['he declined it', `${RING}08:00:11.000 offer.decline agent=anna offer=r1/1`, 'anna', ['cooling', 'tried']],
  ['he declined another', `${RING}08:00:11.000 offer.decline agent=anna offer=r1/1\n08:00:12.000 request.create request=r2`, 'anna', ['cooling'], 'r2'],
  ['he wraps up', `${CALL}08:00:13.000 call.connect request=r1\n08:00:20.000 request.cancel request=r1\n08:00:21.000 request.create request=r2`, 'anna', ['working'], 'r2'],
  ['he serves no video', `08:00:00.000 ready eve\n${WAIT}`, 'eve', ['not_video']],
  ['he missed it and another is asked', `08:00:00.000 ready anna\n08:00:01.000 ready ben\n${WAIT}08:00:30.000 wait`, 'anna', ['request_ringing', 'tried', 'next']],
])('%s', ([, lines, agent, expected, request = 'r1']) => {
  expect(explain(after(lines), request, agent)?.reasons).toEqual(expected)
})

test('ranks of all the ready, with who stands before', () => {
  const state = after('08:00:00.000 ready cleo\n08:00:01.000 ready ben\n08:00:02.000 ready anna\n08:00:05.000 request.create request=r1\n08:00:05.500 visitor.lose request=r1 said=false\n08:00:06.000 offer.decline agent=ben offer=r1/1\n08:00:17.000 wait')
  const why = (agent: string): Explanation | null => explain(state, 'r1', agent)
  expect(why('anna')).toEqual({ reasons: ['visitor_away', 'next'], rank: 1, ahead: [] })
  expect(why('cleo')).toEqual({ reasons: ['visitor_away', 'behind'], rank: 2, ahead: ['anna'] })
  // He is of the better tier, but has had it.
  expect(why('ben')).toEqual({ reasons: ['visitor_away', 'tried', 'behind'], rank: 3, ahead: ['anna', 'cleo'] })
})

test('any moment of the past is explained from the log up to it', () => {
  const { steps } = play(`${PLAN}08:00:00.000 ready anna\n08:00:01.000 ready ben\n08:00:02.000 ready cleo\n08:00:10.000 request.create request=r1\n08:01:00.000 wait\n`)
  const log = steps.flatMap((s) => s.events)
  const decisions = log.filter((e) => e.type === 'decision.made')
  expect(decisions.length).toBeGreaterThan(2)
  for (const e of decisions) {
    const { state } = new Acd('play').fold(log.slice(0, e.seq - 1))
    expect(explain(state, 'r1', e.data.chosen)).toMatchObject({ rank: 1, ahead: [] })
    for (const { agent } of e.data.best) {
      if (agent === e.data.chosen) continue
      const { reasons, rank, ahead } = explain(state, 'r1', agent)!
      expect(reasons).toContain('behind')
      expect(rank).toBeGreaterThan(1)
      expect(ahead).toContain(e.data.chosen)
    }
  }
  // Before the first decision both wait for their turn; right after it the one is rung and the other is next.
  const first = decisions[0]!.seq
  const at = (seq: number, agent: string): Reason[] => explain(new Acd('play').fold(log.slice(0, seq)).state, 'r1', agent)!.reasons
  expect([at(first - 1, 'anna'), at(first - 1, 'ben')]).toEqual([['next'], ['behind']])
  expect([at(first + 1, 'anna'), at(first + 1, 'ben')]).toEqual([['offered_now', 'working'], ['request_ringing', 'next']])
})

test('nothing is said of those nobody knows', () => {
  const state = after(WAIT)
  expect(explain(state, 'r9', 'anna')).toBeNull()
  expect(explain(state, 'r1', 'zoe')).toBeNull()
})

test('there is a reason for every standing but ready, in both languages', () => {
  expect(STANDINGS.filter((s) => s !== 'ready' && !Object.hasOwn(REASONS, s))).toEqual([])
  for (const { zh, en } of Object.values(REASONS)) {
    expect(zh).toMatch(/\p{Script=Han}/u)
    expect(en).toMatch(/^[A-Z]/)
  }
})
