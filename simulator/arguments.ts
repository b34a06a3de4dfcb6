// Words of the command line into numbers, each with its bounds; what does not fit is refused with a sentence.
import { createHash } from 'node:crypto'
import { parseArgs } from 'node:util'

/** An argument that is not right; code `bad_argument`. */
export class ArgumentError extends Error {
  readonly code = 'bad_argument'
}

export const USAGE = `usage:
  npm run -s sim -- [--seed 7] [--agents 20] [--rate 3.5/min] [--aht 300s] [--wrapup 20s] [--patience 120s]
                    [--days 1] [--from 2026-01-05] [--out DIR] [--json]
  npm run -s sim -- replay --log FILE|DIR|live [--json]
  npm run -s sim -- replay --log FILE|DIR|live --plan FILE [--day 2026-01-05] [--tz UTC] [--json]
`

/** What a simulated run is, all of it: the same values give the same bytes. */
export interface RunArguments { seed: string; agents: number; perHour: number; ahtMs: number; wrapUpMs: number; patienceMs: number; days: number; from: string }

const SECOND = 1000, HOUR = 3_600_000, DAY = 86_400_000
const UNIT_MS: Record<string, number> = { ms: 1, s: SECOND, min: 60 * SECOND, h: HOUR }

/** A duration such as `300s`, `5min`, `2h`, in whole ms. */
function duration(name: string, text: string, leastMs: number, mostMs: number): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|min|h)$/.exec(text) ?? []
  const ms = number === undefined ? NaN : Math.round(Number(number) * UNIT_MS[unit!]!)
  if (!(ms >= leastMs && ms <= mostMs)) throw new ArgumentError(`--${name} must be a duration such as 300s, 5min or 2h, from ${leastMs / SECOND}s to ${mostMs / HOUR}h, not "${text}"`)
  return ms
}

/** A rate such as `3.5/min`, `120/h`, in visitors per hour. */
function rate(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\/(s|min|h)$/.exec(text) ?? []
  const perHour = number === undefined ? NaN : (Number(number) * HOUR) / UNIT_MS[unit!]!
  if (!(perHour > 0 && perHour <= 100_000)) throw new ArgumentError(`--rate must be a rate such as 3.5/min or 120/h, above 0 and up to 100000/h, not "${text}"`)
  return perHour
}

function whole(name: string, text: string, most: number): number {
  const n = /^\d{1,9}$/.test(text) ? Number(text) : NaN
  if (!(n >= 1 && n <= most)) throw new ArgumentError(`--${name} must be a whole number from 1 to ${most}, not "${text}"`)
  return n
}

function date(name: string, text: string): string {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN
  if (Number.isNaN(at) || dayOf(at) !== text || at < 0) throw new ArgumentError(`--${name} must be a day such as 2026-01-05, not "${text}"`)
  return text
}

export const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10)
/** UTC ms at which a day begins. */
export const startOf = (day: string): number => Date.parse(`${day}T00:00:00Z`)
/** The day `days` later. */
export const daysLater = (day: string, days: number): string => dayOf(startOf(day) + days * DAY)

export type Asked =
  | { what: 'help' }
  | { what: 'run'; run: RunArguments; out: string | null; json: boolean }
  | { what: 'replay'; log: string; json: boolean }
  | { what: 'compare'; log: string; plan: string; day: string | null; tz: string; json: boolean }

/** Reads the command line. Throws ArgumentError. */
export function read(argv: string[]): Asked {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean', default: false } as const
  const parsed = attempt(() => parseArgs({
    args: argv, allowPositionals: true,
    options: { seed: text, agents: text, rate: text, aht: text, wrapup: text, patience: text, days: text, from: text, out: text, log: text, plan: text, day: text, tz: text, json: flag, help: flag },
  }))
  const { values: { json, help, log, out, plan, day, tz, ...values }, positionals } = parsed
  if (help) return { what: 'help' }
  if (positionals.length > 1 || (positionals.length === 1 && positionals[0] !== 'replay')) throw new ArgumentError(`there is no command "${positionals.join(' ')}"`)
  if (positionals[0] === 'replay') {
    const stray = [...Object.keys(values), ...(out === undefined ? [] : ['out'])]
    if (stray.length > 0) throw new ArgumentError(`replay does not take --${stray[0]}`)
    if (log === undefined || log === '') throw new ArgumentError('replay needs --log with a file, a folder or "live"')
    if (plan === undefined) {
      if (day !== undefined || tz !== undefined) throw new ArgumentError(`--${day === undefined ? 'tz' : 'day'} needs --plan: a replay drives the whole log`)
      return { what: 'replay', log, json }
    }
    if (plan === '') throw new ArgumentError('--plan needs a file')
    return { what: 'compare', log, plan, day: day === undefined ? null : date('day', day), tz: tz ?? 'UTC', json }
  }
  for (const [name, value] of Object.entries({ log, plan, day, tz })) if (value !== undefined) throw new ArgumentError(`--${name} belongs to replay`)
  if (out === '') throw new ArgumentError('--out needs a folder')
  const { seed = '7', agents = '20', rate: perHour = '3.5/min', aht = '300s', wrapup = '20s', patience = '120s', days = '1', from = '2026-01-05' } = values
  if (seed === '' || seed.length > 100) throw new ArgumentError('--seed must be a text of 1 to 100 characters')
  const run: RunArguments = {
    seed, agents: whole('agents', agents, 10_000), perHour: rate(perHour), ahtMs: duration('aht', aht, SECOND, 12 * HOUR), wrapUpMs: duration('wrapup', wrapup, 0, 12 * HOUR),
    patienceMs: duration('patience', patience, SECOND, 1000 * HOUR), days: whole('days', days, 3660), from: date('from', from),
  }
  if (run.wrapUpMs >= run.ahtMs) throw new ArgumentError(`--wrapup ${wrapup} must be less than --aht ${aht}, of which it is a part`)
  return { what: 'run', run, out: out ?? null, json }
}

function attempt<T>(parse: () => T): T {
  try { return parse() } catch (error) { throw new ArgumentError((error as Error).message.split('. ')[0]!) }
}

/** The name of the run: the same for the same arguments, another for others. */
export const nameOf = (run: RunArguments): string => `sim-${createHash('sha256').update(JSON.stringify(run)).digest('hex').slice(0, 12)}`
