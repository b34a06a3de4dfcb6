// Which page is shown: the path of the address bar as a signal, links without reloading.
import { signal } from '@preact/signals'

export const path = signal(globalThis.location?.pathname ?? '/')

/** Goes to another page of this app; the browser's back button leads back. */
export function go(to: string): void {
  if (to === path.value) return
  history.pushState(null, '', to)
  path.value = to
  scrollTo(0, 0)
}

/** Follows links inside the app and the back button; called once by the entry. */
export function followLinks(): void {
  addEventListener('popstate', () => { path.value = location.pathname })
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    const link = (event.target as Element).closest?.('a')
    if (!link || link.target || link.origin !== location.origin || link.dataset['reload'] !== undefined || link.hasAttribute('download')) return
    event.preventDefault()
    go(link.pathname)
  })
}
