// Instead of waiting: being called back, when it is one's turn or at a time of one's choice.
import { useSignal } from '@preact/signals'
import { Button } from '../shell/button.tsx'
import { Choice, TextField } from '../shell/form.tsx'
import { t } from '../shell/text.ts'
import { engineNow } from '../shell/ticker.ts'
import { toastError } from '../shell/toast.tsx'
import type { Visitor } from './model.ts'
import { localValue, nextHalfHour } from './words.ts'

export function CallBack({ visitor, close }: { visitor: Visitor; close: () => void }) {
  const when = useSignal<'turn' | 'time'>('turn')
  const at = useSignal(localValue(nextHalfHour(engineNow.peek())))
  const tried = useSignal(false)
  const busy = useSignal(false)
  const due = when.value === 'turn' ? 0 : new Date(at.value).getTime()
  const wrong = when.value === 'time' && !(due > engineNow.peek())
  const submit = async (event: Event) => {
    event.preventDefault()
    tried.value = true
    if (wrong) return
    busy.value = true
    await visitor.callBack(due).catch(toastError)
    busy.value = false
  }
  return (
    <form class="callback" onSubmit={submit} noValidate>
      <h2>{t('visitor.callbackTitle')}</h2>
      <Choice label={t('visitor.callbackTitle')} value={when.value} change={(value) => { when.value = value }} options={[
        { value: 'turn', content: t('visitor.callbackTurn'), testid: 'callback-turn' }, { value: 'time', content: t('visitor.callbackTime'), testid: 'callback-time' },
      ]} />
      {when.value === 'time' && <TextField label={t('visitor.callbackAt')} type="datetime-local" value={at} error={tried.value && wrong ? t('visitor.callbackPast') : undefined} data-testid="callback-at" />}
      <p class="quiet">{t('visitor.callbackHint')}</p>
      <div class="callback-foot">
        <Button onClick={close}>{t('visitor.callbackNot')}</Button>
        <Button kind="primary" type="submit" busy={busy.value} data-testid="callback-send">{t('visitor.callbackSend')}</Button>
      </div>
    </form>
  )
}
