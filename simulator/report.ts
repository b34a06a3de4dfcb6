// The numbers of a simulated run: every event folded by the catalogue's own fold, the same as for live days.
import type { Command } from '#core/command.ts'
import type { TwinlineEvent } from '#events/event.ts'
import { METRIC_IDS, METRICS, type Metric, type MetricId } from '#metrics/catalogue.ts'
import { measurementOf } from '#metrics/compile.ts'
import { evaluate } from '#metrics/evaluate.ts'
import { Fold } from '#metrics/fold.ts'
import { checkQuery, DEFAULT_THRESHOLD_MS, type CheckedQuery } from '#metrics/query.ts'
import { rowsOfOneDrain } from '#metrics/table.ts'
import type { Sink } from './world.ts'

export type Numbers = Record<MetricId, number | null>

/** Takes a run and answers with every metric of the catalogue over its days. */
export class Report implements Sink {
  readonly #fold = new Fold()

  take(_now: number, _command: Command, events: readonly TwinlineEvent[]): void {
    for (const e of events) this.#fold.apply(e)
  }

  /** Every metric over the local days [from, to) (`YYYY-MM-DD`, UTC); unknown ones (nothing to divide by) are null. */
  numbers(run: string, from: string, to: string): Numbers {
    const query: CheckedQuery = checkQuery({ run, metrics: METRIC_IDS, dimensions: [], filters: {}, from, to, tz: 'UTC', slotMinutes: 60, thresholdMs: DEFAULT_THRESHOLD_MS })
    return evaluate(measurementOf(query), rowsOfOneDrain(this.#fold.drain()))[0] as Numbers
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
