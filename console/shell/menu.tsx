// A menu under what opened it: arrow keys move, Escape or a press elsewhere closes.
import type { ComponentChildren, JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

interface MenuProps { label: string; close: () => void; items: readonly { key: string; content: ComponentChildren; testid?: string; act: () => void }[]; class?: string }

/** Open as long as it is rendered; its first item has the focus. Whoever opened it gets the focus back. */
export function Menu({ label, close, items, class: extra }: MenuProps) {
  const element = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null
    element.current?.querySelector('button')?.focus()
    const elsewhere = (event: Event) => { if (!element.current?.contains(event.target as Node)) close() }
    addEventListener('pointerdown', elsewhere, { capture: true })
    return () => {
      removeEventListener('pointerdown', elsewhere, { capture: true })
      if (element.current?.contains(document.activeElement) || document.activeElement === document.body) before?.focus?.()
    }
  }, [])
  const press = (event: JSX.TargetedKeyboardEvent<HTMLDivElement>) => {
    if (event.key === 'Escape') { event.preventDefault(); return close() }
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (!by) return
    event.preventDefault()
    const buttons = [...event.currentTarget.querySelectorAll('button')]
    buttons[(buttons.indexOf(document.activeElement as HTMLButtonElement) + by + buttons.length) % buttons.length]?.focus()
  }
  return (
    <div ref={element} role="menu" aria-label={label} class={`menu ${extra ?? ''}`} onKeyDown={press}>
      {items.map(({ key, content, testid, act }) => (
        <button key={key} type="button" role="menuitem" data-testid={testid} onClick={() => { close(); act() }}>{content}</button>
      ))}
    </div>
  )
}
