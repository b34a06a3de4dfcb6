// The command line: what is left out, what is refused, and in which language.
import { describe, expect, it } from 'vitest'
import { langOf, readArguments, type Asked } from './arguments.ts'
import type { QueryError } from '#metrics/errors.ts'

const NOW = Date.UTC(2026, 9, 31, 18)
const read = (line: string): Asked => readArguments(line.split(' ').filter((w) => w !== ''), {}, NOW)
const report = (line: string): Asked & { what: 'report' } => read(line) as Asked & { what: 'report' }

describe('arguments', () => {
  it('mean today, here, the live run, 48 slots, where nothing else is said', () => {
    const { query, ...rest } = report('slots --tz Asia/Shanghai')
    expect(rest).toEqual({ what: 'report', report: 'slots', run: null, log: null, form: 'table', lang: 'en' })
    expect(query).toMatchObject({ from: '2026-11-01', to: '2026-11-02', tz: 'Asia/Shanghai', slotMinutes: 30, thresholdMs: 10_000, dimensions: ['slot'], filters: {} })
    expect(report('slots --tz UTC').query.from).toBe('2026-10-31')
    expect(read('')).toEqual({ what: 'help' })
    expect(read('slots --help')).toEqual({ what: 'help' })
  })
  it('choose days, slots, filters and form', () => {
    const { query, form, run, lang } = report('slots --from 2026-11-01 --to 2026-11-04 --slots 96 --tz UTC --by-day --group a --group b --channel web --access w --session-type outbound --threshold-ms 20000 --run sim-1 --json --lang zh')
    expect(query).toMatchObject({ to: '2026-11-04', slotMinutes: 15, dimensions: ['day', 'slot'], thresholdMs: 20_000, filters: { group: ['a', 'b'], channel: ['web'], access: ['w'], session_type: ['outbound'] } })
    expect([form, run, lang]).toEqual(['json', 'sim-1', 'zh'])
    expect(report('agents --agent a1 --csv --tz UTC')).toMatchObject({ report: 'agents', form: 'csv', query: { dimensions: ['agent'], filters: { agent: ['a1'] } } })
    expect(report('queues --group sales --tz UTC')).toMatchObject({ report: 'queues', query: { dimensions: ['group'], filters: { group: ['sales'] } } })
    expect(read('export --log a --out b')).toEqual({ what: 'export', log: 'a', out: 'b', run: null })
  })
  it('are refused with a code', () => {
    const cases: [string, string][] = [
      ['sluts', 'bad_argument'], ['slots agents', 'bad_argument'], ['slots --bogus', 'bad_argument'], ['slots --json --csv', 'bad_argument'], ['slots --lang fr', 'bad_argument'],
      ['slots --slots 47', 'bad_slot'], ['slots --slots 0', 'bad_slot'], ['slots --slots x', 'bad_slot'], ['slots --slots 144', 'bad_slot'], ['agents --slots 24', 'bad_argument'], ['queues --by-day', 'bad_argument'], ['queues --agent a1', 'bad_filter'],
      ['slots --from 1.11.2026', 'bad_range'], ['slots --from 2026-11-02 --to 2026-11-01', 'bad_range'], ['slots --tz Bejing', 'bad_zone'], ['slots --agent a1', 'bad_filter'],
      ['slots --session-type incoming', 'bad_argument'], ['slots --threshold-ms ten', 'bad_threshold'], ['export --log a', 'bad_argument'], ['slots --out x', 'bad_argument'],
      ['slots --run ../x', 'bad_run'],
    ]
    for (const [line, code] of cases) {
      let refusal: QueryError | null = null
      try { read(line) } catch (e) { refusal = e as QueryError }
      expect(refusal?.code, line).toBe(code)
      expect(refusal!.en.split('\n')).toHaveLength(1)
      expect(refusal!.zh).not.toBe('')
    }
  })
  it('speak the terminal’s language', () => {
    expect(langOf([], { LANG: 'zh_CN.UTF-8' })).toBe('zh')
    expect(langOf([], { LANG: 'zh_CN.UTF-8', LC_ALL: 'C' })).toBe('en')
    expect(langOf(['--lang', 'zh'], { LANG: 'C' })).toBe('zh')
    expect(langOf(['--lang=en'], { LANG: 'zh_CN' })).toBe('en')
  })
})
