// Text that the database can keep: JSON can spell what PostgreSQL refuses (NUL, half a surrogate pair), and then the log would stand still.

/** How such text looks while it is still JSON; rare, so that the walk below is rarely needed. */
const SUSPECT = /\\u(?:0000|d[89a-f])/i

/** Whether no string in this value, key or content, is refused by the database. */
export function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0')
  if (typeof value !== 'object' || value === null) return true
  return Object.entries(value).every(([key, inner]) => isStorable(key) && isStorable(inner))
}

/** The same for a message of which the JSON text is at hand. */
export const isStorableJson = (text: string, value: unknown): boolean => !SUSPECT.test(text) || isStorable(value)
