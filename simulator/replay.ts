// Replay: a recorded run's inputs at their recorded instants through a fresh core must state the recorded facts, every field of each.
import { Acd } from '#core/acd.ts'
import type { Input } from '#core/command.ts'
import type { TwinlineEvent } from '#events/event.ts'
import { LogError, type Entry } from './log.ts'

export interface Replay {
  run: string
  inputs: number
  /** Events in the log. */
  events: number
  /** Those of them that the replay stated too, equal in every field. */
  identical: number
  /** Events that the replay states where the log goes on without them. */
  missing: number
  /** Share of identical ones among all that either has, in percent, never rounded up. */
  percent: number
  /** The first thing that differs, in words; null when nothing does. */
  difference: string | null
}

/**
 * Drives the inputs of a log through a fresh core and compares what it states with what was recorded, event by event.
 * Holds no more than one input's events in memory. `see` is given each event for as long as nothing differs. Throws LogError where the log does not begin a run or has no inputs.
 */
export async function replayLog(entries: AsyncIterable<Entry> | Iterable<Entry>, see?: (event: TwinlineEvent) => void): Promise<Replay> {
  let acd: Acd | null = null
  let stated: TwinlineEvent[] = []
  let next = 0
  /** Inputs before the first event, which names the run. */
  let early: Input[] = []
  const result: Replay = { run: '', inputs: 0, events: 0, identical: 0, missing: 0, percent: 0, difference: null }
  const differ = (sentence: string): void => { result.difference ??= sentence }

  const settle = (log: string): void => {
    if (next < stated.length) differ(`the replay states ${describe(stated[next]!)}, the log ${log}`)
    result.missing += Math.max(0, stated.length - next)
  }
  const drive = (core: Acd, { now, command }: Input): void => {
    settle('goes on with an input')
    const { events, refusal } = core.apply(now, command)
    stated = events
    next = 0
    if (refusal) differ(`the core refuses the recorded input ${command.cmd} (${command.type}) as ${refusal.code}`)
  }
  for await (const entry of entries) {
    if ('input' in entry) {
      result.inputs++
      if (acd) drive(acd, entry.input)
      else early.push(entry.input)
      continue
    }
    const { event } = entry
    if (!acd) {
      if (event.seq !== 1) throw new LogError(`the log begins at event ${event.seq}; a replay needs the run from its first event`)
      if (early.length === 0) throw new LogError('the log has no inputs before its first event; a replay needs them')
      acd = new Acd(event.run)
      result.run = event.run
      for (const input of early) drive(acd, input)
      early = []
    }
    result.events++
    const other = stated[next++]
    if (other === undefined) differ(`the log has ${describe(event)}, the replay states nothing more`)
    else {
      const where = difference(event, other, '')
      if (where === null) result.identical++
      else differ(event.type === other.type ? `${describe(event)}: ${where}` : `the log has ${describe(event)}, the replay states ${describe(other)}`)
    }
    if (result.difference === null) see?.(event)
  }
  if (result.events === 0) throw new LogError('the log has no events')
  settle('ends before it')
  result.percent = Math.floor((result.identical / (result.events + result.missing)) * 10_000) / 100
  return result
}

const describe = (e: TwinlineEvent): string => `event ${e.seq} (${e.type})`

/** Where two values of JSON differ, in words; null where they do not. The order of keys does not count: databases keep their own. */
function difference(recorded: unknown, replayed: unknown, path: string): string | null {
  if (Object.is(recorded, replayed)) return null
  if (typeof recorded !== 'object' || typeof replayed !== 'object' || recorded === null || replayed === null || Array.isArray(recorded) !== Array.isArray(replayed)) {
    return `${path} is ${JSON.stringify(recorded) ?? 'absent'} in the log and ${JSON.stringify(replayed) ?? 'absent'} in the replay`
  }
  const a = recorded as Record<string, unknown>, b = replayed as Record<string, unknown>
  for (const key in a) {
    const where = difference(a[key], b[key], path === '' ? key : `${path}.${key}`)
    if (where !== null) return where
  }
  for (const key in b) if (!Object.hasOwn(a, key)) return `${path === '' ? key : `${path}.${key}`} is absent in the log and ${JSON.stringify(b[key])} in the replay`
  return null
}
