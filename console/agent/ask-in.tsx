// Whom to hand a call to, or ask into it: colleagues as they stand just now, and groups.
import { useSignal } from '@preact/signals'
import { RefreshCw, UserRound, UsersRound } from 'lucide-preact'
import { useEffect } from 'preact/hooks'
import { Badge, Dot } from '../shell/badge.tsx'
import { Button } from '../shell/button.tsx'
import { Dialog } from '../shell/dialog.tsx'
import { Choice } from '../shell/form.tsx'
import { toastError } from '../shell/toast.tsx'
import { groupName, planWords } from '../staff/plan-words.ts'
import { STATUS_TONES } from '../staff/status-tones.ts'
import { t } from '../staff/text.ts'
import { inOrder, isFree, type Target } from './call-acts.ts'
import type { Workbench } from './model.ts'

/** How often the list is read while it is looked at: long enough to press what one sees. */
const EVERY_MS = 5000

export function AskIn({ workbench, invite, close }: { workbench: Workbench; invite: boolean; close: () => void }) {
  const { acts, asking, view } = workbench
  const kind = useSignal<'agent' | 'group'>('agent')
  const warm = useSignal(true)
  const chosen = useSignal<string | null>(null)
  const failed = useSignal(false)
  const read = () => { acts.readColleagues().then(() => { failed.value = false }, () => { failed.value = true }) }
  useEffect(() => {
    read()
    const timer = setInterval(read, EVERY_MS)
    return () => clearInterval(timer)
  }, [])
  const words = planWords.words.value
  const mine = view.value?.queues ?? []
  const groups = words?.groups ?? mine.map(({ group, name }) => ({ id: group, name }))
  const colleagues = acts.colleagues.value && inOrder(acts.colleagues.value, [view.value?.agent ?? '', ...(view.value?.call?.parties ?? []).map(({ participant }) => participant)])

  const submit = () => {
    if (chosen.value === null) return
    const to: Target = kind.value === 'agent' ? { agent: chosen.value } : { group: chosen.value }
    acts.askIn(invite ? 'invite' : warm.value ? 'warm' : 'blind', to).then(close, toastError)
  }
  return (
    <Dialog title={t(invite ? 'askIn.inviteTitle' : 'askIn.transferTitle')} close={close} footer={<>
      <Button onClick={close}>{t('shell.cancel')}</Button>
      <Button kind="primary" disabled={chosen.value === null} busy={asking.value === 'askIn'} data-testid="ask-in" onClick={submit}>{t(invite ? 'askIn.invite' : 'askIn.transfer')}</Button>
    </>}>
      <div class="form-stack">
        {!invite && (
          <div class="form-stack">
            <Choice label={t('askIn.how')} value={warm.value ? 'warm' : 'blind'} change={(how) => { warm.value = how === 'warm' }}
              options={[{ value: 'warm', content: t('askIn.warm'), testid: 'transfer-warm' }, { value: 'blind', content: t('askIn.blind'), testid: 'transfer-blind' }]} />
            <p class="quiet">{t(warm.value ? 'askIn.warmText' : 'askIn.blindText')}</p>
          </div>
        )}
        <div class="toolbar">
          <Choice label={t('askIn.whom')} value={kind.value} change={(next) => { kind.value = next; chosen.value = null }} options={[
            { value: 'agent', content: <><UserRound size={15} aria-hidden="true" />{t('askIn.agent')}</>, testid: 'to-agent' },
            { value: 'group', content: <><UsersRound size={15} aria-hidden="true" />{t('askIn.group')}</>, testid: 'to-group' },
          ]} />
          <span class="grow" />
          {kind.value === 'agent' && <Button kind="quiet" size="small" icon={RefreshCw} label={t('records.refresh')} onClick={read} />}
        </div>
        <div class="targets" role="radiogroup" aria-label={t('askIn.whom')}>
          {kind.value === 'group' && groups.map(({ id, name }) => <Target key={id} id={id} chosen={chosen.value} choose={() => { chosen.value = id }} name={name} />)}
          {kind.value === 'agent' && colleagues?.map((one) => (
            <Target key={one.agent} id={one.agent} chosen={chosen.value} choose={() => { chosen.value = one.agent }} disabled={!isFree(one)} name={one.nickname}
              about={one.groups.map((id) => groupName(words, id)).join(' · ')}
              state={<><Dot tone={STATUS_TONES[one.status]} />{t(`status.${one.status}`)}{one.work !== 'none' && <Badge tone="neutral">{t(`work.${one.work}`)}</Badge>}</>} />
          ))}
          {kind.value === 'agent' && colleagues?.length === 0 && <p class="targets-none">{t('askIn.nobody')}</p>}
          {kind.value === 'agent' && !colleagues && (failed.value ? <p class="targets-none">{t('shell.failed')}</p> : <p class="targets-none"><span class="spinner" role="status" aria-label={t('shell.loading')} /></p>)}
        </div>
      </div>
    </Dialog>
  )
}

interface TargetProps { id: string; chosen: string | null; choose: () => void; name: string; about?: string; disabled?: boolean; state?: preact.ComponentChildren }
function Target({ id, chosen, choose, name, about, disabled, state }: TargetProps) {
  return (
    <label class="target" data-target={id}>
      <input type="radio" name="target" checked={chosen === id} disabled={disabled ?? false} onChange={choose} />
      <span class="target-name"><strong>{name}</strong>{about && <small title={about}>{about}</small>}</span>
      {state && <span class="target-state">{state}</span>}
    </label>
  )
}
