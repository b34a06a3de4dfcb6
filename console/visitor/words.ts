// Words for where one stands, how long it may take and when one is called back, as people say them.
import { locale } from '../shell/i18n.ts'
import { t } from '../shell/text.ts'

const MINUTE = 60_000

/** Where one stands; empty where the engine does not say. */
export const placeWords = (position: number | null): string => (position === null ? '' : position <= 1 ? t('visitor.next') : t('visitor.place', { n: position - 1 }))

/** How long it may still take, to the minute; empty where nobody knows. Rounded up: a wait that is shorter than promised annoys nobody. */
export function estimateWords(estimateMs: number | null): string {
  if (estimateMs === null) return ''
  const minutes = Math.ceil(estimateMs / MINUTE)
  if (minutes <= 1) return t('visitor.estimateSoon')
  return minutes < 60 ? t('visitor.estimate', { n: minutes }) : t('visitor.estimateLong')
}

/** Day and time of day in the reader's own time zone. `atMs` is UTC ms. */
export const dayTime = (atMs: number): string => new Intl.DateTimeFormat(locale.value, { weekday: 'short', month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(atMs)

const two = (n: number): string => String(n).padStart(2, '0')
/** An instant as the value of a `datetime-local` field, in the reader's own time zone. */
export function localValue(atMs: number): string {
  const d = new Date(atMs)
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}T${two(d.getHours())}:${two(d.getMinutes())}`
}

const HALF_HOUR = 30 * MINUTE
/** The half hour that is offered first: at least half an hour away. */
export const nextHalfHour = (nowMs: number): number => Math.ceil((nowMs + HALF_HOUR) / HALF_HOUR) * HALF_HOUR
