// After the call: how long there is, more time, and the end of it, which may wait for the summary.
import { TimerReset } from 'lucide-preact'
import { Badge } from '../shell/badge.tsx'
import { Button } from '../shell/button.tsx'
import { Card } from '../shell/page.tsx'
import { toastError } from '../shell/toast.tsx'
import { t } from '../staff/text.ts'
import { Countdown } from './countdown.tsx'
import type { Workbench } from './model.ts'

const MINUTE_MS = 60_000

export function WrapUp({ workbench }: { workbench: Workbench }) {
  const { asking, summaryMissing } = workbench
  const wrapUp = workbench.view.value?.wrapUp
  const timed = wrapUp != null && wrapUp.endsAt > 0
  const extend = (minutes: number) => () => { workbench.wrapupExtend(minutes * MINUTE_MS).catch(toastError) }
  return (
    <Card class="desk-still" data-testid="wrapup">
      {timed && <Countdown key={wrapUp.endsAt} endsAt={wrapUp.endsAt} label={t('wrapup.left')} />}
      <h2>{t('wrapup.title')}</h2>
      {!timed && <Badge tone="accent" data-testid="wrapup-untimed">{t('wrapup.untimed')}</Badge>}
      <p>{t(timed ? 'wrapup.text' : 'wrapup.untimedText')}</p>
      {timed && (
        <div class="still-acts">
          <Button icon={TimerReset} busy={asking.value === 'wrapupExtend'} data-testid="wrapup-1" onClick={extend(1)}>{t('wrapup.extend', { n: 1 })}</Button>
          <Button icon={TimerReset} busy={asking.value === 'wrapupExtend'} data-testid="wrapup-5" onClick={extend(5)}>{t('wrapup.extend', { n: 5 })}</Button>
        </div>
      )}
      <Button kind="primary" size="large" busy={asking.value === 'wrapup'} disabled={summaryMissing.value} data-testid="wrapup-done" onClick={() => { workbench.wrapupDone().catch(toastError) }}>{t('wrapup.done')}</Button>
      {summaryMissing.value && <p class="still-needs" role="status" data-testid="summary-needed">{t('wrapup.needsSummary')}</p>}
    </Card>
  )
}
