// Where a group's requests go instead: rows asked from top to bottom, one for each cause.
import { ArrowUp, Plus, X } from 'lucide-preact'
import type { Plan, PlanGroup, PlanOverflow } from '#events/plan.ts'
import { Button } from '../shell/button.tsx'
import { Select } from '../shell/form.tsx'
import { move } from './edit.ts'
import { NumberField, TimeField } from './fields.tsx'
import { t } from './text.ts'

const CAUSES = ['wait', 'length', 'no_agent', 'closed'] as const
const row = (when: PlanOverflow['when'], to: string): PlanOverflow => ({ when, to, ...(when === 'wait' ? { waitMs: 60_000 } : when === 'length' ? { length: 10 } : {}) })

export function Overflow({ plan, group, change }: { plan: Plan; group: PlanGroup; change: (rows: PlanOverflow[]) => void }) {
  const rows = group.overflow ?? []
  const others = plan.groups.filter(({ id }) => id !== group.id)
  const left = CAUSES.filter((cause) => !rows.some(({ when }) => when === cause))
  const put = (at: number, part: Partial<PlanOverflow>) => change(rows.map((one, i) => (i === at ? { ...one, ...part } : one)))
  if (others.length === 0) return <p class="quiet">{t('admin.overflowNowhere')}</p>
  return (
    <>
      <ul class="rows">
        {rows.map((one, at) => (
          <li key={one.when}>
            <Select label={t('admin.overflow.when')} value={one.when} change={(when) => put(at, { ...row(when as PlanOverflow['when'], one.to) })}
              options={CAUSES.filter((cause) => cause === one.when || left.includes(cause)).map((value) => ({ value, text: t(`admin.overflow.${value}`) }))} />
            {one.when === 'wait' && <TimeField label={t('admin.overflow.waitMs')} valueMs={one.waitMs ?? 0} minMs={0} maxMs={86_400_000} unit="s" change={(waitMs) => put(at, { waitMs })} />}
            {one.when === 'length' && <NumberField label={t('admin.overflow.lengthN')} value={one.length ?? 1} min={1} max={10_000} unit={t('admin.unit.people')} change={(length) => put(at, { length })} />}
            <Select label={t('admin.overflow.to')} value={one.to} change={(to) => put(at, { to })} options={others.map(({ id, name }) => ({ value: id, text: name }))} />
            <span class="rows-tools">
              <Button kind="quiet" size="small" icon={ArrowUp} label={t('admin.up')} disabled={at === 0} onClick={() => change(move(rows, at, at - 1))} />
              <Button kind="quiet" size="small" icon={X} label={t('admin.remove')} onClick={() => change(rows.filter((_, i) => i !== at))} />
            </span>
          </li>
        ))}
      </ul>
      {left[0] && <div><Button size="small" icon={Plus} data-testid="new-overflow" onClick={() => change([...rows, row(left[0]!, others[0]!.id)])}>{t('admin.overflow.add')}</Button></div>}
    </>
  )
}
