// A report as people read it in a terminal, where a Chinese character is two columns wide, and as CSV.
import { metricsOf, METRICS, nameOf, type Metric } from '#metrics/catalogue.ts'
import { DIMENSIONS, type Filter } from '#metrics/dimensions.ts'
import type { Lang } from './arguments.ts'
import type { Report, ReportRow } from './report.ts'

/** The widest a heading may be before it is broken into lines. */
const HEADING = 9

const WIDE = /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u
/** Columns a text takes in a terminal. */
export const width = (text: string): number => [...text].reduce((n, c) => n + (WIDE.test(c) ? 2 : 1), 0)
const left = (text: string, columns: number): string => text + ' '.repeat(Math.max(0, columns - width(text)))
const right = (text: string, columns: number): string => ' '.repeat(Math.max(0, columns - width(text))) + text

/** A value as people read it: durations as m:ss.t or h:mm:ss, shares in percent, all rounded half up; what does not exist is –. */
export function shown(value: ReportRow[string] | undefined, unit: Metric['unit']): string {
  if (typeof value !== 'number') return '–'
  if (unit === 'ratio') return `${(Math.round(value * 1000) / 10).toFixed(1)}%`
  if (unit === 'count') return String(value)
  const tenths = Math.round(value / 100)
  if (tenths < 36_000) return `${Math.floor(tenths / 600)}:${(tenths % 600 / 10).toFixed(1).padStart(4, '0')}`
  const seconds = Math.round(value / 1000)
  return `${Math.floor(seconds / 3600)}:${String(Math.floor(seconds / 60) % 60).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`
}

/** A heading in lines of at most HEADING columns: at blanks, and between Chinese characters. */
export function broken(heading: string): string[] {
  const lines: string[] = []
  for (const word of heading.match(/[\u2e80-\uffef]|[^\s\u2e80-\uffef]+/gu) ?? []) {
    const last = lines.at(-1)
    const joined = last === undefined ? word : WIDE.test(word) || WIDE.test(last.at(-1)!) ? last + word : `${last} ${word}`
    if (last !== undefined && width(joined) <= HEADING) lines[lines.length - 1] = joined
    else lines.push(word)
  }
  return lines
}

const WORDS = {
  zh: { slot: '时段', day: '日期', agent: '坐席', group: '技能组', total: '合计', asOf: '数据截至', basis: '口径：按请求所在时段', basisOfQueues: '口径：按进入排队的时刻', provisional: '* 尚未定：仍有请求未结束', hold: '恒等式成立', fail: '恒等式不成立', unaffected: '不受此筛选影响', empty: '此范围内没有数据' },
  en: { slot: 'Slot', day: 'Day', agent: 'Agent', group: 'Queue', total: 'Total', asOf: 'data as of', basis: 'basis: slot of the request', basisOfQueues: 'basis: entry into the queue', provisional: '* provisional: some requests are not over', hold: 'identities hold', fail: 'identities do not hold', unaffected: 'unaffected by the filter', empty: 'Nothing happened in this range' },
}

/** What the rows of a report stand for. */
const HEADS = { slots: 'slot', agents: 'agent', queues: 'group' } as const

/** The report as a table, with what must be said beside it. */
export function table(r: Report, lang: Lang): string {
  const words = WORDS[lang]
  const metrics = metricsOf(r.report)
  const head: [string[], ...string[][]] = [[words[HEADS[r.report]]], ...metrics.map((m) => broken(METRICS[m][lang]))]
  const line = (label: string, row: ReportRow): string[] => [label + (row['provisional'] ? ' *' : ''), ...metrics.map((m) => shown(row[nameOf(m)], METRICS[m].unit))]
  const body = [...r.rows.map((row) => line(labelOf(row), row)), line(words.total, r.total)]
  const tall = Math.max(...head.map((h) => h.length))
  const headLines = Array.from({ length: tall }, (_, i) => head.map((h) => h[i - tall + h.length] ?? ''))
  const widths = head.map((h, c) => Math.max(...h.map(width), ...body.map((b) => width(b[c]!))))
  const print = (cells: string[]): string => cells.map((text, c) => (c === 0 ? left(text, widths[0]!) : right(text, widths[c]!))).join('  ').trimEnd()
  const rule = '─'.repeat(widths.reduce((a, b) => a + b, 0) + 2 * (widths.length - 1))
  return [
    `${r.run} · ${r.from} – ${r.to} · ${r.tz} · ${r.report === 'queues' ? words.basisOfQueues : words.basis}${Object.entries(r.filters).map(([f, v]) => ` · ${DIMENSIONS[f as Filter][lang]} ${v!.join(', ')}`).join('')}`, '',
    ...headLines.map(print), rule, ...body.slice(0, -1).map(print), ...(r.rows.length === 0 ? [words.empty] : []), rule, print(body.at(-1)!), '', ...notes(r, lang),
  ].join('\n')
}

function notes(r: Report, lang: Lang): string[] {
  const words = WORDS[lang]
  const { checked, failures } = r.identities
  const badge = failures.length === 0 ? `✓ ${words.hold} (${checked.join(', ')})` : `✗ ${words.fail}: ${failures.slice(0, 5).map((f) => `${f.identity} @ ${f.cell}`).join('; ')}`
  const unaffected = new Map<string, string[]>()
  for (const [metric, filters] of Object.entries(r.unaffected)) {
    const names = filters.map((f) => DIMENSIONS[f][lang]).join(', ')
    const id = metricsOf(r.report).find((m) => nameOf(m) === metric)!
    unaffected.set(names, [...(unaffected.get(names) ?? []), METRICS[id][lang]])
  }
  return [
    `${words.asOf} ${r.asOf.at} (seq ${r.asOf.seq}) · ${badge}`,
    ...(r.total['provisional'] ? [words.provisional] : []),
    ...[...unaffected].map(([names, metrics]) => `${words.unaffected} (${names}): ${metrics.join(', ')}`),
  ]
}

const labelOf = (row: ReportRow): string => ('slot' in row ? `${'day' in row ? `${row['day']} ` : ''}${row['slot']}` : String(row['label'] ?? row['group']))

/** The report as CSV: the raw values (ms, shares as fractions), empty where there is none; the last line is the total. */
export function csv(r: Report): string {
  const columns = r.rows[0] ? Object.keys(r.rows[0]) : [HEADS[r.report], ...Object.keys(r.total)]
  const total: ReportRow = { [columns[0]!]: 'total', ...r.total }
  const cell = (v: ReportRow[string] | undefined): string => (v === null || v === undefined ? '' : typeof v === 'string' && /[",\r\n]/.test(v) ? `"${v.replaceAll('"', '""')}"` : String(v))
  return [columns.join(','), ...[...r.rows, total].map((row) => columns.map((c) => cell(row[c])).join(','))].join('\n')
}
