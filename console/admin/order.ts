// Where a thing that is dragged along a list would land. Pure, so that pointer and keyboard mean the same.

/** Edges of a row on the page, in pixels from the top. */
export interface Edges { top: number; height: number }

/** The place a row dragged by `by` pixels from `from` takes: past another as soon as its middle is over that one's. */
export function landing(rows: readonly Edges[], from: number, by: number): number {
  const dragged = rows[from]
  if (!dragged) return from
  const [top, bottom] = [dragged.top + by, dragged.top + dragged.height + by]
  let to = from
  rows.forEach(({ top: start, height }, at) => {
    const middle = start + height / 2
    if (at < from && top < middle) to = Math.min(to, at)
    if (at > from && bottom > middle) to = Math.max(to, at)
  })
  return to
}

/** How far, in pixels, a row steps aside while another is dragged from `from` to `to`, a gap included. */
export const aside = (at: number, from: number, to: number, step: number): number => (at > from && at <= to ? -step : at < from && at >= to ? step : 0)

/** The place a key leads to; null: the key is not for moving. */
export function keyed(key: string, at: number, count: number): number | null {
  const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: count - 1 }[key]
  return to === undefined ? null : Math.max(0, Math.min(count - 1, to))
}
