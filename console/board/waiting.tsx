// Who waits: given to an agent, made urgent, taken out, explained.
import { useMemo } from 'preact/hooks'
import { useSignal } from '@preact/signals'
import { CircleHelp, Flame, HandHelping, ListChecks, Trash2 } from 'lucide-preact'
import type { QueueRow } from '#wire/messages.ts'
import { api } from '../shell/api.ts'
import { Count, Dot } from '../shell/badge.tsx'
import { Button } from '../shell/button.tsx'
import { Confirm, Dialog } from '../shell/dialog.tsx'
import { clock } from '../shell/i18n.ts'
import { Card, Empty } from '../shell/page.tsx'
import { sortOrder, Table, type Column } from '../shell/table.tsx'
import { engineNow } from '../shell/ticker.ts'
import { toastError } from '../shell/toast.tsx'
import type { Explanation } from '../staff/explain.ts'
import { ExplainDialog } from '../staff/explain-dialog.tsx'
import { Attributes, isUrgent, Marks } from '../staff/request-marks.tsx'
import { STATUS_TONES } from '../staff/status-tones.ts'
import { t } from '../staff/text.ts'
import { channelName, visitorName } from '../staff/words.ts'
import { assignable, type Board } from './model.ts'

type Doing = { what: 'assign' | 'remove' | 'explain'; row: QueueRow }

export function WaitingTable({ board }: { board: Board }) {
  const order = useMemo(() => sortOrder('since'), [])
  const doing = useSignal<Doing | null>(null)
  const rows = board.waiting.value
  const columns: Column<QueueRow>[] = [
    { key: 'visitor', title: () => t('records.visitor'), cell: (row) => <span title={row.visitor}>{visitorName(row.visitor)}</span>, sort: (row) => row.visitor },
    { key: 'since', title: () => t('board.waited'), cell: (row) => clock(engineNow.value - row.since), sort: (row) => row.since, numeric: true },
    { key: 'group', title: () => t('records.group'), cell: (row) => board.groupName(row.group), sort: (row) => board.groupName(row.group) },
    { key: 'from', title: () => t('records.channel'), cell: (row) => `${channelName(row.channel)} · ${row.accessName}`, sort: (row) => row.channel },
    { key: 'marks', title: () => t('board.marks'), cell: (row) => <span class="marks"><Marks row={row} {...(row.sticky ? { stickyTo: board.nickname(row.sticky) } : {})} /><Attributes attributes={row.attributes} /></span>, sort: (row) => -row.priority },
    { key: 'acts', title: () => <span class="unseen">{t('board.acts')}</span>, cell: (row) => <Acts board={board} row={row} begin={(what) => { doing.value = { what, row } }} /> },
  ]
  const now = doing.value
  const close = () => { doing.value = null }
  return (
    <Card title={t('board.waiting')} actions={<Count value={rows.length} label={t('queue.waiting')} tone="warn" />} class="board-part" data-testid="board-waiting">
      <Table name={t('board.waiting')} columns={columns} rows={rows} rowKey={(row) => row.request} order={order} empty={<Empty icon={ListChecks} title={t('queue.none')} />} />
      {now?.what === 'assign' && <Assign board={board} row={now.row} close={close} />}
      {now?.what === 'remove' && (
        <Confirm title={t('board.removeTitle', { visitor: visitorName(now.row.visitor) })} yes={t('board.remove')} busy={board.asking.value !== null} close={close}
          act={() => { board.act({ type: 'remove', request: now.row.request }).then(close, toastError) }}>{t('board.removeText')}</Confirm>
      )}
      {now?.what === 'explain' && (
        <ExplainDialog title={t('explain.title', { visitor: visitorName(now.row.visitor) })} close={close}
          agents={[...board.view.value?.agents ?? []].sort((a, b) => Number(b.groups.includes(now.row.group)) - Number(a.groups.includes(now.row.group)))}
          ask={async (agent) => (await api<{ explanation: Explanation }>('GET', `/api/explain?request=${encodeURIComponent(now.row.request)}&agent=${encodeURIComponent(agent)}`)).explanation} />
      )}
    </Card>
  )
}

function Acts({ board, row, begin }: { board: Board; row: QueueRow; begin: (what: Doing['what']) => void }) {
  const urgent = isUrgent(row)
  return (
    <span class="row-acts">
      <Button size="small" icon={HandHelping} disabled={row.ringing} title={t('board.assign')} data-testid="assign" onClick={() => begin('assign')}>{t('board.assign')}</Button>
      <Button size="small" icon={Flame} aria-pressed={urgent} busy={board.asking.value === `urgent ${row.request}`} title={t(urgent ? 'queue.notUrgent' : 'queue.urgent')} data-testid="board-urgent"
        onClick={() => { board.act({ type: 'urgent', request: row.request, on: !urgent }).catch(toastError) }}>{t(urgent ? 'queue.notUrgent' : 'queue.urgent')}</Button>
      <Button size="small" kind="quiet" icon={CircleHelp} label={t('board.why')} data-testid="board-why" onClick={() => begin('explain')} />
      <Button size="small" kind="quiet" icon={Trash2} label={t('board.remove')} data-testid="remove" onClick={() => begin('remove')} />
    </span>
  )
}

function Assign({ board, row, close }: { board: Board; row: QueueRow; close: () => void }) {
  const chosen = useSignal<string | null>(null)
  const agents = assignable(board.view.value?.agents ?? [], row.group)
  const assign = () => { if (chosen.value !== null) board.act({ type: 'assign', request: row.request, agent: chosen.value }).then((done) => { if (done) close() }, toastError) }
  return (
    <Dialog title={t('board.assignTitle', { visitor: visitorName(row.visitor) })} close={close} footer={<>
      <Button onClick={close}>{t('shell.cancel')}</Button>
      <Button kind="primary" disabled={!agents.some(({ agent }) => agent === chosen.value)} busy={board.asking.value === `assign ${row.request}`} data-testid="assign-do" onClick={assign}>{t('board.assign')}</Button>
    </>}>
      <div class="targets" role="radiogroup" aria-label={t('board.agent')}>
        {agents.map((one) => (
          <label key={one.agent} class="target" data-target={one.agent}>
            <input type="radio" name="assign" checked={chosen.value === one.agent} onChange={() => { chosen.value = one.agent }} />
            <span class="target-name"><strong>{one.nickname}</strong><small>{one.groups.map((id) => board.groupName(id)).join(' · ')}</small></span>
            <span class="target-state"><Dot tone={STATUS_TONES[one.status]} />{t(`status.${one.status}`)}</span>
          </label>
        ))}
        {agents.length === 0 && <p class="targets-none">{t('board.nobodyFree')}</p>}
      </div>
    </Dialog>
  )
}
