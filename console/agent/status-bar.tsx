// The bar over the workbench: what the agent says he is, the device check at its right, and who waits in his groups.
import { MonitorCheck, Wifi, WifiOff } from 'lucide-preact'
import { Badge, Count, Dot, type Tone } from '../shell/badge.tsx'
import { Button } from '../shell/button.tsx'
import { Choice } from '../shell/form.tsx'
import { clock } from '../shell/i18n.ts'
import { engineNow } from '../shell/ticker.ts'
import { toastError } from '../shell/toast.tsx'
import { t } from '../staff/text.ts'
import { gradeOf, type Status, type Workbench } from './model.ts'

export const STATUS_TONES: Record<Status, Tone> = { idle: 'ok', busy: 'bad', away: 'warn', invisible: 'violet', offline: 'neutral' }
const STATUSES = Object.keys(STATUS_TONES) as Status[]
const GRADE_TONES = { good: 'ok', fair: 'warn', poor: 'bad', unknown: 'neutral' } as const

export function StatusBar({ workbench }: { workbench: Workbench }) {
  const { view, checking, link } = workbench
  const now = view.value
  if (!now) return null
  const grade = gradeOf(link.roundTripMs.value)
  const lost = link.state.value !== 'open'
  return (
    <div class="statusbar">
      <Choice label={t('status.label')} class="status" value={now.status} change={(to) => { workbench.setStatus(to).catch(toastError) }} data-testid="status" data-status={now.status}
        options={STATUSES.map((status) => ({ value: status, testid: `status-${status}`, disabled: lost, content: <><Dot tone={STATUS_TONES[status]} />{t(`status.${status}`)}</> }))} />
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
