// The whole matrix, so that whoever gives a right has to say so twice.
import { expect, test } from 'vitest'
import { can, ROLES, THINGS, VERBS } from './rights.ts'

const GRANTED: Record<(typeof ROLES)[number], string[]> = {
  agent: ['use desk', 'read own_records'],
  supervisor: ['read own_records', 'read records', 'read plan', 'read metrics', 'read simulations', 'create simulations'],
  admin: ['read own_records', 'read records', 'read plan', 'change plan', 'read accounts', 'create accounts', 'read metrics', 'read simulations', 'create simulations'],
}

test.for(ROLES)('what an account with the role %s may, and nothing else', (role) => {
  const allowed = THINGS.flatMap((thing) => VERBS.filter((verb) => can([role], verb, thing)).map((verb) => `${verb} ${thing}`))
  expect(allowed.toSorted()).toEqual(GRANTED[role].toSorted())
})

test('several roles may what each of them may; none, or an unknown one, may nothing', () => {
  expect(can(['agent', 'admin'], 'use', 'desk')).toBe(true)
  expect(can(['agent', 'admin'], 'change', 'plan')).toBe(true)
  for (const roles of [[], ['root'], ['toString'], ['__proto__']]) {
    for (const thing of THINGS) for (const verb of VERBS) expect(can(roles, verb, thing)).toBe(false)
  }
  expect(can(['admin'], 'read', 'toString' as never)).toBe(false)
})
