// The offer: who calls, from where, for how long; accept or decline before the ring runs out. Shown on whatever page the agent is.
import { ArrowRightLeft, PhoneForwarded, PhoneIncoming, PhoneOff, UserRoundPlus, Video } from 'lucide-preact'
import { useEffect, useRef } from 'preact/hooks'
import { Picture } from '../call/stage.tsx'
import { Button } from '../shell/button.tsx'
import { clock } from '../shell/i18n.ts'
import { go } from '../shell/route.ts'
import { engineNow } from '../shell/ticker.ts'
import { toastError } from '../shell/toast.tsx'
import { t } from '../staff/text.ts'
import { Attributes, Marks } from '../staff/request-marks.tsx'
import { channelName, sessionTypeName, visitorName } from '../staff/words.ts'
import { Countdown } from './countdown.tsx'
import { ringer } from './desk.ts'
import { keyName, useKeys } from './keys.ts'
import type { Workbench } from './model.ts'

const ICONS = { own: PhoneIncoming, transfer: ArrowRightLeft, invite: UserRoundPlus }

export function Offer({ workbench }: { workbench: Workbench }) {
  const { offer: { value: offer }, asking, call } = workbench
  const accept = () => { workbench.accept().then(() => go('/agent'), toastError) }
  const decline = () => { workbench.decline().catch(toastError) }
  const dialog = useRef<HTMLDialogElement>(null)
  useKeys({ accept, decline })

  useEffect(() => {
    if (!offer || !dialog.current) return
    const before = document.activeElement as HTMLElement | null
    // Under another modal dialog it could be neither seen nor pressed; else it is not modal, and the page stays usable.
    const covered = document.querySelector('dialog:modal') !== null
    if (covered) dialog.current.showModal()
    else dialog.current.show()
    // Someone who is typing goes on typing; everyone else has the button under the Enter key.
    if (!covered && before?.matches('input, textarea, select')) before.focus()
    else dialog.current.querySelector<HTMLElement>('[data-testid=accept]')?.focus()
    // Told to the engine only when it can be noticed: in sight, or in earshot.
    const tell = () => { if (document.visibilityState === 'visible' || ringer.armed.peek()) workbench.shown(offer.offer) }
    tell()
    document.addEventListener('visibilitychange', tell)
    return () => document.removeEventListener('visibilitychange', tell)
  }, [offer?.offer])

  if (!offer) return null
  const group = workbench.view.value?.queues.find((queue) => queue.group === offer.group)?.name ?? offer.group
  const from = offer.from ?? ''
  const callback = offer.mode === 'own' && offer.direction === 'callback'
  const Icon = callback ? PhoneForwarded : ICONS[offer.mode]
  const title = () => {
    if (callback) return t('offer.callback')
    if (offer.mode === 'own') return t('offer.title')
    return offer.mode === 'transfer' ? t('offer.transfer', { name: from }) : t('offer.invite', { name: from })
  }
  return (
    <dialog ref={dialog} class="offer" role="alertdialog" onCancel={(event) => event.preventDefault()} aria-labelledby="offer-title" aria-describedby="offer-facts" data-testid="offer" data-offer={offer.offer} data-mode={offer.mode}>
      <header>
        <span class="offer-mark"><Icon size={22} aria-hidden="true" /></span>
        <div><p>{title()}</p><h2 id="offer-title" title={offer.visitor}>{visitorName(offer.visitor)}</h2></div>
        <Countdown endsAt={offer.expiresAt} label={t('offer.left')} />
      </header>
      <div class="offer-body">
        <dl id="offer-facts">
          <div><dt>{t('records.channel')}</dt><dd>{channelName(offer.channel)}</dd></div>
          <div><dt>{t('records.access')}</dt><dd>{offer.accessName}</dd></div>
          {offer.direction !== 'inbound' && <div><dt>{t('records.sessionType')}</dt><dd>{sessionTypeName(offer.direction)}</dd></div>}
          <div><dt>{t('records.group')}</dt><dd>{group}</dd></div>
          <div><dt>{t('offer.waited')}</dt><dd class="tabular">{clock(engineNow.value - offer.waitingSince)}</dd></div>
          {offer.attempt > 1 && <div><dt>{t('offer.attempt')}</dt><dd>{offer.attempt}</dd></div>}
        </dl>
        {call.tracks.value.camera && <div class="offer-self"><Picture tracks={[call.tracks.value.camera]} muted mirror name={t('media.self')} /></div>}
      </div>
      {(offer.priority > 0 || Object.keys(offer.attributes).length > 0) && <div class="marks offer-marks"><Marks row={{ direction: 'inbound', priority: offer.priority }} /><Attributes attributes={offer.attributes} /></div>}
      {callback && <p class="offer-hint">{t('offer.callbackText')}</p>}
      <footer>
        <Button kind="ok" size="large" icon={Video} busy={asking.value === 'accept'} aria-keyshortcuts="Alt+A" data-testid="accept" onClick={accept}>{t('offer.accept')}<kbd>{keyName('accept')}</kbd></Button>
        <Button size="large" icon={PhoneOff} busy={asking.value === 'decline'} aria-keyshortcuts="Alt+R" data-testid="decline" onClick={decline}>{t('offer.decline')}<kbd>{keyName('decline')}</kbd></Button>
      </footer>
    </dialog>
  )
}
