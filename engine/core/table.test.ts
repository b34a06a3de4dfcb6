// Every status × every work × every command of an agent: what it causes or why it is refused. `PLAYS=write` writes the table anew; its diff is the review.
import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { audit } from './audit.ts'
import type { AgentStatus, Command, CommandType, Work } from './command.ts'
import { play } from './scenarios/play.ts'

const FILE = new URL('./scenarios/agent-table.md', import.meta.url)
const PLAN = ['group gold', 'agent anna gold', 'agent ben gold', 'agent cleo gold', 'set deviceCheck=off', 'rule all group=gold', 'timer wrapUpMs=60000'].join('\n')

/** How an agent comes to each kind of work; she is idle then. */
const WORKS: Record<Work, string[]> = {
  none: [],
  ringing: ['08:00:02.000 request.create request=r1'],
  dialling: ['08:00:02.000 call.dial agent=anna request=o1'],
  connecting: ['08:00:02.000 request.create request=r1', '08:00:03.000 offer.accept agent=anna offer=r1/1'],
  in_call: ['08:00:02.000 talk r1 anna'],
  wrap_up: ['08:00:02.000 talk r1 anna', '08:00:04.000 request.cancel request=r1'],
}
/** Work at which a change of status would end it is met in the status that one was in before: by a supervisor's direct offer. */
const lines = (status: AgentStatus, work: Work): string[] => {
  const set = `08:00:01.000 agent.setStatus agent=anna to=${status}`
  if (status === 'idle') return WORKS[work]
  if (work === 'ringing') return [set, '08:00:02.000 request.create request=r1', '08:00:02.500 request.assign request=r1 agent=anna supervisor=sue']
  if (work === 'dialling' || work === 'none') return [set, ...WORKS[work]]
  return [...WORKS[work], `08:00:05.000 agent.setStatus agent=anna to=${status}`]
}
/** What cannot be: nobody who works on a call is offline. */
const impossible = (status: AgentStatus, work: Work): boolean => status === 'offline' && work !== 'none' && work !== 'wrap_up'

const offer = { agent: 'anna', offer: 'r1/1' }
const r1 = { agent: 'anna', request: 'r1' }
const ASKS: [name: string, type: CommandType, fields: object][] = [
  ['login again', 'agent.login', { agent: 'anna', session: 's2' }], ['logout', 'agent.logout', { agent: 'anna' }], ['connection lost', 'agent.lose', { agent: 'anna' }],
  ...(['offline', 'idle', 'busy', 'away', 'invisible'] as const).map((to): [string, CommandType, object] => [`status ${to}`, 'agent.setStatus', { agent: 'anna', to, reason: '' }]),
  ['queue away', 'agent.queueStatus', { agent: 'anna', to: 'away', reason: '' }],
  ['accept', 'offer.accept', offer], ['decline', 'offer.decline', offer], ['ring', 'offer.ring', offer],
  ['pick', 'offer.pick', { agent: 'anna', request: 'w' }], ['dial', 'call.dial', { agent: 'anna', request: 'o9', visitor: 'v9', channel: 'web', access: 'web' }],
  ['give up dialling', 'dial.cancel', { agent: 'anna', request: 'o1' }],
  ['hang up', 'call.hangUp', r1], ['leave', 'call.leave', r1], ['hold', 'call.hold', { ...r1, on: true }],
  ['transfer blind', 'call.transfer', { ...r1, invitation: 'i1', to: { agent: 'ben' }, warm: false }], ['transfer warm', 'call.transfer', { ...r1, invitation: 'i1', to: { agent: 'ben' }, warm: true }],
  ['invite', 'call.invite', { ...r1, invitation: 'i1', to: { agent: 'ben' } }], ['guest', 'guest.invite', { ...r1, guest: 'g1' }],
  ['want wrap-up', 'wrapup.ask', { agent: 'anna', wanted: true }], ['extend', 'wrapup.extend', { agent: 'anna', ms: 1000 }], ['end wrap-up', 'wrapup.end', { agent: 'anna' }],
  ['summary', 'summary.file', { ...r1, category: '', resolved: true }], ['assigned', 'request.assign', { request: 'w', agent: 'anna', supervisor: 'sue' }],
  ['offered a transfer', 'call.transfer', { agent: 'cleo', request: 'x', invitation: 'i2', to: { agent: 'anna' }, warm: true }], ['takes over', 'monitor.takeOver', { supervisor: 'anna', request: 'x' }],
]

function row(status: AgentStatus, work: Work, [, type, fields]: (typeof ASKS)[number]): string {
  // Cleo talks with x; ben is there but busy; w waits where nobody is ready for it.
  const play1 = [
    PLAN, '07:59:50.000 ready cleo', '07:59:51.000 talk x cleo', '07:59:52.000 agent.login agent=ben session=b', '07:59:52.100 agent.setStatus agent=ben to=busy', '08:00:00.000 ready anna', ...lines(status, work),
    ...(status === 'idle' && work === 'none' ? [] : ['08:00:06.000 request.create request=w']),
  ].join('\n')
  const { acd } = play(`${play1}\n`)
  const anna = acd.state.agent('anna')
  if (anna.status !== status || anna.work !== work) throw new Error(`meant ${status} ${work}, got ${anna.status} ${anna.work}`)
  const by = type === 'request.assign' || type === 'monitor.takeOver' ? 'supervisor' : 'agent'
  const { events, refusal } = acd.apply(acd.state.at + 500, { type, cmd: 'probe', by, ...fields } as Command)
  audit(acd.state)
  const after = acd.state.agent('anna')
  return refusal ? `refused: ${refusal.code}` : `${events.map((e) => e.type).join(', ') || 'nothing'} → ${after.session === null ? 'logged out' : `${after.status}, ${after.work}`}`
}

test('the table of an agent’s statuses, work and commands is as written', () => {
  const parts = (['offline', 'idle', 'busy', 'away', 'invisible'] as const).flatMap((status) => (Object.keys(WORKS) as Work[]).filter((work) => !impossible(status, work)).map((work) =>
    `## ${status}, ${work}\n| asked | answer |\n| --- | --- |\n${ASKS.map((ask) => `| ${ask[0]} | ${row(status, work, ask)} |`).join('\n')}\n`))
  const text = `# An agent’s status × work × command\n\nMade by \`table.test.ts\` (\`PLAYS=write\`): what each command causes, and the status and work after it. An offline agent works on nothing but wrap-up.\n\n${parts.join('\n')}`
  if (process.env['PLAYS'] === 'write') writeFileSync(FILE, text)
  else expect(readFileSync(FILE, 'utf8')).toBe(text)
})

test('a thousand accepts of one offer in the same millisecond: one wins', () => {
  const { acd } = play(`${PLAN}\n08:00:00.000 ready anna\n08:00:01.000 ready ben\n08:00:02.000 request.create request=r1\n`)
  const now = acd.state.at
  const answers = Array.from({ length: 1000 }, (_, k) => acd.apply(now, { type: 'offer.accept', cmd: `a${k}`, by: 'agent', agent: k % 3 === 1 ? 'ben' : 'anna', offer: 'r1/1' }))
  expect(answers.filter((a) => a.refusal === null).length).toBe(1)
  expect(new Set(answers.flatMap((a) => a.refusal?.code ?? []))).toEqual(new Set(['offer_gone']))
  audit(acd.state)
})
