// An agent rings this visitor: who it is, consent, take it or not.
import { Phone, PhoneIncoming, PhoneOff } from 'lucide-preact'
import { Picture } from '../call/stage.tsx'
import { Button } from '../shell/button.tsx'
import { Notice } from '../shell/page.tsx'
import { t } from '../shell/text.ts'
import { toastError } from '../shell/toast.tsx'
import { Consent } from './consent.tsx'
import type { Visitor } from './model.ts'

export function Dialled({ visitor }: { visitor: Visitor }) {
  const { call, consent, consentMissing, answering } = visitor
  const { camera, microphone } = call.tracks.value
  const trouble = call.trouble.value
  const nothing = consent.value && !call.opening.value && !camera && !microphone ? trouble.microphone ?? trouble.camera : undefined
  const agent = visitor.view.value?.agent
  return (
    <div class="waiting dialled">
      <div class="pulse pulse-ringing" aria-hidden="true"><i /><i /><i /><div class="pulse-core"><PhoneIncoming size={44} strokeWidth={1.5} /></div></div>
      <h1>{t('visitor.dialled')}</h1>
      <p class="waiting-place">{agent ? t('visitor.withAgent', { name: agent }) : t('visitor.title')}</p>
      <span class="grow" />
      {camera && <div class="waiting-self"><Picture tracks={[camera]} muted mirror name={t('media.self')} testid="self-video" /></div>}
      {nothing && <Notice tone="bad">{t(`denied.${nothing}`)}</Notice>}
      <Consent given={consent.value} missing={consentMissing.value} change={visitor.agree} />
      <div class="waiting-foot">
        <Button kind="bad" size="large" icon={PhoneOff} busy={answering.value === 'refuse'} data-testid="refuse" onClick={() => visitor.refuse().catch(toastError)}>{t('visitor.refuse')}</Button>
        <Button kind="ok" size="large" icon={Phone} busy={answering.value === 'answer'} data-testid="answer" onClick={() => visitor.answer().catch(toastError)}>{t('visitor.answer')}</Button>
      </div>
    </div>
  )
}
