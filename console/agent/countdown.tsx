// A ring that empties until an instant, with the seconds left in its middle.
import { useMemo } from 'preact/hooks'
import { engineNow } from '../shell/ticker.ts'

const RADIUS = 30
const ROUND = 2 * Math.PI * RADIUS

/** `endsAt` is engine UTC ms; the whole circle is what was left when it was first shown. */
export function Countdown({ endsAt, label }: { endsAt: number; label: string }) {
  const wholeMs = useMemo(() => Math.max(1000, endsAt - engineNow.peek()), [endsAt])
  const leftMs = Math.max(0, endsAt - engineNow.value)
  const seconds = Math.ceil(leftMs / 1000)
  return (
    <span class={`countdown ${seconds <= 5 ? 'countdown-late' : ''}`} role="timer" aria-label={label}>
      <svg viewBox="0 0 68 68" aria-hidden="true">
        <circle cx="34" cy="34" r={RADIUS} />
        <circle cx="34" cy="34" r={RADIUS} stroke-dasharray={`${ROUND}`} stroke-dashoffset={`${ROUND * (1 - Math.min(1, leftMs / wholeMs))}`} />
      </svg>
      <b>{seconds}</b>
    </span>
  )
}
