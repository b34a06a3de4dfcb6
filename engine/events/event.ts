// What an event is: one envelope for all facts, typed by the catalogue; parsed and upcast where it comes back from disk.
import type Type from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import { CATALOGUE, type EventType } from './catalogue.ts'

export type { EventType } from './catalogue.ts'

/** The schema version this code writes. */
export const SCHEMA_VERSION = 1

/** Who caused a fact. */
export const ACTORS = ['visitor', 'agent', 'supervisor', 'admin', 'acd', 'media', 'clock'] as const
export type Actor = (typeof ACTORS)[number]

/** `data` of one type of event. */
export type DataOf<T extends EventType> = Type.Static<(typeof CATALOGUE)[T]['data']>

/**
 * One fact. `seq` is gapless from 1 within its `run`; `at` is UTC ms and never decreases; `plan` is the plan version in
 * force; `cmd` the id of the command that caused it. One envelope shape for all keeps readers fast.
 */
export interface EventOf<T extends EventType> {
  seq: number
  at: number
  run: string
  v: number
  plan: number
  cmd: string
  by: Actor
  type: T
  data: DataOf<T>
}
export type TwinlineEvent = { [T in EventType]: EventOf<T> }[EventType]

const validators = new Map<string, Validator>()
const validatorOf = (type: EventType): Validator => {
  let v = validators.get(type)
  if (!v) validators.set(type, (v = Compile(CATALOGUE[type].data as Type.TSchema)))
  return v
}

/** A stored line that is not an event of this catalogue; `code` is `bad_event`. */
export class EventError extends Error {
  readonly code = 'bad_event'
}

const whole = (x: unknown, min: number): x is number => Number.isSafeInteger(x) && (x as number) >= min

/** Checks that a value read from outside is an event and returns it in today's schema. Throws EventError with a sentence. */
export function parseEvent(value: unknown): TwinlineEvent {
  const e = value as TwinlineEvent
  if (typeof e !== 'object' || e === null) throw new EventError('an event must be an object')
  if (!whole(e.seq, 1) || !whole(e.at, 0) || !whole(e.v, 1) || !whole(e.plan, 0)) throw new EventError(`event ${JSON.stringify(e.seq)}: seq, at, v and plan must be whole numbers`)
  if (e.v > SCHEMA_VERSION) throw new EventError(`event ${e.seq}: written by a newer Twinline (schema ${e.v}, this one reads up to ${SCHEMA_VERSION})`)
  if (typeof e.run !== 'string' || typeof e.cmd !== 'string' || !(ACTORS as readonly string[]).includes(e.by)) throw new EventError(`event ${e.seq}: run, cmd or by is not valid`)
  if (typeof e.type !== 'string' || !Object.hasOwn(CATALOGUE, e.type)) throw new EventError(`event ${e.seq}: unknown type ${JSON.stringify(e.type)}`)
  const v = validatorOf(e.type)
  if (!v.Check(e.data)) {
    const first = v.Errors(e.data)[0]
    throw new EventError(`event ${e.seq} (${e.type}): ${first?.instancePath ?? ''} ${first?.message ?? 'does not fit its schema'}`)
  }
  return e
}
