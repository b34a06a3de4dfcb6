// What an agent does with his call: what is asked of the engine, and what this page remembers of it.
import { signal } from '@preact/signals'
import { beforeEach, expect, test } from 'vitest'
import type { AgentMessage, AgentView } from '#wire/messages.ts'
import type { Unsent } from '../link.ts'
import { inOrder, makeCallActs, type CallActs, type Colleague } from './call-acts.ts'

const view = signal<AgentView | null>(null)
let asked: Unsent<AgentMessage>[]
let answer: Record<string, unknown>
let acts: CallActs

beforeEach(() => {
  asked = []
  answer = {}
  view.value = { call: { request: 'r1' } } as AgentView
  acts = makeCallActs({ view, ask: async (message) => { asked.push(message); return answer }, during: (_, act) => act() })
})

test('a target is asked in, or handed the call while one stays or at once', async () => {
  await acts.askIn('invite', { agent: 'wang' })
  await acts.askIn('warm', { group: 'b' })
  await acts.askIn('blind', { agent: 'wang' })
  expect(asked).toEqual([
    { type: 'invite', request: 'r1', to: { agent: 'wang' } },
    { type: 'transfer', request: 'r1', to: { group: 'b' }, warm: true },
    { type: 'transfer', request: 'r1', to: { agent: 'wang' }, warm: false },
  ])
})

test('each act names the call it is about, and without a call there is none', async () => {
  await acts.hold(true)
  await acts.leave()
  await acts.uninvite('i1')
  await acts.admit('g1')
  await acts.turnAway('g2')
  expect(asked).toEqual([
    { type: 'hold', request: 'r1', on: true }, { type: 'leave', request: 'r1' }, { type: 'uninvite', request: 'r1', invitation: 'i1' },
    { type: 'admit', request: 'r1', guest: 'g1' }, { type: 'turnAway', request: 'r1', guest: 'g2' },
  ])
  view.value = { call: null } as AgentView
  await acts.hangup()
  expect(asked.length).toBe(5)
})

test('the links of guests are kept for this call', async () => {
  answer = { guest: 'g1', link: '/g/one' }
  await acts.guest()
  answer = { guest: 'g2', link: '/g/two' }
  await acts.guest()
  expect([...acts.links.value]).toEqual([['g1', '/g/one'], ['g2', '/g/two']])
  acts.forget()
  expect(acts.links.value.size).toBe(0)
})

test('colleagues: idle first, then free, then at work, offline last; nobody who is in the call already', () => {
  const colleague = (agent: string, status: Colleague['status'], work: Colleague['work'] = 'none'): Colleague => ({ agent, nickname: agent, status, work, groups: [] })
  const all = [colleague('off', 'offline'), colleague('talks', 'idle', 'in_call'), colleague('busy', 'busy'), colleague('zoe', 'idle'), colleague('amy', 'idle'), colleague('me', 'idle', 'in_call')]
  expect(inOrder(all, ['me']).map(({ agent }) => agent)).toEqual(['amy', 'zoe', 'busy', 'talks', 'off'])
})
