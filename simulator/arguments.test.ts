// Words of the command line: units, defaults, and a sentence for each that is not right.
import { describe, expect, it } from 'vitest'
import { ArgumentError, nameOf, read, type RunArguments } from './arguments.ts'

const runOf = (words: string): RunArguments => (read(words.split(' ').filter((w) => w !== '')) as { run: RunArguments }).run

describe('good words', () => {
  it('have defaults', () => {
    expect(read([])).toEqual({
      what: 'run', out: null, json: false,
      run: { seed: '7', agents: 20, perHour: 210, ahtMs: 300_000, wrapUpMs: 20_000, patienceMs: 120_000, days: 1, from: '2026-01-05' },
    })
  })
  it('have units', () => {
    expect(runOf('--rate 120/h --aht 5min --wrapup 500ms --patience 2h')).toMatchObject({ perHour: 120, ahtMs: 300_000, wrapUpMs: 500, patienceMs: 7_200_000 })
    expect(runOf('--rate 0.5/s').perHour).toBe(1800)
  })
  it('name the run by what it is, not by how it was written', () => {
    expect(nameOf(runOf('--rate 3.5/min --aht 300s'))).toBe(nameOf(runOf('--aht 5min')))
    expect(nameOf(runOf('--seed 8'))).not.toBe(nameOf(runOf('')))
  })
  it('ask for a replay', () => {
    expect(read(['replay', '--log', 'live', '--json'])).toEqual({ what: 'replay', log: 'live', json: true })
  })
  it('ask what another plan would have decided', () => {
    expect(read(['replay', '--log', 'live', '--plan', 'p.json'])).toEqual({ what: 'compare', log: 'live', plan: 'p.json', day: null, tz: 'UTC', json: false })
    expect(read('replay --log live --day 2026-11-03 --tz Asia/Shanghai --plan p.json --json'.split(' '))).toEqual({ what: 'compare', log: 'live', plan: 'p.json', day: '2026-11-03', tz: 'Asia/Shanghai', json: true })
  })
})

describe('bad words', () => {
  const cases: [words: string, sentence: RegExp][] = [
    ['--rate fast', /^--rate must be a rate such as 3\.5\/min or 120\/h, above 0 and up to 100000\/h, not "fast"$/],
    ['--rate 0/h', /^--rate must/],
    ['--rate 2000/s', /^--rate must/],
    ['--agents 0', /^--agents must be a whole number from 1 to 10000, not "0"$/],
    ['--agents 2.5', /^--agents must/],
    ['--aht 300', /^--aht must be a duration such as 300s, 5min or 2h, from 1s to 12h, not "300"$/],
    ['--aht 10s', /^--wrapup 20s must be less than --aht 10s, of which it is a part$/],
    ['--patience 0s', /^--patience must be a duration/],
    ['--days 0', /^--days must/],
    ['--from 2026-02-30', /^--from must be a day such as 2026-01-05, not "2026-02-30"$/],
    ['--colour red', /^Unknown option '--colour'$/],
    ['--seed', /^Option '--seed <value>' argument missing$/],
    ['rerun', /^there is no command "rerun"$/],
    ['replay', /^replay needs --log with a file, a folder or "live"$/],
    ['replay --log x --agents 3', /^replay does not take --agents$/],
    ['replay --log x --out y', /^replay does not take --out$/],
    ['--log x', /^--log belongs to replay$/],
    ['--plan x', /^--plan belongs to replay$/],
    ['replay --log x --day 2026-01-05', /^--day needs --plan: a replay drives the whole log$/],
    ['replay --log x --tz UTC', /^--tz needs --plan: /],
    ['replay --log x --plan y --day 5.1.2026', /^--day must be a day such as 2026-01-05, not "5\.1\.2026"$/],
  ]
  it.each(cases)('%s', (words, sentence) => {
    expect(() => read(words.split(' '))).toThrow(ArgumentError)
    expect(() => read(words.split(' '))).toThrow(sentence)
  })
})
