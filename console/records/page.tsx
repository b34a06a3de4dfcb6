// The records page: every call with its times, its people and how it ended, newest first.
import { PhoneOff, PhoneOutgoing, RefreshCw, Star } from 'lucide-preact'
import { useEffect, useMemo } from 'preact/hooks'
import { api } from '../shell/api.ts'
import { Badge } from '../shell/badge.tsx'
import { Button } from '../shell/button.tsx'
import { dateTime, duration, either, number } from '../shell/i18n.ts'
import { Empty, Notice } from '../shell/page.tsx'
import { account } from '../shell/session.ts'
import { sortOrder, Table, type Column } from '../shell/table.tsx'
import { callBack } from '../staff/call-back.ts'
import { categoryName, planWords } from '../staff/plan-words.ts'
import { t } from '../staff/text.ts'
import { channelName, outcomeName, partyName, sessionTypeName, visitorName } from '../staff/words.ts'
import { canCallBack, makeRecords, outcomeTone, type CallRecord, type RecordsAnswer } from './model.ts'

const None = () => <span class="quiet">–</span>
const time = (ms: number | null) => (ms === null ? <None /> : dateTime(ms))
const length = (ms: number | null) => (ms === null ? <None /> : duration(ms))
const agentNames = (row: CallRecord) => row.agents.map(({ nickname }) => nickname).join(', ')
const clip = (text: string | null) => (text ? <span class="clip" title={text}>{text}</span> : <None />)
const COLUMNS: Column<CallRecord>[] = [
  { key: 'requestedAt', title: () => t('records.requestedAt'), cell: (row) => <span class="tabular">{dateTime(row.requestedAt)}</span>, sort: (row) => row.requestedAt },
  { key: 'visitor', title: () => t('records.visitor'), cell: (row) => <Visitor row={row} />, sort: (row) => row.visitor },
  { key: 'agents', title: () => t('records.agents'), cell: (row) => clip(agentNames(row)), sort: (row) => agentNames(row) || null },
  { key: 'outcome', title: () => t('records.outcome'), cell: (row) => <Badge tone={outcomeTone(row.outcome)}>{outcomeName(row.outcome)}</Badge>, sort: (row) => outcomeName(row.outcome) },
  { key: 'waitMs', title: () => t('records.wait'), cell: (row) => length(row.waitMs), sort: (row) => row.waitMs, numeric: true },
  { key: 'responseMs', title: () => t('records.response'), cell: (row) => length(row.responseMs), sort: (row) => row.responseMs, numeric: true },
  { key: 'talkMs', title: () => t('records.talk'), cell: (row) => length(row.talkMs), sort: (row) => row.talkMs, numeric: true },
  { key: 'rating', title: () => t('records.rating'), cell: (row) => <Rating row={row} />, sort: (row) => row.rating?.score ?? null, numeric: true },
  { key: 'summary', title: () => t('records.summary'), cell: (row) => <Summary row={row} />, sort: (row) => row.summary && categoryName(planWords.words.value, row.summary.category) },
  { key: 'group', title: () => t('records.group'), cell: (row) => clip(row.groupName), sort: (row) => row.groupName },
  { key: 'channel', title: () => t('records.channel'), cell: (row) => channelName(row.channel), sort: (row) => channelName(row.channel) },
  { key: 'access', title: () => t('records.access'), cell: (row) => clip(row.accessName), sort: (row) => row.accessName },
  { key: 'sessionType', title: () => t('records.sessionType'), cell: (row) => sessionTypeName(row.sessionType), sort: (row) => sessionTypeName(row.sessionType) },
  { key: 'connectedAt', title: () => t('records.connectedAt'), cell: (row) => <span class="tabular">{time(row.connectedAt)}</span>, sort: (row) => row.connectedAt },
  { key: 'endedAt', title: () => t('records.endedAt'), cell: (row) => <span class="tabular">{time(row.endedAt)}</span>, sort: (row) => row.endedAt },
  { key: 'endedBy', title: () => t('records.endedBy'), cell: (row) => (row.endedBy ? partyName(row.endedBy) : <None />), sort: (row) => row.endedBy },
  { key: 'request', title: () => t('records.request'), cell: (row) => <code class="quiet">{row.request}</code> },
]

function Visitor({ row }: { row: CallRecord }) {
  return (
    <span class="visitor-cell"><span class="clip" title={row.visitor}>{visitorName(row.visitor)}</span>
      {canCallBack(row, account.value?.agent ?? null) && <Button kind="quiet" size="small" icon={PhoneOutgoing} label={t('records.callBack')} data-testid="call-back"
        onClick={() => { callBack.value = { visitor: row.visitor, access: row.access } }} />}
    </span>
  )
}

function Rating({ row: { rating } }: { row: CallRecord }) {
  if (!rating) return <None />
  return <span class="rating" title={rating.comment}>{number(rating.score)}<Star size={13} aria-label={t('records.stars')} /></span>
}

function Summary({ row: { summary } }: { row: CallRecord }) {
  if (!summary) return <None />
  return (
    <span class="summary-cell" title={summary.note}>
      <Badge tone={summary.resolved ? 'ok' : 'warn'}>{summary.resolved ? t('records.resolved') : t('records.unresolved')}</Badge>
      <span class="clip">{[categoryName(planWords.words.value, summary.category), summary.note].filter(Boolean).join(' · ')}</span>
    </span>
  )
}

export function Page() {
  const records = useMemo(() => makeRecords((next) => api<RecordsAnswer>('GET', `/api/records${next === null ? '' : `?after=${encodeURIComponent(next)}`}`)), [])
  const order = useMemo(() => sortOrder('requestedAt', true), [])
  useEffect(() => { void records.refresh() }, [])
  // For the names of categories, whatever version they are of.
  useEffect(() => { if (planWords.words.value === null) void planWords.follow(0) }, [])
  const { rows, busy, failed, more } = records
  return (
    <div class="stack">
      <div class="toolbar">
        <p class="quiet">{Boolean(rows.value?.length) && t('records.shown', { n: number(rows.value?.length ?? 0) })}</p>
        <span class="grow" />
        <Button icon={RefreshCw} busy={busy.value} onClick={records.refresh} data-testid="refresh">{t('records.refresh')}</Button>
      </div>
      {failed.value && <Notice tone="bad" action={<Button onClick={records.refresh}>{t('shell.retry')}</Button>}>{either(failed.value.words)}</Notice>}
      {(rows.value || !failed.value) && <Table name={t('nav.records')} columns={COLUMNS} rows={rows.value} rowKey={(row) => row.request} order={order}
        empty={<Empty icon={PhoneOff} title={t('records.empty')}>{t('records.emptyText')}</Empty>} />}
      {more.value && <Button class="more" busy={busy.value} onClick={records.readMore}>{t('records.more')}</Button>}
    </div>
  )
}
