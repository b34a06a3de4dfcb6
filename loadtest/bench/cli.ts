// `npm run -s bench -- NAME [--json]`: measures of speed. Each measure runs in fresh processes, its median counts.
import { spawnSync } from 'node:child_process'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

/** One run of a measure: from its module, in so many fresh processes; it gives one figure, or several by key. */
interface Measure { name: string; keys: Record<string, string>; rounds: number }
/** Bench → what it measures, the module that exports `measures`, the numbers it takes. */
interface Bench { about: string; module: string; options: Record<string, number>; measures: Measure[] }

const one = (key: string, about: string, rounds = 5): Measure => ({ name: key, keys: { [key]: about }, rounds })
const BENCHES: Record<string, Bench> = {
  core: {
    about: 'the core, the fold of its log, and a simulated day with its metrics, on one thread', module: './core.ts', options: {},
    measures: [
      one('core_commands_per_s', 'commands of realistic calls through the core, all events built'),
      one('fold_events_per_s', 'events of the same calls folded into state'),
      one('sim_calls_per_s', 'calls simulated at 100 agents, all events folded to metrics'),
    ],
  },
  dispatch: {
    about: 'decisions of the dispatcher with every rule in use, on one thread', module: './dispatch.ts', options: { agents: 10_000, queued: 100_000, groups: 200 },
    measures: [
      { name: 'decisions', rounds: 3, keys: { decisions_per_s: 'commands that offered a call, their events built', p50_us: 'microseconds each, median', p99_us: 'microseconds each, 99th percentile' } },
      one('scaling', 'times as long with ten times the queue', 1),
    ],
  },
  engine: {
    about: 'from the visitor’s request frame to the ring frame at the agent: sockets, core, Postgres commit, on this machine', module: './engine.ts', options: { agents: 1000 },
    measures: [{
      name: 'ring', rounds: 1, keys: {
        ring_p50_ms: 'ms from request to ring at 50 requests/s, median', ring_p99_ms: 'the same, 99th percentile', max_requests_per_s: 'requests/s before the 99th percentile passes 100 ms',
      },
    }],
  },
}

const usage = (): never => {
  const flags = (b: Bench): string => Object.entries(b.options).map(([name, value]) => ` [--${name} ${value}]`).join('')
  process.stderr.write(`usage: npm run -s bench -- NAME [--json]\n${Object.entries(BENCHES).map(([name, b]) => `  ${name}${flags(b)}: ${b.about}\n`).join('')}`)
  process.exit(2)
}

const args = ((): { name: string; bench: Bench; json: boolean; options: Record<string, number> } => {
  try {
    const names = [...new Set(Object.values(BENCHES).flatMap((b) => Object.keys(b.options)))]
    const { values, positionals } = parseArgs({
      options: { json: { type: 'boolean', default: false }, ...Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])) }, allowPositionals: true,
    })
    const [name = ''] = positionals
    const bench = Object.hasOwn(BENCHES, name) && positionals.length === 1 ? BENCHES[name]! : usage()
    const { json, ...given } = values as { json: boolean } & Record<string, string>
    const options = { ...bench.options }
    for (const [key, text] of Object.entries(given)) {
      if (!Object.hasOwn(options, key) || !/^[1-9]\d{0,8}$/.test(text)) usage()
      options[key] = Number(text)
    }
    return { name, bench, json, options }
  } catch { return usage() }
})()

const { bench, options } = args
process.stderr.write(`bench ${args.name}: ${bench.about}\nnode ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, medians of fresh processes\n`)
const result: Record<string, number | string> = {}
for (const { name, keys, rounds } of bench.measures) {
  const runs = Array.from({ length: rounds }, () => round(bench.module, name))
  for (const [key, about] of Object.entries(keys)) {
    const found = runs.map((r) => r[key]!).sort((a, b) => a - b)
    const median = found[found.length >> 1]!
    result[key] = median >= 1000 ? Math.round(median) : Number(median.toPrecision(4))
    process.stderr.write(`${key.padEnd(24)} ${figure(median)}  (${figure(found[0]!).trim()} to ${figure(found.at(-1)!).trim()} in ${rounds})  ${about}\n`)
  }
}
process.stdout.write(args.json ? JSON.stringify({ ...result, ...options, node: process.version, cpu: cpus()[0]?.model ?? '' }) + '\n' : '')

/** One measure in a process of its own: its figures by key. */
function round(module: string, measure: string): Record<string, number> {
  const code = `const { measures } = await import(${JSON.stringify(new URL(module, import.meta.url).href)})
    const found = await measures[${JSON.stringify(measure)}](${JSON.stringify(options)})
    process.stdout.write(JSON.stringify(typeof found === 'number' ? { ${JSON.stringify(measure)}: found } : found))`
  const child = spawnSync(process.execPath, ['--max-old-space-size=4096', '--input-type=module', '--eval', code], { cwd: fileURLToPath(new URL('../..', import.meta.url)), encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
  if (child.status !== 0) throw new Error(`the measure ${measure} failed`)
  return JSON.parse(child.stdout) as Record<string, number>
}

function figure(x: number): string { return x.toLocaleString('en-US', { maximumFractionDigits: x < 100 ? 2 : 0 }).padStart(10) }
