// Toasts: short word of what happened, read out by screen readers, gone by itself.
import { signal } from '@preact/signals'
import { CircleAlert, CircleCheck, Info, X } from 'lucide-preact'
import type { Refused } from './refused.ts'
import { Button } from './button.tsx'
import { either } from './i18n.ts'
import { t } from './text.ts'

interface Toast { id: number; tone: 'ok' | 'bad' | 'accent'; text: string }
/** An error someone must read stays longer than a good word. */
const SHOWN_MS = { ok: 4000, accent: 5000, bad: 9000 }
const MOST = 4
const toasts = signal<Toast[]>([])
let last = 0

/** Shows a word at the edge of the page. */
export function toast(tone: Toast['tone'], text: string): void {
  const id = ++last
  toasts.value = [...toasts.value.filter((one) => one.text !== text).slice(1 - MOST), { id, tone, text }]
  setTimeout(() => drop(id), SHOWN_MS[tone])
}

/** Says what went wrong, in the reader's language where the error has words. */
export function toastError(error: unknown): void {
  const words = (error as Refused | undefined)?.words
  toast('bad', words ? either(words) : t('shell.failed'))
}

const drop = (id: number) => { toasts.value = toasts.value.filter((one) => one.id !== id) }
const ICONS = { ok: CircleCheck, bad: CircleAlert, accent: Info }

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map(({ id, tone, text }) => {
        const Icon = ICONS[tone]
        return (
          <div key={id} class={`toast tone-${tone}`}>
            <Icon size={18} aria-hidden="true" /><p>{text}</p>
            <Button kind="quiet" size="small" icon={X} label={t('shell.close')} onClick={() => drop(id)} />
          </div>
        )
      })}
    </div>
  )
}
