// The numbers of a simulated run are the catalogue's, and everything that must add up adds up.
import { describe, expect, it } from 'vitest'
import type { TwinlineEvent } from '#events/event.ts'
import { METRIC_IDS, metricsOf } from '#metrics/catalogue.ts'
import { measurementOf } from '#metrics/compile.ts'
import { evaluate } from '#metrics/evaluate.ts'
import { Fold } from '#metrics/fold.ts'
import { checkIdentities } from '#metrics/identities.ts'
import { checkQuery } from '#metrics/query.ts'
import { FactTable } from '#metrics/table.ts'
import { lines, Report, shown } from './report.ts'
import { seats } from './seats.ts'

const events: TwinlineEvent[] = []
const report = new Report('sim-report', '2026-01-05', '2026-01-06')
const world = seats({
  seed: 'report', run: 'sim-report', fromMs: Date.UTC(2026, 0, 5), hours: 24, agents: 5, perHour: 60, ahtMs: 300_000, wrapUpMs: 20_000, patienceMs: 120_000,
  sink: { take(now, command, stated) { events.push(...stated); report.take(now, command, stated) } },
})
world.run()
const numbers = report.numbers()

describe('the numbers of a simulated day', () => {
  it('are what can be counted by hand', () => {
    const of = <T extends TwinlineEvent['type']>(type: T): Extract<TwinlineEvent, { type: T }>[] => events.filter((e) => e.type === type) as Extract<TwinlineEvent, { type: T }>[]
    expect(numbers.requests).toBe(world.requests)
    expect(numbers.calls).toBe(of('call.connected').length)
    expect(numbers.abandons).toBe(of('request.closed').filter((e) => e.data.outcome.startsWith('abandoned')).length)
    const connected = new Map(of('call.connected').map((e) => [e.data.request, e.at]))
    expect(numbers.talk_time).toBe(of('call.ended').reduce((ms, e) => ms + e.at - connected.get(e.data.request)!, 0))
    expect(numbers['agent.offered_requests']).toBe(new Set(of('offer.created').map((e) => `${e.data.request} ${e.data.agent}`)).size)
    // Five seats from midnight to midnight.
    expect(numbers['agent.login_time']).toBe(5 * 86_400_000)
    expect(numbers.connect_rate).toBe(numbers.calls! / numbers.requests!)
  })
  it.each(['slots', 'agents'] as const)('keep every identity of the report by %s', async (kind) => {
    const fold = new Fold()
    for (const e of events) fold.apply(e)
    const table = new FactTable().take(fold.drain())
    const query = checkQuery({ run: 'sim-report', metrics: metricsOf(kind), dimensions: [], filters: {}, from: '2026-01-05', to: '2026-01-06', tz: 'Asia/Shanghai', slotMinutes: 30, thresholdMs: 10_000 })
    expect(await checkIdentities(kind, query, (m) => evaluate(m, table.rowsOf))).toEqual([])
  })
  it('are the same added up as rows become final, or from all rows at the end', () => {
    const fold = new Fold()
    for (const e of events) fold.apply(e)
    const query = checkQuery({ run: 'sim-report', metrics: METRIC_IDS, dimensions: [], filters: {}, from: '2026-01-05', to: '2026-01-06', tz: 'UTC', slotMinutes: 60, thresholdMs: 10_000 })
    expect(evaluate(measurementOf(query), new FactTable().take(fold.drain()).rowsOf)[0]).toEqual(numbers)
  })
  it('read well', () => {
    expect([shown(null, 'ms'), shown(0.1234, 'ratio'), shown(1234, 'count'), shown(1500, 'ms'), shown(7_200_000, 'ms')]).toEqual(['–', '12.3 %', '1,234', '1.5 s', '2.0 h'])
    expect(lines(numbers)).toMatch(/^requests +1,\d{3} {2}Requests 视频请求量\n/)
  })
})
