// Badges: a word or a number with the colour of what it means.
import type { ComponentChildren } from 'preact'

export type Tone = 'neutral' | 'accent' | 'ok' | 'bad' | 'warn' | 'violet'

export function Badge({ tone = 'neutral', children, ...rest }: { tone?: Tone; children: ComponentChildren; title?: string; 'data-testid'?: string }) {
  return <span {...rest} class={`badge tone-${tone}`}>{children}</span>
}

/** A number that asks for attention when it is not zero. */
export function Count({ value, label, tone = 'bad' }: { value: number; label: string; tone?: Tone }) {
  return <span class={`count ${value ? `tone-${tone}` : 'tone-neutral'}`} aria-label={`${label}: ${value}`}>{value > 99 ? '99+' : value}</span>
}

/** The dot of a state, always beside its word. */
export const Dot = ({ tone }: { tone: Tone }) => <span class={`dot tone-${tone}`} aria-hidden="true" />
