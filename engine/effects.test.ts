// From facts and state to rooms: whatever a batch holds, the room is asked for as the state has it, and closed when the call is over.
import { beforeEach, describe, expect, test } from 'vitest'
import type { Phase, RequestState, Role } from '#core/entities.ts'
import type { State } from '#core/state.ts'
import type { DataOf, EventType, TwinlineEvent } from '#events/event.ts'
import { perform, resume, type EffectPorts } from './effects.ts'

let requests: Map<string, RequestState>
let asked: unknown[]
let failed: unknown[]
let answer: Promise<void>
let ports: EffectPorts

beforeEach(() => {
  requests = new Map()
  asked = []
  failed = []
  answer = Promise.resolve()
  ports = {
    state: { requests } as unknown as State,
    rooms: {
      open: (request, parties, held) => {
        asked.push([request, parties.map(({ request, participant, role }) => `${request} ${participant} ${role}`), held])
        return answer
      },
      close: (request) => void asked.push(`close ${request}`),
    },
    onRoomFailed: (request, reason) => void failed.push([request, reason]),
  }
})

const call = (id: string, phase: Phase, parties: Record<string, Role>, held = false): void => {
  requests.set(id, { id, phase, held, parties: Object.entries(parties).map(([id, role]) => ({ id, role })) } as unknown as RequestState)
}
const fact = <T extends EventType>(type: T, data: DataOf<T>): TwinlineEvent => ({ seq: 1, at: 0, run: 'live', v: 1, plan: 1, cmd: 'c', by: 'acd', type, data }) as unknown as TwinlineEvent
const joined = (request: string, participant: string, role: Role) => fact('participant.joined', { request, participant, role })
const left = (request: string, participant: string, role: Role) => fact('participant.left', { request, participant, role })

describe('the room of a call', () => {
  test('opens with the acceptance of an offer or of a dialled call', () => {
    call('r1', 'connecting', { v: 'visitor', a: 'agent' })
    perform(ports, [fact('offer.accepted', { offer: 'r1/1', request: 'r1', agent: 'a' })])
    perform(ports, [fact('dial.accepted', { request: 'r1', agent: 'a' })])
    const open = ['r1', ['r1 v visitor', 'r1 a agent'], false]
    expect(asked).toEqual([open, open])
  })

  test('is asked for once however much of it changed in a batch, as the state has it after the batch', () => {
    call('r1', 'in_call', { v: 'visitor', b: 'agent', s: 'barger' }, true)
    perform(ports, [joined('r1', 's', 'listener'), left('r1', 's', 'listener'), joined('r1', 's', 'barger'), joined('r1', 'b', 'agent'), left('r1', 'a', 'agent'), fact('hold.started', { request: 'r1', agent: 'b' })])
    expect(asked).toEqual([['r1', ['r1 v visitor', 'r1 b agent', 'r1 s barger'], true]])
  })

  test('follows the end of a hold', () => {
    call('r1', 'in_call', { v: 'visitor', a: 'agent' })
    perform(ports, [fact('hold.ended', { request: 'r1', agent: 'a' })])
    expect(asked).toEqual([['r1', ['r1 v visitor', 'r1 a agent'], false]])
  })

  test('closes with the request, also when the batch holds its acceptance as well or the core has forgotten it', () => {
    call('r1', 'closed', {})
    const closed = (request: string) => fact('request.closed', { request, outcome: 'answered', endedBy: 'agent' })
    perform(ports, [fact('offer.accepted', { offer: 'r1/1', request: 'r1', agent: 'a' }), left('r1', 'a', 'agent'), closed('r1'), closed('r2')])
    expect(asked).toEqual(['close r1', 'close r2'])
  })

  test('is not touched by facts of other kinds', () => {
    call('r1', 'in_call', { v: 'visitor', a: 'agent' })
    perform(ports, [fact('call.connected', { request: 'r1', agent: 'a' }), fact('offer.declined', { offer: 'r1/2', request: 'r1', agent: 'b' } as DataOf<'offer.declined'>)])
    expect(asked).toEqual([])
  })

  test('that cannot be opened is told to the core', async () => {
    call('r1', 'connecting', { v: 'visitor', a: 'agent' })
    answer = Promise.reject(new Error('no worker'))
    perform(ports, [fact('offer.accepted', { offer: 'r1/1', request: 'r1', agent: 'a' })])
    await answer.catch(() => {})
    expect(failed).toEqual([['r1', 'no_room']])
  })
})

test('a restart opens the rooms of the calls under way, with all who are in them', () => {
  call('r1', 'in_call', { v: 'visitor', a: 'agent', g: 'guest', l: 'listener' }, true)
  call('r2', 'connecting', { v2: 'visitor', b: 'agent' })
  call('r3', 'waiting', {})
  call('r4', 'closed', {})
  resume(ports)
  expect(asked).toEqual([['r1', ['r1 v visitor', 'r1 a agent', 'r1 g guest', 'r1 l listener'], true], ['r2', ['r2 v2 visitor', 'r2 b agent'], false]])
})
