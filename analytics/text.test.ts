// What people read: columns that stand in line with Chinese headings too, durations, notes; and CSV.
import { describe, expect, it } from 'vitest'
import type { Report, ReportRow } from './report.ts'
import { metricsOf, nameOf, type ReportName } from '#metrics/catalogue.ts'
import { broken, csv, shown, table, width } from './text.ts'

describe('values', () => {
  it('are rounded half up, for display only', () => {
    expect([0, 49, 50, 9_949, 59_950, 3_599_949].map((ms) => shown(ms, 'ms'))).toEqual(['0:00.0', '0:00.0', '0:00.1', '0:09.9', '1:00.0', '59:59.9'])
    expect([3_599_950, 3_600_499, 86_399_500].map((ms) => shown(ms, 'ms'))).toEqual(['1:00:00', '1:00:00', '24:00:00'])
    expect([0, 1 / 3, 0.0005, 1].map((r) => shown(r, 'ratio'))).toEqual(['0.0%', '33.3%', '0.1%', '100.0%'])
    expect([shown(12, 'count'), shown(null, 'ms')]).toEqual(['12', '–'])
  })
  it('know their width in a terminal', () => {
    expect(['时段', 'Slot', '10秒', '平均…', 'a😀'].map(width)).toEqual([4, 4, 4, 5, 3])
  })
  it('have headings broken at blanks and between characters', () => {
    expect(broken('平均放弃等待时长')).toEqual(['平均放弃', '等待时长'])
    expect(broken('10秒以上应答量')).toEqual(['10秒以上', '应答量'])
    expect(broken('Longest wait before abandoning')).toEqual(['Longest', 'wait', 'before', 'abandoning'])
  })
})

const row = (name: ReportName, head: ReportRow, provisional: boolean): ReportRow => ({ ...head, ...Object.fromEntries(metricsOf(name).map((m, i) => [nameOf(m), i === 3 ? null : i])), provisional })
const slots: Report = {
  report: 'slots', run: 'live', from: '2026-11-01', to: '2026-11-02', tz: 'Asia/Shanghai', slots: 48, basis: 'cohort', filters: { group: ['sales'] },
  asOf: { seq: 9, at: '2026-11-01T10:00:00.000Z' }, metrics: [], unaffected: {}, identities: { checked: [1, 2, 3], failures: [] },
  rows: [row('slots', { slot: '09:00', until: '09:30' }, false), row('slots', { slot: '09:30', until: '10:00' }, true)], total: row('slots', {}, true),
}

describe('table', () => {
  it('stands in line in both languages', () => {
    for (const lang of ['zh', 'en'] as const) {
      const lines = table(slots, lang).split('\n')
      const rules = lines.flatMap((l, i) => (l.startsWith('─') ? [i] : []))
      // The last line of the headings, both rows, the total: all as wide as the rule.
      for (const i of [rules[0]! - 1, rules[0]! + 1, rules[0]! + 2, rules[1]! + 1]) expect(width(lines[i]!)).toBe(lines[rules[0]!]!.length)
    }
  })
  it('says what must be said beside the numbers', () => {
    const text = table(slots, 'zh')
    expect(text).toContain('技能组 sales')
    expect(text).toContain('09:30 *')
    expect(text).toContain('✓ 恒等式成立 (1, 2, 3)')
    expect(text).toContain('* 尚未定')
    const failed = table({ ...slots, total: row('slots', {}, false), identities: { checked: [1], failures: [{ identity: 1, cell: 'slot=09:00 channel=web', left: {}, right: {} }] } }, 'en')
    expect(failed).toContain('✗ identities do not hold: 1 @ slot=09:00 channel=web')
    expect(failed).not.toContain('provisional:')
    const agents: Report = { ...slots, report: 'agents', rows: [row('agents', { agent: 'a1', nickname: '小李', realName: '李四', label: '小李/李四' }, false)], total: row('agents', {}, false), unaffected: { login_time: ['channel'], workload: ['channel'] } }
    expect(table(agents, 'zh')).toContain('不受此筛选影响 (渠道): 登录时长, 工作负荷')
    expect(table(agents, 'zh')).toContain('小李/李四')
    expect(table({ ...agents, rows: [] }, 'en')).toContain('Nothing happened')
    const queues: Report = { ...slots, report: 'queues', rows: [row('queues', { group: 'sales' }, true)], total: row('queues', {}, true) }
    expect(table(queues, 'zh')).toContain('口径：按进入排队的时刻')
    expect(table(queues, 'en')).toMatch(/^sales \* +0 +1 +2 /m)
    expect(csv({ ...queues, rows: [] })).toMatch(/^group,entered,.*\ntotal,0,1,2,/)
  })
})

it('CSV has raw values, empty where there is none, and quotes what it must', () => {
  const text = csv({ ...slots, rows: [row('slots', { slot: 'a"b', until: 'x,y' }, false)] })
  const [head, first, total] = text.split('\n')
  expect(head).toMatch(/^slot,until,requests,calls,connect_rate,abandons,.*,provisional$/)
  expect(first).toMatch(/^"a""b","x,y",0,1,2,,4,/)
  expect(total).toMatch(/^total,,0,1,2,,4,.*,true$/)
})
