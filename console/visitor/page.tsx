// The visitor's page: greeting and consent, the way through the queue, the call, and what comes after it.
import { useComputed } from '@preact/signals'
import { Languages, MonitorX, PhoneCall, Unplug } from 'lucide-preact'
import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import { Stage } from '../call/stage.tsx'
import { Button } from '../shell/button.tsx'
import { clock, either, lang, speak } from '../shell/i18n.ts'
import { Notice } from '../shell/page.tsx'
import { t } from '../shell/text.ts'
import { engineNow } from '../shell/ticker.ts'
import { toastError, Toasts } from '../shell/toast.tsx'
import { Ended } from './ended.tsx'
import type { Visitor } from './model.ts'
import { Ready } from './ready.tsx'
import { Waiting } from './waiting.tsx'

export function Page({ visitor }: { visitor: Visitor }) {
  const screen = visitor.screen.value
  const talking = screen === 'in_call' || screen === 'connecting'
  useAwake(talking || screen === 'queued' || screen === 'ringing')
  return (
    <div class={`visit ${talking ? 'visit-call' : ''}`}>
      <header class="visit-top">
        <img src="/mark.svg" alt="" width="26" height="26" /><strong>{t('visitor.title')}</strong><span class="grow" />
        <Button kind="quiet" size="small" icon={Languages} title={t('shell.languageTitle')} data-testid="language" onClick={() => speak(lang.value === 'zh' ? 'en' : 'zh')}>{t('shell.language')}</Button>
      </header>
      <Lost visitor={visitor} />
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
      <Note icon={Unplug} title={t('visitor.noAccess')} text={visitor.refused.value ? either(visitor.refused.value.words) : ''} hint={t('visitor.noAccessHint')}>
        <Button onClick={() => void visitor.begin()}>{t('shell.retry')}</Button>
      </Note>
    )
    case 'replaced': return <Note icon={MonitorX} title={t('link.replaced')} text={t('link.replacedHint')}><Button kind="primary" onClick={() => visitor.link.value?.reopen()}>{t('link.useHere')}</Button></Note>
    case 'expired': return <Note icon={Unplug} title={t('visitor.gone')} text=""><Button kind="primary" icon={PhoneCall} onClick={() => void visitor.startOver()}>{t('visitor.again')}</Button></Note>
    case 'ready': return <Ready visitor={visitor} />
    case 'queued': case 'ringing': return <Waiting visitor={visitor} />
    case 'connecting': case 'in_call': return <InCall visitor={visitor} />
    case 'closed': return <Ended visitor={visitor} />
  }
}

function InCall({ visitor }: { visitor: Visitor }) {
  const view = visitor.view.value
  const agent = t('visitor.withAgent', { name: view?.agent ?? '' })
  return (
    <Stage call={visitor.call} name={agent} hangingUp={visitor.hangingUp} hangup={() => visitor.hangup().catch(toastError)}
      caption={<><strong>{view?.agent ? agent : t('visitor.title')}</strong><CallTime visitor={visitor} /></>}
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
    switch (visitor.screen.value) {
      case 'queued': return `${t('visitor.queued')}. ${placeWords(visitor.view.value?.position ?? null)}`
      case 'ringing': return t('visitor.ringing')
      case 'connecting': return t('visitor.connecting')
      case 'in_call': return t('visitor.inCall')
      case 'closed': return t('visitor.ended')
      default: return ''
    }
  })
  return <p class="unseen" role="status" aria-live="polite" data-testid="phase" data-phase={visitor.screen.value}>{words.value}</p>
}

/** Where one stands, as people say it; empty where the engine does not say. */
export const placeWords = (position: number | null): string => (position === null ? '' : position <= 1 ? t('visitor.next') : t('visitor.place', { n: position - 1 }))

function Lost({ visitor }: { visitor: Visitor }) {
  return visitor.link.value?.state.value === 'offline' ? <div class="visit-lost"><Notice tone="warn" data-testid="offline">{t('link.offline')}</Notice></div> : null
}

function Note({ icon: Icon, title, text, hint, children }: { icon: typeof Unplug; title: string; text: string; hint?: string; children: ComponentChildren }) {
  return <div class="visit-note"><Icon size={36} strokeWidth={1.5} aria-hidden="true" /><h1>{title}</h1>{text && <p>{text}</p>}{hint && <p class="quiet">{hint}</p>}{children}</div>
}

/** Keeps a phone's screen from going dark while somebody waits or talks. */
function useAwake(wanted: boolean): void {
  useEffect(() => {
    if (!wanted || !('wakeLock' in navigator)) return
    let lock: WakeLockSentinel | null = null
    let done = false
    const take = () => {
      if (document.visibilityState !== 'visible') return
      navigator.wakeLock.request('screen').then((got) => { if (done) void got.release(); else lock = got }, () => { /* low battery: the screen may go dark */ })
    }
    take()
    // The browser lets go when the page is hidden; coming back takes it again.
    document.addEventListener('visibilitychange', take)
    return () => { done = true; document.removeEventListener('visibilitychange', take); void lock?.release() }
  }, [wanted])
}
