// A list whose rows are put in order: dragged by their handle with any pointer, or moved by arrow keys on it.
import { useSignal } from '@preact/signals'
import { GripVertical } from 'lucide-preact'
import type { ComponentChildren, JSX } from 'preact'
import { useRef } from 'preact/hooks'
import { aside, keyed, landing, type Edges } from './order.ts'
import { t } from './text.ts'

interface SortableProps<Row extends { id: string }> { name: string; rows: readonly Row[]; label: (row: Row) => string; move: (from: number, to: number) => void; children: (row: Row, at: number) => ComponentChildren }

export function Sortable<Row extends { id: string }>({ name, rows, label, move, children }: SortableProps<Row>) {
  const list = useRef<HTMLOListElement>(null)
  const drag = useSignal<{ from: number; to: number; by: number; start: number; step: number; edges: readonly Edges[] } | null>(null)
  const said = useSignal('')
  const tell = (row: Row, to: number) => { said.value = t('admin.movedTo', { name: label(row), n: to + 1 }) }

  const begin = (event: JSX.TargetedPointerEvent<HTMLButtonElement>, from: number) => {
    if (event.button !== 0) return
    event.currentTarget.setPointerCapture(event.pointerId)
    const edges = [...list.current!.children].map((item) => { const { top, height } = item.getBoundingClientRect(); return { top, height } })
    const gap = edges.length > 1 ? edges[1]!.top - edges[0]!.top - edges[0]!.height : 0
    drag.value = { from, to: from, by: 0, start: event.clientY + scrollY, step: edges[from]!.height + gap, edges }
  }
  const follow = (event: JSX.TargetedPointerEvent<HTMLButtonElement>) => {
    const now = drag.value
    if (!now) return
    const by = event.clientY + scrollY - now.start
    drag.value = { ...now, by, to: landing(now.edges, now.from, by) }
  }
  const end = (keep: boolean) => {
    const done = drag.value
    drag.value = null
    if (!done || !keep || done.to === done.from) return
    move(done.from, done.to)
    tell(rows[done.from]!, done.to)
  }
  const key = (event: JSX.TargetedKeyboardEvent<HTMLButtonElement>, at: number) => {
    if (event.key === 'Escape') { end(false); return }
    const to = keyed(event.key, at, rows.length)
    if (to === null) return
    event.preventDefault()
    if (to === at) return
    move(at, to)
    tell(rows[at]!, to)
    // The handle goes along with its row.
    queueMicrotask(() => requestAnimationFrame(() => list.current?.children[to]?.querySelector<HTMLButtonElement>('.handle')?.focus()))
  }
  const { from, to, by, step } = drag.value ?? { from: -1, to: -1, by: 0, step: 0 }
  return (
    <>
      <ol ref={list} class={`sortable ${drag.value ? 'sortable-dragging' : ''}`} aria-label={name}>
        {rows.map((row, at) => (
          <li key={row.id} class={at === from ? 'dragged' : ''} style={{ transform: drag.value ? `translateY(${at === from ? by : aside(at, from, to, step)}px)` : 'none' }}>
            <button type="button" class="handle" aria-label={t('admin.moveHandle', { name: label(row), n: at + 1 })} title={t('admin.moveHint')} data-testid="handle" onPointerDown={(event) => begin(event, at)} onPointerMove={follow} onPointerUp={() => end(true)}
              onPointerCancel={() => end(false)} onKeyDown={(event) => key(event, at)}><GripVertical size={17} aria-hidden="true" /></button>
            {children(row, at)}
          </li>
        ))}
      </ol>
      <p class="unseen" role="status">{said.value}</p>
    </>
  )
}
