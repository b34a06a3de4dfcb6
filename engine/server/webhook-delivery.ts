// Brings facts to subscriptions: each in order and at least once, on its own, never in the way of a call.
import type { TwinlineEvent } from '#events/event.ts'
import type { Webhook, Webhooks } from '../store/webhooks.ts'
import { AGAIN_MS, PLACE_EVERY_MS, POST_AGAIN_MOST_MS, POST_AGAIN_MS, POST_BYTES, POST_FACTS, POSTS_AT_ONCE, MAX_WEBHOOKS } from './limits.ts'
import type { Seal } from './seal.ts'
import { wanted } from './stream.ts'
import { pause, type Tail } from './tail.ts'
import { Gate } from './throttle.ts'
import { NotTaken, post } from './webhook-post.ts'

interface Options {
  store: Webhooks
  tail: Tail
  seal: Seal
  now: () => number
  /** Addresses that are not public, but may be posted to. */
  opened: (address: string) => boolean
  /** After the n-th failure in a row, ms. */
  backOff?: (failures: number) => number
  /** A defect: the subscription rests until it is changed or the engine starts again. */
  report: (problem: unknown) => void
}

/** Doubled each time up to a cap, and a little by chance, so that a server that comes back is not met by all at once. */
const doubling = (failures: number): number => Math.min(POST_AGAIN_MOST_MS, POST_AGAIN_MS * 2 ** (failures - 1)) * (0.75 + Math.random() / 2)

export class WebhookDelivery {
  readonly #o: Options
  readonly #gate = new Gate(POSTS_AT_ONCE, MAX_WEBHOOKS)
  readonly #running = new Map<string, { end: AbortController; over: Promise<void> }>()
  constructor(options: Options) { this.#o = options }

  /** Begins with all that are kept. Rejects with StoreAway. */
  async start(): Promise<void> {
    for (const { id } of await this.#o.store.list()) this.begin(id)
  }

  /** Goes on with a subscription as it is kept now. */
  begin(id: string): void {
    if (this.#running.has(id)) return
    const end = new AbortController()
    const over = this.#run(id, end.signal).catch(this.#o.report).finally(() => this.#running.delete(id))
    this.#running.set(id, { end, over })
  }

  /** Halts a subscription; a post that is under way is broken off and will be made again. */
  async halt(id: string): Promise<void> {
    const one = this.#running.get(id)
    one?.end.abort()
    await one?.over
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((id) => this.halt(id)))
  }

  async #run(id: string, signal: AbortSignal): Promise<void> {
    const { store, tail, seal, now, opened, backOff = doubling } = this.#o
    const webhook = await insist(() => store.find(id), signal)
    if (!webhook?.enabled) return
    const secret = seal.open(`webhook ${id}`, webhook.secret)
    const types = webhook.types.length === 0 ? null : new Set(webhook.types)
    let { seq, failures } = webhook
    let kept = { seq, at: now() }
    const keep = async (at: number | null): Promise<void> => {
      kept = { seq, at: now() }
      await insist(() => store.passed(id, seq, at), signal)
    }
    while (!signal.aborted) {
      const batch = (await insist(() => tail.after(seq, POST_FACTS), signal)) ?? []
      const { events, last } = fitting(batch, types)
      if (events.length === 0) {
        seq = last ?? seq
        if (seq > kept.seq && now() - kept.at >= PLACE_EVERY_MS) await keep(null)
        if (last === undefined) await tail.wait(seq, PLACE_EVERY_MS, signal)
        continue
      }
      try {
        if (secret === null) throw new NotTaken('its secret was made by another installation: make a new one')
        await this.#gate.run(() => post({ url: webhook.url, secret, body: JSON.stringify({ events }), headers: { 'twinline-webhook': id }, now: now(), opened, signal }))
        seq = last!
        failures = 0
        await keep(now())
      } catch (problem) {
        if (signal.aborted) break
        const why = problem instanceof NotTaken ? problem.message : String(problem)
        failures++
        await insist(() => store.failed(id, why.slice(0, 500), now()), signal)
        await pause(backOff(failures), signal)
      }
    }
    // So that what it did not want need not be looked at again.
    if (seq > kept.seq) await store.passed(id, seq, null).catch(() => {})
  }
}

/** What of these facts goes into one post, and up to which of them that settles; the whole batch when nothing is wanted. */
function fitting(batch: readonly TwinlineEvent[], types: ReadonlySet<string> | null): { events: TwinlineEvent[]; last: number | undefined } {
  const events: TwinlineEvent[] = []
  let bytes = 0
  for (const e of batch) {
    if (!wanted(e, types)) continue
    bytes += Buffer.byteLength(JSON.stringify(e))
    if (bytes > POST_BYTES && events.length > 0) return { events, last: e.seq - 1 }
    events.push(e)
  }
  return { events, last: batch.at(-1)?.seq }
}

/** Tries until the database answers; undefined when the signal came first. */
async function insist<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  for (;;) {
    try {
      return await work()
    } catch (problem) {
      if ((problem as { code?: string }).code !== 'store_away') throw problem
      if (signal.aborted) return undefined
      await pause(AGAIN_MS, signal)
    }
  }
}

/** What a subscription's owner is told. */
export const statusOf = ({ id, url, types, enabled, createdBy, createdAt, seq, failures, error, errorAt, deliveredAt }: Webhook, head: number) =>
  ({ id, url, types, enabled, createdBy, createdAt, seq, head, lag: Math.max(0, head - seq), failures, error, errorAt, deliveredAt })
