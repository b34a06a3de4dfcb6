// The loop on wall-clock time: stamp time → acd.apply → append events → perform effects → arm ONE timer.
import type { TwinlineEvent } from '#events/event.ts'
import type { Input } from '#core/command.ts'

/** An accepted command with the range of facts it caused (`last < first` when it caused none). */
export interface LoggedInput extends Input { first: number; last: number }

/** Where facts are kept for ever. Implemented by engine/store/event-log.ts. */
export interface EventLog {
  /**
   * Writes a batch in one transaction, durable when it resolves. The same batch may be given again after a failure whose
   * result is unknown: rows that are there already (same run and seq) count as written.
   * Rejects with code `store_away` when the database cannot be reached, `fenced` when another engine leads this run.
   */
  append(events: readonly TwinlineEvent[], inputs: readonly LoggedInput[]): Promise<void>
  /** Facts after `seq`, in order, at most `limit`. */
  read(afterSeq: number, limit: number): Promise<TwinlineEvent[]>
  /** The range of facts a command id caused, if it was accepted before. */
  answered(cmd: string): Promise<{ first: number; last: number } | null>
  /** The newest kept snapshot of the core's state, as JSON, and the seq up to which it holds. */
  loadSnapshot(): Promise<{ seq: number; state: unknown } | null>
  saveSnapshot(seq: number, state: unknown): Promise<void>
}
