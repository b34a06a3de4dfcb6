// A stored line becomes an event again, or is refused with a sentence; never anything else.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EventError, parseEvent, SCHEMA_VERSION, type TwinlineEvent } from './event.ts'
import { firstPlan } from './plan.ts'

const fact: TwinlineEvent = { seq: 2, at: 1_790_000_000_000, run: 'live', v: 1, plan: 1, cmd: 'c1', by: 'visitor', type: 'request.closed', data: { request: 'r', outcome: 'network', endedBy: 'network', lastSeen: 1 } }
const refused = (change: object): string => {
  try { parseEvent({ ...fact, ...change }) } catch (problem) {
    expect(problem).toBeInstanceOf(EventError)
    expect((problem as EventError).code).toBe('bad_event')
    return (problem as Error).message
  }
  return 'accepted'
}

test('a fact comes back as it was', () => {
  expect(parseEvent(JSON.parse(JSON.stringify(fact)))).toEqual(fact)
  const { lastSeen: _, ...data } = fact.data as { lastSeen: number }
  expect(refused({ data })).toBe('accepted')
})

test('a plan comes back whole', () => {
  const changed = { ...fact, type: 'plan.changed', data: { version: 1, diff: [], document: firstPlan() } }
  expect(parseEvent(structuredClone(changed))).toEqual(changed)
  expect(refused({ ...changed, data: { ...changed.data, document: { ...firstPlan(), colour: 'red' } } })).toContain('plan.changed')
})

test.for([
  ['no object', null, 'must be an object'], ['a text', '{}', 'must be an object'],
] as const)('%s', ([, value, says]) => expect(() => parseEvent(value)).toThrow(says))

test.for<[string, object, string]>([
  ['seq 0', { seq: 0 }, 'event 0: seq, at, v and plan must be whole numbers'],
  ['half a seq', { seq: 1.5 }, 'event 1.5: seq'],
  ['a seq as text', { seq: '2' }, 'whole numbers'],
  ['a seq that is no text either', { seq: { toString: 1, valueOf: 1 } }, 'whole numbers'],
  ['no seq', { seq: undefined }, 'whole numbers'],
  ['a seq beyond what numbers hold', { seq: 2 ** 53 }, 'whole numbers'],
  ['a time before all times', { at: -1 }, 'whole numbers'],
  ['no version', { v: undefined }, 'whole numbers'],
  ['a negative plan', { plan: -1 }, 'whole numbers'],
  ['a run that is no text', { run: 1 }, 'event 2: run, cmd or by'],
  ['no command', { cmd: null }, 'run, cmd or by'],
  ['by nobody known', { by: 'ghost' }, 'run, cmd or by'],
  ['by a member of every object', { by: 'constructor' }, 'run, cmd or by'],
  ['an unknown type', { type: 'call.dreamt' }, 'event 2: unknown type "call.dreamt"'],
  ['a type that every object has', { type: 'toString' }, 'unknown type "toString"'],
  ['a type that is no text', { type: { toString: 1 } }, 'unknown type'],
  ['no data', { data: undefined }, 'event 2 (request.closed)'],
  ['a field too few', { data: { request: 'r', outcome: 'network' } }, 'event 2 (request.closed)'],
  ['a field too many', { data: { ...fact.data, mood: 'bad' } }, 'event 2 (request.closed)'],
  ['an outcome that is none', { data: { ...fact.data, outcome: 'bored' } }, '/outcome'],
  ['an empty id', { data: { ...fact.data, request: '' } }, '/request'],
])('%s is refused', ([, change, says]) => expect(refused(change)).toContain(says))

test('schemas: today’s and older ones are read, a newer one is refused with both versions named', () => {
  for (let v = 1; v <= SCHEMA_VERSION; v++) expect(refused({ v })).toBe('accepted')
  expect(refused({ v: SCHEMA_VERSION + 1 })).toBe(`event 2: written by a newer Twinline (schema ${SCHEMA_VERSION + 1}, this one reads up to ${SCHEMA_VERSION})`)
})

test('whatever is read, it is an event or refused', () => {
  const part = fc.record({ seq: fc.jsonValue(), at: fc.jsonValue(), run: fc.jsonValue(), v: fc.jsonValue(), plan: fc.jsonValue(), by: fc.jsonValue(), type: fc.jsonValue(), data: fc.jsonValue() }, { requiredKeys: [] })
  const odd = fc.constantFrom<unknown>({ toString: 1, valueOf: 1 }, { toJSON: 1 }, [], '__proto__')
  fc.assert(fc.property(fc.oneof(fc.jsonValue(), part, fc.tuple(part, fc.constantFrom('seq', 'at', 'run', 'cmd', 'by', 'type', 'data'), odd).map(([p, field, x]) => ({ ...fact, ...p, [field]: x }))), (value) => {
    try { expect(parseEvent(value)).toBe(value) } catch (problem) { expect(problem).toBeInstanceOf(EventError) }
  }), { numRuns: 1_000 })
})
