// Fields that write straight into the draft: text, numbers with a unit, switches, choices of many, words in both languages.
import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { Check, Field } from '../shell/form.tsx'
import type { Fault } from './faults.ts'
import { t } from './text.ts'

export const faultWords = (fault: Fault | undefined): string | undefined => fault && t(`admin.fault.${fault}`)

interface TextProps { label: string; value: string; change: (value: string) => void; fault?: Fault | undefined; hint?: string; optional?: boolean; maxLength?: number; placeholder?: string; type?: string; list?: string; rows?: number; 'data-testid'?: string }
export function Text({ label, value, change, fault, hint, optional, rows, ...rest }: TextProps) {
  return (
    <Field label={label} error={faultWords(fault)} {...(hint ? { hint } : {})} {...(optional ? { optional: t('shell.optional') } : {})}>
      {(ids) => (rows
        ? <textarea {...ids} class="input" rows={rows} value={value} maxLength={rest.maxLength} placeholder={rest.placeholder} data-testid={rest['data-testid']} onInput={(event) => change(event.currentTarget.value)} />
        : <input {...rest} {...ids} class="input" value={value} onInput={(event) => change(event.currentTarget.value)} />)}
    </Field>
  )
}

interface WholeProps { label: string; value: number; change: (value: number) => void; min: number; max: number; unit?: string; hint?: string; whole?: boolean; 'data-testid'?: string }
/** A number within its bounds: what is outside goes to the nearest one when the field is left. */
export function NumberField({ label, value, change, min, max, unit, hint, whole = true, ...rest }: WholeProps) {
  const typed = useSignal<string | null>(null)
  const commit = (text: string) => {
    const said = Number(text)
    typed.value = null
    if (text.trim() && Number.isFinite(said)) change(Math.max(min, Math.min(max, whole ? Math.round(said) : said)))
  }
  return (
    <Field label={label} {...(hint ? { hint } : {})}>
      {(ids) => (
        <span class="with-unit">
          <input {...rest} {...ids} class="input" type="number" inputMode="decimal" min={min} max={max} step={whole ? 1 : 'any'} value={typed.value ?? String(value)}
            onInput={(event) => { typed.value = event.currentTarget.value }} onBlur={(event) => { if (typed.value !== null) commit(event.currentTarget.value) }}
            onKeyDown={(event) => { if (event.key === 'Enter') commit(event.currentTarget.value) }} />
          {unit && <span>{unit}</span>}
        </span>
      )}
    </Field>
  )
}

export const UNITS = { s: 1000, min: 60_000, h: 3_600_000 } as const
export type Unit = keyof typeof UNITS
interface TimeProps { label: string; valueMs: number; change: (valueMs: number) => void; minMs: number; maxMs: number; unit: Unit; hint?: string; 'data-testid'?: string }
/** A length of time in the unit people think of it in; kept in ms. */
export function TimeField({ valueMs, change, minMs, maxMs, unit, ...rest }: TimeProps) {
  const ms = UNITS[unit]
  return <NumberField {...rest} value={Number((valueMs / ms).toFixed(3))} min={minMs / ms} max={maxMs / ms} whole={false} unit={t(`admin.unit.${unit}`)} change={(value) => change(Math.round(value * ms))} />
}

/** A field that is only there when its box is ticked: otherwise something else holds, which `otherwise` says. */
export function Own({ label, on, toggle, otherwise, children }: { label: string; on: boolean; toggle: (on: boolean) => void; otherwise: string; children: ComponentChildren }) {
  return (
    <div class="own">
      <Check checked={on} change={toggle}><b>{label}</b>{!on && <span class="quiet"> · {otherwise}</span>}</Check>
      {on && <div class="own-field">{children}</div>}
    </div>
  )
}

/** Several of many. */
export function Many<V extends string>({ label, options, chosen, toggle, empty, hint }: { label: string; options: readonly { value: V; text: string }[]; chosen: readonly V[]; toggle: (value: V, on: boolean) => void; empty?: string; hint?: string }) {
  return (
    <fieldset class="many">
      <legend>{label}</legend>
      {options.length === 0 && <p class="field-hint">{empty}</p>}
      <div class="many-options">{options.map(({ value, text }) => <Check key={value} checked={chosen.includes(value)} change={(on) => toggle(value, on)}>{text}</Check>)}</div>
      {hint && options.length > 0 && <p class="field-hint">{hint}</p>}
    </fieldset>
  )
}

export interface Pair { zh: string; en: string }
/** Words for visitors, in both languages; both empty: the page's own, which stand as placeholders. */
export function PairFields({ label, value, change, own }: { label: string; value: Pair | undefined; change: (value: Pair | undefined) => void; own: Pair }) {
  const set = (part: Partial<Pair>) => {
    const next = { zh: value?.zh ?? '', en: value?.en ?? '', ...part }
    change(next.zh || next.en ? next : undefined)
  }
  return (
    <fieldset class="pair">
      <legend>{label}</legend>
      <Text label="中文" rows={2} maxLength={500} value={value?.zh ?? ''} placeholder={own.zh} change={(zh) => set({ zh })} />
      <Text label="English" rows={2} maxLength={500} value={value?.en ?? ''} placeholder={own.en} change={(en) => set({ en })} />
    </fieldset>
  )
}
