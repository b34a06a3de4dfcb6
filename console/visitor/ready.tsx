// Before the call: greeting, consent, a look at oneself, and the button. Two presses lead to the call.
import { useSignal } from '@preact/signals'
import { CircleCheck, Mic, MicOff, Video, VideoOff } from 'lucide-preact'
import { useEffect } from 'preact/hooks'
import { Level, Picture } from '../call/stage.tsx'
import type { Trouble } from '../call/devices.ts'
import { Button } from '../shell/button.tsx'
import { either } from '../shell/i18n.ts'
import { Notice } from '../shell/page.tsx'
import { t } from '../shell/text.ts'
import { toastError } from '../shell/toast.tsx'
import { Consent } from './consent.tsx'
import type { Visitor } from './model.ts'

export function Ready({ visitor }: { visitor: Visitor }) {
  const { call, consent, consentMissing, calling } = visitor
  const { camera, microphone } = call.tracks.value
  const trouble = call.trouble.value
  const look = visitor.look.value
  const nothing = consent.value && !call.opening.value && !camera && !microphone ? trouble.microphone ?? trouble.camera : undefined
  return (
    <div class="ready">
      <div class="ready-words">
        <h1>{(look?.greeting && either(look.greeting)) || t('visitor.hello')}</h1>
        <p>{t('visitor.intro')}</p>
      </div>
      {nothing ? <Denied trouble={nothing} retry={() => visitor.agree(true)} /> : <Preview visitor={visitor} />}
      <div class="ready-act">
        {look && !look.open && <Notice tone="warn" data-testid="closed">{t('visitor.closedNow')}</Notice>}
        {!nothing && consent.value && trouble.camera && microphone && <Notice tone="warn">{t('denied.noCamera')}</Notice>}
        {!nothing && consent.value && trouble.microphone && camera && <Notice tone="warn">{t('denied.noMicrophone')}</Notice>}
        <Consent given={consent.value} missing={consentMissing.value} change={visitor.agree} />
        <Button kind="ok" size="large" icon={Video} busy={calling.value} disabled={Boolean(nothing)} data-testid="call" onClick={() => visitor.place().catch(toastError)}>
          {t(calling.value ? (call.opening.value ? 'visitor.asking' : 'visitor.calling') : trouble.camera && microphone ? 'visitor.callAudio' : 'visitor.call')}
        </Button>
      </div>
    </div>
  )
}

function Preview({ visitor: { call, consent } }: { visitor: Visitor }) {
  const heard = useSignal(false)
  const { camera, microphone } = call.tracks.value
  useEffect(() => { heard.value = false }, [microphone])
  return (
    <figure class="preview">
      {camera
        ? <Picture tracks={[camera]} muted mirror name={t('visitor.previewHint')} testid="self-video" />
        : (
          <div class="preview-empty">
            {call.opening.value ? <span class="spinner" /> : consent.value ? <VideoOff size={34} strokeWidth={1.5} aria-hidden="true" /> : <Video size={34} strokeWidth={1.5} aria-hidden="true" />}
            <p>{t(call.opening.value ? 'visitor.asking' : consent.value ? 'media.selfOff' : 'visitor.previewEmpty')}</p>
            {!consent.value && <p class="preview-ask">{t('visitor.askWhy')}</p>}
          </div>
        )}
      {microphone && (
        <figcaption>
          {heard.value ? <CircleCheck size={16} aria-hidden="true" /> : <Mic size={16} aria-hidden="true" />}
          <span>{t(heard.value ? 'visitor.micHeard' : 'visitor.micSilent')}</span>
          <Level track={microphone} onHeard={() => { heard.value = true }} />
        </figcaption>
      )}
    </figure>
  )
}

/** Which browser's steps to show for allowing camera and microphone. */
function browser(): 'wechat' | 'firefox' | 'safari' | 'chrome' {
  const agent = navigator.userAgent
  if (/MicroMessenger/i.test(agent)) return 'wechat'
  if (/Firefox|FxiOS/.test(agent)) return 'firefox'
  return /Safari/.test(agent) && !/Chrome|Chromium|CriOS|Edg/.test(agent) ? 'safari' : 'chrome'
}

function Denied({ trouble, retry }: { trouble: Trouble; retry: () => void }) {
  return (
    <section class="denied" role="alert" data-testid="denied">
      <MicOff size={30} strokeWidth={1.6} aria-hidden="true" />
      <h2>{t('denied.title')}</h2>
      <p>{t(`denied.${trouble}`)}</p>
      {trouble === 'refused' && <ol>{t(`denied.steps.${browser()}`).split('\n').map((step) => <li key={step}>{step}</li>)}</ol>}
      {trouble !== 'insecure' && trouble !== 'unsupported' && <Button kind="primary" onClick={retry}>{t('shell.retry')}</Button>}
    </section>
  )
}
