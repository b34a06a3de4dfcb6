// A ticket from a call: what is still to be done, and a first word on it.
import { useSignal } from '@preact/signals'
import { api } from '../shell/api.ts'
import { Button } from '../shell/button.tsx'
import { Dialog } from '../shell/dialog.tsx'
import { TextArea, TextField } from '../shell/form.tsx'
import { toast, toastError } from '../shell/toast.tsx'
import { t } from '../staff/text.ts'

/** Longest texts that the engine takes. */
const TITLE_MOST = 200
const COMMENT_MOST = 10_000

export function NewTicket({ request, about, close }: { request: string; about: string; close: () => void }) {
  const title = useSignal('')
  const comment = useSignal('')
  const tried = useSignal(false)
  const busy = useSignal(false)
  const submit = async (event: Event) => {
    event.preventDefault()
    tried.value = true
    if (!title.value.trim() || busy.value) return
    busy.value = true
    try {
      await api('POST', '/api/tickets', { request, title: title.value.trim(), ...(comment.value.trim() ? { comment: comment.value.trim() } : {}) })
      toast('ok', t('ticket.made'))
      close()
    } catch (error) {
      toastError(error)
      busy.value = false
    }
  }
  return (
    <Dialog title={t('ticket.title')} close={close} footer={<>
      <Button onClick={close}>{t('shell.cancel')}</Button>
      <Button kind="primary" type="submit" form="new-ticket" busy={busy.value} data-testid="ticket-create">{t('ticket.create')}</Button>
    </>}>
      <form id="new-ticket" class="form-stack" onSubmit={submit} noValidate>
        <p class="quiet">{about}</p>
        <TextField label={t('ticket.what')} value={title} maxLength={TITLE_MOST} autoFocus data-testid="ticket-title" error={tried.value && !title.value.trim() ? t('ticket.needTitle') : undefined} />
        <TextArea label={t('ticket.comment')} optional={t('shell.optional')} value={comment} rows={4} maxLength={COMMENT_MOST} data-testid="ticket-comment" />
      </form>
    </Dialog>
  )
}
