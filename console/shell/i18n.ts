// Language: which one is shown, words by key, numbers and times as its readers write them.
import { computed, signal } from '@preact/signals'

export type Lang = 'zh' | 'en'
/** What stands in a text for `{name}`. */
export type Params = Record<string, string | number>

const KEY = 'twinline.lang'
const LOCALES: Record<Lang, string> = { zh: 'zh-CN', en: 'en-GB' }

function remembered(): Lang {
  try {
    const kept = globalThis.localStorage?.getItem(KEY)
    if (kept === 'zh' || kept === 'en') return kept
  } catch { /* storage is blocked */ }
  return /^zh/i.test(globalThis.navigator?.language ?? 'zh') ? 'zh' : 'en'
}

/** The language shown; set it with `speak`. */
export const lang = signal<Lang>(remembered())
export const locale = computed(() => LOCALES[lang.value])

/** Shows another language from now on and remembers it. */
export function speak(next: Lang): void {
  lang.value = next
  try { localStorage.setItem(KEY, next) } catch { /* remembered for this page only */ }
}

/** Makes the `t` of a set of texts: its keys are known to the compiler, and each language must have every one of them. */
export const speaker = <K extends string>(texts: Record<Lang, Readonly<Record<K, string>>>) =>
  (key: K, params?: Params): string => {
    const text = texts[lang.value][key]
    return params ? text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole)) : text
  }

/** The words of a thing that carries both languages, such as an error from the engine. */
export const either = (words: { zh: string; en: string }): string => words[lang.value]

const formats = new Map<string, Intl.DateTimeFormat | Intl.NumberFormat>()
function format<F extends Intl.DateTimeFormat | Intl.NumberFormat>(name: string, make: (locale: string) => F): F {
  const key = `${name} ${locale.value}`
  let found = formats.get(key)
  if (!found) formats.set(key, found = make(locale.value))
  return found as F
}

/** Date and time of day to the second, in the reader's time zone. `atMs` is UTC ms. */
export const dateTime = (atMs: number): string => format('dateTime', (l) => new Intl.DateTimeFormat(l, {
  year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23',
})).format(atMs)

/** Time of day to the minute. */
export const timeOfDay = (atMs: number): string => format('timeOfDay', (l) => new Intl.DateTimeFormat(l, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })).format(atMs)

export const number = (value: number): string => format('number', (l) => new Intl.NumberFormat(l)).format(value)

/** A stopwatch: m:ss, or h:mm:ss from an hour on. Never negative. */
export function clock(durationMs: number): string {
  const seconds = Math.max(0, Math.floor(durationMs / 1000))
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  const two = (n: number) => String(n).padStart(2, '0')
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}

/** A length of time in words: the two largest units, such as 3m 20s. */
export function duration(durationMs: number): string {
  const seconds = Math.max(0, Math.round(durationMs / 1000))
  const parts: [number, 'hour' | 'minute' | 'second'][] = [[Math.floor(seconds / 3600), 'hour'], [Math.floor(seconds / 60) % 60, 'minute'], [seconds % 60, 'second']]
  const from = parts.findIndex(([n]) => n > 0)
  const shown = (from < 0 ? parts.slice(2) : parts.slice(from, from + 2)).filter(([n], at) => n > 0 || at === 0)
  return shown.map(([n, unit]) => format(`unit ${unit}`, (l) => new Intl.NumberFormat(l, { style: 'unit', unit, unitDisplay: 'narrow' })).format(n))
    .join(lang.value === 'zh' ? '' : ' ')
}
