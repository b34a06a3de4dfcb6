// Who may do what: one table, and what is not in it is not allowed.

export const ROLES = ['agent', 'supervisor', 'admin'] as const
export type Role = (typeof ROLES)[number]

export const VERBS = ['use', 'read', 'create', 'change'] as const
export type Verb = (typeof VERBS)[number]

/** `desk`: taking calls. `own_records`: of calls that one has taken oneself. */
export const THINGS = ['desk', 'own_records', 'records', 'plan', 'accounts', 'metrics', 'simulations'] as const
export type Thing = (typeof THINGS)[number]

const RIGHTS: Record<Role, Partial<Record<Thing, readonly Verb[]>>> = {
  agent: { desk: ['use'], own_records: ['read'] },
  supervisor: { own_records: ['read'], records: ['read'], plan: ['read'], metrics: ['read'], simulations: ['read', 'create'] },
  admin: {
    own_records: ['read'], records: ['read'], plan: ['read', 'change'], accounts: ['read', 'create'], metrics: ['read'], simulations: ['read', 'create'],
  },
}

const isRole = (value: string): value is Role => (ROLES as readonly string[]).includes(value)

/** Whether someone with these roles may. Unknown roles, verbs and things may not. */
export const can = (roles: readonly string[], verb: Verb, thing: Thing): boolean =>
  roles.filter(isRole).some((role) => Object.hasOwn(RIGHTS[role], thing) && RIGHTS[role][thing]!.includes(verb))
