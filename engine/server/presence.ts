// Tells the core that a page has gone, also when the log is away at that moment: else a lost party would count as there for ever.
import { setTimeout as pause } from 'node:timers/promises'

const RETRY_MS = 500

/** Submits until it is taken or refused, for as long as `still` holds. Never rejects. */
export async function insist(submit: () => Promise<unknown>, still: () => boolean): Promise<void> {
  while (still()) {
    try {
      await submit()
      return
    } catch (problem) {
      if ((problem as { code?: unknown }).code !== 'store_away') return // stopping: the next start counts everybody as lost
      await pause(RETRY_MS, undefined, { ref: false })
    }
  }
}
