// A plan that comes from outside as a document of its own, such as a file.
import { Compile, type Validator } from 'typebox/compile'
import { PlanSchema, type Plan } from './plan.ts'

/** What is no plan; `code` is `bad_plan`. */
export class PlanError extends Error {
  readonly code = 'bad_plan'
}

let validator: Validator | undefined

/** Checks the shape of a plan. Throws PlanError with a sentence that names the first thing that does not fit. What else must hold of it says `planErrors` of the core. */
export function parsePlan(text: string): Plan {
  let value: unknown
  try { value = JSON.parse(text) } catch { throw new PlanError('the plan is not JSON') }
  validator ??= Compile(PlanSchema)
  if (validator.Check(value)) return value as Plan
  const first = validator.Errors(value)[0]
  throw new PlanError(`the plan${first?.instancePath ? ` at ${first.instancePath}` : ''} ${first?.message ?? 'does not fit its schema'}`)
}
