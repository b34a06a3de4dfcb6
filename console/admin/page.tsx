// The administration: one draft of the plan under its tabs, saved as a whole; accounts, secrets and the shadow plan hold at once.
import { signal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import { api } from '../shell/api.ts'
import { Button } from '../shell/button.tsx'
import { either } from '../shell/i18n.ts'
import { Notice } from '../shell/page.tsx'
import { Access } from './access.tsx'
import { makeAccounts } from './accounts.ts'
import { Agents } from './agents.tsx'
import { makeDraft, type Draft } from './draft.ts'
import { Groups } from './groups.tsx'
import { Hours } from './hours.tsx'
import { tabPanel, Tabs } from './parts.tsx'
import { Rules } from './rules.tsx'
import { SaveBar } from './save-bar.tsx'
import { Settings } from './settings.tsx'
import { makeShadow } from './shadow.ts'
import { ShadowPlan } from './shadow.tsx'
import { t } from './text.ts'
import { makeVersions } from './versions.ts'
import { Versions } from './versions.tsx'
import { makeWays } from './ways.ts'
import './admin.css'

const TABS = ['agents', 'groups', 'access', 'rules', 'hours', 'settings', 'versions', 'shadow'] as const
type TabName = typeof TABS[number]
const CHECK_AFTER_MS = 350

/** The tab stands behind the #, so that a reload and the back button find it. */
const named = (): TabName => TABS.find((tab) => `#${tab}` === location.hash) ?? 'agents'
const tab = signal<TabName>('agents')
const show = (next: TabName) => {
  if (next === tab.value) return
  history.pushState(null, '', `#${next}`)
  tab.value = next
}

const draft = makeDraft({
  load: () => api('GET', '/api/plan'),
  check: (plan) => api('POST', '/api/plan/check', { plan }),
  save: (plan, note) => api('PUT', '/api/plan', { plan, note }),
  later: (run) => {
    const timer = setTimeout(run, CHECK_AFTER_MS)
    return () => clearTimeout(timer)
  },
})
// Nobody loses a draft by closing the window, whichever page he is on by then.
addEventListener('beforeunload', (event) => { if (draft.dirty.value) event.preventDefault() })
const at = (name: string) => `/api/accounts/${encodeURIComponent(name)}`

export function Page() {
  const accounts = useMemo(() => makeAccounts({
    list: () => api('GET', '/api/accounts'), create: (account) => api('POST', '/api/accounts', account), change: (name, change) => api('PATCH', at(name), change),
    setPassword: (name, password) => api('PUT', `${at(name)}/password`, { password }), planChanged: draft.load,
  }, draft.base), [])
  const ways = useMemo(() => makeWays({
    list: () => api('GET', '/api/access'), create: (name) => api('POST', '/api/access', { name, channel: 'app' }), issue: (access) => api('POST', `/api/access/${encodeURIComponent(access)}/secret`),
    files: () => api('GET', '/api/site-files'), upload: (name, text) => api('PUT', `/api/site-files/${encodeURIComponent(name)}`, { text }), remove: (name) => api('DELETE', `/api/site-files/${encodeURIComponent(name)}`), planChanged: draft.load,
  }), [])
  const versions = useMemo(() => makeVersions({
    list: (before) => api('GET', `/api/plan/versions${before === null ? '' : `?before=${before}`}`), find: (version) => api('GET', `/api/plan/versions/${version}`),
    restore: (version) => api('POST', `/api/plan/versions/${version}/restore`), planChanged: draft.load,
  }), [])
  const shadow = useMemo(() => makeShadow({
    read: () => api('GET', '/api/shadow'), start: (name, plan) => api('PUT', '/api/shadow', { name, plan }), stop: () => api('DELETE', '/api/shadow'),
    inSight: () => document.visibilityState === 'visible',
  }), [])
  useEffect(() => {
    tab.value = named()
    void draft.load()
    void accounts.refresh()
    void ways.refresh()
    const back = () => { tab.value = named() }
    addEventListener('popstate', back)
    return () => removeEventListener('popstate', back)
  }, [])
  return (
    <div class="stack admin">
      {draft.failed.value && <Notice tone="bad" action={<Button onClick={draft.load}>{t('shell.retry')}</Button>}>{either(draft.failed.value.words)}</Notice>}
      <Tabs id="admin" label={t('nav.admin')} value={tab.value} change={show} tabs={TABS.map((value) => ({ value, text: t(`admin.tab.${value}`), alert: warned(draft, value) }))} />
      <div {...tabPanel('admin', tab.value)}>
        {tab.value === 'agents' && <Agents draft={draft} accounts={accounts} />}
        {tab.value === 'groups' && <Groups draft={draft} />}
        {tab.value === 'access' && <Access draft={draft} ways={ways} />}
        {tab.value === 'rules' && <Rules draft={draft} />}
        {tab.value === 'hours' && <Hours draft={draft} />}
        {tab.value === 'settings' && <Settings draft={draft} />}
        {tab.value === 'versions' && <Versions draft={draft} versions={versions} />}
        {tab.value === 'shadow' && <ShadowPlan draft={draft} shadow={shadow} />}
      </div>
      <SaveBar draft={draft} />
    </div>
  )
}

/** Whether something on a tab will be regretted. */
const warned = (draft: Draft, name: TabName): boolean => draft.warnings.value.some(({ on }) => on.split('/')[0] === (name === 'settings' ? 'timers' : name))
