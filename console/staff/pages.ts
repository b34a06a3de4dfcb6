// The staff app's pages as data: what stands in the rail, who may see it, which code shows it (loaded when first opened).
import { Rows3 } from 'lucide-preact'
import type { ComponentType } from 'preact'
import type { NavGroup, NavPage } from '../shell/nav.ts'
import { t } from './text.ts'

export interface StaffPage extends NavPage { load: () => Promise<{ Page: ComponentType }> }

const records: StaffPage = { path: '/records', icon: Rows3, title: () => t('nav.records'), load: () => import('../records/page.tsx') }

export const NAV: readonly (NavGroup & { pages: readonly StaffPage[] })[] = [
  { title: () => t('nav.group.history'), pages: [records] },
]
export const PAGES: readonly StaffPage[] = NAV.flatMap((group) => group.pages)
