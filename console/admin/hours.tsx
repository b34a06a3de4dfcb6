// Business hours 营业时间: a time zone, a week, and the days that are different.
import { useSignal } from '@preact/signals'
import { CalendarClock, Copy, Plus, X } from 'lucide-preact'
import type { PlanHours } from '#events/plan.ts'
import { Badge } from '../shell/badge.tsx'
import { Button } from '../shell/button.tsx'
import { lang } from '../shell/i18n.ts'
import { Empty } from '../shell/page.tsx'
import { engineNow } from '../shell/ticker.ts'
import type { Draft } from './draft.ts'
import { add, put, removeHours } from './edit.ts'
import type { Fault } from './faults.ts'
import { faultWords, Text } from './fields.tsx'
import { freshId } from './id.ts'
import { Remove, Section, Split, Warnings } from './parts.tsx'
import { t } from './text.ts'
import { minutesOf, nextStretch, openAt, timeText, WORKING_WEEK, type Stretch } from './week.ts'

const DAYS = [0, 1, 2, 3, 4, 5, 6] as const
/** 2024-01-01 was a Monday. */
const dayName = (day: number) => new Intl.DateTimeFormat(lang.value === 'zh' ? 'zh-CN' : 'en-GB', { weekday: 'short', timeZone: 'UTC' }).format(Date.UTC(2024, 0, 1 + day))

export function Hours({ draft }: { draft: Draft }) {
  const chosen = useSignal<string | null>(null)
  const plan = draft.plan.value
  if (!plan) return null
  const create = () => {
    const id = freshId('h')
    // Offsets are written into the plan by the engine when it is saved.
    draft.change((now) => add(now, 'hours', { id, name: t('admin.newHoursName'), tz: Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC', offsets: [{ fromMs: 0, minutes: 0 }], week: WORKING_WEEK, holidays: [] }))
    chosen.value = id
  }
  return (
    <Split name={t('admin.tab.hours')} chosen={chosen} empty={<Empty icon={CalendarClock} title={t('admin.noHours')}>{t('admin.noHoursText')}</Empty>}
      rows={(plan.hours ?? []).map(({ id, name, tz }) => ({ id, title: name || '–', about: tz, alert: draft.about(`hours/${id}`).length > 0 }))}
      add={<Button icon={Plus} data-testid="new-hours" onClick={create}>{t('admin.newHours')}</Button>}>
      {(id) => <Detail key={id} draft={draft} hours={plan.hours!.find((hours) => hours.id === id)!} />}
    </Split>
  )
}

function Detail({ draft, hours }: { draft: Draft; hours: PlanHours }) {
  const { id, week, holidays } = hours
  const set = (change: Partial<PlanHours>) => draft.change((now) => put(now, 'hours', id, change))
  const fault = (field: string) => draft.faults.value.get(`hours/${id}/${field}`)
  const setDay = (day: number, stretches: Stretch[]) => set({ week: week.map((one, at) => (at === day ? stretches : one)) })
  const setHoliday = (at: number, part: Partial<PlanHours['holidays'][number]>) => set({ holidays: holidays.map((one, i) => (i === at ? { ...one, ...part } : one)) })
  // To the minute is enough: no page need be drawn four times a second for this.
  const open = openAt(hours, Math.floor(engineNow.peek() / 60_000) * 60_000)
  return (
    <div class="stack">
      <Warnings warnings={draft.about(`hours/${id}`)} />
      <Section title={t('admin.basics')} actions={<>
        {open !== null && <Badge tone={open ? 'ok' : 'neutral'}>{t(open ? 'admin.openNow' : 'admin.closedNow')}</Badge>}
        <Remove what={hours.name} text={t('admin.removeHoursText')} remove={() => draft.change((now) => removeHours(now, id))} />
      </>}>
        <div class="columns">
          <Text label={t('admin.name')} value={hours.name} maxLength={100} change={(name) => set({ name })} fault={fault('name')} data-testid="hours-name" />
          <Text label={t('admin.zone')} value={hours.tz} list="zones" change={(tz) => set({ tz })} fault={fault('tz')} data-testid="hours-zone" />
          <datalist id="zones">{Intl.supportedValuesOf('timeZone').map((zone) => <option key={zone} value={zone} />)}</datalist>
        </div>
      </Section>
      <Section title={t('admin.week')} about={t('admin.weekText')}>
        <ul class="week">
          {DAYS.map((day) => (
            <li key={day}>
              <b class="week-day">{dayName(day)}</b>
              <DayBar stretches={week[day]!} />
              <Stretches day={dayName(day)} stretches={week[day]!} change={(stretches) => setDay(day, stretches)} fault={fault(`week/${day}`)} />
              <span class="rows-tools">
                {day > 0 && <Button kind="quiet" size="small" icon={Copy} label={t('admin.copyDay', { day: dayName(day - 1) })} onClick={() => setDay(day, [...week[day - 1]!])} />}
              </span>
            </li>
          ))}
        </ul>
      </Section>
      <Section title={t('admin.holidays')} about={t('admin.holidaysText')}>
        <ul class="rows">
          {holidays.map((holiday, at) => (
            <li key={at}>
              <Text label={t('admin.date')} type="date" value={holiday.date} change={(date) => setHoliday(at, { date })} fault={fault(`holidays/${at}`)} />
              <Text label={t('admin.name')} optional value={holiday.name ?? ''} maxLength={100} change={(name) => {
                const { name: _, ...rest } = holiday
                set({ holidays: holidays.map((one, i) => (i === at ? { ...rest, ...(name ? { name } : {}) } : one)) })
              }} />
              <Stretches day={holiday.date} stretches={holiday.open} change={(stretches) => setHoliday(at, { open: stretches })} fault={undefined} />
              <span class="rows-tools"><Button kind="quiet" size="small" icon={X} label={t('admin.remove')} onClick={() => set({ holidays: holidays.filter((_, i) => i !== at) })} /></span>
            </li>
          ))}
        </ul>
        <div><Button size="small" icon={Plus} data-testid="new-holiday" onClick={() => set({ holidays: [...holidays, { date: new Date(engineNow.peek()).toISOString().slice(0, 10), open: [] }] })}>{t('admin.newHoliday')}</Button></div>
      </Section>
    </div>
  )
}

/** A day from midnight to midnight at a glance. */
function DayBar({ stretches }: { stretches: readonly Stretch[] }) {
  return (
    <svg class="day-bar" viewBox="0 0 1440 10" preserveAspectRatio="none" aria-hidden="true">
      {stretches.filter(([from, to]) => to > from).map(([from, to]) => <rect key={`${from}-${to}`} x={from} y="0" width={to - from} height="10" />)}
    </svg>
  )
}

function Stretches({ day, stretches, change, fault }: { day: string; stretches: readonly Stretch[]; change: (stretches: Stretch[]) => void; fault: Fault | undefined }) {
  const set = (at: number, end: 0 | 1, text: string) => {
    const minutes = minutesOf(text, end === 1)
    if (minutes === null) return
    change(stretches.map((one, i): Stretch => (i !== at ? one : end === 0 ? [minutes, one[1]] : [one[0], minutes])))
  }
  return (
    <div class="stretches">
      {stretches.length === 0 && <span class="quiet">{t('admin.closedDay')}</span>}
      {stretches.map(([from, to], at) => (
        <span key={at} class="stretch">
          <input type="time" class="input" aria-label={t('admin.opens', { day })} value={timeText(from)} onChange={(event) => set(at, 0, event.currentTarget.value)} />
          <span aria-hidden="true">–</span>
          <input type="time" class="input" aria-label={t('admin.closes', { day })} value={timeText(to)} onChange={(event) => set(at, 1, event.currentTarget.value)} />
          <Button kind="quiet" size="small" icon={X} label={t('admin.removeStretch', { day })} onClick={() => change(stretches.filter((_, i) => i !== at))} />
        </span>
      ))}
      {stretches.length < 12 && <Button kind="quiet" size="small" icon={Plus} label={t('admin.addStretch', { day })} onClick={() => change([...stretches, nextStretch(stretches)])} />}
      {fault && <p class="field-error" role="alert">{faultWords(fault)}</p>}
    </div>
  )
}
