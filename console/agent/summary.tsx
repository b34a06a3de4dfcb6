// The service summary: written during the call or after it, kept as a draft from the first letter on.
import { useSignal } from '@preact/signals'
import { FileCheck2, FilePen, FileText, TicketPlus, X } from 'lucide-preact'
import { Badge } from '../shell/badge.tsx'
import { Button } from '../shell/button.tsx'
import { Check, Field } from '../shell/form.tsx'
import { either, timeOfDay } from '../shell/i18n.ts'
import { Card, Empty } from '../shell/page.tsx'
import { toast, toastError } from '../shell/toast.tsx'
import { categoryName, categoryTree, planWords } from '../staff/plan-words.ts'
import { t } from '../staff/text.ts'
import { visitorName } from '../staff/words.ts'
import { written } from './drafts.ts'
import type { Workbench } from './model.ts'
import { NewTicket } from './ticket.tsx'

/** Longest category and note that the engine takes. */
const CATEGORY_MOST = 64
const NOTE_MOST = 4000

export function Summary({ workbench }: { workbench: Workbench }) {
  const { drafts, summaryOf, saving } = workbench
  const tried = useSignal(false)
  /** The request for which a ticket is being made. */
  const ticketing = useSignal<string | null>(null)
  const words = planWords.words.value
  const tree = categoryTree(words?.categories ?? [])
  const draft = summaryOf.value === null ? undefined : drafts.all.value.find((one) => one.request === summaryOf.value)
  const needed = workbench.summaryMissing.value && workbench.view.value?.wrapUp?.request === draft?.request
  const others = drafts.unfiled.value.filter((one) => one.request !== draft?.request)

  const save = async (event: Event) => {
    event.preventDefault()
    tried.value = true
    if (!draft?.category.trim()) return
    try {
      if (await workbench.saveSummary()) { toast('ok', t('summary.saved')); tried.value = false }
    } catch (error) {
      toastError(error)
    }
  }
  return (<>
    <Card class="summary" title={<><FileText size={16} aria-hidden="true" />{t('summary.title')}</>}
      actions={draft && (needed ? <Badge tone="bad">{t('summary.needed')}</Badge> : <Badge tone={draft.filed ? 'ok' : written(draft) ? 'warn' : 'neutral'}>{t(draft.filed ? 'summary.filed' : written(draft) ? 'summary.draft' : 'summary.blank')}</Badge>)}>
      {draft ? (
        <form onSubmit={save} noValidate>
          <p class="summary-for">{visitorName(draft.visitor)} · {timeOfDay(draft.at)}</p>
          <Field label={t('summary.category')} error={tried.value && !draft.category.trim() ? t('summary.needCategory') : undefined}>
            {(ids) => (tree.length > 0 ? (
              <select {...ids} class="input" data-testid="summary-category" value={draft.category} onChange={(event) => drafts.write(draft.request, { category: event.currentTarget.value })}>
                <option value="">{t('summary.choose')}</option>
                {tree.map(({ id, depth, category }) => <option key={id} value={id}>{'\u3000'.repeat(depth)}{either(category)}</option>)}
                {draft.category !== '' && !tree.some(({ id }) => id === draft.category) && <option value={draft.category}>{draft.category}</option>}
              </select>
            ) : (
              <input {...ids} class="input" list="summary-categories" autocomplete="off" maxLength={CATEGORY_MOST} data-testid="summary-category" placeholder={t('summary.categoryHint')}
                value={draft.category} onInput={(event) => drafts.write(draft.request, { category: event.currentTarget.value })} />
            ))}
          </Field>
          <datalist id="summary-categories">{t('summary.categories').split('\n').map((category) => <option key={category} value={category} />)}</datalist>
          <Field label={t('summary.note')} optional={t('shell.optional')}>
            {(ids) => (
              <textarea {...ids} class="input" rows={7} maxLength={NOTE_MOST} data-testid="summary-note" placeholder={t('summary.noteHint')}
                value={draft.note} onInput={(event) => drafts.write(draft.request, { note: event.currentTarget.value })} />
            )}
          </Field>
          <Check checked={draft.resolved} change={(resolved) => drafts.write(draft.request, { resolved })} data-testid="summary-resolved">{t('summary.resolved')}</Check>
          <div class="summary-acts">
            <Button kind="primary" type="submit" icon={FileCheck2} busy={saving.value} disabled={draft.filed} data-testid="summary-save">{t('summary.save')}</Button>
            <Button icon={TicketPlus} data-testid="ticket-open" onClick={() => { ticketing.value = draft.request }}>{t('ticket.open')}</Button>
          </div>
        </form>
      ) : <Empty icon={FilePen} title={t('summary.none')}>{t('summary.noneText')}</Empty>}
      {others.length > 0 && (
        <div class="summary-others">
          <h3>{t('summary.unfiled', { n: others.length })}</h3>
          <ul>
            {others.map((one) => (
              <li key={one.request}>
                <button type="button" onClick={() => { summaryOf.value = one.request }}><b>{visitorName(one.visitor)}</b> {timeOfDay(one.at)} <span>{one.category ? categoryName(words, one.category) : one.note}</span></button>
                <Button kind="quiet" size="small" icon={X} label={t('summary.drop')} onClick={() => drafts.drop(one.request)} />
              </li>
            ))}
          </ul>
        </div>
      )}
    </Card>
    {ticketing.value !== null && <NewTicket request={ticketing.value} about={`${visitorName(drafts.find(ticketing.value)?.visitor ?? '')} · ${ticketing.value}`} close={() => { ticketing.value = null }} />}
  </>)
}
