// What the sub-pages are made of: tabs, a list beside what is chosen in it, warnings beside what they are about, a question before something goes.
import { useSignal, type Signal } from '@preact/signals'
import { Trash2, TriangleAlert } from 'lucide-preact'
import type { ComponentChildren, JSX } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
import { Badge } from '../shell/badge.tsx'
import { Button } from '../shell/button.tsx'
import { Dialog } from '../shell/dialog.tsx'
import { either } from '../shell/i18n.ts'
import type { Warning } from './draft.ts'
import { t } from './text.ts'

export interface Tab<V extends string> { value: V; text: string; count?: number; alert?: boolean }
interface TabsProps<V extends string> { label: string; tabs: readonly Tab<V>[]; value: V; change: (value: V) => void; id: string; class?: string }
/** Tabs whose arrow keys move along them; the panel is named by `tabPanel`. */
export function Tabs<V extends string>({ label, tabs, value, change, id, class: extra }: TabsProps<V>) {
  const list = useRef<HTMLDivElement>(null)
  // On a phone the tabs are wider than the screen.
  useEffect(() => { list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest', inline: 'center' }) }, [value])
  const step = (event: JSX.TargetedKeyboardEvent<HTMLDivElement>) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (!by) return
    event.preventDefault()
    const at = (tabs.findIndex((tab) => tab.value === value) + by + tabs.length) % tabs.length
    change(tabs[at]!.value)
    event.currentTarget.querySelectorAll<HTMLButtonElement>('[role=tab]')[at]?.focus()
  }
  return (
    <div ref={list} role="tablist" aria-label={label} class={`tabs ${extra ?? ''}`} onKeyDown={step}>
      {tabs.map((tab) => (
        <button key={tab.value} type="button" role="tab" id={`${id}-${tab.value}`} aria-selected={tab.value === value} aria-controls={`${id}-panel`} tabIndex={tab.value === value ? 0 : -1}
          data-testid={`${id}-${tab.value}`} onClick={() => change(tab.value)}>
          {tab.text}{tab.count !== undefined && <span class="tabs-count">{tab.count}</span>}{tab.alert && <TriangleAlert size={14} class="tabs-alert" aria-label={t('admin.hasWarnings')} />}
        </button>
      ))}
    </div>
  )
}
export const tabPanel = (id: string, value: string) => ({ role: 'tabpanel' as const, id: `${id}-panel`, 'aria-labelledby': `${id}-${value}` })

/** What will be regretted about something, beside it. */
export function Warnings({ warnings }: { warnings: readonly Warning[] }) {
  if (warnings.length === 0) return null
  return (
    <ul class="warnings">
      {warnings.map((warning) => <li key={warning.code}><TriangleAlert size={16} aria-hidden="true" /><span>{either(warning)}{warning.detail && <code> {warning.detail}</code>}</span></li>)}
    </ul>
  )
}

interface Row { id: string; title: ComponentChildren; about?: ComponentChildren; alert?: boolean; off?: boolean }
interface SplitProps { name: string; rows: readonly Row[]; chosen: Signal<string | null>; add?: ComponentChildren; empty: ComponentChildren; children: (id: string) => ComponentChildren }
/** A list and, beside it (beneath it on a phone), what is chosen in it. The first is chosen until another is. */
export function Split({ name, rows, chosen, add, empty, children }: SplitProps) {
  const shown = rows.find(({ id }) => id === chosen.value)?.id ?? rows[0]?.id
  return (
    <div class="split">
      <div class="split-list card">
        <ul aria-label={name}>
          {rows.map((row) => (
            <li key={row.id}>
              <button type="button" class={`split-row ${row.off ? 'split-off' : ''}`} aria-current={row.id === shown ? 'true' : undefined} onClick={() => { chosen.value = row.id }}>
                <span class="split-title">{row.title}{row.alert && <TriangleAlert size={14} aria-label={t('admin.hasWarnings')} />}</span>
                {row.about && <span class="split-about">{row.about}</span>}
              </button>
            </li>
          ))}
        </ul>
        {add && <div class="split-add">{add}</div>}
      </div>
      <div class="split-detail">{shown === undefined ? <div class="card">{empty}</div> : children(shown)}</div>
    </div>
  )
}

/** A part of a form, with what it is about. */
export function Section({ title, about, actions, children }: { title: string; about?: ComponentChildren; actions?: ComponentChildren; children: ComponentChildren }) {
  const id = useId()
  return (
    <section class="card section-card" aria-labelledby={id}>
      <header class="card-head"><h2 id={id}>{title}</h2><span class="grow" />{actions}</header>
      <div class="section-body">{about && <p class="field-hint">{about}</p>}{children}</div>
    </section>
  )
}

/** Removes after a question that says what goes along. */
export function Remove({ what, text, remove, label, busy }: { what: string; text: string; remove: () => void; label?: string; busy?: boolean }) {
  const asking = useSignal(false)
  const words = label ?? t('admin.remove')
  return (
    <>
      <Button kind="quiet" size="small" icon={Trash2} busy={busy ?? false} data-testid="remove" onClick={() => { asking.value = true }}>{words}</Button>
      {asking.value && (
        <Dialog title={t('admin.removeTitle', { what })} close={() => { asking.value = false }} footer={<>
          <Button onClick={() => { asking.value = false }}>{t('shell.cancel')}</Button>
          <Button kind="bad" data-testid="remove-yes" onClick={() => { asking.value = false; remove() }}>{words}</Button>
        </>}><p>{text}</p></Dialog>
      )}
    </>
  )
}

export const Tier = ({ name, tier }: { name: string; tier: number }) => <Badge title={t('admin.tierOf', { name, n: tier })}>{name}{tier > 1 && <span class="quiet"> {t('admin.tier', { n: tier })}</span>}</Badge>
