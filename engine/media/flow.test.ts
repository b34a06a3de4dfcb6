// The rule by which a call counts as connected.
import { describe, expect, test } from 'vitest'
import type { CallRole } from '#wire/media.ts'
import { flowsBothWays, type PartyFlow } from './flow.ts'

const ROLE: Record<string, CallRole> = { v: 'visitor', a: 'agent', b: 'agent', g: 'guest', l: 'listener', s: 'barger' }
const party = (participant: string, heard: string[], silent = false): PartyFlow => ({ participant, role: ROLE[participant]!, heard: new Set(heard), silent })

describe('flowsBothWays', () => {
  test.each<[string, boolean, PartyFlow[]]>([
    ['nobody was sent anything', false, [party('v', []), party('a', [])]],
    ['one way only', false, [party('v', ['a']), party('a', [])]],
    ['both ways', true, [party('v', ['a']), party('a', ['v'])]],
    ['one has nothing to send and is being sent to', true, [party('v', ['a'], true), party('a', [])]],
    ['one has nothing to send and is not reached', false, [party('v', [], true), party('a', [])]],
    ['neither has anything to send', false, [party('v', [], true), party('a', [], true)]],
    ['one alone', false, [party('v', [])]],
    ['one of two agents is enough', true, [party('v', ['b']), party('a', []), party('b', ['v'])]],
    ['each agent in one direction is not', false, [party('v', ['a']), party('a', []), party('b', ['v'])]],
    ['guests and supervisors are not waited for', true, [party('v', ['a']), party('a', ['v']), party('g', []), party('l', [], true), party('s', [])]],
    ['guests and supervisors do not make a call', false, [party('v', ['g', 's']), party('g', ['v', 's']), party('s', ['v', 'g']), party('a', ['g', 's'])]],
    ['agents among themselves are no call', false, [party('a', ['b']), party('b', ['a'])]],
  ])('%s: %s', (_name, connected, parties) => {
    expect(flowsBothWays(parties)).toBe(connected)
  })
})
