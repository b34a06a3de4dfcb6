// Forms: a label over each field, what is wrong beside it, and what was typed stays.
import type { Signal } from '@preact/signals'
import type { ComponentChildren, JSX } from 'preact'
import { useId } from 'preact/hooks'

interface FieldProps { label: string; error?: string | undefined; hint?: string; optional?: string; children: (ids: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true }) => ComponentChildren }

/** Label, control, hint and error, tied together for screen readers. */
export function Field({ label, error, hint, optional, children }: FieldProps) {
  const id = useId()
  const about = error || hint ? `${id}-about` : undefined
  return (
    <div class={`field ${error ? 'field-bad' : ''}`}>
      <label for={id}>{label}{optional && <span class="field-optional">{optional}</span>}</label>
      {children({ id, ...(about ? { 'aria-describedby': about } : {}), ...(error ? { 'aria-invalid': true as const } : {}) })}
      {about && <p id={about} class={error ? 'field-error' : 'field-hint'} role={error ? 'alert' : undefined}>{error ?? hint}</p>}
    </div>
  )
}

type InputProps = Omit<JSX.HTMLAttributes<HTMLInputElement>, 'value' | 'label'> & {
  label: string; value: Signal<string>; error?: string | undefined; hint?: string; optional?: string
  type?: string; name?: string; autocomplete?: string; placeholder?: string; maxLength?: number; required?: boolean; 'data-testid'?: string
}

export function TextField({ label, value, error, hint, optional, ...rest }: InputProps) {
  return (
    <Field label={label} error={error} {...(hint ? { hint } : {})} {...(optional ? { optional } : {})}>
      {(ids) => <input {...(rest as object)} {...ids} class="input" value={value.value} onInput={(event) => { value.value = event.currentTarget.value }} />}
    </Field>
  )
}

type AreaProps = Omit<InputProps, 'type'> & { rows?: number }
export function TextArea({ label, value, error, hint, optional, ...rest }: AreaProps) {
  return (
    <Field label={label} error={error} {...(hint ? { hint } : {})} {...(optional ? { optional } : {})}>
      {(ids) => <textarea {...(rest as object)} {...ids} class="input" value={value.value} onInput={(event) => { value.value = event.currentTarget.value }} />}
    </Field>
  )
}

interface SelectProps { label: string; value: string; options: { value: string; text: string }[]; change: (value: string) => void; error?: string | undefined; hint?: string; disabled?: boolean; 'data-testid'?: string }
export function Select({ label, value, options, change, error, hint, ...rest }: SelectProps) {
  return (
    <Field label={label} error={error} {...(hint ? { hint } : {})}>
      {(ids) => (
        <select {...rest} {...ids} class="input" value={value} onChange={(event) => change(event.currentTarget.value)}>
          {options.map((option) => <option key={option.value} value={option.value}>{option.text}</option>)}
        </select>
      )}
    </Field>
  )
}

interface CheckProps { checked: boolean; change: (checked: boolean) => void; children: ComponentChildren; 'data-testid'?: string; disabled?: boolean; 'aria-describedby'?: string; 'aria-invalid'?: true }
export function Check({ checked, change, children, ...rest }: CheckProps) {
  return <label class="check"><input type="checkbox" {...rest} checked={checked} onChange={(event) => change(event.currentTarget.checked)} /><span>{children}</span></label>
}

interface ChoiceProps<V extends string> {
  label: string; value: V | null; change: (value: V) => void; class?: string; 'data-testid'?: string; 'data-status'?: string
  options: readonly { value: V; content: ComponentChildren; label?: string; testid?: string; disabled?: boolean }[]
}
/**
 * One of a few, all in sight: a radio group whose arrow keys move the focus. Buttons and not native radios, because what is
 * chosen is what the engine confirms, not what was pressed.
 */
export function Choice<V extends string>({ label, value, options, change, class: extra, ...rest }: ChoiceProps<V>) {
  const step = (event: JSX.TargetedKeyboardEvent<HTMLDivElement>) => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key]
    if (!by) return
    event.preventDefault()
    const buttons = [...event.currentTarget.querySelectorAll<HTMLButtonElement>('button:not(:disabled)')]
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement)
    buttons[(at + by + buttons.length) % buttons.length]?.focus()
  }
  const focusable = options.some((option) => option.value === value) ? value : options[0]?.value
  return (
    <div {...rest} role="radiogroup" aria-label={label} class={`choice ${extra ?? ''}`} onKeyDown={step}>
      {options.map((option) => (
        <button key={option.value} type="button" role="radio" aria-checked={option.value === value} aria-label={option.label} title={option.label}
          tabIndex={option.value === focusable ? 0 : -1} disabled={option.disabled ?? false} data-testid={option.testid} onClick={() => change(option.value)}>
          {option.content}
        </button>
      ))}
    </div>
  )
}
