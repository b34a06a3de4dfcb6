// Text that the database can keep: JSON can spell what PostgreSQL refuses (NUL, half a surrogate pair), and then the log would stand still.

/** How such text looks while it is still JSON; rare, so that the walk below is rarely needed. */
const SUSPECT = /\\u(?:0000|d[89a-f])/i

/** Whether no string in this value, key or content, is refused by the database. A list and no recursion: depth is whatever was sent. */
export function isStorable(value: unknown): boolean {
  const rest = [value]
  while (rest.length > 0) {
    const next = rest.pop()
    if (typeof next === 'string') {
      if (!next.isWellFormed() || next.includes('\0')) return false
    } else if (typeof next === 'object' && next !== null) {
      for (const [key, inner] of Object.entries(next)) rest.push(key, inner)
    }
  }
  return true
}

/** The same for a message of which the JSON text is at hand. */
export const isStorableJson = (text: string, value: unknown): boolean => !SUSPECT.test(text) || isStorable(value)
