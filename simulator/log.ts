// A day as lines of JSON: each line an event, or an input `{"input":{"now":…,"command":{…}}}` standing before the events it caused.
import { EventError, parseEvent, type TwinlineEvent } from '#events/event.ts'
import type { Command, Input } from '#core/command.ts'

/** One line of a day. */
export type Entry = { input: Input } | { event: TwinlineEvent }

/** The lines of one input and what it caused, each ended by a line feed. */
export function linesOf(now: number, command: Command, events: readonly TwinlineEvent[]): string {
  let lines = `{"input":{"now":${now},"command":${JSON.stringify(command)}}}\n`
  for (const e of events) lines += JSON.stringify(e) + '\n'
  return lines
}

/** A log that cannot be read: code `bad_log`, a sentence that names the line. */
export class LogError extends Error {
  readonly code = 'bad_log'
}

/** Reads a day line by line; blank lines do not count. Throws LogError with the number of the line. */
export async function* readEntries(lines: AsyncIterable<string> | Iterable<string>): AsyncGenerator<Entry> {
  let n = 0
  for await (const line of lines) {
    n++
    if (line.trim() === '') continue
    yield parseLine(line, n)
  }
}

function parseLine(line: string, n: number): Entry {
  let value: { input?: Input }
  try { value = JSON.parse(line) as typeof value } catch { throw new LogError(`line ${n} is not JSON`) }
  const input = value?.input
  if (input === undefined) {
    try { return { event: parseEvent(value) } } catch (e) { throw new LogError(`line ${n}: ${e instanceof EventError ? e.message : String(e)}`) }
  }
  const { now, command } = input ?? {}
  if (!Number.isSafeInteger(now) || typeof command !== 'object' || command === null || typeof command.type !== 'string' || typeof command.cmd !== 'string') {
    throw new LogError(`line ${n}: an input needs a whole "now" and a "command" with type and cmd`)
  }
  return { input: { now, command } }
}

/** A log whose inputs and events are kept apart, each in order, as one day: every input before the first event it caused. */
export async function* merged(inputs: AsyncIterable<Input & { first: number }>, events: AsyncIterable<TwinlineEvent>): AsyncGenerator<Entry> {
  const waiting = inputs[Symbol.asyncIterator]()
  let input = await waiting.next()
  for await (const event of events) {
    for (; !input.done && input.value.first <= event.seq; input = await waiting.next()) yield { input: { now: input.value.now, command: input.value.command } }
    yield { event }
  }
}
