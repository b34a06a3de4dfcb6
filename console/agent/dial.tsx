// Calling out: to whom and from which access point, then the ringing, with a link to hand on where nobody is rung yet.
import { useSignal } from '@preact/signals'
import { PhoneOff, PhoneOutgoing } from 'lucide-preact'
import { Button } from '../shell/button.tsx'
import { Dialog } from '../shell/dialog.tsx'
import { Select } from '../shell/form.tsx'
import { Card, Notice } from '../shell/page.tsx'
import { go } from '../shell/route.ts'
import { toastError } from '../shell/toast.tsx'
import { CopyLink } from '../staff/copy-link.tsx'
import { planWords } from '../staff/plan-words.ts'
import { t } from '../staff/text.ts'
import { channelName, visitorName } from '../staff/words.ts'
import { Countdown } from './countdown.tsx'
import type { Workbench } from './model.ts'

export function DialDialog({ workbench }: { workbench: Workbench }) {
  const { dialling, asking, free } = workbench
  const wanted = dialling.value
  const access = (planWords.words.value?.access ?? []).filter(({ enabled }) => enabled)
  const chosen = useSignal<string | null>(null)
  if (!wanted) return null
  const from = chosen.value ?? (access.some(({ id }) => id === wanted.access) ? wanted.access : access[0]?.id) ?? ''
  const close = () => { dialling.value = null }
  const call = () => { workbench.dial(wanted.visitor, from).then(() => go('/agent'), toastError) }
  return (
    <Dialog title={t('dial.title')} close={close} footer={<>
      <Button onClick={close}>{t('shell.cancel')}</Button>
      <Button kind="ok" icon={PhoneOutgoing} disabled={!free.value || !from} busy={asking.value === 'dial'} data-testid="dial-start" onClick={call}>{t(wanted.visitor === null ? 'dial.makeLink' : 'dial.call')}</Button>
    </>}>
      <div class="form-stack" data-testid="dial">
        <p>{wanted.visitor === null ? t('dial.byLinkText') : t('dial.toVisitor', { visitor: visitorName(wanted.visitor) })}</p>
        {access.length > 0
          ? <Select label={t('dial.access')} value={from} change={(id) => { chosen.value = id }} hint={t('dial.accessHint')} data-testid="dial-access"
              options={access.map((one) => ({ value: one.id, text: `${one.name} · ${channelName(one.channel)}` }))} />
          : <Notice tone="warn">{t('dial.noAccess')}</Notice>}
        {!free.value && <Notice tone="warn">{t('dial.notFree')}</Notice>}
      </div>
    </Dialog>
  )
}

/** The visitor is being rung. */
export function Dialling({ workbench }: { workbench: Workbench }) {
  const dial = workbench.view.value?.dial
  if (!dial) return <Card class="desk-still"><span class="spinner" /></Card>
  return (
    <Card class="desk-still" data-testid="dialling">
      <Countdown endsAt={dial.expiresAt} label={t('dial.left')} />
      <h2>{t('dial.ringing', { visitor: visitorName(dial.visitor) })}</h2>
      <p>{t('dial.ringingText')}</p>
      {dial.link !== null && <CopyLink link={dial.link} label={t('dial.link')} />}
      <Button kind="bad" size="large" icon={PhoneOff} busy={workbench.asking.value === 'dialCancel'} data-testid="dial-cancel" onClick={() => { workbench.dialCancel().catch(toastError) }}>{t('dial.cancel')}</Button>
    </Card>
  )
}
