// `npm run -s bench -- NAME [--json]`: measures of speed. Each measure runs in fresh processes, its median counts.
import { spawnSync } from 'node:child_process'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

/** Bench → what it measures, the module that exports `measures`, and how many fresh processes each measure gets. */
const BENCHES: Record<string, { about: string; module: string; rounds: number; measures: Record<string, string> }> = {
  core: {
    about: 'the core, the fold of its log, and a simulated day with its metrics, on one thread', module: './core.ts', rounds: 5,
    measures: {
      core_commands_per_s: 'commands of realistic calls through the core, all events built',
      fold_events_per_s: 'events of the same calls folded into state',
      sim_calls_per_s: 'calls simulated at 100 agents, all events folded to metrics',
    },
  },
}

const usage = (): never => {
  process.stderr.write(`usage: npm run -s bench -- NAME [--json]\n${Object.entries(BENCHES).map(([name, { about }]) => `  ${name}: ${about}\n`).join('')}`)
  process.exit(2)
}

const args = ((): { name: string; json: boolean } => {
  try {
    const { values, positionals } = parseArgs({ options: { json: { type: 'boolean', default: false } }, allowPositionals: true })
    return positionals.length === 1 && Object.hasOwn(BENCHES, positionals[0]!) ? { name: positionals[0]!, json: values.json } : usage()
  } catch { return usage() }
})()

const bench = BENCHES[args.name]!
process.stderr.write(`bench ${args.name}: ${bench.about}\nnode ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, median of ${bench.rounds} processes each\n`)
const result: Record<string, number | string> = {}
for (const [measure, about] of Object.entries(bench.measures)) {
  const rounds = Array.from({ length: bench.rounds }, () => round(bench.module, measure)).sort((a, b) => a - b)
  const median = rounds[rounds.length >> 1]!
  result[measure] = Math.round(median)
  process.stderr.write(`${measure.padEnd(24)} ${figure(median)}  (${figure(rounds[0]!)} to ${figure(rounds.at(-1)!)})  ${about}\n`)
}
process.stdout.write(args.json ? JSON.stringify({ ...result, node: process.version, cpu: cpus()[0]?.model ?? '' }) + '\n' : '')

/** One measure in a process of its own. */
function round(module: string, measure: string): number {
  const code = `const { measures } = await import(${JSON.stringify(new URL(module, import.meta.url).href)}); process.stdout.write(String(await measures[${JSON.stringify(measure)}]()))`
  const child = spawnSync(process.execPath, ['--input-type=module', '--eval', code], { cwd: fileURLToPath(new URL('../..', import.meta.url)), encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
  const value = Number(child.stdout)
  if (child.status !== 0 || !Number.isFinite(value)) throw new Error(`the measure ${measure} failed`)
  return value
}

function figure(x: number): string { return x.toLocaleString('en-US', { maximumFractionDigits: 0 }).padStart(10) }
