// The window's title: the name of the page, unless something calls for attention.
import { computed, signal } from '@preact/signals'

/** Set by the app: the page shown. */
export const pageTitle = signal('')
/** Set by whatever cannot wait, such as a call that rings; null gives the title back. */
export const shout = signal<string | null>(null)

export const title = computed(() => shout.value ?? (pageTitle.value ? `${pageTitle.value} · Twinline` : 'Twinline'))
