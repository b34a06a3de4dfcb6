// The staff app's pages as data: what stands in the rail, who may see it, which code shows it (loaded when first opened).
import { signal } from '@preact/signals'
import { Headset, LayoutDashboard, Rows3, UsersRound } from 'lucide-preact'
import type { ComponentType } from 'preact'
import type { NavGroup, NavPage } from '../shell/nav.ts'
import { t } from './text.ts'

export interface StaffPage extends NavPage { load: () => Promise<{ Page: ComponentType }> }

/** Set by the workbench: visitors who wait in this agent's groups. */
export const waiting = signal(0)

const workbench: StaffPage = { path: '/agent', icon: Headset, title: () => t('nav.workbench'), role: 'agent', badge: waiting, load: () => import('../agent/page.tsx') }
const board: StaffPage = { path: '/board', icon: LayoutDashboard, title: () => t('nav.board'), role: ['supervisor', 'admin'], load: () => import('../board/page.tsx') }
const records: StaffPage = { path: '/records', icon: Rows3, title: () => t('nav.records'), load: () => import('../records/page.tsx') }
const admin: StaffPage = { path: '/admin', icon: UsersRound, title: () => t('nav.admin'), role: 'admin', load: () => import('../admin/page.tsx') }

export const NAV: readonly (NavGroup & { pages: readonly StaffPage[] })[] = [
  { title: () => t('nav.group.workbench'), pages: [workbench] },
  { title: () => t('nav.group.monitor'), pages: [board] },
  { title: () => t('nav.group.history'), pages: [records] },
  { title: () => t('nav.group.admin'), pages: [admin] },
]
export const PAGES: readonly StaffPage[] = NAV.flatMap((group) => group.pages)
