// In the queue and while an agent is being called: where one stands, how long it may take, what the centre says, and the ways out.
import { useSignal } from '@preact/signals'
import { Headset, PhoneIncoming } from 'lucide-preact'
import { Picture } from '../call/stage.tsx'
import { Button } from '../shell/button.tsx'
import { clock, either } from '../shell/i18n.ts'
import { t } from '../shell/text.ts'
import { engineNow } from '../shell/ticker.ts'
import { toastError } from '../shell/toast.tsx'
import { CallBack } from './callback.tsx'
import type { Visitor } from './model.ts'
import { estimateWords, placeWords } from './words.ts'

export function Waiting({ visitor }: { visitor: Visitor }) {
  const asking = useSignal(false)
  const view = visitor.view.value
  if (!view) return null
  const ringing = view.phase === 'ringing'
  const back = visitor.calledBack.value
  const { camera } = visitor.call.tracks.value
  const title = ringing ? 'visitor.ringing' : back ? 'visitor.callbackNow' : 'visitor.queued'
  // The plan's own words; one language left empty is the page's.
  const said = view.message ? either(view.message) : ''
  const estimate = estimateWords(view.estimateMs)
  return (
    <div class="waiting">
      <div class={`pulse ${ringing ? 'pulse-ringing' : ''}`} aria-hidden="true">
        <i /><i /><i />
        <div class="pulse-core">
          {ringing || view.position === null
            ? <Headset size={44} strokeWidth={1.5} />
            : <><span>{t('visitor.position')}</span><b data-testid="position">{view.position}</b></>}
        </div>
      </div>
      <h1>{t(title)}</h1>
      <p class="waiting-place">{ringing ? t('visitor.ringingHint') : placeWords(view.position)}</p>
      <p class="waiting-time">{!ringing && estimate && <><b data-testid="estimate">{estimate}</b> · </>}{t('visitor.waited', { time: clock(engineNow.value - view.since) })}</p>
      {!ringing && (said && !back ? <p class="waiting-message" data-testid="message">{said}</p> : <p class="quiet">{t(back ? 'visitor.callbackKeep' : 'visitor.queuedHint')}</p>)}
      <span class="grow" />
      {asking.value && !ringing && !back
        ? <CallBack visitor={visitor} close={() => { asking.value = false }} />
        : <>
          {!ringing && !back && <Button kind="quiet" icon={PhoneIncoming} data-testid="callback" onClick={() => { asking.value = true }}>{t('visitor.callback')}</Button>}
          <div class="waiting-foot">
            {camera && <div class="waiting-self"><Picture tracks={[camera]} muted mirror name={t('media.self')} testid="self-video" /></div>}
            <Button size="large" busy={visitor.hangingUp.value} data-testid="hangup" onClick={() => visitor.hangup().catch(toastError)}>{t(ringing ? 'visitor.cancel' : 'visitor.leave')}</Button>
          </div>
        </>}
    </div>
  )
}
