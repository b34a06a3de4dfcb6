// Routing 视频路由: rules in their order, each with its conditions in words and its warnings; the default rule last.
import { useSignal } from '@preact/signals'
import { ArrowRight, Lock, Plus, Route, TriangleAlert } from 'lucide-preact'
import type { Plan, PlanRule } from '#events/plan.ts'
import { Badge } from '../shell/badge.tsx'
import { Button } from '../shell/button.tsx'
import { Select } from '../shell/form.tsx'
import { either } from '../shell/i18n.ts'
import { Empty } from '../shell/page.tsx'
import { channelName } from '../staff/words.ts'
import { Attributes } from './attribute-conditions.tsx'
import type { Draft } from './draft.ts'
import { add, move, put, removeOne, UNGROUPED, without } from './edit.ts'
import { Many, NumberField, Own, Text, TimeField } from './fields.tsx'
import { freshId } from './id.ts'
import { Remove, Section, Warnings } from './parts.tsx'
import { Sortable } from './sortable.tsx'
import { t } from './text.ts'

const CHANNELS = ['web', 'app', 'wechat_mp'] as const
const nameOf = (things: readonly { id: string; name: string }[] | undefined, id: string) => things?.find((thing) => thing.id === id)?.name ?? id

/** What a rule asks for, one phrase for each condition; all must hold. */
function conditions(plan: Plan, { when }: PlanRule): string[] {
  const or = t('admin.or')
  return [
    ...(when.channels ? [`${t('admin.channels')} = ${when.channels.map(channelName).join(or)}`] : []),
    ...(when.access ? [`${t('admin.tab.access')} = ${when.access.map((id) => nameOf(plan.access, id)).join(or)}`] : []),
    ...(when.attributes ?? []).map(({ name, in: values }) => {
      const attribute = plan.attributes?.find(({ id }) => id === name)
      return `${attribute ? either(attribute) : name} = ${values.join(or)}`
    }),
    ...(when.hours ? [`${t('admin.hours')} = ${nameOf(plan.hours, when.hours)}`] : []),
  ]
}

export function Rules({ draft }: { draft: Draft }) {
  const chosen = useSignal<string | null>(null)
  const plan = draft.plan.value
  if (!plan) return null
  const rule = plan.rules.find(({ id }) => id === chosen.value) ?? plan.rules[0]
  const create = () => {
    const id = freshId('r')
    draft.change((now) => add(now, 'rules', { id, name: t('admin.newRuleName'), group: now.groups.at(-1)?.id ?? UNGROUPED, when: {} }))
    chosen.value = id
  }
  return (
    <div class="stack">
      <p class="field-hint">{t('admin.rulesText')}</p>
      <div class="split split-rules">
        <div class="stack">
          {plan.rules.length === 0 && <div class="card"><Empty icon={Route} title={t('admin.noRules')}>{t('admin.noRulesText')}</Empty></div>}
          <Sortable name={t('admin.tab.rules')} rows={plan.rules} label={({ name }) => name} move={(from, to) => draft.change((now) => ({ ...now, rules: move(now.rules, from, to) }))}>
            {(one, at) => <Row plan={plan} rule={one} at={at} warned={draft.about(`rules/${one.id}`).length > 0} current={one.id === rule?.id} choose={() => { chosen.value = one.id }} />}
          </Sortable>
          <div class="rule-default">
            <Lock size={16} aria-hidden="true" />
            <span class="rule-words"><b>{t('admin.defaultRule')}</b><span class="quiet">{t('admin.defaultRuleText')}</span></span>
            <Badge>{nameOf(plan.groups, UNGROUPED)}</Badge>
          </div>
          <div><Button icon={Plus} data-testid="new-rule" onClick={create}>{t('admin.newRule')}</Button></div>
        </div>
        <div class="split-detail">{rule && <Detail key={rule.id} draft={draft} plan={plan} rule={rule} />}</div>
      </div>
    </div>
  )
}

interface RowProps { plan: Plan; rule: PlanRule; at: number; warned: boolean; current: boolean; choose: () => void }
function Row({ plan, rule, at, warned, current, choose }: RowProps) {
  const asks = conditions(plan, rule)
  return (
    <button type="button" class="rule" aria-current={current ? 'true' : undefined} onClick={choose} data-testid="rule">
      <span class="rule-number">{at + 1}</span>
      <span class="rule-words">
        <span><b>{rule.name || '–'}</b>{warned && <TriangleAlert size={14} class="tabs-alert" aria-label={t('admin.hasWarnings')} />}</span>
        <span class="quiet">{asks.length ? asks.join(t('admin.and')) : t('admin.everyone')}</span>
      </span>
      <ArrowRight size={15} aria-hidden="true" class="quiet" />
      <span class="rule-to"><Badge tone="accent">{nameOf(plan.groups, rule.group)}</Badge>{rule.priority ? <Badge tone="violet">{t('admin.priorityN', { n: rule.priority })}</Badge> : null}</span>
    </button>
  )
}

function Detail({ draft, plan, rule }: { draft: Draft; plan: Plan; rule: PlanRule }) {
  const { id, when } = rule
  const set = (change: { [K in keyof PlanRule]?: PlanRule[K] | undefined }) => draft.change((now) => put(now, 'rules', id, change))
  const ask = (change: { [K in keyof PlanRule['when']]?: PlanRule['when'][K] | undefined }) => set({ when: without({ ...when, ...change }) as PlanRule['when'] })
  const toggled = <V,>(list: readonly V[] | undefined, value: V, on: boolean): V[] | undefined => {
    const next = on ? [...(list ?? []), value] : (list ?? []).filter((one) => one !== value)
    return next.length ? next : undefined
  }
  return (
    <div class="stack">
      <Warnings warnings={draft.about(`rules/${id}`)} />
      <Section title={t('admin.rule')} actions={<Remove what={rule.name} text={t('admin.removeRuleText')} remove={() => draft.change((now) => removeOne(now, 'rules', id))} />}>
        <div class="columns">
          <Text label={t('admin.name')} value={rule.name} maxLength={100} change={(name) => set({ name })} fault={draft.faults.value.get(`rules/${id}/name`)} data-testid="rule-name" />
          <Select label={t('admin.ruleTo')} value={rule.group} change={(group) => set({ group })} options={plan.groups.map(({ id: value, name }) => ({ value, text: name }))} data-testid="rule-group" />
        </div>
      </Section>
      <Section title={t('admin.ruleWhen')} about={t('admin.ruleWhenText')}>
        <Many label={t('admin.channels')} options={CHANNELS.map((value) => ({ value, text: channelName(value) }))} chosen={when.channels ?? []} toggle={(value, on) => ask({ channels: toggled(when.channels, value, on) })} hint={t('admin.noneIsAll')} />
        <Many label={t('admin.tab.access')} options={plan.access.map(({ id: value, name }) => ({ value, text: name }))} chosen={when.access ?? []} toggle={(value, on) => ask({ access: toggled(when.access, value, on) })} hint={t('admin.noneIsAll')} />
        <Attributes plan={plan} value={when.attributes ?? []} change={(attributes) => ask({ attributes: attributes.length ? attributes : undefined })} fault={(at) => draft.faults.value.get(`rules/${id}/attributes/${at}`)} />
        <Select label={t('admin.ruleHours')} value={when.hours ?? ''} change={(value) => ask({ hours: value || undefined })} options={[{ value: '', text: t('admin.anyTime') }, ...(plan.hours ?? []).map(({ id: value, name }) => ({ value, text: name }))]} />
      </Section>
      <Section title={t('admin.ruleHow')}>
        <NumberField label={t('admin.priority')} hint={t('admin.priorityText')} value={rule.priority ?? 0} min={0} max={99} change={(priority) => set({ priority: priority || undefined })} data-testid="rule-priority" />
        <Own label={t('admin.sticky')} on={rule.sticky !== undefined} otherwise={t('admin.stickyOff')} toggle={(on) => set({ sticky: on ? { days: 30, waitMs: 20_000 } : undefined })}>
          {rule.sticky && (
            <div class="columns">
              <NumberField label={t('admin.stickyDays')} value={rule.sticky.days} min={1} max={365} unit={t('admin.unit.days')} change={(days) => set({ sticky: { ...rule.sticky!, days } })} />
              <TimeField label={t('admin.stickyWait')} valueMs={rule.sticky.waitMs} minMs={0} maxMs={600_000} unit="s" change={(waitMs) => set({ sticky: { ...rule.sticky!, waitMs } })} />
            </div>
          )}
        </Own>
      </Section>
    </div>
  )
}
