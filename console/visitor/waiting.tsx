// In the queue and while an agent is being called: where one stands, how long it has been, and the way out.
import { Headset } from 'lucide-preact'
import { Picture } from '../call/stage.tsx'
import { Button } from '../shell/button.tsx'
import { clock } from '../shell/i18n.ts'
import { t } from '../shell/text.ts'
import { engineNow } from '../shell/ticker.ts'
import { toastError } from '../shell/toast.tsx'
import type { Visitor } from './model.ts'
import { placeWords } from './page.tsx'

export function Waiting({ visitor }: { visitor: Visitor }) {
  const view = visitor.view.value
  if (!view) return null
  const ringing = view.phase === 'ringing'
  const { camera } = visitor.call.tracks.value
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
      <h1>{t(ringing ? 'visitor.ringing' : 'visitor.queued')}</h1>
      <p class="waiting-place">{ringing ? t('visitor.ringingHint') : placeWords(view.position)}</p>
      <p class="waiting-time">{t('visitor.waited', { time: clock(engineNow.value - view.since) })}</p>
      {!ringing && <p class="quiet">{t('visitor.queuedHint')}</p>}
      <span class="grow" />
      <div class="waiting-foot">
        {camera && <div class="waiting-self"><Picture tracks={[camera]} muted mirror name={t('media.self')} testid="self-video" /></div>}
        <Button size="large" busy={visitor.hangingUp.value} data-testid="hangup" onClick={() => visitor.hangup().catch(toastError)}>{t(ringing ? 'visitor.cancel' : 'visitor.leave')}</Button>
      </div>
    </div>
  )
}
