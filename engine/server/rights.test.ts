// The whole matrix, so that whoever gives a right has to say so twice.
import { expect, test } from 'vitest'
import { can, groupsFor, KEY_ROLES, ROLES, THINGS, VERBS } from './rights.ts'

const OWN_TICKETS = ['read own_tickets', 'create own_tickets', 'change own_tickets']
const TICKETS = ['read tickets', 'create tickets', 'change tickets']
const RECORDS = ['read own_records', 'read records']
const FLOOR = ['read queue', 'change queue', 'use monitors', 'read approvals', 'change approvals', 'read blocks', 'change blocks']
const SIMULATIONS = ['read simulations', 'create simulations']
const LOADTESTS = ['use loadtests', 'read loadtests', 'create loadtests']
const WEBHOOKS = ['read webhooks', 'create webhooks', 'change webhooks']
const all = (thing: string) => ['read', 'create', 'change'].map((verb) => `${verb} ${thing}`)
const GRANTED: Record<(typeof ROLES)[number], string[]> = {
  agent: ['use desk', 'read own_records', ...OWN_TICKETS],
  supervisor: [...RECORDS, 'read personal', ...OWN_TICKETS, ...TICKETS, ...FLOOR, 'read plan', 'read metrics', ...SIMULATIONS],
  planner: ['read plan', 'read metrics', ...SIMULATIONS],
  analyst: [...RECORDS, 'read metrics'],
  engineer: ['read metrics', 'read health', 'read stream', 'read openapi', ...WEBHOOKS, ...LOADTESTS],
  admin: [
    ...RECORDS, 'read personal', ...OWN_TICKETS, ...TICKETS, ...FLOOR, 'read plan', 'change plan', ...all('accounts'), ...all('keys'), ...all('access'), ...all('site_files'),
    'read metrics', ...SIMULATIONS, ...LOADTESTS, 'read health', 'read stream', 'read openapi', ...WEBHOOKS,
  ],
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

test('a supervisor is bound to his groups, unless he has none or all, or another role lets him', () => {
  const groups = ['sales', 'care']
  expect(groupsFor({ roles: ['supervisor'], groups }, 'read', 'records')).toEqual(groups)
  expect(groupsFor({ roles: ['agent', 'supervisor'], groups }, 'use', 'monitors')).toEqual(groups)
  for (const free of [{ roles: ['supervisor'], groups: [] }, { roles: ['supervisor'], groups: ['*'] }, { roles: ['supervisor', 'analyst'], groups }, { roles: ['admin'], groups }]) {
    expect(groupsFor(free, 'read', 'records')).toBeNull()
  }
  expect(groupsFor({ roles: ['supervisor', 'analyst'], groups }, 'read', 'personal')).toEqual(groups)
  expect(groupsFor({ roles: ['engineer'], groups: [] }, 'read', 'records')).toEqual([])
})

test('a machine takes no calls', () => expect(can(KEY_ROLES, 'use', 'desk')).toBe(false))
