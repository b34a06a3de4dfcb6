// Where the lake reads the log from: a port, so that the lake knows no database.
import type { TwinlineEvent } from '#events/event.ts'

/** The log as the exporter needs it. Both promises speak only of committed events. */
export interface EventSource {
  /**
   * The committed events of `run` with seq > `afterSeq`, in order of seq and without a gap, in batches of at most `limit`.
   * Ends at the head as it was when the last batch was read. Rejects when the log is away; the reader starts again later.
   */
  read(run: string, afterSeq: number, limit: number): AsyncIterable<TwinlineEvent[]>
  /** The highest committed seq of `run`; 0 for a run that has no events. */
  head(run: string): Promise<number>
}
