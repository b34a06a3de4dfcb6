// Conditions on what a visitor is: each attribute with the values it may have.
import { useSignal } from '@preact/signals'
import { Plus, X } from 'lucide-preact'
import type { Plan, PlanRule } from '#events/plan.ts'
import { Button } from '../shell/button.tsx'
import { Select } from '../shell/form.tsx'
import { either } from '../shell/i18n.ts'
import type { Fault } from './faults.ts'
import { Text } from './fields.tsx'
import { t } from './text.ts'

type Condition = NonNullable<PlanRule['when']['attributes']>[number]
const valuesIn = (text: string): string[] => [...new Set(text.split(/[,，\n]/).map((value) => value.trim()).filter(Boolean))]

interface AttributesProps { plan: Plan; value: readonly Condition[]; change: (value: Condition[]) => void; fault: (at: number) => Fault | undefined }
export function Attributes({ plan, value, change, fault }: AttributesProps) {
  const declared = plan.attributes ?? []
  const left = declared.filter(({ id }) => !value.some(({ name }) => name === id))
  const put = (at: number, part: Partial<Condition>) => change(value.map((one, i) => (i === at ? { ...one, ...part } : one)))
  const options = (own: string) => [...(declared.some(({ id }) => id === own) ? [] : [{ value: own, text: own }]), ...declared.filter(({ id }) => id === own || left.some((one) => one.id === id)).map((one) => ({ value: one.id, text: either(one) }))]
  return (
    <fieldset class="many">
      <legend>{t('admin.attributes')}</legend>
      {declared.length === 0 && value.length === 0 && <p class="field-hint">{t('admin.noAttributes')}</p>}
      <ul class="rows">
        {value.map((one, at) => (
          <li key={one.name}>
            <Select label={t('admin.attribute')} value={one.name} options={options(one.name)} change={(name) => put(at, { name })} />
            <Values value={one.in} change={(values) => put(at, { in: values })} fault={fault(at)} />
            <span class="rows-tools"><Button kind="quiet" size="small" icon={X} label={t('admin.remove')} onClick={() => change(value.filter((_, i) => i !== at))} /></span>
          </li>
        ))}
      </ul>
      {left[0] && <div><Button size="small" icon={Plus} data-testid="new-condition" onClick={() => change([...value, { name: left[0]!.id, in: [] }])}>{t('admin.addCondition')}</Button></div>}
    </fieldset>
  )
}

function Values({ value, change, fault }: { value: readonly string[]; change: (value: string[]) => void; fault: Fault | undefined }) {
  const typed = useSignal<string | null>(null)
  // While somebody types, a comma at the end is the beginning of the next value.
  return <Text label={t('admin.values')} value={typed.value !== null && valuesIn(typed.value).join() === value.join() ? typed.value : value.join(', ')} placeholder="gold, platinum" fault={fault} hint={t('admin.valuesHint')} change={(text) => { typed.value = text; change(valuesIn(text)) }} />
}
