// The rule by which a call counts as connected.
import { describe, expect, test } from 'vitest'
import { flowsBothWays, type PartyFlow } from './flow.ts'

const party = (participant: string, heard: string[], silent = false): PartyFlow => ({ participant, heard: new Set(heard), silent })

describe('flowsBothWays', () => {
  test.each<[string, boolean, PartyFlow[]]>([
    ['nobody was sent anything', false, [party('v', []), party('a', [])]],
    ['one way only', false, [party('v', ['a']), party('a', [])]],
    ['both ways', true, [party('v', ['a']), party('a', ['v'])]],
    ['one has nothing to send and is being sent to', true, [party('v', ['a'], true), party('a', [])]],
    ['one has nothing to send and is not reached', false, [party('v', [], true), party('a', [])]],
    ['neither has anything to send', false, [party('v', [], true), party('a', [], true)]],
    ['one alone', false, [party('v', [])]],
    ['three, one pair missing', false, [party('v', ['a', 's']), party('a', ['v']), party('s', ['v', 'a'])]],
    ['three, one of them only listens', true, [party('v', ['a']), party('a', ['v']), party('s', ['v', 'a'], true)]],
  ])('%s: %s', (_name, connected, parties) => {
    expect(flowsBothWays(parties)).toBe(connected)
  })
})
