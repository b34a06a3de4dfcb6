// Asks for a name before the draft runs as the shadow plan, and says what its author should know.
import { useSignal } from '@preact/signals'
import { Play } from 'lucide-preact'
import { Button } from '../shell/button.tsx'
import { Dialog } from '../shell/dialog.tsx'
import { TextField } from '../shell/form.tsx'
import { toast, toastError } from '../shell/toast.tsx'
import type { Draft } from './draft.ts'
import { candidateOf, NAME_LENGTH, nameFault, type Shadow } from './shadow.ts'
import { t } from './text.ts'
import { Warned } from './warned.tsx'

export function RunDialog({ draft, shadow, close }: { draft: Draft; shadow: Shadow; close: () => void }) {
  const [base, plan, faults, errors] = [draft.base.value!, draft.plan.value!, draft.faults.value, draft.errors.value]
  const candidate = candidateOf(plan, base, draft.dirty.value)
  const name = useSignal(`draft-${candidate.version}`)
  const fault = nameFault(name.value)
  const stuck = faults.size > 0 || errors.length > 0
  const run = async (event: Event) => {
    event.preventDefault()
    if (fault || stuck || shadow.busy.value) return
    try {
      await shadow.start(name.value, candidate)
      toast('ok', t('shadow.begun', { name: name.value }))
      close()
    } catch (error) {
      toastError(error)
    }
  }
  const changed = draft.changed.value.map((part) => t(`admin.part.${part}`)).join(t('admin.and2'))
  return (
    <Dialog title={t('shadow.run')} close={close} footer={<>
      <Button onClick={close}>{t('shell.cancel')}</Button>
      <Button kind="primary" type="submit" form="shadow-run" icon={Play} busy={shadow.busy.value} disabled={stuck || Boolean(fault)} data-testid="shadow-run-yes">{t('shadow.run')}</Button>
    </>}>
      <form id="shadow-run" class="form" onSubmit={run}>
        <p>{t('shadow.runText', { n: candidate.version })}</p>
        <p>{draft.dirty.value ? t('shadow.runChanged', { what: changed }) : t('shadow.runSame')}</p>
        {shadow.told.value && <p>{t('shadow.replaces', { name: shadow.told.value.name })}</p>}
        <TextField label={t('shadow.name')} value={name} maxLength={NAME_LENGTH} error={fault && t(`shadow.fault.${fault}`, { n: NAME_LENGTH })} hint={t('shadow.nameHint', { name: name.value })} data-testid="shadow-name" />
        {faults.size > 0 && <p class="field-error" role="status">{t('admin.hasFaults', { n: faults.size })}</p>}
        {faults.size === 0 && errors.map((error) => <p key={error} class="field-error" role="alert">{error}</p>)}
        <Warned draft={draft} title={t('shadow.warnings')} />
      </form>
    </Dialog>
  )
}
