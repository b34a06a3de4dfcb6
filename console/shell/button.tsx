// Buttons: one look for each weight of action.
import type { LucideIcon } from 'lucide-preact'
import type { ComponentChildren, JSX } from 'preact'

export interface ButtonProps extends Omit<JSX.HTMLAttributes<HTMLButtonElement>, 'icon' | 'size'> {
  kind?: 'plain' | 'primary' | 'ok' | 'bad' | 'quiet' | 'glass'
  size?: 'small' | 'normal' | 'large'
  icon?: LucideIcon
  /** Shows that the action is under way; presses are ignored meanwhile. */
  busy?: boolean
  disabled?: boolean
  /** Makes it a round or square button of an icon only: then `label` is its name for everyone who cannot see it. */
  label?: string
  type?: 'button' | 'submit'
  /** Id of the form it submits from outside. */
  form?: string
  children?: ComponentChildren
}

export function Button({ kind = 'plain', size = 'normal', icon: Icon, busy, disabled, label, children, type = 'button', class: extra, ...rest }: ButtonProps) {
  return (
    <button {...rest} type={type} disabled={disabled || busy} aria-busy={busy || undefined} aria-label={label} title={rest.title ?? label}
      class={`button button-${kind} button-${size} ${children === undefined ? 'button-icon' : ''} ${extra ?? ''}`}>
      {busy ? <span class="spinner" aria-hidden="true" /> : Icon && <Icon aria-hidden="true" size={size === 'large' ? 20 : 17} />}
      {children !== undefined && <span>{children}</span>}
    </button>
  )
}
