// Skill groups 视频技能组: who serves them, how long and how many may wait, where requests go instead, what follows a call, what visitors read.
import { useSignal } from '@preact/signals'
import { Plus, UsersRound } from 'lucide-preact'
import type { PlanGroup } from '#events/plan.ts'
import { en } from '../text/en.ts'
import { zh } from '../text/zh.ts'
import { Button } from '../shell/button.tsx'
import { Check, Choice, Select } from '../shell/form.tsx'
import { Empty } from '../shell/page.tsx'
import type { Draft } from './draft.ts'
import { add, put, removeGroup, sizesOf, UNGROUPED } from './edit.ts'
import { NumberField, Own, PairFields, Text, TimeField } from './fields.tsx'
import { freshId } from './id.ts'
import { Members } from './members.tsx'
import { Overflow } from './overflow.tsx'
import { Remove, Section, Split, Warnings } from './parts.tsx'
import { t } from './text.ts'

const WRAP_UPS = ['timed', 'untimed', 'optional', 'none'] as const
const MESSAGES = ['queued', 'queue_full', 'queue_timeout', 'no_agent', 'closed_hours'] as const

export function Groups({ draft }: { draft: Draft }) {
  const chosen = useSignal<string | null>(null)
  const plan = draft.plan.value
  if (!plan) return null
  const sizes = sizesOf(plan)
  const create = () => {
    const id = freshId('g')
    draft.change((now) => add(now, 'groups', { id, name: t('admin.newGroupName'), queueLimit: null, wrapUpMs: null }))
    chosen.value = id
  }
  return (
    <Split name={t('admin.tab.groups')} chosen={chosen} empty={<Empty icon={UsersRound} title={t('admin.noGroups')} />}
      rows={plan.groups.map(({ id, name }) => ({ id, title: name || '–', about: t('admin.members', { n: sizes.get(id) ?? 0 }), alert: draft.about(`groups/${id}`).length > 0 }))}
      add={<Button icon={Plus} data-testid="new-group" onClick={create}>{t('admin.newGroup')}</Button>}>
      {(id) => <Detail key={id} draft={draft} group={plan.groups.find((group) => group.id === id)!} />}
    </Split>
  )
}

function Detail({ draft, group }: { draft: Draft; group: PlanGroup }) {
  const plan = draft.plan.value!
  const { id } = group
  const set = (change: { [K in keyof PlanGroup]?: PlanGroup[K] | undefined }) => draft.change((now) => put(now, 'groups', id, change))
  const mode = group.wrapUp ?? 'timed'
  const ownWrapUp = group.wrapUpMs
  const hours = [{ value: '', text: t('admin.alwaysOpen') }, ...(plan.hours ?? []).map(({ id: value, name: text }) => ({ value, text }))]
  return (
    <div class="stack">
      <Warnings warnings={draft.about(`groups/${id}`)} />
      <Section title={t('admin.basics')} {...(id === UNGROUPED ? { about: t('admin.ungroupedText') } : {})}
        actions={id !== UNGROUPED && <Remove what={group.name} text={t('admin.removeGroupText')} remove={() => draft.change((now) => removeGroup(now, id))} />}>
        <div class="columns">
          <Text label={t('admin.name')} value={group.name} maxLength={100} change={(name) => set({ name })} fault={draft.faults.value.get(`groups/${id}/name`)} data-testid="group-name" />
          <Select label={t('admin.hours')} value={group.hours ?? ''} options={hours} change={(value) => set({ hours: value || undefined })} />
        </div>
        <Own label={t('admin.queueLimit')} on={group.queueLimit !== null} otherwise={t('admin.unlimited')} toggle={(on) => set({ queueLimit: on ? 20 : null })}>
          <NumberField label={t('admin.queueLimitText')} value={group.queueLimit ?? 0} min={0} max={10_000} unit={t('admin.unit.people')} change={(queueLimit) => set({ queueLimit })} data-testid="queue-limit" />
        </Own>
        <Own label={t('admin.maxWait')} on={group.maxWaitMs !== undefined} otherwise={t('admin.asPlan', { time: t('admin.minutes', { n: plan.timers.maxWaitMs / 60_000 }) })} toggle={(on) => set({ maxWaitMs: on ? plan.timers.maxWaitMs : undefined })}>
          <TimeField label={t('admin.maxWaitText')} valueMs={group.maxWaitMs ?? 0} minMs={1000} maxMs={86_400_000} unit="min" change={(maxWaitMs) => set({ maxWaitMs })} />
        </Own>
      </Section>
      <Section title={t('admin.membersTitle')} about={t(id === UNGROUPED ? 'admin.ungroupedMembers' : 'admin.membersText')}>
        <Members draft={draft} group={id} />
      </Section>
      <Section title={t('admin.overflowTitle')} about={t('admin.overflowText')}>
        <Overflow plan={plan} group={group} change={(overflow) => set({ overflow: overflow.length ? overflow : undefined })} />
        <div class="line">
          <p class="legend">{t('admin.noAgent')}</p>
          <Choice label={t('admin.noAgent')} value={group.noAgent ?? 'wait'} change={(value) => set({ noAgent: value === 'wait' ? undefined : value })} options={[
            { value: 'wait', content: t('admin.noAgent.wait') }, { value: 'close', content: t('admin.noAgent.close') },
          ]} />
        </div>
      </Section>
      <Section title={t('admin.afterCall')}>
        <Choice label={t('admin.wrapUp')} class="choice-wrap" value={mode} change={(value) => set({ wrapUp: value === 'timed' ? undefined : value })} options={WRAP_UPS.map((value) => ({ value, content: t(`admin.wrapUp.${value}`) }))} />
        <p class="field-hint">{t(`admin.wrapUpText.${mode}`)}</p>
        {(mode === 'timed' || mode === 'optional') && (
          <Own label={t('admin.wrapUpTime')} on={ownWrapUp !== null} otherwise={t('admin.asPlan', { time: t('admin.seconds', { n: plan.timers.wrapUpMs / 1000 }) })} toggle={(on) => set({ wrapUpMs: on ? plan.timers.wrapUpMs : null })}>
            <TimeField label={t('admin.wrapUpTime')} valueMs={ownWrapUp ?? 0} minMs={0} maxMs={3_600_000} unit="s" change={(wrapUpMs) => set({ wrapUpMs })} />
          </Own>
        )}
        <Check checked={group.summary === 'required'} change={(on) => set({ summary: on ? 'required' : undefined })}>{t('admin.summaryRequired')}</Check>
      </Section>
      <Section title={t('admin.messagesTitle')} about={t('admin.messagesText')}>
        {MESSAGES.map((message) => (
          <PairFields key={message} label={t(`admin.message.${message}`)} value={group.messages?.[message]} own={message === 'queued' ? { zh: zh['visitor.queuedHint'], en: en['visitor.queuedHint'] } : { zh: zh[`ended.${message}`], en: en[`ended.${message}`] }}
            change={(words) => {
              const { [message]: _, ...others } = group.messages ?? {}
              const messages = words ? { ...others, [message]: words } : others
              set({ messages: Object.keys(messages).length ? messages : undefined })
            }} />
        ))}
      </Section>
    </div>
  )
}
