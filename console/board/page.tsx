// The supervisor's board: the groups as they stand, who waits, who talks, who works; and the call he is in at the side.
import { LayoutDashboard } from 'lucide-preact'
import { useEffect, useMemo } from 'preact/hooks'
import type { BoardView } from '#wire/board.ts'
import type { SupervisorMessage, SupervisorPush } from '#wire/messages.ts'
import { closeTracks, openTracks } from '../call/devices.ts'
import { openLink, socketUrl } from '../link.ts'
import { api } from '../shell/api.ts'
import { Button } from '../shell/button.tsx'
import { clock, either, number } from '../shell/i18n.ts'
import { Card, Empty, Notice } from '../shell/page.tsx'
import { engineNow, hearClock } from '../shell/ticker.ts'
import { chosen } from '../staff/devices.ts'
import { planWords } from '../staff/plan-words.ts'
import { t } from '../staff/text.ts'
import { AgentsTable } from './agents.tsx'
import { CallsTable } from './calls.tsx'
import { Blocks, Callbacks } from './lists.tsx'
import { makeBoard, type Board } from './model.ts'
import { makeMonitor } from './monitor.ts'
import { MonitorPanel } from './monitor-panel.tsx'
import { WaitingTable } from './waiting.tsx'
import './board.css'

/** The board; its answer also tells the engine's time. */
async function read(): Promise<BoardView> {
  const sentAt = Date.now()
  const board = await api<BoardView>('GET', '/api/board')
  hearClock(board.now, sentAt, Date.now())
  return board
}

function open() {
  const board = makeBoard({
    read, send: (id, act) => api('POST', '/api/acts', { id, act }), newId: () => crypto.getRandomValues(new Uint32Array(4)).join('-'),
    followPlan: (version) => { void planWords.follow(version) }, inSight: () => document.visibilityState === 'visible',
  })
  const monitor = makeMonitor({
    link: (heard) => openLink<SupervisorMessage, SupervisorPush>({ url: socketUrl('/ws/supervisor'), hello: () => ({ type: 'hello' }), heard }),
    chosen, open: openTracks, release: closeTracks,
    load: () => import('../media.ts').then(({ CallMedia }) => (options) => new CallMedia(options)),
  })
  return { board, monitor }
}

export function Page() {
  const { board, monitor } = useMemo(open, [])
  useEffect(() => {
    const unwatch = board.watch()
    return () => { unwatch(); monitor.stop() }
  }, [])
  const { view, failed } = board
  if (!view.value) {
    return failed.value
      ? <Notice tone="bad" action={<Button onClick={() => { void board.refresh() }}>{t('shell.retry')}</Button>} data-testid="board-failed">{either(failed.value.words)}</Notice>
      : <Card><Empty icon={LayoutDashboard} title={t('shell.loading')} /></Card>
  }
  const inCall = monitor.view.value?.call
  return (
    <div class={`board ${inCall ? 'board-beside' : ''}`} data-testid="board">
      <div class="stack">
        {failed.value && <Notice tone="warn" data-testid="board-failed">{either(failed.value.words)}</Notice>}
        <Groups board={board} />
        <WaitingTable board={board} />
        <CallsTable board={board} monitor={monitor} />
        <AgentsTable board={board} />
        <div class="board-lists"><Callbacks board={board} /><Blocks board={board} /></div>
      </div>
      {inCall && <MonitorPanel board={board} monitor={monitor} />}
    </div>
  )
}

/** One tile a group, with its numbers; pressed, the board shows that group alone. */
function Groups({ board }: { board: Board }) {
  const queues = board.view.value?.queues ?? []
  const sum = (of: (queue: BoardView['queues'][number]) => number) => queues.reduce((all, queue) => all + of(queue), 0)
  const longest = queues.reduce<number | null>((first, { longestSince }) => (longestSince === null ? first : first === null ? longestSince : Math.min(first, longestSince)), null)
  const agents = board.view.value?.agents ?? []
  const total = { waiting: sum((queue) => queue.waiting), longestSince: longest, ready: agents.filter(({ status, work }) => status === 'idle' && work === 'none').length, there: agents.filter(({ status }) => status !== 'offline').length }
  return (
    <div class="groups" role="radiogroup" aria-label={t('board.group')}>
      <Tile board={board} group={null} name={t('board.allGroups')} {...total} />
      {queues.length > 1 && queues.map((queue) => <Tile key={queue.group} board={board} {...queue} />)}
    </div>
  )
}

interface TileProps { board: Board; group: string | null; name: string; waiting: number; longestSince: number | null; ready: number; there: number }
function Tile({ board, group, name, waiting, longestSince, ready, there }: TileProps) {
  return (
    <button type="button" role="radio" aria-checked={board.group.value === group} class="group-tile" data-testid="group" data-group={group ?? ''} onClick={() => { board.group.value = group }}>
      <span class="group-name" title={name}>{name}</span>
      <span class="group-waiting"><b class={waiting > 0 ? 'tone-warn' : ''}>{number(waiting)}</b><small>{t('queue.waiting')}{longestSince !== null && ` · ${t('queue.longest', { time: clock(engineNow.value - longestSince) })}`}</small></span>
      <small class="group-rest">{t('board.ready', { ready: number(ready), there: number(there) })}</small>
    </button>
  )
}
