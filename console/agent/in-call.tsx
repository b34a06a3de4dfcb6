// The call on the workbench: its picture, and below it what else can be done with it.
import { useSignal } from '@preact/signals'
import { ArrowRightLeft, LogOut, Pause, Play, ShieldBan, UserRoundPlus } from 'lucide-preact'
import { Stage } from '../call/stage.tsx'
import { Button } from '../shell/button.tsx'
import { Check } from '../shell/form.tsx'
import { clock } from '../shell/i18n.ts'
import { engineNow } from '../shell/ticker.ts'
import { toastError } from '../shell/toast.tsx'
import { t } from '../staff/text.ts'
import { callerNames, visitorName } from '../staff/words.ts'
import { AskIn } from './ask-in.tsx'
import { AskBlock } from './block.tsx'
import { keyName, useKeys } from './keys.ts'
import type { Workbench } from './model.ts'

export function InCall({ workbench }: { workbench: Workbench }) {
  const { call, acts } = workbench
  const current = workbench.view.value?.call
  const hangup = () => { acts.hangup().catch(toastError) }
  useKeys({ hangup, mute: () => call.toggle('microphone'), camera: () => call.toggle('camera') })
  const name = visitorName(current?.visitor ?? '')
  return (
    <section class="desk-call" aria-label={t('agent.call')} data-testid="call" data-work={workbench.view.value?.work}>
      <div class="desk-picture">
        <Stage call={call} name={name} names={callerNames(current?.parties ?? [])} hangup={hangup} hangingUp={workbench.hangingUp} {...(current?.mine === false ? { hangupLabel: t('call.leave') } : {})}
          keys={{ mute: keyName('mute'), camera: keyName('camera'), hangup: keyName('hangup') }}
          caption={<><strong title={current?.visitor}>{name}</strong><span role="timer">{current?.connectedAt ? clock(engineNow.value - current.connectedAt) : t('visitor.connecting')}</span></>}
          connected={current?.connectedAt != null} />
        {current?.held && <p class="desk-held" role="status" data-testid="on-hold"><Pause size={15} aria-hidden="true" />{t('call.onHold')}</p>}
      </div>
      {current && <CallBar workbench={workbench} />}
    </section>
  )
}

function CallBar({ workbench }: { workbench: Workbench }) {
  const { acts, asking } = workbench
  const dialog = useSignal<'transfer' | 'invite' | 'block' | null>(null)
  const call = workbench.view.value?.call
  if (!call) return null
  const talking = call.connectedAt !== null
  const others = call.parties.some(({ role, participant }) => role === 'agent' && participant !== workbench.view.value?.agent)
  const close = () => { dialog.value = null }
  return (
    <div class="call-bar" role="toolbar" aria-label={t('call.more')}>
      <Button icon={call.held ? Play : Pause} kind={call.held ? 'primary' : 'plain'} disabled={!talking} busy={asking.value === 'hold'} aria-pressed={call.held} data-testid="hold"
        onClick={() => { acts.hold(!call.held).catch(toastError) }}>{t(call.held ? 'call.resume' : 'call.hold')}</Button>
      <Button icon={ArrowRightLeft} disabled={!talking} data-testid="transfer" onClick={() => { dialog.value = 'transfer' }}>{t('askIn.transfer')}</Button>
      <Button icon={UserRoundPlus} disabled={!talking} data-testid="invite" onClick={() => { dialog.value = 'invite' }}>{t('askIn.invite')}</Button>
      <Button icon={ShieldBan} data-testid="block" onClick={() => { dialog.value = 'block' }}>{t('block.ask')}</Button>
      {call.mine && others && <Button icon={LogOut} busy={asking.value === 'leave'} data-testid="leave" title={t('call.leaveText')} onClick={() => { acts.leave().catch(toastError) }}>{t('call.leave')}</Button>}
      <span class="grow" />
      {call.wrapUp === 'optional' && <Check checked={call.wantsWrapUp} change={(wanted) => { acts.wantWrapUp(wanted).catch(toastError) }} data-testid="wants-wrapup">{t('call.wantsWrapUp')}</Check>}
      {(dialog.value === 'transfer' || dialog.value === 'invite') && <AskIn workbench={workbench} invite={dialog.value === 'invite'} close={close} />}
      {dialog.value === 'block' && <AskBlock workbench={workbench} request={call.request} visitor={call.visitor} close={close} />}
    </div>
  )
}
