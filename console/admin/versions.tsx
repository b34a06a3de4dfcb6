// Versions 版本: every plan there was, what each changed, and the way back to it.
import { useComputed } from '@preact/signals'
import { Download, Eye, History, RotateCcw } from 'lucide-preact'
import { useEffect } from 'preact/hooks'
import type { IdleClock, Plan, PlanTimers } from '#events/plan.ts'
import { Badge, type Tone } from '../shell/badge.tsx'
import { Button } from '../shell/button.tsx'
import { Dialog } from '../shell/dialog.tsx'
import { dateTime, duration, either } from '../shell/i18n.ts'
import { Empty, Notice } from '../shell/page.tsx'
import { toast, toastError } from '../shell/toast.tsx'
import { download } from './download.ts'
import type { Draft } from './draft.ts'
import { t } from './text.ts'
import { readLine, type Line, type Version, type Versions as Model } from './versions.ts'

const TONES: Record<'added' | 'removed' | 'changed', Tone> = { added: 'ok', removed: 'bad', changed: 'accent' }
const SIGNS = { added: '＋', removed: '−', changed: '～' }
const FOLDED = 6
/** Words for a name of the plan; the name itself where there are none. */
const partName = (part: string): string => (({
  agents: () => t('admin.part.agents'), groups: () => t('admin.part.groups'), access: () => t('admin.part.access'), rules: () => t('admin.part.rules'), hours: () => t('admin.part.hours'),
  attributes: () => t('admin.part.attributes'), reasons: () => t('admin.part.reasons'), categories: () => t('admin.part.categories'),
}) as Record<string, () => string>)[part]?.() ?? part

const CHOICES: Record<string, () => string> = {
  idleClock: () => t('admin.idleClock'), awayAfterMisses: () => t('admin.misses'), maxOffers: () => t('admin.maxOffers'), deviceCheck: () => t('admin.deviceCheck'), approval: () => t('admin.approval'), dayHours: () => t('admin.dayHours'),
}
const isTimer = (key: string): key is keyof PlanTimers => key.endsWith('Ms')
/** A setting and its value as the settings page calls them. */
const settingName = (key: string): string => (isTimer(key) ? t(`admin.timer.${key}`) : CHOICES[key]?.() ?? key)
const settingValue = (key: string, value: string): string =>
  isTimer(key) && /^\d+$/.test(value) ? duration(Number(value)) : key === 'idleClock' ? t(`admin.clock.${value as IdleClock}`) : key === 'deviceCheck' ? t(`admin.deviceCheck.${value as Plan['deviceCheck']}`) : value

export function Versions({ draft, versions }: { draft: Draft; versions: Model }) {
  useEffect(() => { void versions.refresh() }, [draft.base.value?.version])
  const inForce = draft.base.value?.version
  const rows = versions.versions.value
  return (
    <div class="stack">
      <p class="field-hint">{t('admin.versionsText')}</p>
      {versions.failed.value && <Notice tone="bad" action={<Button onClick={() => void versions.refresh()}>{t('shell.retry')}</Button>}>{either(versions.failed.value.words)}</Notice>}
      {rows?.length === 0 && <div class="card"><Empty icon={History} title={t('admin.noVersions')} /></div>}
      <ol class="versions">
        {rows?.map((one) => (
          <li key={one.version} class="card version" data-testid="version">
            <div class="version-head">
              <b>{t('admin.version', { n: one.version })}</b>{one.version === inForce && <Badge tone="ok">{t('admin.inForce')}</Badge>}
              <span class="quiet tabular">{dateTime(one.at)}</span><span class="quiet">{one.author ?? t('admin.bySystem')}</span><span class="grow" />
              <Button kind="quiet" size="small" icon={Eye} onClick={() => { versions.view(one.version).catch(toastError) }}>{t('admin.view')}</Button>
            </div>
            {one.note && <p class="version-note">{one.note}</p>}
            <Diff draft={draft} version={one} />
          </li>
        ))}
      </ol>
      {versions.next.value !== null && <Button class="more" busy={versions.busy.value} onClick={() => void versions.more()}>{t('admin.older')}</Button>}
      {versions.open.value && <View draft={draft} versions={versions} />}
    </div>
  )
}

function Diff({ draft, version, all }: { draft: Draft; version: Version; all?: boolean }) {
  const lines = useComputed(() => version.diff.map((line) => readLine(line, draft.base.value)))
  const shown = all ? lines.value : lines.value.slice(0, FOLDED)
  if (lines.value.length === 0) return <p class="quiet">{t('admin.noDifference')}</p>
  return (
    <ul class="diff">
      {shown.map((line, at) => <li key={at}><LineView line={line} /></li>)}
      {shown.length < lines.value.length && <li class="quiet">{t('admin.andMore', { n: lines.value.length - shown.length })}</li>}
    </ul>
  )
}

function LineView({ line }: { line: Line }) {
  switch (line.mark) {
    case 'set': return <span><Badge>{settingName(line.key)}</Badge> {settingValue(line.key, line.from)} → <b>{settingValue(line.key, line.to)}</b></span>
    case 'other': return <span>{line.text === '~ order of rules' ? t('admin.orderChanged') : line.text}</span>
    default: return <span><Badge tone={TONES[line.mark]}>{SIGNS[line.mark]} {partName(line.part)}</Badge> {line.name}</span>
  }
}

function View({ draft, versions }: { draft: Draft; versions: Model }) {
  const open = versions.open.value!
  const current = open.version === draft.base.value?.version
  const close = () => { versions.open.value = null }
  const restore = () => {
    versions.restore(open.version).then((version) => toast('ok', t('admin.restored', { n: open.version, m: version })), toastError)
  }
  return (
    <Dialog title={t('admin.version', { n: open.version })} close={close} wide footer={<>
      <Button icon={Download} onClick={() => download(`plan-${open.version}.json`, open.plan)}>{t('admin.download')}</Button>
      <span class="grow" />
      <Button onClick={close}>{t('shell.close')}</Button>
      {!current && <Button kind="primary" icon={RotateCcw} busy={versions.busy.value} data-testid="restore" onClick={restore}>{t('admin.restore')}</Button>}
    </>}>
      <div class="form">
        <p class="quiet">{dateTime(open.at)} · {open.author ?? t('admin.bySystem')}</p>
        {!current && <p>{t(draft.dirty.value ? 'admin.restoreDirty' : 'admin.restoreText')}</p>}
        <Diff draft={draft} version={open} all />
        <details><summary>{t('admin.document')}</summary><pre class="document">{JSON.stringify(open.plan, null, 2)}</pre></details>
      </div>
    </Dialog>
  )
}
