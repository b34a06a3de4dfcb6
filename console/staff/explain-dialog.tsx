// The dialog that says why a request is offered to an agent, or is not.
import { CircleCheck, Info } from 'lucide-preact'
import { useEffect, useMemo } from 'preact/hooks'
import { useSignal } from '@preact/signals'
import { Dialog } from '../shell/dialog.tsx'
import { Select } from '../shell/form.tsx'
import { either, number } from '../shell/i18n.ts'
import { Notice } from '../shell/page.tsx'
import { makeExplainer, type Explanation } from './explain.ts'
import { t } from './text.ts'

/** Reasons that speak for the agent. */
const GOOD = new Set(['offered_now', 'has_it', 'waited_for', 'next'])

interface Props {
  title: string
  /** Whom it can be asked about; one who asks for himself has no choice. */
  agents: readonly { agent: string; nickname: string }[]
  ask: (agent: string) => Promise<Explanation>
  close: () => void
}
export function ExplainDialog({ title, agents, ask, close }: Props) {
  const explainer = useMemo(() => makeExplainer(ask), [])
  const agent = useSignal(agents[0]?.agent ?? '')
  useEffect(() => { if (agent.value) void explainer.about(agent.value) }, [agent.value])
  const { answer: { value: told }, failed } = explainer
  return (
    <Dialog title={title} close={close}>
      <div class="explain" data-testid="explain">
        {agents.length > 1 && <Select label={t('board.agent')} value={agent.value} change={(next) => { agent.value = next }} data-testid="explain-agent"
          options={agents.map((one) => ({ value: one.agent, text: one.nickname }))} />}
        {failed.value && <Notice tone="bad">{either(failed.value.words)}</Notice>}
        {!told && !failed.value && <span class="spinner" role="status" aria-label={t('shell.loading')} />}
        {told && (
          <ul class="explain-reasons">
            {told.reasons.map((reason) => (
              <li key={reason.code} class={GOOD.has(reason.code) ? 'tone-ok' : 'tone-warn'} data-reason={reason.code}>
                {GOOD.has(reason.code) ? <CircleCheck size={17} aria-hidden="true" /> : <Info size={17} aria-hidden="true" />}{either(reason)}
              </li>
            ))}
            {told.reasons.length === 0 && <li class="quiet">{t('explain.none')}</li>}
          </ul>
        )}
        {told?.rank != null && <p>{t('explain.rank', { n: number(told.rank) })}</p>}
        {told && told.ahead.length > 0 && <p class="quiet">{t('explain.ahead', { names: told.ahead.join(t('explain.and')) })}</p>}
      </div>
    </Dialog>
  )
}
