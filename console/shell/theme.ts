// Light or dark: as the system says, unless the reader chose.
import { signal } from '@preact/signals'

export type Theme = 'system' | 'light' | 'dark'
const KEY = 'twinline.theme'

function remembered(): Theme {
  try {
    const kept = globalThis.localStorage?.getItem(KEY)
    if (kept === 'light' || kept === 'dark') return kept
  } catch { /* storage is blocked */ }
  return 'system'
}

export const theme = signal<Theme>(remembered())

/** Shows the page so from now on and remembers it. */
export function dress(next: Theme): void {
  theme.value = next
  if (next === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = next
  try {
    if (next === 'system') localStorage.removeItem(KEY)
    else localStorage.setItem(KEY, next)
  } catch { /* for this page only */ }
}
