// What stands in the rail: groups of pages as data. A new page is one row here and one in staff/pages.ts.
import type { ReadonlySignal } from '@preact/signals'
import type { LucideIcon } from 'lucide-preact'

export interface NavPage {
  path: string
  icon: LucideIcon
  title: () => string
  /** Who sees it; everyone where it is left out. */
  role?: 'agent' | 'supervisor' | 'admin'
  /** A number that asks for attention, such as how many wait. */
  badge?: ReadonlySignal<number>
}
export interface NavGroup { title: () => string; pages: readonly NavPage[] }

/** The groups as this account sees them: pages of other roles, and groups left empty, are not shown. */
export function navFor(groups: readonly NavGroup[], roles: readonly string[]): NavGroup[] {
  return groups.map((group) => ({ ...group, pages: group.pages.filter((page) => !page.role || roles.includes(page.role)) })).filter((group) => group.pages.length > 0)
}
