// The agents of the supervisor's groups: what each says and does since when, what he asks for, and his status set for him.
import { useMemo } from 'preact/hooks'
import { useSignal } from '@preact/signals'
import { Check, UserRoundPen, UsersRound, WifiOff, X } from 'lucide-preact'
import type { BoardView } from '#wire/board.ts'
import { Badge, Count, Dot } from '../shell/badge.tsx'
import { Button } from '../shell/button.tsx'
import { Dialog } from '../shell/dialog.tsx'
import { Choice, Select, TextField } from '../shell/form.tsx'
import { clock, either } from '../shell/i18n.ts'
import { Card, Empty } from '../shell/page.tsx'
import { sortOrder, Table, type Column } from '../shell/table.tsx'
import { engineNow } from '../shell/ticker.ts'
import { toastError } from '../shell/toast.tsx'
import { planWords, reasonsFor } from '../staff/plan-words.ts'
import { STATUS_TONES, statusWithReason } from '../staff/status-tones.ts'
import { t } from '../staff/text.ts'
import type { Board } from './model.ts'

type Agent = BoardView['agents'][number]
const ORDER: Agent['status'][] = ['idle', 'busy', 'away', 'invisible', 'offline']
/** Longest reason that the engine takes. */
const REASON_MOST = 64
/** How long it is so already. */
const since = (atMs: number) => <span class="tabular">{clock(engineNow.value - atMs)}</span>

export function AgentsTable({ board }: { board: Board }) {
  const order = useMemo(() => sortOrder('status'), [])
  const setting = useSignal<string | null>(null)
  const rows = board.agents.value
  const columns: Column<Agent>[] = [
    { key: 'nickname', title: () => t('board.agent'), cell: (row) => <span class="agent-cell"><span title={row.realName}>{row.nickname}</span>{!row.video && <Badge>{t('board.noVideo')}</Badge>}</span>, sort: (row) => row.nickname },
    { key: 'status', title: () => t('board.status'), cell: (row) => <Status row={row} />, sort: (row) => ORDER.indexOf(row.status) },
    { key: 'statusSince', title: () => t('board.since'), cell: (row) => (row.status === 'offline' ? <span class="quiet">–</span> : since(row.statusSince)), sort: (row) => row.statusSince, numeric: true },
    { key: 'work', title: () => t('board.work'), cell: (row) => (row.work === 'none' ? <span class="quiet">–</span> : <Badge tone={row.work === 'in_call' ? 'accent' : row.work === 'wrap_up' ? 'violet' : 'ok'}>{t(`work.${row.work}`)}</Badge>), sort: (row) => (row.work === 'none' ? null : row.work) },
    { key: 'workSince', title: () => t('board.since'), cell: (row) => (row.work === 'none' ? <span class="quiet">–</span> : since(row.workSince)), sort: (row) => (row.work === 'none' ? null : row.workSince), numeric: true },
    { key: 'groups', title: () => t('records.group'), cell: (row) => <span class="clip">{row.groups.map((id) => board.groupName(id)).join(', ')}</span> },
    { key: 'acts', title: () => <span class="unseen">{t('board.acts')}</span>, cell: (row) => <Acts board={board} row={row} set={() => { setting.value = row.agent }} /> },
  ]
  const asks = rows.filter(({ asked }) => asked !== null).length
  const agent = rows.find((row) => row.agent === setting.value)
  return (
    <Card title={t('board.agents')} actions={<>{asks > 0 && <Badge tone="warn" data-testid="asks">{t('board.asksCount', { n: asks })}</Badge>}<Count value={rows.filter(({ status }) => status !== 'offline').length} label={t('board.there')} tone="ok" /></>} class="board-part" data-testid="board-agents">
      <Table name={t('board.agents')} columns={columns} rows={rows} rowKey={(row) => row.agent} order={order} empty={<Empty icon={UsersRound} title={t('board.noAgents')} />} />
      {agent && <SetStatus board={board} agent={agent} close={() => { setting.value = null }} />}
    </Card>
  )
}

function Status({ row }: { row: Agent }) {
  return (
    <span class="status-cell" data-status={row.status}>
      <Dot tone={STATUS_TONES[row.status]} />{statusWithReason({ to: row.status, reason: row.reason })}
      {!row.connected && row.status !== 'offline' && <WifiOff size={14} class="lost" aria-label={t('board.lost')} />}
      {row.queued && <Badge tone="accent">{t('status.then', { status: statusWithReason(row.queued) })}</Badge>}
    </span>
  )
}

function Acts({ board, row, set }: { board: Board; row: Agent; set: () => void }) {
  const decide = (granted: boolean) => () => { board.act({ type: 'decide', agent: row.agent, granted }).catch(toastError) }
  const busy = board.asking.value === `decide ${row.agent}`
  return (
    <span class="row-acts">
      {row.asked && <>
        <Badge tone="warn">{t('board.asks', { status: statusWithReason(row.asked) })}</Badge>
        <Button size="small" kind="ok" icon={Check} busy={busy} title={t('board.approve')} data-testid="approve" onClick={decide(true)}>{t('board.approve')}</Button>
        <Button size="small" icon={X} busy={busy} title={t('board.deny')} data-testid="deny" onClick={decide(false)}>{t('board.deny')}</Button>
      </>}
      <Button size="small" kind="quiet" icon={UserRoundPen} label={t('board.setStatus')} data-testid="set-status" onClick={set} />
    </span>
  )
}

function SetStatus({ board, agent, close }: { board: Board; agent: Agent; close: () => void }) {
  const to = useSignal<Agent['status']>(agent.status)
  const reason = useSignal('')
  const reasons = reasonsFor(planWords.words.value, to.value)
  const set = (event: Event) => {
    event.preventDefault()
    board.act({ type: 'status', agent: agent.agent, to: to.value, reason: reason.value.trim() }).then((done) => { if (done) close() }, toastError)
  }
  return (
    <Dialog title={t('board.setStatusOf', { name: agent.nickname })} close={close} footer={<>
      <Button onClick={close}>{t('shell.cancel')}</Button>
      <Button kind="primary" type="submit" form="set-status" disabled={to.value === agent.status} busy={board.asking.value === `status ${agent.agent}`} data-testid="set-status-do">{t('board.setStatus')}</Button>
    </>}>
      <form id="set-status" class="form-stack" onSubmit={set}>
        <Choice label={t('board.status')} value={to.value} change={(next) => { to.value = next; reason.value = '' }}
          options={ORDER.map((status) => ({ value: status, testid: `to-${status}`, content: <><Dot tone={STATUS_TONES[status]} />{t(`status.${status}`)}</> }))} />
        {reasons.length > 0
          ? <Select label={t('board.reason')} value={reason.value} change={(id) => { reason.value = id }} options={[{ value: '', text: t('status.noReason') }, ...reasons.map((one) => ({ value: one.id, text: either(one) }))]} />
          : <TextField label={t('board.reason')} optional={t('shell.optional')} value={reason} maxLength={REASON_MOST} />}
        <p class="quiet">{t('board.setStatusText')}</p>
      </form>
    </Dialog>
  )
}
