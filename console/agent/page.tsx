// The agent's workbench: status and queues above, the call at the left, the summary at the right.
import { CirclePause, Coffee, EyeOff, PhoneCall, PhoneIncoming, Power, VolumeX, type LucideIcon } from 'lucide-preact'
import { Stage } from '../call/stage.tsx'
import { Button } from '../shell/button.tsx'
import { clock } from '../shell/i18n.ts'
import { Card, Notice } from '../shell/page.tsx'
import { engineNow } from '../shell/ticker.ts'
import { toastError } from '../shell/toast.tsx'
import { t } from '../staff/text.ts'
import { visitorName } from '../staff/words.ts'
import { Countdown } from './countdown.tsx'
import { desk, ringer } from './desk.ts'
import { keyName, useKeys } from './keys.ts'
import type { Status, Workbench } from './model.ts'
import { Queues, STATUS_TONES, StatusBar } from './status-bar.tsx'
import { Summary } from './summary.tsx'
import './agent.css'

export function Page() {
  const workbench = desk.value
  if (!workbench) return null
  const view = workbench.view.value
  return (
    <div class="desk">
      {workbench.link.state.value === 'offline' && <div class="late"><Notice tone="warn" data-testid="offline">{t('link.offline')}</Notice></div>}
      {view && !view.video && <Notice tone="warn">{t('agent.notVideo')}</Notice>}
      {view?.status === 'idle' && view.work === 'none' && !ringer.armed.value && (
        <Notice tone="bad" data-testid="sound-blocked" action={<Button kind="bad" icon={VolumeX} onClick={() => { void ringer.arm() }}>{t('agent.soundOn')}</Button>}>{t('agent.soundBlocked')}</Notice>
      )}
      <StatusBar workbench={workbench} />
      <div class="desk-body">
        <div class="desk-stage"><Main workbench={workbench} /></div>
        <aside class="desk-side" aria-label={t('agent.side')}><Summary workbench={workbench} /></aside>
      </div>
    </div>
  )
}

function Main({ workbench }: { workbench: Workbench }) {
  const view = workbench.view.value
  if (!view) return <Card class="desk-still"><span class="spinner" /></Card>
  switch (view.work) {
    case 'connecting': case 'in_call': return <InCall workbench={workbench} />
    case 'wrap_up': return <WrapUp workbench={workbench} />
    default: return <Still workbench={workbench} />
  }
}

function InCall({ workbench }: { workbench: Workbench }) {
  const { call } = workbench
  const current = workbench.view.value?.call
  const hangup = () => { workbench.hangup().catch(toastError) }
  useKeys({ hangup, mute: () => call.toggle('microphone'), camera: () => call.toggle('camera') })
  const name = visitorName(current?.visitor ?? '')
  return (
    <section class="desk-call" aria-label={t('agent.call')} data-testid="call" data-work={workbench.view.value?.work}>
      <Stage call={call} name={name} hangup={hangup} hangingUp={workbench.hangingUp} keys={{ mute: keyName('mute'), camera: keyName('camera'), hangup: keyName('hangup') }}
        caption={<><strong title={current?.visitor}>{name}</strong><span role="timer">{current?.connectedAt ? clock(engineNow.value - current.connectedAt) : t('visitor.connecting')}</span></>}
        connected={current?.connectedAt != null} />
    </section>
  )
}

function WrapUp({ workbench }: { workbench: Workbench }) {
  const wrapUp = workbench.view.value?.wrapUp
  return (
    <Card class="desk-still" data-testid="wrapup">
      {wrapUp && wrapUp.endsAt > 0 && <Countdown endsAt={wrapUp.endsAt} label={t('wrapup.left')} />}
      <h2>{t('wrapup.title')}</h2>
      <p>{t('wrapup.text')}</p>
      <Button kind="primary" size="large" busy={workbench.asking.value === 'wrapup'} data-testid="wrapup-done" onClick={() => { workbench.wrapupDone().catch(toastError) }}>{t('wrapup.done')}</Button>
    </Card>
  )
}

const STILL: Record<Status, LucideIcon> = { idle: PhoneIncoming, busy: CirclePause, away: Coffee, invisible: EyeOff, offline: Power }

/** No call: what the status means just now, and the way to work. */
function Still({ workbench }: { workbench: Workbench }) {
  const view = workbench.view.value
  if (!view) return null
  const Icon = STILL[view.status]
  return (
    <Card class={`desk-still tone-${STATUS_TONES[view.status]}`}>
      <span class={`still-mark ${view.status === 'idle' ? 'still-ready' : ''}`}><Icon size={40} strokeWidth={1.5} aria-hidden="true" /></span>
      <h2>{t(`still.${view.status}`)}</h2>
      <p>{t(`still.${view.status}Text`)}</p>
      <p class="still-since">{t('still.since', { time: clock(engineNow.value - view.statusSince) })}</p>
      {view.status !== 'idle' && view.video && (
        <Button kind="ok" size="large" icon={PhoneCall} busy={workbench.asking.value === 'idle'} data-testid="go-idle" onClick={() => { workbench.setStatus('idle').catch(toastError) }}>{t('still.start')}</Button>
      )}
      <Queues workbench={workbench} />
    </Card>
  )
}
