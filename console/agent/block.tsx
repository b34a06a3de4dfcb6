// Asking that a visitor be kept out: an agent says why, a supervisor decides.
import { useSignal } from '@preact/signals'
import { ShieldBan } from 'lucide-preact'
import { Button } from '../shell/button.tsx'
import { Dialog } from '../shell/dialog.tsx'
import { TextField } from '../shell/form.tsx'
import { toast, toastError } from '../shell/toast.tsx'
import { t } from '../staff/text.ts'
import { visitorName } from '../staff/words.ts'
import type { Workbench } from './model.ts'

/** Longest reason that the engine takes. */
const REASON_MOST = 64

export function AskBlock({ workbench, request, visitor, close }: { workbench: Workbench; request: string; visitor: string; close: () => void }) {
  const reason = useSignal('')
  const tried = useSignal(false)
  const submit = (event: Event) => {
    event.preventDefault()
    tried.value = true
    if (!reason.value.trim()) return
    workbench.block(request, reason.value.trim()).then(() => { toast('ok', t('block.asked')); close() }, toastError)
  }
  return (
    <Dialog title={t('block.title', { visitor: visitorName(visitor) })} close={close} footer={<>
      <Button onClick={close}>{t('shell.cancel')}</Button>
      <Button kind="bad" type="submit" form="ask-block" icon={ShieldBan} busy={workbench.asking.value === 'block'} data-testid="block-ask">{t('block.ask')}</Button>
    </>}>
      <form id="ask-block" class="form-stack" onSubmit={submit} noValidate>
        <p>{t('block.text')}</p>
        <TextField label={t('block.reason')} value={reason} maxLength={REASON_MOST} autoFocus data-testid="block-reason" error={tried.value && !reason.value.trim() ? t('block.needReason') : undefined} />
      </form>
    </Dialog>
  )
}
