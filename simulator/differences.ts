// What another plan would have decided: a recorded run folded fact by fact, the candidate asked at each decision of the days that are looked at.
import type { TwinlineEvent } from '#events/event.ts'
import type { Plan } from '#events/plan.ts'
import { evolve } from '#core/evolve.ts'
import { Shadow, type Answer, type Chosen, type Difference, type Routed } from '#core/shadow.ts'
import { State } from '#core/state.ts'

/** Instants from `fromMs` up to, not including, `untilMs` (UTC ms). */
export interface Window { fromMs: number; untilMs: number }

export interface Counted { asked: number; same: number; different: number }
export interface Compared extends Counted {
  /** Version of the candidate. */
  plan: number
  routings: Counted
  choices: Counted
  reasons: Partial<Record<Difference, number>>
  differences: Answer[]
}

const none = (): Counted => ({ asked: 0, same: 0, different: 0 })

/** Give it every fact of a run from the first; its `result` is then about those within the window. */
export class Comparison {
  readonly #state = new State()
  readonly #shadow: Shadow
  readonly #within: Window
  readonly result: Compared

  /** The plan must be one that could come into force. */
  constructor(plan: Plan, within: Window) {
    this.#shadow = new Shadow(plan)
    this.#within = within
    this.result = { plan: plan.version, ...none(), routings: none(), choices: none(), reasons: {}, differences: [] }
  }

  see(fact: TwinlineEvent): void {
    const { fromMs, untilMs } = this.#within
    // Asked at every fact, so that a clock that counts calls has counted them all.
    const answer = this.#shadow.decide(this.#state, fact)
    if (answer && fact.at >= fromMs && fact.at < untilMs) this.#count(answer)
    evolve(this.#state, fact)
  }

  #count(answer: Answer): void {
    const { result } = this
    for (const counted of [result, answer.type === 'request.routed' ? result.routings : result.choices]) {
      counted.asked++
      if (answer.same) counted.same++
      else counted.different++
    }
    if (answer.reason === null) return
    result.reasons[answer.reason] = (result.reasons[answer.reason] ?? 0) + 1
    result.differences.push(answer)
  }
}

const routed = ({ rule, group, queue, turned }: Routed): string => `rule ${rule}: ${group}${queue === group ? '' : `, ${turned ?? `then ${queue}`}`}`
const chosen = ({ group, agent }: Chosen): string => `${group}/${agent ?? 'nobody'}`

/** One difference in one line; `clock` writes an instant. */
export function lineOf(a: Answer, clock: (at: number) => string): string {
  const [live, candidate] = a.type === 'request.routed' ? [routed(a.live), routed(a.candidate)] : [chosen(a.live), chosen(a.candidate)]
  return `${clock(a.at)}  ${a.request}  ${live} → ${candidate}  (${a.reason})`
}

const share = ({ asked, different }: Counted): string => `${different} of ${asked}`

/** The totals in a line or two. */
export function totalsOf(r: Compared): string {
  const reasons = Object.entries(r.reasons).map(([reason, n]) => `${reason} ${n}`).join(', ')
  return `plan ${r.plan} decides ${share(r)} decisions otherwise (routings: ${share(r.routings)}, choices of an agent: ${share(r.choices)})${reasons === '' ? '' : `\nreasons: ${reasons}`}`
}
