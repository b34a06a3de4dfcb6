// What else a supervisor looks after: callbacks that are due, visitors kept out or proposed for it.
import { CalendarX, PhoneForwarded, ShieldBan, ShieldCheck, X } from 'lucide-preact'
import { Badge, Count } from '../shell/badge.tsx'
import { Button } from '../shell/button.tsx'
import { clock, dateTime } from '../shell/i18n.ts'
import { Card, Empty } from '../shell/page.tsx'
import { engineNow } from '../shell/ticker.ts'
import { toastError } from '../shell/toast.tsx'
import { t } from '../staff/text.ts'
import { visitorName } from '../staff/words.ts'
import type { Board } from './model.ts'

export function Callbacks({ board }: { board: Board }) {
  const rows = board.callbacks.value
  return (
    <Card title={t('board.callbacks')} actions={<Count value={rows.length} label={t('board.callbacks')} tone="violet" />} data-testid="board-callbacks">
      {rows.length === 0 ? <Empty icon={PhoneForwarded} title={t('board.noCallbacks')} /> : (
        <ul class="board-rows">
          {[...rows].sort((a, b) => a.dueAt - b.dueAt).map((row) => (
            <li key={row.callback} data-callback={row.callback}>
              <span class="board-row"><strong title={row.visitor}>{visitorName(row.visitor)}</strong>
                <small>{board.groupName(row.group)} · {row.dueAt > engineNow.value ? t('board.dueIn', { at: dateTime(row.dueAt), time: clock(row.dueAt - engineNow.value) }) : t('board.dueNow')}</small></span>
              <Button size="small" icon={CalendarX} busy={board.asking.value === `cancelCallback ${row.callback}`} data-testid="cancel-callback"
                onClick={() => { board.act({ type: 'cancelCallback', callback: row.callback }).catch(toastError) }}>{t('board.cancelCallback')}</Button>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}

export function Blocks({ board }: { board: Board }) {
  const rows = board.view.value?.blocks ?? []
  const act = (type: 'block' | 'unblock', visitor: string) => () => { board.act({ type, visitor }).catch(toastError) }
  const busy = (visitor: string) => [`block ${visitor}`, `unblock ${visitor}`].includes(board.asking.value ?? '')
  return (
    <Card title={t('board.blocks')} actions={<Count value={rows.filter(({ blocked }) => !blocked).length} label={t('board.blockAsked')} tone="warn" />} data-testid="board-blocks">
      {rows.length === 0 ? <Empty icon={ShieldCheck} title={t('board.noBlocks')} /> : (
        <ul class="board-rows">
          {[...rows].sort((a, b) => Number(a.blocked) - Number(b.blocked) || b.at - a.at).map((row) => (
            <li key={row.visitor} data-visitor={row.visitor} data-blocked={row.blocked}>
              <span class="board-row"><strong title={row.visitor}>{visitorName(row.visitor)}</strong>
                <small title={row.reason}>{board.nickname(row.by)} · {dateTime(row.at)}{row.reason ? ` · ${row.reason}` : ''}</small></span>
              <Badge tone={row.blocked ? 'bad' : 'warn'}>{t(row.blocked ? 'board.blocked' : 'board.blockAsked')}</Badge>
              {row.blocked
                ? <Button size="small" busy={busy(row.visitor)} data-testid="unblock" onClick={act('unblock', row.visitor)}>{t('board.unblock')}</Button>
                : <>
                    <Button size="small" kind="bad" icon={ShieldBan} busy={busy(row.visitor)} data-testid="block-do" onClick={act('block', row.visitor)}>{t('board.block')}</Button>
                    <Button size="small" icon={X} label={t('board.refuseBlock')} busy={busy(row.visitor)} data-testid="unblock" onClick={act('unblock', row.visitor)} />
                  </>}
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}
