// The candidate plan beside a live engine: asked at each durable decision, its answers counted and written to a log of its own. Calls never wait for that log.
import type { TwinlineEvent } from '#events/event.ts'
import type { Plan } from '#events/plan.ts'
import { planDiff } from '#core/plan.ts'
import { Shadow, stated, type Answer } from '#core/shadow.ts'
import type { State } from '#core/state.ts'
import type { Watch } from './driver.ts'
import type { ShadowLog } from './store/shadow-log.ts'
import type { KeptShadow, Shadows } from './store/shadows.ts'

/** Differences that are kept to be looked at; the log has them all. */
const NEWEST = 100

/** What came of asking the candidate so far: `asked` = `same` + `different`; `dropped` answers did not reach its log, or could not be given. `newest`: differences, the newest first. */
export interface ShadowTold { name: string; version: number; since: number; asked: number; same: number; different: number; dropped: number; newest: Answer[] }

interface Candidate { kept: KeptShadow & { newest: Answer[] }; shadow: Shadow; log: ShadowLog; reported: boolean }

type Store = Pick<Shadows, 'find' | 'keep' | 'count' | 'remove' | 'log'>

export class LiveShadow implements Watch {
  readonly #store: Store
  readonly #report: (problem: Error) => void
  #candidate: Candidate | null = null
  #changing: Promise<unknown> = Promise.resolve()

  private constructor(store: Store, report: (problem: Error) => void) {
    this.#store = store
    this.#report = report
  }

  /** Goes on with the candidate there was. `report` is told what calls need not know. */
  static async open(store: Store, report: (problem: Error) => void): Promise<LiveShadow> {
    const shadow = new LiveShadow(store, report)
    const kept = await store.find()
    if (kept) shadow.#candidate = shadow.#begin(kept)
    return shadow
  }

  get told(): ShadowTold | null {
    if (!this.#candidate) return null
    const { name, plan, since, asked, same, different, dropped, newest } = this.#candidate.kept
    return { name, version: plan.version, since, asked, same, different, dropped, newest }
  }

  before(state: State, fact: TwinlineEvent): void {
    const candidate = this.#candidate
    const answer = candidate?.shadow.decide(state, fact)
    if (!candidate || !answer) return
    const { kept, log } = candidate
    kept.asked++
    if (answer.same) kept.same++
    else {
      kept.different++
      kept.newest.unshift(answer)
      if (kept.newest.length > NEWEST) kept.newest.pop()
    }
    const { at, cmd } = answer
    log.take(stated(answer).map((said) => ({ at, plan: kept.plan.version, cmd, by: 'acd', ...said })))
  }

  failed(error: Error): void {
    const candidate = this.#candidate
    if (!candidate) return
    candidate.kept.dropped++
    if (!candidate.reported) this.#report(error)
    candidate.reported = true
  }

  /** From now on asks this plan, in place of the one before; `since` UTC ms. The plan must be one that could come into force. Rejects with StoreAway; then nothing has changed. */
  start(name: string, plan: Plan, account: string, since: number): Promise<void> {
    return this.#change(async () => {
      const kept = { name, plan, account, since, asked: 0, same: 0, different: 0, dropped: 0, newest: [] }
      await this.#store.keep(kept)
      await this.#let()
      this.#candidate = this.#begin(kept)
    })
  }

  /** Asks nobody any more. What was written stays. False when nobody was asked. Rejects with StoreAway. */
  end(): Promise<boolean> {
    return this.#change(async () => {
      const there = await this.#store.remove()
      await this.#let()
      return there
    })
  }

  /** Writes what it can and lets go; the candidate is asked again after a restart. */
  stop(): Promise<void> { return this.#change(() => this.#let()) }

  /** One change after the other. */
  #change<T>(act: () => Promise<T>): Promise<T> {
    const done = this.#changing.then(act)
    this.#changing = done.catch(() => {})
    return done
  }

  async #let(): Promise<void> {
    const candidate = this.#candidate
    this.#candidate = null
    await candidate?.log.stop()
  }

  #begin(found: KeptShadow): Candidate {
    const kept = { ...found, newest: found.newest as Answer[] }
    const { name, plan, since } = kept
    const log = this.#store.log(name, {
      plan: { at: since, plan: plan.version, cmd: `shadow-${since}`, by: 'admin', type: 'plan.changed', data: { version: plan.version, diff: planDiff(null, plan), document: plan } },
      written: () => this.#store.count(kept),
      dropped: (answers) => { kept.dropped += answers },
      report: this.#report,
    })
    log.tell()
    return { kept, shadow: new Shadow(plan), log, reported: false }
  }
}
