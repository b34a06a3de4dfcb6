// Those who wait in the agent's groups: taken by hand, made urgent, and why they are not offered to him.
import { useSignal } from '@preact/signals'
import { CircleHelp, Flame, HandHelping, ListOrdered } from 'lucide-preact'
import { useEffect } from 'preact/hooks'
import type { QueueRow } from '#wire/messages.ts'
import { Count } from '../shell/badge.tsx'
import { Button } from '../shell/button.tsx'
import { clock } from '../shell/i18n.ts'
import { Card } from '../shell/page.tsx'
import { engineNow } from '../shell/ticker.ts'
import { toastError } from '../shell/toast.tsx'
import { ExplainDialog } from '../staff/explain-dialog.tsx'
import { Attributes, isUrgent, Marks } from '../staff/request-marks.tsx'
import { t } from '../staff/text.ts'
import { channelName, visitorName } from '../staff/words.ts'
import { nicknameIn, type Workbench } from './model.ts'

/** Open while he is free; put together to its heading while he works. */
export function QueuePanel({ workbench }: { workbench: Workbench }) {
  const view = workbench.view.value
  const opened = useSignal<boolean | null>(null)
  const asked = useSignal<QueueRow | null>(null)
  const forOther = Boolean(view?.queue.some(({ sticky }) => sticky !== null && sticky !== view.agent))
  // Whose they are is said by name; without an answer by id.
  useEffect(() => { if (forOther && !workbench.acts.colleagues.peek()) workbench.acts.readColleagues().catch(() => {}) }, [forOther])
  if (!view) return null
  const open = opened.value ?? (view.work === 'none' || view.work === 'ringing')
  const more = workbench.waiting.value - view.queue.length
  return (
    <Card class={open ? '' : 'waiting-folded'} data-testid="queue" title={<><ListOrdered size={16} aria-hidden="true" />{t('queue.title')}</>}
      actions={<><Count value={workbench.waiting.value} label={t('queue.waiting')} tone="warn" />
        <Button kind="quiet" size="small" aria-expanded={open} onClick={() => { opened.value = !open }}>{t(open ? 'queue.fold' : 'queue.unfold')}</Button></>}>
      {open && (view.queue.length === 0
        ? <p class="waiting-none">{t('queue.none')}</p>
        : <ul class="waiting-rows">{view.queue.map((row) => <Row key={row.request} row={row} workbench={workbench} explain={() => { asked.value = row }} />)}</ul>)}
      {open && more > 0 && view.queue.length > 0 && <p class="waiting-none">{t('queue.more', { n: more })}</p>}
      {asked.value && <ExplainDialog title={t('explain.title', { visitor: visitorName(asked.value.visitor) })} agents={[{ agent: view.agent, nickname: view.nickname }]}
        ask={() => workbench.explain(asked.value!.request)} close={() => { asked.value = null }} />}
    </Card>
  )
}

function Row({ row, workbench, explain }: { row: QueueRow; workbench: Workbench; explain: () => void }) {
  const { asking } = workbench
  const urgent = isUrgent(row)
  const me = workbench.view.value?.agent
  return (
    <li data-testid="queue-row" data-request={row.request} class={urgent ? 'waiting-urgent' : ''}>
      <div class="waiting-who">
        <strong title={row.visitor}>{visitorName(row.visitor)}</strong>
        <time class="tabular">{clock(engineNow.value - row.since)}</time>
      </div>
      <p class="waiting-from">{channelName(row.channel)} · {row.accessName}</p>
      <div class="marks">
        <Marks row={row} {...(row.sticky && row.sticky !== me ? { stickyTo: nicknameIn(workbench, row.sticky) } : {})} />
        <Attributes attributes={row.attributes} />
      </div>
      <div class="waiting-acts">
        <Button size="small" kind="primary" icon={HandHelping} disabled={!workbench.free.value || row.ringing} busy={asking.value === `pick ${row.request}`}
          data-testid="pick" onClick={() => { workbench.pick(row.request).catch(toastError) }}>{t('queue.pick')}</Button>
        <Button size="small" icon={Flame} aria-pressed={urgent} busy={asking.value === `urgent ${row.request}`} data-testid="urgent"
          onClick={() => { workbench.makeUrgent(row.request, !urgent).catch(toastError) }}>{t(urgent ? 'queue.notUrgent' : 'queue.urgent')}</Button>
        <span class="grow" />
        <Button size="small" kind="quiet" icon={CircleHelp} label={t('queue.why')} data-testid="why" onClick={explain} />
      </div>
    </li>
  )
}
