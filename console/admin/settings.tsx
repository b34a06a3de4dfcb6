// Settings 设置 of the whole centre: timers, whose turn it is, device check, misses, approval, reasons, attributes, categories.
import type { IdleClock, Plan, PlanTimers } from '#events/plan.ts'
import { Check, Choice, Select } from '../shell/form.tsx'
import { Categories } from './categories.tsx'
import type { Draft } from './draft.ts'
import { without } from './edit.ts'
import { NumberField, TimeField, type Unit } from './fields.tsx'
import { Attributes, Reasons } from './lists.tsx'
import { Section, Warnings } from './parts.tsx'
import { t } from './text.ts'

const minute = 60_000
/** The plan's own, tied by type: importing the value would bring the whole schema library along. */
const CLOCKS: readonly IdleClock[] = ['since_ready', 'since_last_call', 'since_last_inbound', 'fewest_calls', 'least_talk', 'round_robin']
/** Each timer with the unit people think of it in and the bounds of the plan. */
const TIMERS: readonly { timer: keyof PlanTimers; unit: Unit; minMs: number; maxMs: number }[] = [
  { timer: 'ringMs', unit: 's', minMs: 1000, maxMs: 5 * minute }, { timer: 'dialMs', unit: 's', minMs: 5000, maxMs: 10 * minute }, { timer: 'connectMs', unit: 's', minMs: 1000, maxMs: 5 * minute },
  { timer: 'maxWaitMs', unit: 'min', minMs: 1000, maxMs: 24 * 60 * minute }, { timer: 'wrapUpMs', unit: 's', minMs: 0, maxMs: 60 * minute }, { timer: 'declineCoolDownMs', unit: 's', minMs: 0, maxMs: 10 * minute },
  { timer: 'visitorGraceMs', unit: 's', minMs: 0, maxMs: 5 * minute }, { timer: 'agentGraceMs', unit: 's', minMs: 0, maxMs: 5 * minute },
  { timer: 'keepPlaceMs', unit: 's', minMs: 0, maxMs: 60 * minute }, { timer: 'contactGapMs', unit: 'min', minMs: 0, maxMs: 24 * 60 * minute },
]
/** Where the plan leaves it out. */
const DIAL_MS = 45_000

export function Settings({ draft }: { draft: Draft }) {
  const plan = draft.plan.value
  if (!plan) return null
  const set = (change: { [K in keyof Plan]?: Plan[K] | undefined }) => draft.change((now) => without({ ...now, ...change }) as Plan)
  const setTimer = (timer: keyof PlanTimers, ms: number) => draft.change((now) => ({ ...now, timers: { ...now.timers, [timer]: ms } }))
  return (
    <div class="stack settings">
      <Section title={t('admin.timers')} about={t('admin.timersText')}>
        <div class="columns columns-3">
          {TIMERS.map(({ timer, ...rest }) => (
            <div key={timer}>
              <TimeField {...rest} label={t(`admin.timer.${timer}`)} hint={t(`admin.timerText.${timer}`)} valueMs={plan.timers[timer] ?? DIAL_MS} change={(ms) => setTimer(timer, ms)} data-testid={`timer-${timer}`} />
              <Warnings warnings={draft.about(`timers/${timer}`)} />
            </div>
          ))}
        </div>
      </Section>
      <Section title={t('admin.idleClock')} about={t('admin.idleClockText')}>
        <div class="radios" role="radiogroup" aria-label={t('admin.idleClock')}>
          {CLOCKS.map((clock) => (
            <label key={clock} class="radio">
              <input type="radio" name="idleClock" checked={plan.idleClock === clock} onChange={() => set({ idleClock: clock })} />
              <span><b>{t(`admin.clock.${clock}`)}</b><span class="quiet">{t(`admin.clockText.${clock}`)}</span></span>
            </label>
          ))}
        </div>
        <Select label={t('admin.dayHours')} hint={t('admin.dayHoursText')} value={plan.dayHours ?? ''} change={(value) => set({ dayHours: value || undefined })} options={[{ value: '', text: 'UTC' }, ...(plan.hours ?? []).map(({ id, name, tz }) => ({ value: id, text: `${name} · ${tz}` }))]} />
      </Section>
      <Section title={t('admin.offers')}>
        <div class="columns">
          <NumberField label={t('admin.misses')} hint={t('admin.missesText')} value={plan.awayAfterMisses} min={1} max={20} unit={t('admin.unit.times')} change={(awayAfterMisses) => set({ awayAfterMisses })} />
          <NumberField label={t('admin.maxOffers')} hint={t('admin.maxOffersText')} value={plan.maxOffers} min={0} max={100} unit={t('admin.unit.times')} change={(maxOffers) => set({ maxOffers })} />
        </div>
      </Section>
      <Section title={t('admin.deviceCheck')} about={t(`admin.deviceCheckText.${plan.deviceCheck}`)}>
        <Choice label={t('admin.deviceCheck')} value={plan.deviceCheck} change={(deviceCheck) => set({ deviceCheck })} options={(['required', 'remind', 'off'] as const).map((value) => ({ value, content: t(`admin.deviceCheck.${value}`) }))} />
        {plan.deviceCheck !== 'off' && <TimeField label={t('admin.timer.deviceCheckMs')} hint={t('admin.timerText.deviceCheckMs')} valueMs={plan.timers.deviceCheckMs} minMs={0} maxMs={7 * 24 * 60 * minute} unit="h" change={(ms) => setTimer('deviceCheckMs', ms)} />}
        <Warnings warnings={draft.about('timers/deviceCheckMs')} />
      </Section>
      <Section title={t('admin.status')} about={t('admin.reasonsText')}>
        <Check checked={plan.approval ?? false} change={(on) => set({ approval: on || undefined })} data-testid="approval"><b>{t('admin.approval')}</b> <span class="quiet">{t('admin.approvalText')}</span></Check>
        <Reasons draft={draft} plan={plan} />
      </Section>
      <Section title={t('admin.attributesTitle')} about={t('admin.attributesText')}><Attributes draft={draft} plan={plan} /></Section>
      <Section title={t('admin.categories')} about={t('admin.categoriesText')}><Categories draft={draft} plan={plan} /></Section>
    </div>
  )
}
