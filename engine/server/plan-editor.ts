// Brings plans into force: one edit after the other, each on what the one before it left, with its author noted beside the log.
import { randomBytes } from 'node:crypto'
import { planErrors } from '#core/plan.ts'
import { offsetsOf } from '#events/hours.ts'
import type { Plan, PlanHours } from '#events/plan.ts'
import { granted, Refused } from './errors.ts'
import type { ServerOptions } from './ports.ts'

/** A plan as an author sends it: what the time zones mean is written in here, when it is saved. */
export type PlanDraft = Omit<Plan, 'hours'> & { hours?: (Omit<PlanHours, 'offsets'> & { offsets?: PlanHours['offsets'] })[] }

export class PlanEditor {
  readonly #ports: Pick<ServerOptions, 'driver' | 'store' | 'now'>
  #editing: Promise<unknown> = Promise.resolve()
  constructor(ports: Pick<ServerOptions, 'driver' | 'store' | 'now'>) { this.#ports = ports }

  /** The plan in force. Throws Refused `no_plan`. */
  get current(): Plan {
    const { plan } = this.#ports.driver.committed
    if (!plan) throw new Refused('no_plan')
    return plan
  }

  /** Makes the next plan from the one in force and brings it into force. Throws Refused, with what `make` throws or `plan_invalid`. */
  edit(author: { account: string; note?: string }, make: (current: Plan) => PlanDraft): Promise<Plan> {
    const done = this.#editing.catch(() => {}).then(() => this.#save(author, make(this.current)))
    this.#editing = done
    return done
  }

  /** The plan as it would be saved, and what makes it impossible, in sentences. */
  check(draft: PlanDraft): { plan: Plan; errors: string[] } {
    const { plan, errors } = completed(draft, this.#ports.now())
    return { plan, errors: errors.length > 0 ? errors : planErrors(plan) }
  }

  async #save({ account, note = '' }: { account: string; note?: string }, draft: PlanDraft): Promise<Plan> {
    const { driver, store: { plans }, now } = this.#ports
    const { plan, errors } = completed(draft, now())
    if (errors.length > 0) throw new Refused('plan_invalid', errors.slice(0, 5).join('; '))
    const cmd = `plan-${randomBytes(12).toString('base64url')}`
    // Before it is asked for: no version is ever without its author.
    await plans.author({ cmd, account, at: now(), note })
    const answer = await driver.ask('plan.change', 'admin', cmd, { plan })
    if (answer.refusal) await plans.refused(cmd)
    granted(answer)
    return plan
  }
}

/** With the offsets of each time zone; from the year's beginning, so that saving twice is the same. Ten years are about 5 ms. */
function completed(draft: PlanDraft, now: number): { plan: Plan; errors: string[] } {
  if (!draft.hours) return { plan: draft as Plan, errors: [] }
  const errors: string[] = []
  const year = Date.UTC(new Date(now).getUTCFullYear(), 0, 1)
  const zones = new Map<string, PlanHours['offsets']>()
  const hours = draft.hours.map((each) => {
    let offsets = zones.get(each.tz)
    if (!offsets) {
      try { offsets = offsetsOf(each.tz, year) } catch {
        errors.push(`hours ${each.id}: there is no time zone ${each.tz}`)
        offsets = [{ fromMs: 0, minutes: 0 }]
      }
      zones.set(each.tz, offsets)
    }
    return { ...each, offsets }
  })
  return { plan: { ...draft, hours }, errors }
}
