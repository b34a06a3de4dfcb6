// The board's state: reading, filtering, acting.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Act, BoardView } from '#wire/board.ts'
import { Refused, refuse } from '../shell/refused.ts'
import { assignable, makeBoard, type Board } from './model.ts'

type Agent = BoardView['agents'][number]
const agent = (id: string, part: Partial<Agent> = {}): Agent => ({
  agent: id, nickname: id.toUpperCase(), realName: id, video: true, groups: ['a'], status: 'idle', reason: '', statusSince: 0, work: 'none', workSince: 0, request: null, connected: true,
  queued: null, asked: null, ...part,
})
const queue = (group: string) => ({ group, name: `Group ${group}`, waiting: 0, longestSince: null, ready: 0, there: 0 })
const waiting = (request: string, group: string) => ({ request, group }) as BoardView['waiting'][number]
const full: BoardView = {
  now: 1000, plan: 3, queues: [queue('a'), queue('b')], agents: [agent('lin'), agent('wang', { groups: ['a', 'b'], asked: { to: 'busy', reason: '', at: 1 } })],
  waiting: [waiting('r1', 'a'), waiting('r2', 'b')], calls: [{ request: 'r3', group: 'b' } as BoardView['calls'][number]],
  blocks: [{ visitor: 'v1', blocked: false, by: 'lin', reason: '', at: 1 }, { visitor: 'v2', blocked: true, by: 'sup', reason: '', at: 1 }],
  callbacks: [{ callback: 'c1', visitor: 'v', group: 'a', dueAt: 1 }],
}

let told: BoardView
let reads: number
let failing: Refused | null
let inSight: boolean
let sent: [string, Act][]
let answer: () => Promise<unknown>
let plans: number[]
let board: Board
beforeEach(() => {
  told = full
  reads = 0
  failing = null
  inSight = true
  sent = []
  answer = async () => ({})
  plans = []
  board = makeBoard({
    read: async () => { reads++; if (failing) throw failing; return told },
    send: async (id, act) => { sent.push([id, act]); return await answer() },
    newId: () => `id${sent.length}`, followPlan: (version) => { plans.push(version) }, inSight: () => inSight,
  })
})
afterEach(() => { vi.useRealTimers() })

test('one group shows its own rows, all groups show all', async () => {
  await board.refresh()
  const shown = () => [board.agents.value.length, board.waiting.value.length, board.calls.value.length, board.callbacks.value.length]
  expect(shown()).toEqual([2, 2, 1, 1])
  board.group.value = 'b'
  expect(shown()).toEqual([1, 1, 1, 0])
  expect([plans, board.nickname('lin'), board.nickname('gone'), board.groupName('a'), board.groupName('z')]).toEqual([[3], 'LIN', 'gone', 'Group a', 'z'])
})

test('a group that is not there any more is not filtered by', async () => {
  await board.refresh()
  board.group.value = 'b'
  told = { ...full, queues: [queue('a')] }
  await board.refresh()
  expect(board.group.value).toBeNull()
})

test('a board that cannot be read keeps what it showed and says why', async () => {
  await board.refresh()
  failing = refuse('unreachable')
  await board.refresh()
  expect([board.failed.value?.code, board.view.value]).toEqual(['unreachable', full])
  failing = null
  await board.refresh()
  expect(board.failed.value).toBeNull()
})

test('it is read every second, more slowly while that fails, and not while nobody looks', async () => {
  vi.useFakeTimers()
  const stop = board.watch()
  await vi.advanceTimersByTimeAsync(2000)
  expect(reads).toBe(3)
  inSight = false
  await vi.advanceTimersByTimeAsync(5000)
  expect(reads).toBe(3)
  inSight = true
  failing = refuse('unreachable')
  await vi.advanceTimersByTimeAsync(5000)
  expect(reads).toBe(5)
  stop()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(reads).toBe(5)
})

test('an act is done once, and the board read after it', async () => {
  let release = () => {}
  answer = () => new Promise((done) => { release = () => done({}) })
  const one = board.act({ type: 'remove', request: 'r1' })
  expect([board.asking.value, await board.act({ type: 'remove', request: 'r1' })]).toEqual(['remove r1', false])
  release()
  expect([await one, sent.length, reads, board.asking.value]).toEqual([true, 1, 1, null])
})

test('an act whose answer was lost is asked again under the same id; one that was refused is not', async () => {
  answer = async () => { if (sent.length < 2) throw refuse('unreachable'); return {} }
  await board.act({ type: 'terminate', request: 'r3' })
  expect(sent.map(([id]) => id)).toEqual(['id0', 'id0'])
  answer = async () => { throw new Refused('not_waiting', { zh: '', en: '' }) }
  await expect(board.act({ type: 'remove', request: 'r1' })).rejects.toMatchObject({ code: 'not_waiting' })
  expect([sent.length, board.asking.value]).toEqual([3, null])
})

test('a request is given to who is free and there: of its group first, then the idle first', () => {
  const agents = [
    agent('out', { groups: ['b'] }), agent('busy', { status: 'busy' }), agent('idle'), agent('off', { status: 'offline' }), agent('talks', { work: 'in_call' }),
    agent('chat', { video: false }), agent('lost', { connected: false }),
  ]
  expect(assignable(agents, 'a').map((one) => one.agent)).toEqual(['idle', 'busy', 'out'])
})
