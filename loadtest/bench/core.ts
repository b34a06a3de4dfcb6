// Measures of the core: commands decided, events folded, calls simulated, each per second on one thread.
import { Acd } from '#core/acd.ts'
import type { Input } from '#core/command.ts'
import type { TwinlineEvent } from '#events/event.ts'
import { Report } from '#sim/report.ts'
import { seats } from '#sim/seats.ts'
import { World, type Sink } from '#sim/world.ts'

const world = (hours: number, sink: Sink): World =>
  seats({ seed: '7', run: 'sim-bench', fromMs: Date.UTC(2026, 0, 5), hours, agents: 100, perHour: 1000, ahtMs: 300_000, wrapUpMs: 20_000, patienceMs: 120_000, sink })

/** The inputs of a recorded stretch of calls. */
function inputs(hours: number): Input[] {
  const all: Input[] = []
  world(hours, { take(now, command) { all.push({ now, command }) } }).run()
  return all
}

/** Its events. */
function events(hours: number): TwinlineEvent[] {
  const all: TwinlineEvent[] = []
  world(hours, { take(_now, _command, stated) { for (const e of stated) all.push(e) } }).run()
  return all
}

/**
 * Runs `once` for two seconds until the compiler is done, then for at least two more, and returns how many of `count` things it did in a second of
 * the thread's processor time: what a wall clock shows on a machine that does nothing else, and nearly so on one that does.
 */
function perSecond(count: number, once: () => void): number {
  const run = (ms: number): number => {
    const start = performance.now()
    const before = process.threadCpuUsage()
    let times = 0
    do { once(); times++ } while (performance.now() - start < ms)
    const { user, system } = process.threadCpuUsage(before)
    return (times * count * 1e6) / (user + system)
  }
  run(2000)
  return run(2000)
}

export const measures = {
  core_commands_per_s(): number {
    const recorded = inputs(6)
    return perSecond(recorded.length, () => {
      const acd = new Acd('sim-bench')
      for (const { now, command } of recorded) acd.apply(now, command)
    })
  },

  fold_events_per_s(): number {
    const recorded = events(6)
    return perSecond(recorded.length, () => { new Acd('sim-bench').fold(recorded) })
  },

  sim_calls_per_s(): number {
    let calls = 0
    const once = (): void => {
      const report = new Report('sim-bench', '2026-01-05', '2026-01-06')
      const w = world(24, report)
      w.run()
      if (report.numbers().requests !== w.requests) throw new Error('the report lost requests')
      calls = w.requests
    }
    once()
    return perSecond(calls, once)
  },
}
