// The fold is a pure function of the log: whatever the cadence, through a carry too; and it knows what the core knows.
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Acd } from '#core/acd.ts'
import type { TwinlineEvent } from '#events/event.ts'
import { randomDay } from '../../fixtures/random-day.ts'
import { columnsOf, FACT_NAMES, FACTS, keyOf, type FactName, type Row } from './facts.ts'
import { Fold, FOLD_VERSION } from './fold.ts'
import { QUARTER_MS, quarterOf } from './quarter.ts'
import { FactTable } from './table.ts'

const START = Date.UTC(2026, 9, 24, 21, 40)
const day = fc.integer({ min: 0, max: 2 ** 31 }).map((seed) => randomDay(seed, 150, START))

const rowsOf = (table: FactTable): Record<string, Record<string, Row>> =>
  Object.fromEntries(FACT_NAMES.map((f) => [f, Object.fromEntries([...table.rowsOf(f)].map((r) => [keyOf(f, r), r]))]))
const foldAll = (events: TwinlineEvent[]): FactTable => {
  const fold = new Fold()
  for (const e of events) fold.apply(e)
  return new FactTable().take(fold.drain())
}

/** Who was in the room of a connected call as an agent, told from the log in another way. */
function partsIn(events: TwinlineEvent[]): Set<string> {
  const rooms = new Map<string, Set<string>>()
  const connected = new Set<string>()
  const parts = new Set<string>()
  for (const e of events) {
    if (e.type !== 'call.connected' && !((e.type === 'participant.joined' || e.type === 'participant.left') && e.data.role === 'agent')) continue
    const { request } = e.data
    const room = rooms.get(request) ?? new Set()
    rooms.set(request, room)
    if (e.type === 'participant.joined') room.add(e.data.participant)
    if (e.type === 'participant.left') room.delete(e.data.participant)
    if (e.type === 'call.connected') connected.add(request)
    if (connected.has(request)) for (const agent of room) parts.add(`${request} ${agent}`)
  }
  return parts
}

describe('fold', () => {
  it('gives the same rows whenever it is drained and wherever it is set down and taken up again', () => {
    fc.assert(fc.property(day, fc.infiniteStream(fc.integer({ min: 1, max: 60 })), (events, steps) => {
      const table = new FactTable()
      let fold = new Fold()
      let next = steps.next().value!
      for (const e of events) {
        fold.apply(e)
        if (--next > 0) continue
        next = steps.next().value!
        table.take(fold.drain())
        fold = new Fold(JSON.parse(JSON.stringify(fold.carry())))
      }
      table.take(fold.drain())
      expect(rowsOf(table)).toEqual(rowsOf(foldAll(events)))
    }), { numRuns: 60 })
  })

  it('puts a final row once and never changes it: added up as they come they are all rows', () => {
    fc.assert(fc.property(day, (events) => {
      const seen: Record<string, Record<string, Row>> = Object.fromEntries(FACT_NAMES.map((f) => [f, {}]))
      const fold = new Fold(undefined, (fact, row, gone) => {
        if (gone) return
        expect(seen[fact]).not.toHaveProperty([keyOf(fact, row)])
        seen[fact]![keyOf(fact, row)] = structuredClone(row)
      })
      for (const e of events) fold.apply(e)
      fold.putOpen()
      expect(seen).toEqual(rowsOf(foldAll(events)))
    }), { numRuns: 60 })
  })

  it('knows of every agent what the core knows: status, work and request', () => {
    fc.assert(fc.property(day, (events) => {
      const acd = new Acd('random')
      const fold = new Fold()
      let cmd = ''
      for (const e of events) {
        // Within one command the two may pass through other states; between commands they agree.
        if (e.cmd !== cmd && cmd !== '') {
          const desks = fold.carry().desks.map(({ agent, status, work, request }) => ({ agent, status, work, request: work === 'none' ? null : request }))
          const known = [...acd.state.agents.values()].filter((a) => a.session !== null).map((a) => ({ agent: a.id, status: a.status, work: a.work, request: a.request }))
          const byAgent = (a: { agent: string }, b: { agent: string }): number => (a.agent < b.agent ? -1 : 1)
          expect(desks.sort(byAgent)).toEqual(known.sort(byAgent))
        }
        cmd = e.cmd
        acd.fold([e])
        fold.apply(e)
      }
    }), { numRuns: 15 })
  })

  it('tiles every login with statuses and work, each row within one quarter-hour', () => {
    fc.assert(fc.property(day, (events) => {
      const table = foldAll(events)
      const spans = (fact: 'agent_time' | 'logins', agent: string): number[][] => {
        const rows = [...table.rowsOf(fact)].filter((r) => r.agent === agent).sort((a, b) => a.at_ms! - b.at_ms!)
        const merged: number[][] = []
        for (const r of rows) {
          expect(r.ms).toBeGreaterThan(0)
          expect(quarterOf(r.at_ms!)).toBe(r.b15)
          expect(r.at_ms! + r.ms!).toBeLessThanOrEqual((r.b15! + 1) * QUARTER_MS)
          const last = merged.at(-1)
          expect(last === undefined || last[1]! <= r.at_ms!).toBe(true)
          if (last && last[1] === r.at_ms) last[1] = r.at_ms! + r.ms!
          else merged.push([r.at_ms!, r.at_ms! + r.ms!])
        }
        return merged
      }
      for (const agent of ['a1', 'a2', 'a3', 'a4']) expect(spans('agent_time', agent)).toEqual(spans('logins', agent))
    }), { numRuns: 40 })
  })

  it('refuses a log with a gap', () => {
    const [first, , third] = randomDay(1, 3, START)
    const fold = new Fold()
    fold.apply(first!)
    expect(() => fold.apply(third!)).toThrow('the log has a gap')
  })

  it('never forgets a fact: every request, offer and connected call of the log has its row', () => {
    fc.assert(fc.property(day, (events) => {
      const table = foldAll(events)
      const count = (fact: FactName): number => [...table.rowsOf(fact)].length
      const of = (type: string): number => events.filter((e) => e.type === type).length
      expect(count('requests')).toBe(of('request.created'))
      expect(count('offers')).toBe(of('offer.created'))
      expect(count('segments')).toBe(of('queue.entered'))
      expect(count('parts')).toBe(partsIn(events).size)
      expect([...table.rowsOf('requests')].filter((r) => r.talk_ms !== null).length).toBe(of('call.ended'))
      expect(count('status_sets')).toBeLessThanOrEqual(of('agent.statusSet'))
    }), { numRuns: 40 })
  })
})

it('has a version of its own for every shape of its rows: where this fails, raise FOLD_VERSION and write both down here', () => {
  const shape = createHash('sha256').update(JSON.stringify(FACT_NAMES.map((f) => [f, FACTS[f].key, columnsOf(f)]))).digest('hex')
  expect([FOLD_VERSION, shape.slice(0, 16)]).toEqual([2, '799ff757f0a45ef9'])
})
