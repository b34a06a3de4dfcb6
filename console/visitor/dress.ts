// Puts the access point's colour onto the page, again whenever the system goes dark or light.
import { effect, signal, type ReadonlySignal } from '@preact/signals'
import { themed } from './colour.ts'
import type { Look } from './look.ts'

/** Follows `look`. Styles are set one by one: the content policy allows no style sheet of ours made by script. */
export function dress(look: ReadonlySignal<Look | null>): void {
  const dark = matchMedia('(prefers-color-scheme: dark)')
  const isDark = signal(document.documentElement.dataset['theme'] === 'dark' || (document.documentElement.dataset['theme'] !== 'light' && dark.matches))
  dark.addEventListener('change', () => { isDark.value = dark.matches })
  effect(() => {
    const { style } = document.documentElement
    const theme = look.value?.theme
    for (const [name, value] of Object.entries(themed(theme ?? '#000000', isDark.value))) {
      if (theme) style.setProperty(name, value)
      else style.removeProperty(name)
    }
  })
}
