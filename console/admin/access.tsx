// Access points 接入: web widgets, H5 links, app links, mini program pages; what each looks like to visitors and what its host puts in.
import { useSignal } from '@preact/signals'
import { AppWindow, Link2, Plus, Zap } from 'lucide-preact'
import type { PlanAccess } from '#events/plan.ts'
import { Button } from '../shell/button.tsx'
import { Dialog } from '../shell/dialog.tsx'
import { TextField } from '../shell/form.tsx'
import { either } from '../shell/i18n.ts'
import { Empty, Notice } from '../shell/page.tsx'
import { toastError } from '../shell/toast.tsx'
import { AccessDetail } from './access-detail.tsx'
import { SecretDialog } from './access-host.tsx'
import type { Draft } from './draft.ts'
import { add } from './edit.ts'
import { freshId } from './id.ts'
import { Split, tabPanel, Tabs, Warnings } from './parts.tsx'
import { t } from './text.ts'
import { wayOf, type Way, type Ways } from './ways.ts'

const WAYS = ['web', 'h5', 'app', 'mini'] as const
const CHANNEL = { web: 'web', h5: 'web', app: 'app', mini: 'wechat_mp' } as const

export function Access({ draft, ways }: { draft: Draft; ways: Ways }) {
  const way = useSignal<Way>('web')
  const chosen = useSignal<string | null>(null)
  const creating = useSignal(false)
  const plan = draft.plan.value
  if (!plan) return null
  const create = (part: Partial<PlanAccess> = {}) => {
    const id = freshId(way.value)
    draft.change((now) => add(now, 'access', { id, name: t(`admin.newWay.${way.value}`), channel: CHANNEL[way.value], enabled: true, ...(way.value === 'h5' ? { form: 'h5' } : {}), ...part }))
    chosen.value = id
  }
  const rows = plan.access.filter((access) => wayOf(access) === way.value)
  return (
    <div class="stack">
      {ways.failed.value && <Notice tone="bad" action={<Button onClick={ways.refresh}>{t('shell.retry')}</Button>}>{either(ways.failed.value.words)}</Notice>}
      <Warnings warnings={draft.about('access')} />
      <div class="toolbar">
        <Tabs id="way" label={t('admin.tab.access')} class="tabs-small" value={way.value} change={(value) => { way.value = value; chosen.value = null }}
          tabs={WAYS.map((value) => ({ value, text: t(`admin.way.${value}`), count: plan.access.filter((access) => wayOf(access) === value).length }))} />
      </div>
      <div class="stack" {...tabPanel('way', way.value)}>
        <p class="field-hint">{t(`admin.wayText.${way.value}`)}</p>
        <Split name={t(`admin.way.${way.value}`)} chosen={chosen} empty={<Empty icon={AppWindow} title={t('admin.noAccess')} />}
          rows={rows.map(({ id, name, enabled, im, appId }) => ({ id, title: name || '–', about: enabled ? im ? `IM ${im.appId}` : appId ?? `/v/${id}` : t('members.accessOff'), off: !enabled }))}
          add={way.value === 'app'
            ? <>
              <Button icon={Zap} data-testid="quick-create" onClick={() => { creating.value = true }}>{t('admin.quickCreate')}</Button>
              <Button icon={Link2} data-testid="link-im" onClick={() => create({ im: { appName: '', appId: '', tenantId: '', serviceNumber: '', configId: '' } })}>{t('admin.linkIm')}</Button>
            </>
            : <Button icon={Plus} data-testid="new-access" onClick={() => create()}>{t('admin.newAccess')}</Button>}>
          {(id) => <AccessDetail key={id} draft={draft} ways={ways} access={plan.access.find((access) => access.id === id)!} />}
        </Split>
      </div>
      {creating.value && <QuickCreate ways={ways} close={() => { creating.value = false }} done={(id) => { chosen.value = id }} />}
      <SecretDialog ways={ways} />
    </div>
  )
}

function QuickCreate({ ways, close, done }: { ways: Ways; close: () => void; done: (id: string) => void }) {
  const name = useSignal('')
  const tried = useSignal(false)
  const submit = async (event: Event) => {
    event.preventDefault()
    tried.value = true
    if (!name.value.trim()) return
    try {
      done(await ways.create(name.value))
      close()
    } catch (error) {
      toastError(error)
    }
  }
  return (
    <Dialog title={t('admin.quickCreate')} close={close} footer={<>
      <Button onClick={close}>{t('shell.cancel')}</Button>
      <Button kind="primary" type="submit" form="quick" busy={ways.busy.value} data-testid="quick-send">{t('members.create')}</Button>
    </>}>
      <form id="quick" class="form" onSubmit={submit} noValidate>
        <p>{t('admin.quickCreateText')}</p>
        <TextField label={t('admin.name')} value={name} maxLength={100} autoFocus error={tried.value && !name.value.trim() ? t('admin.fault.needed') : undefined} data-testid="quick-name" />
      </form>
    </Dialog>
  )
}
