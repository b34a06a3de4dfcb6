// The command line of `npm run -s metrics`: words into a checked question, or a refusal in one sentence.
import { parseArgs } from 'node:util'
import { metricsOf, REPORTS, type ReportName } from '#metrics/catalogue.ts'
import type { Filter, Filters } from '#metrics/dimensions.ts'
import { QueryError } from '#metrics/errors.ts'
import { checkQuery, DEFAULT_THRESHOLD_MS, type CheckedQuery } from '#metrics/query.ts'
import { dimensionsOf } from './report.ts'

export const USAGE = `usage:
  npm run -s metrics -- slots   [--from 2026-11-01] [--to 2026-11-02] [--slots 48] [--tz Asia/Shanghai] [--by-day]
  npm run -s metrics -- agents  [--from 2026-11-01] [--to 2026-11-02] [--tz Asia/Shanghai]
  npm run -s metrics -- queues  [--from 2026-11-01] [--to 2026-11-02] [--tz Asia/Shanghai]
      which days: --from inclusive, --to exclusive, local to --tz (default: today, here)
      which log:  --run RUN (default live) of this installation, or --log FILE|DIR (JSON lines, or a lake with its manifest)
      filters, each any number of times: --group G  --channel C  --access A  --session-type inbound|outbound|callback  --agent A (agents only)
      --threshold-ms 10000 (of answered within / over …)   --json | --csv | --sql   --lang zh|en
  npm run -s metrics -- export  --log FILE|DIR --out DIR [--run RUN]     a lake of its own: Parquet with a manifest
  npm run -s metrics -- catalogue                                        every metric, its definition and formula, as Markdown
`

export type Lang = 'zh' | 'en'
export type Asked =
  | { what: 'help' }
  | { what: 'catalogue' }
  | { what: 'export'; log: string; out: string; run: string | null }
  | { what: 'report'; report: ReportName; query: Omit<CheckedQuery, 'run'>; run: string | null; log: string | null; form: 'table' | 'json' | 'csv' | 'sql'; lang: Lang }

const isReport = (word: string | undefined): word is ReportName => (REPORTS as readonly (string | undefined)[]).includes(word)
const bad = (zh: string, en: string): QueryError => new QueryError('bad_argument', zh, en)

/** The language that sentences and headings are in: asked for, else the terminal's. */
export function langOf(argv: readonly string[], env: Record<string, string | undefined>): Lang {
  const at = argv.findIndex((a) => a === '--lang' || a.startsWith('--lang='))
  const word = at < 0 ? (env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '') : argv[at]!.includes('=') ? argv[at]!.slice(7) : argv[at + 1] ?? ''
  return word.startsWith('zh') ? 'zh' : 'en'
}

/** Reads the command line; `now` is the instant by which "today" is meant. Throws QueryError. */
export function readArguments(argv: string[], env: Record<string, string | undefined>, now: number): Asked {
  const { values: v, positionals } = parsed(argv)
  const lang = langOf(argv, env)
  if (v.lang !== undefined && v.lang !== 'zh' && v.lang !== 'en') throw bad(`没有语言 ${v.lang}：请用 zh 或 en`, `There is no language ${v.lang}: zh or en`)
  const [what, ...rest] = positionals
  if (v.help || (what === undefined && argv.length === 0)) return { what: 'help' }
  if (rest.length > 0 || (!isReport(what) && what !== 'export' && what !== 'catalogue')) throw bad(`没有命令“${positionals.join(' ')}”：请用 slots、agents、queues、export 或 catalogue`, `There is no command "${positionals.join(' ')}": slots, agents, queues, export or catalogue`)
  if (what === 'catalogue') return { what }
  if (what === 'export') {
    if (!v.log || !v.out) throw bad('export 需要 --log 和 --out', 'export needs --log and --out')
    return { what, log: v.log, out: v.out, run: v.run ?? null }
  }
  if (v.out !== undefined) throw bad('--out 只用于 export', '--out belongs to export')
  if (what !== 'slots' && (v.slots !== undefined || v['by-day'])) throw bad('--slots 和 --by-day 只用于 slots', '--slots and --by-day belong to the report by time slot')
  const forms = (['json', 'csv', 'sql'] as const).filter((f) => v[f])
  if (forms.length > 1) throw bad('--json、--csv、--sql 只能选一个', 'Only one of --json, --csv and --sql')

  const tz = v.tz ?? Intl.DateTimeFormat().resolvedOptions().timeZone
  const from = v.from ?? today(tz, now)
  const filters = Object.fromEntries((['group', 'channel', 'access', 'session-type', 'agent'] as const).flatMap((f): [Filter, string[]][] => (v[f] ? [[f.replace('-', '_') as Filter, v[f]]] : []))) as Filters
  const { run: _, ...query } = checkQuery({
    run: v.run ?? 'live', metrics: metricsOf(what), dimensions: dimensionsOf(what, v['by-day'] ?? false), filters,
    from, to: v.to ?? dayAfter(from), tz, slotMinutes: slotMinutes(v.slots ?? '48'), thresholdMs: v['threshold-ms'] === undefined ? DEFAULT_THRESHOLD_MS : Number(v['threshold-ms'] || NaN),
  })
  for (const t of filters.session_type ?? []) if (!['inbound', 'outbound', 'callback'].includes(t)) throw bad(`没有会话类型 ${t}：inbound、outbound 或 callback`, `There is no session type ${t}: inbound, outbound or callback`)
  return { what: 'report', report: what, query, run: v.run ?? null, log: v.log ?? null, form: forms[0] ?? 'table', lang }
}

function parsed(argv: string[]) {
  const text = { type: 'string' } as const
  const texts = { type: 'string', multiple: true } as const
  const flag = { type: 'boolean' } as const
  try {
    return parseArgs({
      args: argv, allowPositionals: true,
      options: {
        from: text, to: text, slots: text, tz: text, run: text, log: text, out: text, lang: text, 'threshold-ms': text, 'by-day': flag, json: flag, csv: flag, sql: flag, help: flag,
        group: texts, channel: texts, access: texts, 'session-type': texts, agent: texts,
      },
    })
  } catch (e) {
    const sentence = (e as Error).message.split('. ')[0]!
    throw bad(`参数有误：${sentence}`, sentence)
  }
}

function slotMinutes(slots: string): number {
  const n = /^\d{1,2}$/.test(slots) ? Number(slots) : 0
  if (n === 0 || 1440 % n !== 0 || (1440 / n) % 15 !== 0) throw new QueryError('bad_slot', `--slots 须为 1 到 96 且每个时段为整刻钟的数，如 24、48、96，而不是 ${slots}`, `--slots must divide the day into whole quarter-hours, such as 24, 48 or 96, not ${slots}`)
  return 1440 / n
}

function today(tz: string, now: number): string {
  try {
    return new Intl.DateTimeFormat('en-CA', { timeZone: tz, year: 'numeric', month: '2-digit', day: '2-digit' }).format(now)
  } catch {
    throw new QueryError('bad_zone', `未知的时区：${tz}`, `Unknown time zone: ${tz}`)
  }
}

function dayAfter(day: string): string {
  const at = Date.parse(`${day}T00:00:00Z`)
  return Number.isNaN(at) ? day : new Date(at + 86_400_000).toISOString().slice(0, 10)
}
