// Keeps the lake close behind the log for as long as a process lives.
import { setTimeout as wait } from 'node:timers/promises'
import type { Exporter } from './exporter.ts'
import type { Garbage } from './garbage.ts'
import type { Watermark } from './manifest.ts'
import { dayOf } from './staging.ts'

/** How old the newest fact outside the lake may get, twice over: an export that takes longer is followed by a pause as long as itself. */
export const EXPORT_EVERY_MS = 5_000
/** Every export supersedes files of the last days; what else lies about is looked for less often. */
const COLLECT_EVERY_MS = 60_000
const SWEEP_EVERY_MS = 3_600_000
const LAST_DAYS_MS = 3 * 86_400_000

export interface KeepOptions {
  run: string
  exporter: Exporter
  garbage: Garbage
  /** Stops the keeping; what is in the log by then is still exported. */
  signal: AbortSignal
  /** Receives a sentence when something fails, and when it works again. */
  say: (line: string) => void
  everyMs?: number
}

/** Exports again and again until the signal. Failures are told once and tried again: the lake is behind then, never wrong. Resolves when the last export is done. */
export async function keepLake({ run, exporter, garbage, signal, say, everyMs = EXPORT_EVERY_MS }: KeepOptions): Promise<void> {
  let failing = ''
  let collectAt = 0
  let sweepAt = 0
  for (let last = false; ;) {
    last = signal.aborted
    const began = performance.now()
    try {
      const watermark: Watermark | null = await exporter.catchUp()
      if (watermark && began >= collectAt) {
        const sweep = began >= sweepAt
        await garbage.collect(run, began, sweep ? '' : dayOf(watermark.at - LAST_DAYS_MS))
        collectAt = began + COLLECT_EVERY_MS
        if (sweep) sweepAt = began + SWEEP_EVERY_MS
      }
      if (failing !== '') say('the lake is being exported again')
      failing = ''
    } catch (e) {
      const sentence = e instanceof Error ? e.message : String(e)
      if (sentence !== failing) say(`the lake falls behind the log: ${sentence}`)
      failing = sentence
    }
    if (last) return
    const took = performance.now() - began
    await wait(Math.max(everyMs, took), undefined, { signal }).catch(() => {})
  }
}
