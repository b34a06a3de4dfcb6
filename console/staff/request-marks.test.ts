// What counts as urgent on a page is what the plan calls so.
import { expect, test } from 'vitest'
import { URGENT } from '#events/plan.ts'
import { isUrgent } from './request-marks.tsx'

test('a request is urgent from the priority on that 加急 gives, and not by a rule’s', () => {
  expect([isUrgent({ priority: URGENT }), isUrgent({ priority: URGENT - 1 }), isUrgent({ priority: 0 })]).toEqual([true, false, false])
})
