// The numbers of a simulated run: every event folded by the catalogue's own fold, the same as for live days.
import type { Command } from '#core/command.ts'
import type { TwinlineEvent } from '#events/event.ts'
import { METRIC_IDS, METRICS, type Metric, type MetricId } from '#metrics/catalogue.ts'
import { measurementOf } from '#metrics/compile.ts'
import { Tally } from '#metrics/evaluate.ts'
import { Fold } from '#metrics/fold.ts'
import { checkQuery, DEFAULT_THRESHOLD_MS, type CheckedQuery } from '#metrics/query.ts'
import type { Sink } from './world.ts'

export type Numbers = Record<MetricId, number | null>

/** Takes a run and answers with every metric of the catalogue over the local days [from, to) (`YYYY-MM-DD`, UTC). */
export class Report implements Sink {
  readonly #tally: Tally
  /** Rows are added up the moment they are final, and none is kept: young garbage costs next to nothing. */
  readonly #fold = new Fold(undefined, (fact, row, gone) => { if (!gone) this.#tally.add(fact, row) })

  constructor(run: string, from: string, to: string) {
    const query: CheckedQuery = checkQuery({ run, metrics: METRIC_IDS, dimensions: [], filters: {}, from, to, tz: 'UTC', slotMinutes: 60, thresholdMs: DEFAULT_THRESHOLD_MS })
    this.#tally = new Tally(measurementOf(query))
  }

  take(_now: number, _command: Command, events: readonly TwinlineEvent[]): void {
    for (let i = 0; i < events.length; i++) this.#fold.apply(events[i]!)
  }

  /** Every metric, to be asked for once, at the end; unknown ones (nothing to divide by) are null. */
  numbers(): Numbers {
    this.#fold.putOpen()
    return this.#tally.cells()[0] as Numbers
  }
}

/** A number as people read it: durations in h, min and s, shares in percent, unknown as –. */
export function shown(value: number | null, unit: Metric['unit']): string {
  if (value === null) return '–'
  if (unit === 'ratio') return `${(value * 100).toFixed(1)} %`
  if (unit === 'count') return value.toLocaleString('en-US')
  return value < 600_000 ? `${(value / 1000).toFixed(1)} s` : `${(value / 3_600_000).toFixed(1)} h`
}

/** All numbers, one a line, under their names in both languages. */
export const lines = (numbers: Numbers): string =>
  METRIC_IDS.map((id) => `${id.padEnd(24)} ${shown(numbers[id], METRICS[id].unit).padStart(12)}  ${METRICS[id].en} ${METRICS[id].zh}\n`).join('')
