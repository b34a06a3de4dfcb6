// What stands in the rail: groups of pages as data. A new page is one row here and one in staff/pages.ts.
import type { ReadonlySignal } from '@preact/signals'
import type { LucideIcon } from 'lucide-preact'
import type { Role } from './session.ts'

export interface NavPage {
  path: string
  icon: LucideIcon
  title: () => string
  /** Who sees it: one role, or any of several; everyone where it is left out. */
  role?: Role | readonly Role[]
  /** A number that asks for attention, such as how many wait. */
  badge?: ReadonlySignal<number>
}
export interface NavGroup { title: () => string; pages: readonly NavPage[] }

/** Whether someone with these roles may see a page. */
export const maySee = ({ role }: Pick<NavPage, 'role'>, roles: readonly string[]): boolean =>
  role === undefined || (typeof role === 'string' ? roles.includes(role) : role.some((one) => roles.includes(one)))

/** The groups as this account sees them: pages of other roles, and groups left empty, are not shown. */
export function navFor(groups: readonly NavGroup[], roles: readonly string[]): NavGroup[] {
  return groups.map((group) => ({ ...group, pages: group.pages.filter((page) => maySee(page, roles)) })).filter((group) => group.pages.length > 0)
}
