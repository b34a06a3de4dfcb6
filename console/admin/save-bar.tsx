// What is not saved yet, what stands in its way, what will be regretted; and the two ways on.
import { useSignal } from '@preact/signals'
import { RotateCcw, Save, TriangleAlert } from 'lucide-preact'
import { Button } from '../shell/button.tsx'
import { Dialog } from '../shell/dialog.tsx'
import { TextField } from '../shell/form.tsx'
import { toast, toastError } from '../shell/toast.tsx'
import type { Draft } from './draft.ts'
import { t } from './text.ts'
import { Warned } from './warned.tsx'

export function SaveBar({ draft }: { draft: Draft }) {
  const asking = useSignal(false)
  const { met, errors, faults, warnings } = draft
  if (!draft.dirty.value) return null
  const changed = draft.changed.value.map((part) => t(`admin.part.${part}`)).join(t('admin.and2'))
  return (
    <aside class="save-bar" aria-label={t('admin.unsaved')} data-testid="save-bar">
      <div class="save-words">
        <b>{t('admin.unsaved')}</b><span class="quiet">{changed}</span>
        {met.value && <p class="save-met" role="status" data-testid="met">{t(met.value.conflicts.length ? 'admin.metConflict' : 'admin.met', { n: met.value.version, what: met.value.conflicts.join(', ') })}</p>}
        {faults.value.size > 0 && <p class="field-error" role="status">{t('admin.hasFaults', { n: faults.value.size })}</p>}
        {faults.value.size === 0 && errors.value.map((error) => <p key={error} class="field-error" role="alert">{error}</p>)}
      </div>
      {warnings.value.length > 0 && <Button kind="quiet" size="small" icon={TriangleAlert} class="save-warnings" onClick={() => { asking.value = true }}>{t('admin.warningsN', { n: warnings.value.length })}</Button>}
      <Button icon={RotateCcw} data-testid="discard" onClick={draft.discard}>{t('admin.discard')}</Button>
      <Button kind="primary" icon={Save} busy={draft.saving.value} disabled={faults.value.size > 0} data-testid="save" onClick={() => { asking.value = true }}>{t('admin.save')}</Button>
      {asking.value && <SaveDialog draft={draft} changed={changed} close={() => { asking.value = false }} />}
    </aside>
  )
}

function SaveDialog({ draft, changed, close }: { draft: Draft; changed: string; close: () => void }) {
  const note = useSignal('')
  const save = async (event: Event) => {
    event.preventDefault()
    try {
      const version = await draft.save(note.value.trim())
      if (version !== null) toast('ok', t('admin.savedAs', { n: version }))
    } catch (error) {
      toastError(error)
    }
    close()
  }
  const version = (draft.base.value?.version ?? 0) + 1
  return (
    <Dialog title={t('admin.saveAs', { n: version })} close={close} footer={<>
      <Button onClick={close}>{t('shell.cancel')}</Button>
      <Button kind="primary" type="submit" form="save" busy={draft.saving.value} data-testid="save-yes">{t(draft.warnings.value.length ? 'admin.saveAnyway' : 'admin.save')}</Button>
    </>}>
      <form id="save" class="form" onSubmit={save}>
        <p>{t('admin.saveText', { what: changed })}</p>
        <Warned draft={draft} title={t('admin.warningsTitle')} />
        <TextField label={t('admin.note')} optional={t('shell.optional')} value={note} maxLength={500} placeholder={t('admin.noteHint')} data-testid="save-note" />
      </form>
    </Dialog>
  )
}
