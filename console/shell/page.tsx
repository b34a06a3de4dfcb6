// Pieces that most pages are made of: a notice across the page, an empty state, a card.
import { CircleAlert, Info, TriangleAlert, type LucideIcon } from 'lucide-preact'
import type { ComponentChildren } from 'preact'
import type { Tone } from './badge.tsx'

const ICONS: Partial<Record<Tone, LucideIcon>> = { bad: CircleAlert, warn: TriangleAlert }

/** A bar across the page for something that holds until it is mended. */
export function Notice({ tone, action, children, ...rest }: { tone: Tone; action?: ComponentChildren; children: ComponentChildren; 'data-testid'?: string }) {
  const Icon = ICONS[tone] ?? Info
  return <div {...rest} class={`notice tone-${tone}`} role={tone === 'bad' ? 'alert' : 'status'}><Icon size={18} aria-hidden="true" /><p>{children}</p>{action}</div>
}

/** What stands where there is nothing yet: says what will, and what to do. */
export function Empty({ icon: Icon, title, children }: { icon: LucideIcon; title: string; children?: ComponentChildren }) {
  return <div class="empty"><Icon size={30} strokeWidth={1.5} aria-hidden="true" /><h2>{title}</h2>{children && <p>{children}</p>}</div>
}

interface CardProps { title?: ComponentChildren; actions?: ComponentChildren; children: ComponentChildren; class?: string; 'data-testid'?: string }
export function Card({ title, actions, children, class: extra, ...rest }: CardProps) {
  return (
    <section {...rest} class={`card ${extra ?? ''}`}>
      {(title || actions) && <header class="card-head">{title && <h2>{title}</h2>}<span class="grow" />{actions}</header>}
      {children}
    </section>
  )
}
