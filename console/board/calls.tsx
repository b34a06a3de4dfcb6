// Who talks: listened to, spoken to, taken over, ended.
import { useMemo } from 'preact/hooks'
import { useSignal } from '@preact/signals'
import { Ear, MessageCircle, PhoneOff, UserRoundCog, Video, VideoOff } from 'lucide-preact'
import type { BoardView } from '#wire/board.ts'
import { Badge, Count } from '../shell/badge.tsx'
import { Button } from '../shell/button.tsx'
import { Confirm } from '../shell/dialog.tsx'
import { clock } from '../shell/i18n.ts'
import { Card, Empty } from '../shell/page.tsx'
import { go } from '../shell/route.ts'
import { account } from '../shell/session.ts'
import { sortOrder, Table, type Column } from '../shell/table.tsx'
import { engineNow } from '../shell/ticker.ts'
import { toastError } from '../shell/toast.tsx'
import { t } from '../staff/text.ts'
import { callerName, channelName, visitorName } from '../staff/words.ts'
import type { Board } from './model.ts'
import type { Mode, Monitor } from './monitor.ts'

type CallRow = BoardView['calls'][number]
export const MODES: readonly { mode: Mode; icon: typeof Ear }[] = [{ mode: 'listen', icon: Ear }, { mode: 'whisper', icon: MessageCircle }, { mode: 'barge', icon: Video }]

export function CallsTable({ board, monitor }: { board: Board; monitor: Monitor }) {
  const order = useMemo(() => sortOrder('connectedAt'), [])
  const doing = useSignal<{ what: 'terminate' | 'takeOver'; row: CallRow } | null>(null)
  const rows = board.calls.value
  const columns: Column<CallRow>[] = [
    { key: 'visitor', title: () => t('records.visitor'), cell: (row) => <span title={row.visitor}>{visitorName(row.visitor)}</span>, sort: (row) => row.visitor },
    { key: 'agent', title: () => t('board.agent'), cell: (row) => (row.agent === null ? <Badge tone="warn">{t('board.noAgent')}</Badge> : board.nickname(row.agent)), sort: (row) => (row.agent === null ? null : board.nickname(row.agent)) },
    { key: 'connectedAt', title: () => t('records.talk'), cell: (row) => (row.connectedAt === null ? <span class="quiet">{t(row.parties.length === 0 ? 'work.dialling' : 'work.connecting')}</span> : clock(engineNow.value - row.connectedAt)), sort: (row) => row.connectedAt, numeric: true },
    { key: 'state', title: () => t('board.state'), cell: (row) => <Parties row={row} /> },
    { key: 'group', title: () => t('records.group'), cell: (row) => board.groupName(row.group), sort: (row) => board.groupName(row.group) },
    { key: 'from', title: () => t('records.channel'), cell: (row) => `${channelName(row.channel)} · ${row.accessName}`, sort: (row) => row.channel },
    { key: 'acts', title: () => <span class="unseen">{t('board.acts')}</span>, cell: (row) => <Acts row={row} monitor={monitor} begin={(what) => { doing.value = { what, row } }} /> },
  ]
  const now = doing.value
  const close = () => { doing.value = null }
  return (
    <Card title={t('board.calls')} actions={<Count value={rows.length} label={t('board.calls')} tone="accent" />} class="board-part" data-testid="board-calls">
      <Table name={t('board.calls')} columns={columns} rows={rows} rowKey={(row) => row.request} order={order} empty={<Empty icon={VideoOff} title={t('board.noCalls')} />} />
      {now?.what === 'terminate' && (
        <Confirm title={t('board.endTitle', { visitor: visitorName(now.row.visitor) })} yes={t('board.end')} busy={board.asking.value !== null} close={close}
          act={() => { board.act({ type: 'terminate', request: now.row.request }).then(close, toastError) }}>{t('board.endText')}</Confirm>
      )}
      {now?.what === 'takeOver' && (
        <Confirm title={t('board.takeOverTitle', { visitor: visitorName(now.row.visitor) })} yes={t('board.takeOver')} busy={board.asking.value !== null} close={close}
          act={() => { board.act({ type: 'takeOver', request: now.row.request }).then(() => { close(); go('/agent') }, toastError) }}>{t('board.takeOverText')}</Confirm>
      )}
    </Card>
  )
}

function Parties({ row }: { row: CallRow }) {
  return (
    <span class="marks">
      {row.held && <Badge tone="warn">{t('board.held')}</Badge>}
      {row.parties.filter(({ role, participant }) => role !== 'visitor' && participant !== row.agent).map((party) => (
        <Badge key={party.participant} tone={party.role === 'guest' || party.role === 'agent' ? 'neutral' : 'violet'}>{t(`media.role.${party.role}`)} {callerName(party)}</Badge>
      ))}
    </span>
  )
}

function Acts({ row, monitor, begin }: { row: CallRow; monitor: Monitor; begin: (what: 'terminate' | 'takeOver') => void }) {
  const mine = monitor.view.value?.call?.request === row.request ? monitor.view.value.call.mode : null
  const talking = row.connectedAt !== null
  return (
    <span class="row-acts">
      {MODES.map(({ mode, icon }) => (
        <Button key={mode} size="small" icon={icon} kind={mine === mode ? 'primary' : 'plain'} aria-pressed={mine === mode} disabled={!talking || mine === mode} title={`${t(`monitor.${mode}`)}: ${t(`monitor.${mode}Text`)}`}
          busy={monitor.asking.value === `${mode} ${row.request}`} data-testid={mode} onClick={() => { monitor.join(row.request, mode).catch(toastError) }}>{t(`monitor.${mode}`)}</Button>
      ))}
      {account.value?.agent && <Button size="small" kind="quiet" icon={UserRoundCog} label={t('board.takeOver')} disabled={!talking} data-testid="take-over" onClick={() => begin('takeOver')} />}
      <Button size="small" kind="quiet" icon={PhoneOff} label={t('board.end')} data-testid="terminate" onClick={() => begin('terminate')} />
    </span>
  )
}
