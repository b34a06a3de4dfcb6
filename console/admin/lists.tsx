// Lists the whole centre shares: reasons for leaving idle, and the attributes of visitors that rules may ask for.
import { useSignal } from '@preact/signals'
import { Plus, X } from 'lucide-preact'
import type { Plan } from '#events/plan.ts'
import { Button } from '../shell/button.tsx'
import { Select } from '../shell/form.tsx'
import type { Draft } from './draft.ts'
import { add, put, removeAttribute, removeOne } from './edit.ts'
import { Text } from './fields.tsx'
import { freshId } from './id.ts'
import { t } from './text.ts'

const STATUSES = ['busy', 'away', 'invisible'] as const

export function Reasons({ draft, plan }: { draft: Draft; plan: Plan }) {
  return (
    <>
      <ul class="rows">
        {(plan.reasons ?? []).map((reason) => (
          <li key={reason.id}>
            <Select label={t('admin.reasonFor')} value={reason.status} change={(status) => draft.change((now) => put(now, 'reasons', reason.id, { status: status as typeof STATUSES[number] }))} options={STATUSES.map((value) => ({ value, text: t(`status.${value}`) }))} />
            <Text label="中文" value={reason.zh} maxLength={100} change={(zh) => draft.change((now) => put(now, 'reasons', reason.id, { zh }))} fault={draft.faults.value.get(`reasons/${reason.id}/zh`)} />
            <Text label="English" value={reason.en} maxLength={100} change={(en) => draft.change((now) => put(now, 'reasons', reason.id, { en }))} fault={draft.faults.value.get(`reasons/${reason.id}/en`)} />
            <span class="rows-tools"><Button kind="quiet" size="small" icon={X} label={t('admin.remove')} onClick={() => draft.change((now) => removeOne(now, 'reasons', reason.id))} /></span>
          </li>
        ))}
      </ul>
      <div><Button size="small" icon={Plus} data-testid="new-reason" onClick={() => draft.change((now) => add(now, 'reasons', { id: freshId('why'), status: 'busy', zh: '', en: '' }))}>{t('admin.newReason')}</Button></div>
    </>
  )
}

export function Attributes({ draft, plan }: { draft: Draft; plan: Plan }) {
  const id = useSignal('')
  const name = id.value.trim()
  const taken = plan.attributes?.some((attribute) => attribute.id === name)
  const create = (event: Event) => {
    event.preventDefault()
    if (!name || taken) return
    draft.change((now) => add(now, 'attributes', { id: name, zh: name, en: name }))
    id.value = ''
  }
  return (
    <>
      <ul class="rows">
        {(plan.attributes ?? []).map((attribute) => (
          <li key={attribute.id}>
            <div class="field"><span class="legend">{t('admin.attributeId')}</span><code class="fixed">{attribute.id}</code></div>
            <Text label="中文" value={attribute.zh} maxLength={100} change={(zh) => draft.change((now) => put(now, 'attributes', attribute.id, { zh }))} fault={draft.faults.value.get(`attributes/${attribute.id}/zh`)} />
            <Text label="English" value={attribute.en} maxLength={100} change={(en) => draft.change((now) => put(now, 'attributes', attribute.id, { en }))} fault={draft.faults.value.get(`attributes/${attribute.id}/en`)} />
            <span class="rows-tools"><Button kind="quiet" size="small" icon={X} label={t('admin.removeAttribute', { name: attribute.id })} onClick={() => draft.change((now) => removeAttribute(now, attribute.id))} /></span>
          </li>
        ))}
      </ul>
      {(plan.attributes?.length ?? 0) < 20 && (
        <form class="rows-add" onSubmit={create}>
          <input class="input" aria-label={t('admin.attributeId')} placeholder="vip" maxLength={64} value={id.value} onInput={(event) => { id.value = event.currentTarget.value }} data-testid="attribute-id" />
          <Button size="small" type="submit" icon={Plus} disabled={!name || taken === true} data-testid="new-attribute">{t('admin.newAttribute')}</Button>
        </form>
      )}
    </>
  )
}
