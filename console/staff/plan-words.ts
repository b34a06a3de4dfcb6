// The plan's own words as menus need them: reasons, categories, groups, attributes. Fetched anew when the plan in force is another.
import { signal } from '@preact/signals'
import type { DeskWords } from '#wire/board.ts'
import { api } from '../shell/api.ts'
import { either } from '../shell/i18n.ts'

type Reason = DeskWords['reasons'][number]
type Category = DeskWords['categories'][number]

/** How soon it is asked again when the words could not be had, or were not yet those of the version named. */
const AGAIN_MS = 5000

/** The words, and the means to keep them those of the plan in force. */
export function makePlanWords(fetchWords: () => Promise<DeskWords>, now: () => number = Date.now) {
  const words = signal<DeskWords | null>(null)
  let asking = false
  let notBefore = 0
  return {
    words,
    /** A view named the version in force. Never rejects: without words, menus offer less. */
    async follow(version: number): Promise<void> {
      if (asking || words.peek()?.version === version || now() < notBefore) return
      asking = true
      try { words.value = await fetchWords() } catch { /* asked again with a later view */ }
      notBefore = words.peek()?.version === version ? 0 : now() + AGAIN_MS
      asking = false
    },
  }
}
export type PlanWords = ReturnType<typeof makePlanWords>

/** Of this page. */
export const planWords = makePlanWords(() => api<DeskWords>('GET', '/api/desk'))

/** The reasons listed for a status. */
export const reasonsFor = (words: DeskWords | null, status: string): readonly Reason[] => words?.reasons.filter((reason) => reason.status === status) ?? []

/** What a reason is called; itself where the plan does not list it. */
export function reasonName(words: DeskWords | null, id: string): string {
  const reason = words?.reasons.find((one) => one.id === id)
  return reason ? either(reason) : id
}

/** The categories as a tree written down: each with how deep it lies, children under their parent, in the plan's order. */
export function categoryTree(categories: readonly Category[]): { id: string; depth: number; category: Category }[] {
  const known = new Set(categories.map(({ id }) => id))
  const seen = new Set<string>()
  const under = (parent: string | undefined, depth: number): { id: string; depth: number; category: Category }[] =>
    categories.filter((one) => (parent === undefined ? one.parent === undefined || !known.has(one.parent) : one.parent === parent)).flatMap((category) => {
      if (seen.has(category.id)) return []
      seen.add(category.id)
      return [{ id: category.id, depth, category }, ...under(category.id, depth + 1)]
    })
  return under(undefined, 0)
}

/** A category with those it lies under, such as “Order / Delivery”; itself where the plan does not list it. */
export function categoryName(words: DeskWords | null, id: string): string {
  const path: string[] = []
  for (let at = words?.categories.find((one) => one.id === id); at && path.length < 10; at = words?.categories.find((one) => one.id === at?.parent)) path.unshift(either(at))
  return path.length ? path.join(' / ') : id
}

/** What a visitor attribute is called. */
export function attributeName(words: DeskWords | null, id: string): string {
  const attribute = words?.attributes.find((one) => one.id === id)
  return attribute ? either(attribute) : id
}

/** What a skill group is called. */
export const groupName = (words: DeskWords | null, id: string): string => words?.groups.find((group) => group.id === id)?.name ?? id
