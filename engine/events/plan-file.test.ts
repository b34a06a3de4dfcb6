// A plan file: taken when its shape is right, else refused with a sentence that names the place.
import { expect, test } from 'vitest'
import { firstPlan } from './plan.ts'
import { parsePlan, PlanError } from './plan-file.ts'

test('a plan is taken as it is', () => expect(parsePlan(JSON.stringify(firstPlan()))).toEqual(firstPlan()))

test.for<[what: string, text: string, sentence: RegExp]>([
  ['no JSON', '{"version":', /^the plan is not JSON$/],
  ['no plan', '[]', /^the plan must be object$/],
  ['a word that is none', JSON.stringify({ ...firstPlan(), idleClock: 'dice' }), /^the plan at \/idleClock must/],
])('%s', ([, text, sentence]) => {
  expect(() => parsePlan(text)).toThrow(PlanError)
  expect(() => parsePlan(text)).toThrow(sentence)
})
