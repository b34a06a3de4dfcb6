// The agent's workbench: status above, the call at the left, at the right who is in it, the summary, and who waits.
import { CirclePause, Coffee, EyeOff, PhoneCall, PhoneIncoming, PhoneOutgoing, Power, VolumeX, type LucideIcon } from 'lucide-preact'
import { Button } from '../shell/button.tsx'
import { clock } from '../shell/i18n.ts'
import { Card, Notice } from '../shell/page.tsx'
import { engineNow } from '../shell/ticker.ts'
import { toastError } from '../shell/toast.tsx'
import { STATUS_TONES } from '../staff/status-tones.ts'
import { t } from '../staff/text.ts'
import { desk, ringer } from './desk.ts'
import { Dialling } from './dial.tsx'
import { InCall } from './in-call.tsx'
import type { Status, Workbench } from './model.ts'
import { People } from './people.tsx'
import { QueuePanel } from './queue.tsx'
import { Queues, StatusBar } from './status-bar.tsx'
import { Summary } from './summary.tsx'
import { WrapUp } from './wrap-up.tsx'
import './agent.css'

export function Page() {
  const workbench = desk.value
  if (!workbench) return null
  const view = workbench.view.value
  const free = view?.work === 'none' || view?.work === 'ringing'
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
        <aside class="desk-side" aria-label={t('agent.side')}>
          {free && <QueuePanel workbench={workbench} />}
          <People workbench={workbench} />
          <Summary workbench={workbench} />
          {!free && <QueuePanel workbench={workbench} />}
        </aside>
      </div>
    </div>
  )
}

function Main({ workbench }: { workbench: Workbench }) {
  const view = workbench.view.value
  if (!view) return <Card class="desk-still"><span class="spinner" /></Card>
  switch (view.work) {
    case 'connecting': case 'in_call': return <InCall workbench={workbench} />
    case 'dialling': return <Dialling workbench={workbench} />
    case 'wrap_up': return <WrapUp workbench={workbench} />
    default: return <Still workbench={workbench} />
  }
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
      <div class="still-acts">
        {view.status !== 'idle' && view.video && (
          <Button kind="ok" size="large" icon={PhoneCall} busy={workbench.asking.value === 'idle'} data-testid="go-idle" onClick={() => { workbench.setStatus('idle').catch(toastError) }}>{t('still.start')}</Button>
        )}
        {view.status !== 'offline' && view.video && (
          <Button size="large" icon={PhoneOutgoing} disabled={!workbench.free.value} data-testid="dial-open" onClick={() => { workbench.openDial({ visitor: null, access: null }) }}>{t('dial.open')}</Button>
        )}
      </div>
      <Queues workbench={workbench} />
    </Card>
  )
}
