// After the call: how it ended, in words; a rating when there was a call; another call.
import { CircleCheck, Info, PhoneCall, PhoneIncoming, Star } from 'lucide-preact'
import type { VisitorView } from '#wire/messages.ts'
import type { TextKey } from '../text/zh.ts'
import { zh } from '../text/zh.ts'
import { Button } from '../shell/button.tsx'
import { Choice, TextArea } from '../shell/form.tsx'
import { either } from '../shell/i18n.ts'
import { t } from '../shell/text.ts'
import { engineNow } from '../shell/ticker.ts'
import { toastError } from '../shell/toast.tsx'
import type { Visitor } from './model.ts'
import { dayTime } from './words.ts'

const SCORES = ['1', '2', '3', '4', '5'] as const

/** How it ended: in the plan's words for visitors, else in the page's. */
function reason({ outcome, message, callbackAt }: VisitorView): string {
  if (outcome === 'callback' && callbackAt !== null && callbackAt > engineNow.peek()) return t('visitor.callbackDue', { time: dayTime(callbackAt) })
  const said = message ? either(message) : ''
  if (said) return said
  const key = `ended.${outcome ?? ''}`
  return t(key in zh ? key as TextKey : 'ended.system_error')
}

export function Ended({ visitor }: { visitor: Visitor }) {
  const view = visitor.view.value
  if (!view) return null
  const talked = view.outcome === 'answered'
  const back = view.outcome === 'callback'
  const Mark = talked ? CircleCheck : back ? PhoneIncoming : Info
  return (
    <div class="ended">
      <span class={`ended-mark ${talked ? 'tone-ok' : back ? 'tone-accent' : 'tone-neutral'}`}><Mark size={40} strokeWidth={1.6} aria-hidden="true" /></span>
      <h1>{t(talked ? 'visitor.endedTalk' : back ? 'visitor.callbackTaken' : 'visitor.ended')}</h1>
      <p data-testid="outcome" data-outcome={view.outcome}>{reason(view)}</p>
      {back && <p class="quiet">{t('visitor.callbackKeep')}</p>}
      {talked && (view.rated || visitor.rating.sent.value ? <p class="ended-thanks" role="status" data-testid="rated">{t('visitor.rateThanks')}</p> : <Rating visitor={visitor} />)}
      <Button kind={talked || back ? 'plain' : 'primary'} size="large" icon={PhoneCall} data-testid="again" onClick={() => visitor.again().catch(toastError)}>{t('visitor.again')}</Button>
    </div>
  )
}

function Rating({ visitor: { rating, rate } }: { visitor: Visitor }) {
  const score = rating.score.value
  return (
    <form class="rate" onSubmit={(event) => { event.preventDefault(); rate().catch(toastError) }}>
      <h2>{t('visitor.rateTitle')}</h2>
      <Choice label={t('visitor.rateTitle')} class="stars" value={score ? String(score) as typeof SCORES[number] : null} change={(value) => { rating.score.value = Number(value) }}
        options={SCORES.map((value) => ({
          value, testid: `rate-${value}`, label: t(`visitor.rate${value}`), content: <Star size={34} strokeWidth={1.4} aria-hidden="true" class={Number(value) <= score ? 'lit' : ''} />,
        }))} />
      <p class="rate-word" aria-live="polite">{score ? t(`visitor.rate${score as 1 | 2 | 3 | 4 | 5}`) : ' '}</p>
      {score > 0 && (
        <>
          <TextArea label={t('visitor.comment')} optional={t('shell.optional')} placeholder={t('visitor.commentHint')} value={rating.comment} maxLength={1000} rows={3} data-testid="rate-comment" />
          <Button kind="primary" size="large" type="submit" busy={rating.sending.value} data-testid="rate-send">{t('visitor.rateSend')}</Button>
        </>
      )}
    </form>
  )
}
