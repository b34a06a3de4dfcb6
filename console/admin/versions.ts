// Versions of the plan as the page holds them: who, when, what differs in names people know; one to look at, one to bring back. No DOM.
import { signal } from '@preact/signals'
import type { Plan } from '#events/plan.ts'
import { refuse, type Refused } from '../shell/refused.ts'

export interface Version { version: number; at: number; author: string | null; note: string; diff: string[] }
export interface VersionPorts {
  list: (before: number | null) => Promise<{ versions: Version[]; next: number | null }>
  find: (version: number) => Promise<Version & { plan: Plan }>
  restore: (version: number) => Promise<{ version: number }>
  /** The plan has a new version. */
  planChanged: () => Promise<void>
}

/** A line of a difference: what kind of thing, which one by its name, and what became of it. */
export type Line = { mark: 'added' | 'removed' | 'changed'; part: string; id: string; name: string } | { mark: 'set'; key: string; from: string; to: string } | { mark: 'other'; text: string }

const MARKS = { '+': 'added', '-': 'removed', '~': 'changed' } as const

/** Reads a line as the engine writes it: `+ groups g1`, `~ ringMs 20000 → 15000`, `~ order of rules`. Names come from a plan that knows the thing. */
export function readLine(text: string, plan: Plan | null): Line {
  const set = /^~ (\w+) (.*) → (.*)$/.exec(text)
  if (set) return { mark: 'set', key: set[1]!, from: set[2]!, to: set[3]! }
  const [, mark, part, id] = /^([+\-~]) (\w+) (\S+)$/.exec(text) ?? []
  if (!mark || !part || !id) return { mark: 'other', text }
  const things = (plan?.[part as keyof Plan] ?? []) as { id: string; name?: string; nickname?: string; zh?: string }[]
  const thing = Array.isArray(things) ? things.find((one) => one.id === id) : undefined
  return { mark: MARKS[mark as keyof typeof MARKS], part, id, name: thing?.name ?? thing?.nickname ?? thing?.zh ?? id }
}

export function makeVersions(ports: VersionPorts) {
  const versions = signal<readonly Version[] | null>(null)
  const next = signal<number | null>(null)
  const failed = signal<Refused | null>(null)
  const open = signal<(Version & { plan: Plan }) | null>(null)
  const busy = signal(false)

  async function fetch(before: number | null): Promise<void> {
    busy.value = true
    try {
      const page = await ports.list(before)
      versions.value = before === null ? page.versions : [...(versions.value ?? []), ...page.versions]
      next.value = page.next
      failed.value = null
    } catch (error) {
      failed.value = (error as Refused).words ? error as Refused : refuse('unexpected')
    } finally {
      busy.value = false
    }
  }
  return {
    versions, next, failed, open, busy,
    refresh: () => fetch(null),
    more: async (): Promise<void> => { if (next.value !== null) await fetch(next.value) },
    /** Throws Refused. */
    async view(version: number): Promise<void> { open.value = await ports.find(version) },
    /** Brings it into force again, as a new version, whose number is returned. Throws Refused. */
    async restore(version: number): Promise<number> {
      busy.value = true
      try {
        const made = await ports.restore(version)
        open.value = null
        await Promise.all([ports.planChanged(), fetch(null)])
        return made.version
      } finally {
        busy.value = false
      }
    },
  }
}
export type Versions = ReturnType<typeof makeVersions>
