// Two people edit one plan: what each changed since their common version is put together, by part and by id.

/** Equal as JSON says it: order of keys does not matter, what is undefined is not there. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((x, at) => same(x, b[at]))
  const [x, y] = [a as Record<string, unknown>, b as Record<string, unknown>]
  return [...new Set([...Object.keys(x), ...Object.keys(y)])].every((key) => same(x[key], y[key]))
}

interface Item { id: string }
const isItems = (value: unknown): value is Item[] => Array.isArray(value) && value.every((x) => typeof x === 'object' && x !== null && typeof (x as Partial<Item>).id === 'string')
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * `mine` and `theirs` both come from `base`. Where both changed the same thing, mine stands and its path is in `conflicts`;
 * what only one of them removed while the other changed it stays.
 */
export function merge<T>(base: T, mine: T, theirs: T): { value: T; conflicts: string[] } {
  const conflicts: string[] = []
  const both = (path: string, b: unknown, m: unknown, t: unknown): unknown => {
    if (same(m, b)) return t
    if (same(t, b) || same(m, t)) return m
    // A list that was not there yet is empty.
    const lists = [b ?? [], m, t]
    if (lists.every(isItems) && (m as Item[] | undefined) && (t as Item[] | undefined)) return items(path, lists[0] as Item[], m as Item[], t as Item[])
    if (isObject(b) && isObject(m) && isObject(t)) {
      return Object.fromEntries([...new Set([...Object.keys(t), ...Object.keys(m)])].map((key) => [key, both(path ? `${path}/${key}` : key, b[key], m[key], t[key])]).filter(([, value]) => value !== undefined))
    }
    conflicts.push(path)
    return m === undefined ? t : m
  }
  const items = (path: string, b: Item[], m: Item[], t: Item[]): Item[] => {
    const [was, my, their] = [b, m, t].map((list) => new Map(list.map((x) => [x.id, x]))) as [Map<string, Item>, Map<string, Item>, Map<string, Item>]
    const order = (list: Item[], other: Map<string, Item>) => list.flatMap(({ id }) => (other.has(id) ? [id] : [])).join()
    const moved = order(m, was) !== order(b, my)
    const ids = (moved ? [...m, ...t] : [...t, ...m]).map(({ id }) => id)
    return [...new Set(ids)].flatMap((id) => {
      const value = both(`${path}/${id}`, was.get(id), my.get(id), their.get(id)) as Item | undefined
      return value === undefined ? [] : [value]
    })
  }
  return { value: both('', base, mine, theirs) as T, conflicts }
}
