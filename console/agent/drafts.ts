// Summaries being written: kept on this machine from the first letter until they are filed, whatever happens to the page.
import { computed, signal, type Signal } from '@preact/signals'

export interface Draft { request: string; visitor: string; at: number; category: string; resolved: boolean; note: string; filed: boolean }
/** As much as an agent could write in a day of calls without filing; the oldest go first. */
const MOST = 200
const KEPT_MS = 7 * 86_400_000

/** The drafts of one agent. `keep` holds them between page loads. */
export function makeDrafts(keep: { get: () => string | null; set: (text: string) => void }, now: () => number) {
  const all = signal<readonly Draft[]>(read(keep.get(), now()))
  const put = (next: readonly Draft[]) => {
    all.value = next.slice(-MOST)
    keep.set(JSON.stringify(all.value))
  }
  const find = (request: string) => all.value.find((draft) => draft.request === request)

  return {
    all: all as Signal<readonly Draft[]>,
    /** Written but not filed, the oldest first. */
    unfiled: computed(() => all.value.filter((draft) => !draft.filed && written(draft))),
    find,
    /** Begins the draft of a call; a draft already there stays as it is. */
    begin(request: string, visitor: string): void {
      if (!find(request)) put([...all.value, { request, visitor, at: now(), category: '', resolved: false, note: '', filed: false }])
    },
    /** Takes what was typed. What was filed becomes a draft again: an amendment. */
    write(request: string, part: Partial<Pick<Draft, 'category' | 'resolved' | 'note'>>): void {
      put(all.value.map((draft) => (draft.request === request ? { ...draft, ...part, filed: false } : draft)))
    },
    filed(request: string): void {
      put(all.value.map((draft) => (draft.request === request ? { ...draft, filed: true } : draft)))
    },
    /** Throws a draft away, on its writer's word. */
    drop(request: string): void {
      put(all.value.filter((draft) => draft.request !== request))
    },
  }
}
export type Drafts = ReturnType<typeof makeDrafts>

/** Whether anything was put in at all. */
export const written = (draft: Draft): boolean => draft.note.trim() !== '' || draft.category.trim() !== '' || draft.resolved

function read(text: string | null, now: number): Draft[] {
  try {
    const kept: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(kept) ? (kept as Draft[]).filter((draft) => typeof draft.request === 'string' && now - draft.at < KEPT_MS) : []
  } catch {
    return []
  }
}
