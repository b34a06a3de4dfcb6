// Who may do what: one table, and what is not in it is not allowed. And of whose work: a supervisor's groups.

/** Each role with the words people read. */
export const ROLE_NAMES = {
  agent: { zh: '坐席', en: 'Agent' },
  supervisor: { zh: '班长', en: 'Supervisor' },
  planner: { zh: '排班师', en: 'Planner' },
  analyst: { zh: '分析师', en: 'Analyst' },
  engineer: { zh: '工程师', en: 'Engineer' },
  admin: { zh: '管理员', en: 'Administrator' },
} as const
export type Role = keyof typeof ROLE_NAMES
export const ROLES = Object.keys(ROLE_NAMES) as Role[]
/** What a machine's key may be: it takes no calls. */
export const KEY_ROLES = ROLES.filter((role) => role !== 'agent')

export const VERBS = ['use', 'read', 'create', 'change'] as const
export type Verb = (typeof VERBS)[number]

export const THINGS = [
  // `desk`: taking calls. `own_…`: of calls that one has taken, tickets that one opened or is to do.
  'desk', 'own_records', 'own_tickets', 'records', 'tickets',
  /** What people wrote, and visitors' data: an analyst counts without them. */
  'personal',
  /** Waiting requests: assign, make urgent, end. Calls: listen, whisper, barge, take over. Agents' status, and leave to leave idle. Blocked visitors. */
  'queue', 'monitors', 'approvals', 'blocks',
  'plan', 'accounts', 'keys', 'access', 'site_files', 'metrics', 'simulations', 'loadtests', 'health', 'stream', 'webhooks', 'openapi',
] as const
export type Thing = (typeof THINGS)[number]

type Rights = Partial<Record<Thing, readonly Verb[]>>
const RIGHTS: Record<Role, Rights> = {
  agent: { desk: ['use'], own_records: ['read'], own_tickets: ['read', 'create', 'change'] },
  supervisor: {
    own_records: ['read'], records: ['read'], personal: ['read'], own_tickets: ['read', 'create', 'change'], tickets: ['read', 'create', 'change'],
    queue: ['read', 'change'], monitors: ['use'], approvals: ['read', 'change'], blocks: ['read', 'change'],
    plan: ['read'], metrics: ['read'], simulations: ['read', 'create'],
  },
  planner: { plan: ['read'], metrics: ['read'], simulations: ['read', 'create'] },
  analyst: { own_records: ['read'], records: ['read'], metrics: ['read'] },
  engineer: {
    metrics: ['read'], health: ['read'], stream: ['read'], webhooks: ['read', 'create', 'change'], openapi: ['read'], loadtests: ['use', 'read', 'create'],
  },
  admin: {
    own_records: ['read'], records: ['read'], personal: ['read'], own_tickets: ['read', 'create', 'change'], tickets: ['read', 'create', 'change'],
    queue: ['read', 'change'], monitors: ['use'], approvals: ['read', 'change'], blocks: ['read', 'change'],
    plan: ['read', 'change'], accounts: ['read', 'create', 'change'], keys: ['read', 'create', 'change'], access: ['read', 'create', 'change'], site_files: ['read', 'create', 'change'],
    metrics: ['read'], simulations: ['read', 'create'], loadtests: ['use', 'read', 'create'], health: ['read'], stream: ['read'], webhooks: ['read', 'create', 'change'], openapi: ['read'],
  },
}

const isRole = (value: string): value is Role => (ROLES as readonly string[]).includes(value)
const grants = (role: string, verb: Verb, thing: Thing): boolean => isRole(role) && Object.hasOwn(RIGHTS[role], thing) && RIGHTS[role][thing]!.includes(verb)

/** Whether someone with these roles may. Unknown roles, verbs and things may not. */
export const can = (roles: readonly string[], verb: Verb, thing: Thing): boolean => roles.some((role) => grants(role, verb, thing))

/**
 * Of which groups' work someone may: null for all. Only a supervisor is bound to his groups, and one whose groups are none or
 * `*` looks after all of them. Whoever may not at all gets none.
 */
export function groupsFor({ roles, groups }: { roles: readonly string[]; groups: readonly string[] }, verb: Verb, thing: Thing): readonly string[] | null {
  const granting = roles.filter((role) => grants(role, verb, thing))
  if (granting.length === 0) return []
  return granting.some((role) => role !== 'supervisor') || groups.length === 0 || groups.includes('*') ? null : groups
}
