// The bar over the workbench: what the agent says he is, the device check at its right, and who waits in his groups.
import { useSignal } from '@preact/signals'
import { ChevronDown, Hourglass, MonitorCheck, Wifi, WifiOff, X } from 'lucide-preact'
import { useRef } from 'preact/hooks'
import { Badge, Count, Dot } from '../shell/badge.tsx'
import { Button } from '../shell/button.tsx'
import { Choice } from '../shell/form.tsx'
import { clock, either } from '../shell/i18n.ts'
import { Menu } from '../shell/menu.tsx'
import { engineNow } from '../shell/ticker.ts'
import { toastError } from '../shell/toast.tsx'
import { planWords, reasonsFor } from '../staff/plan-words.ts'
import { STATUS_TONES, statusWithReason } from '../staff/status-tones.ts'
import { t } from '../staff/text.ts'
import { gradeOf, type Status, type Workbench } from './model.ts'

const STATUSES = Object.keys(STATUS_TONES) as Status[]
const GRADE_TONES = { good: 'ok', fair: 'warn', poor: 'bad', unknown: 'neutral' } as const

export function StatusBar({ workbench }: { workbench: Workbench }) {
  const { view, checking, link, asking } = workbench
  const now = view.value
  /** The status whose reasons are on the screen. */
  const choosing = useSignal<Status | null>(null)
  const bar = useRef<HTMLDivElement>(null)
  const words = planWords.words.value
  if (!now) return null
  const grade = gradeOf(link.roundTripMs.value)
  const lost = link.state.value !== 'open'
  const set = (to: Status, reason = '') => { workbench.setStatus(to, reason).catch(toastError) }
  const choose = (to: Status) => {
    // Under the button that was pressed.
    const button = bar.current?.querySelector<HTMLElement>(`[data-testid=status-${to}]`)
    bar.current?.style.setProperty('--from', `${button?.offsetLeft ?? 0}px`)
    choosing.value = to
  }
  const reasons = choosing.value === null ? [] : reasonsFor(words, choosing.value)
  return (
    <div class="statusbar">
      <div ref={bar} class="status-choice">
        <Choice label={t('status.label')} class="status" value={now.status} data-testid="status" data-status={now.status}
          change={(to) => { if (to !== now.status && reasonsFor(words, to).length > 0) choose(to); else set(to) }}
          options={STATUSES.map((status) => ({
            value: status, testid: `status-${status}`, disabled: lost, ...(status === 'invisible' ? { label: t('status.invisibleHint') } : {}),
            content: <><Dot tone={STATUS_TONES[status]} />{status === now.status ? statusWithReason({ to: status, reason: now.reason }) : t(`status.${status}`)}{reasonsFor(words, status).length > 0 && <ChevronDown size={13} aria-hidden="true" />}</>,
          }))} />
        {choosing.value !== null && <Menu class="status-reasons" label={t('status.reasons', { status: t(`status.${choosing.value}`) })} close={() => { choosing.value = null }} items={[
          ...reasons.map((reason) => ({ key: reason.id, testid: `reason-${reason.id}`, content: either(reason), act: () => set(reason.status, reason.id) })),
          { key: '', testid: 'reason-none', content: <span class="quiet">{t('status.noReason')}</span>, act: () => set(choosing.peek() ?? reasons[0]!.status) },
        ]} />}
      </div>
      {now.queued && (
        <span class="chip tone-accent" data-testid="queued-status" data-status={now.queued.to}>
          {t('status.then', { status: statusWithReason(now.queued) })}
          <Button kind="quiet" size="small" icon={X} label={t('status.takeBack')} busy={asking.value === 'takeBack'} data-testid="take-back" onClick={() => { workbench.takeBack().catch(toastError) }} />
        </span>
      )}
      {now.asked && <span class="chip tone-warn" title={t('status.askedHint')} data-testid="asked-status" data-status={now.asked.to}><Hourglass size={14} aria-hidden="true" />{t('status.asked', { status: statusWithReason(now.asked) })}</span>}
      <Button icon={MonitorCheck} data-testid="device-check" onClick={() => { checking.value = { thenIdle: false } }}>{t('device.open')}</Button>
      {now.deviceCheckNeeded && <Badge tone="warn">{t('device.needed')}</Badge>}
      <span class="grow" />
      <span class={`trip tone-${lost ? 'bad' : GRADE_TONES[grade]}`} title={t('device.network')}>
        {lost ? <WifiOff size={15} aria-hidden="true" /> : <Wifi size={15} aria-hidden="true" />}
        {lost ? t('link.state.offline') : link.roundTripMs.value === null ? '' : `${link.roundTripMs.value} ms`}
      </span>
    </div>
  )
}

export function Queues({ workbench }: { workbench: Workbench }) {
  const queues = workbench.view.value?.queues ?? []
  return (
    <ul class="queues" data-testid="queues">
      {queues.map((queue) => (
        <li key={queue.group} data-group={queue.group} data-waiting={queue.waiting}>
          <span class="queue-name" title={queue.name}>{queue.name}</span>
          {queue.longestSince !== null && <span class="quiet tabular">{t('queue.longest', { time: clock(engineNow.value - queue.longestSince) })}</span>}
          <Count value={queue.waiting} label={t('queue.waiting')} tone="warn" />
        </li>
      ))}
    </ul>
  )
}
