// How an access point looks to its visitors: name, greeting, colour, language, open or closed. Kept, so that the next visit begins in it.
import type { Words } from '#wire/messages.ts'

/** What POST /api/visits says of the access point. */
export interface Look {
  name: string
  /** null, or empty in a language: the page's own words. */
  greeting: Words
  /** `#rrggbb`. */
  theme: string | null
  language: 'auto' | 'zh' | 'en'
  /** Within its business hours. */
  open: boolean
}

/** Reads what was kept or answered; what is missing or of another shape is as if nobody had chosen. */
export function readLook(value: unknown): Look | null {
  if (typeof value !== 'object' || value === null) return null
  const { name, greeting, theme, language, open } = value as Record<string, unknown>
  const { zh, en } = (typeof greeting === 'object' && greeting !== null ? greeting : {}) as Record<string, unknown>
  return {
    name: typeof name === 'string' ? name : '',
    greeting: typeof zh === 'string' && typeof en === 'string' ? { zh, en } : null,
    theme: typeof theme === 'string' && /^#[0-9a-f]{6}$/i.test(theme) ? theme.toLowerCase() : null,
    language: language === 'zh' || language === 'en' ? language : 'auto',
    open: open !== false,
  }
}
