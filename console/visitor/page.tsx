// The visitor's page: greeting and consent, the way through the queue, the call, and what comes after it.
import { useComputed } from '@preact/signals'
import { MonitorX, PhoneCall, Unplug } from 'lucide-preact'
import { Stage } from '../call/stage.tsx'
import { Button } from '../shell/button.tsx'
import { clock, either } from '../shell/i18n.ts'
import { t } from '../shell/text.ts'
import { engineNow } from '../shell/ticker.ts'
import { toastError, Toasts } from '../shell/toast.tsx'
import { Dialled } from './dialled.tsx'
import { Ended } from './ended.tsx'
import type { Visitor } from './model.ts'
import { Head, Lost, News, Note, partyNames, useAwake } from './parts.tsx'
import { Ready } from './ready.tsx'
import { Waiting } from './waiting.tsx'
import { estimateWords, placeWords } from './words.ts'

export function Page({ visitor }: { visitor: Visitor }) {
  const screen = visitor.screen.value
  const talking = screen === 'in_call' || screen === 'connecting'
  useAwake(talking || screen === 'queued' || screen === 'ringing' || screen === 'dialled' || visitor.calledBack.value)
  return (
    <div class={`visit ${talking ? 'visit-call' : ''}`}>
      <Head title={visitor.look.value?.name || t('visitor.title')} />
      {visitor.link.value?.state.value === 'offline' && <Lost />}
      {talking && visitor.view.value?.transferring && <News data-testid="transferring">{t('visitor.transferring')}</News>}
      <main class="visit-main"><Screen visitor={visitor} /></main>
      <Phase visitor={visitor} />
      <Toasts />
    </div>
  )
}

function Screen({ visitor }: { visitor: Visitor }) {
  switch (visitor.screen.value) {
    case 'opening': return <div class="visit-note" aria-busy="true"><span class="spinner" /></div>
    case 'unavailable': return (
      <Note icon={Unplug} title={t('visitor.noAccess')} text={visitor.refused.value ? either(visitor.refused.value.words) : ''} hint={t(visitor.refused.value?.code === 'bad_token' ? 'visitor.comeAgain' : 'visitor.noAccessHint')}>
        <Button onClick={() => void visitor.begin()}>{t('shell.retry')}</Button>
      </Note>
    )
    case 'replaced': return <Note icon={MonitorX} title={t('link.replaced')} text={t('link.replacedHint')}><Button kind="primary" onClick={() => visitor.link.value?.reopen()}>{t('link.useHere')}</Button></Note>
    case 'expired': return <Note icon={Unplug} title={t('visitor.gone')}><Button kind="primary" icon={PhoneCall} onClick={() => void visitor.startOver()}>{t('visitor.again')}</Button></Note>
    case 'ready': return <Ready visitor={visitor} />
    case 'dialled': return <Dialled visitor={visitor} />
    case 'queued': case 'ringing': return <Waiting visitor={visitor} />
    case 'connecting': case 'in_call': return <InCall visitor={visitor} />
    case 'closed': return <Ended visitor={visitor} />
  }
}

function InCall({ visitor }: { visitor: Visitor }) {
  const view = visitor.view.value
  const agent = view?.agent ? t('visitor.withAgent', { name: view.agent }) : t('visitor.title')
  return (
    <Stage call={visitor.call} name={agent} names={partyNames(view?.parties ?? [])} hangingUp={visitor.hangingUp} hangup={() => visitor.hangup().catch(toastError)}
      caption={<><strong>{view?.transferring ? t('visitor.transferringShort') : agent}</strong><CallTime visitor={visitor} /></>}
      connected={view?.connectedAt != null} />
  )
}

function CallTime({ visitor }: { visitor: Visitor }) {
  const since = visitor.view.value?.connectedAt
  return <span>{since ? clock(engineNow.value - since) : t('visitor.connecting')}</span>
}

/** Says aloud how the call stands. The same words a test or a screen reader finds. */
function Phase({ visitor }: { visitor: Visitor }) {
  const words = useComputed(() => {
    const view = visitor.view.value
    switch (visitor.screen.value) {
      case 'queued': return [t('visitor.queued'), placeWords(view?.position ?? null), estimateWords(view?.estimateMs ?? null)].filter(Boolean).join('. ')
      case 'ringing': return t('visitor.ringing')
      case 'dialled': return t('visitor.dialled')
      case 'connecting': return t('visitor.connecting')
      case 'in_call': return t(view?.transferring ? 'visitor.transferring' : 'visitor.inCall')
      case 'closed': return t('visitor.ended')
      default: return ''
    }
  })
  return <p class="unseen" role="status" aria-live="polite" data-testid="phase" data-phase={visitor.screen.value}>{words.value}</p>
}
