// The call a supervisor is in, beside the board: its picture, how he takes part, and the way out.
import { Stage } from '../call/stage.tsx'
import { Button } from '../shell/button.tsx'
import { clock } from '../shell/i18n.ts'
import { Notice } from '../shell/page.tsx'
import { engineNow } from '../shell/ticker.ts'
import { toastError } from '../shell/toast.tsx'
import { t } from '../staff/text.ts'
import { callerName, callerNames } from '../staff/words.ts'
import { MODES } from './calls.tsx'
import type { Board } from './model.ts'
import type { Monitor } from './monitor.ts'

export function MonitorPanel({ board, monitor }: { board: Board; monitor: Monitor }) {
  const { view, asking, link } = monitor
  const call = view.value?.call
  if (!call) return null
  const visitor = call.parties.find(({ role }) => role === 'visitor')
  const agent = board.view.value?.calls.find(({ request }) => request === call.request)?.agent
  const name = visitor ? callerName(visitor) : t('party.visitor')
  const leave = () => { monitor.leave().catch(toastError) }
  return (
    <aside class="monitor" aria-label={t('monitor.title')} data-testid="monitor" data-mode={call.mode}>
      {link.state.value === 'offline' && <Notice tone="warn">{t('link.offline')}</Notice>}
      <div class="monitor-picture">
        <Stage call={monitor.call} name={name} names={callerNames(call.parties)} hangup={leave} hangingUp={monitor.leaving} hangupLabel={t('monitor.leave')} connected
          caption={<><strong>{agent ? `${name} · ${board.nickname(agent)}` : name}</strong><span role="timer">{clock(engineNow.value - call.connectedAt)}{call.held ? ` · ${t('board.held')}` : ''}</span></>} />
      </div>
      <div class="monitor-modes" role="group" aria-label={t('monitor.how')}>
        {MODES.map(({ mode, icon }) => (
          <Button key={mode} icon={icon} kind={call.mode === mode ? 'primary' : 'plain'} aria-pressed={call.mode === mode} disabled={call.mode === mode} busy={asking.value === `${mode} ${call.request}`}
            data-testid={`monitor-${mode}`} onClick={() => { monitor.join(call.request, mode).catch(toastError) }}>{t(`monitor.${mode}`)}</Button>
        ))}
      </div>
      <p class="quiet">{t(`monitor.${call.mode}Text`)}</p>
    </aside>
  )
}
