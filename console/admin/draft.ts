// The plan being edited: one draft for all pages of the administration, checked while it is edited, saved as a whole. No DOM.
import { batch, computed, effect, signal } from '@preact/signals'
import type { Plan } from '#events/plan.ts'
import { refuse, type Refused } from '../shell/refused.ts'
import { faultsOf } from './faults.ts'
import { merge, same } from './merge.ts'

/** Something odd about a plan; `on` names what it is about, as `rules/ID`, `groups/ID`, `timers/NAME` or `access`. */
export interface Warning { code: string; on: string; zh: string; en: string; detail: string }
export interface DraftPorts {
  load: () => Promise<{ plan: Plan; warnings: Warning[] }>
  check: (plan: Plan) => Promise<{ errors: string[]; warnings: Warning[] }>
  save: (plan: Plan, note: string) => Promise<{ version: number; warnings: Warning[] }>
  /** Runs something a little later, unless it is taken back. */
  later: (run: () => void) => () => void
}

/** Somebody saved meanwhile; where both changed the same, `conflicts` names it and the draft's stands. */
export interface Met { version: number; conflicts: readonly string[] }

const PARTS = ['agents', 'groups', 'access', 'rules', 'hours', 'attributes', 'reasons', 'categories'] as const
export type ChangedPart = typeof PARTS[number] | 'settings'

export function makeDraft(ports: DraftPorts) {
  const base = signal<Plan | null>(null)
  const plan = signal<Plan | null>(null)
  const warnings = signal<readonly Warning[]>([])
  const errors = signal<readonly string[]>([])
  const failed = signal<Refused | null>(null)
  const met = signal<Met | null>(null)
  const saving = signal(false)
  /** Counts checks, so that a late answer about an older draft is not shown. */
  let checks = 0
  let cancel = () => {}

  const dirty = computed(() => plan.value !== null && !same(plan.value, base.value))
  const faults = computed(() => (plan.value ? faultsOf(plan.value) : new Map<never, never>()))
  const changed = computed<ChangedPart[]>(() => {
    const [now, before] = [plan.value, base.value]
    if (!now || !before) return []
    const rest = (p: Plan) => Object.fromEntries(Object.entries(p).filter(([key]) => !(PARTS as readonly string[]).includes(key)))
    return [...PARTS.filter((part) => !same(now[part], before[part])), ...(same(rest(now), rest(before)) ? [] : ['settings' as const])]
  })

  async function check(): Promise<void> {
    const [mine, asked] = [++checks, plan.peek()]
    if (!asked || faults.peek().size > 0) return
    try {
      const said = await ports.check(asked)
      if (mine !== checks) return
      batch(() => { warnings.value = said.warnings; errors.value = said.errors })
    } catch (error) {
      // The shape is refused before it is judged.
      if (mine === checks && (error as Refused).code === 'bad_message') errors.value = [(error as Refused).detail]
    }
  }
  effect(() => {
    cancel()
    if (dirty.value && plan.value) cancel = ports.later(() => void check())
  })

  /** Fetches the plan in force. What was edited meanwhile stays, put upon what others saved. */
  async function load(): Promise<void> {
    try {
      const loaded = await ports.load()
      batch(() => {
        const [mine, before] = [plan.peek(), base.peek()]
        failed.value = null
        if (mine && before && dirty.peek()) {
          if (loaded.plan.version !== before.version) {
            const { value, conflicts } = merge({ ...before, version: 0 }, { ...mine, version: 0 }, { ...loaded.plan, version: 0 })
            plan.value = { ...value, version: loaded.plan.version }
            if (dirtyFrom(plan.value, loaded.plan)) met.value = { version: loaded.plan.version, conflicts }
          }
        } else {
          plan.value = loaded.plan
          warnings.value = loaded.warnings
          errors.value = []
          met.value = null
        }
        base.value = loaded.plan
      })
    } catch (error) {
      failed.value = (error as Refused).words ? error as Refused : refuse('unexpected')
    }
  }
  const dirtyFrom = (draft: Plan, inForce: Plan): boolean => !same(draft, inForce)

  return {
    base, plan, warnings, errors, failed, met, saving, dirty, faults, changed, load,
    /** What is said about one part of the plan. */
    about: (on: string): readonly Warning[] => warnings.value.filter((warning) => warning.on === on),
    change(make: (plan: Plan) => Plan): void {
      if (plan.value) plan.value = make(plan.value)
    },
    /** Back to the plan in force. */
    discard(): void {
      checks++
      batch(() => { plan.value = base.value; errors.value = []; met.value = null })
      void load()
    },
    /**
     * Brings the draft into force. Returns its version; null when it was not saved: faults, or somebody else saved first (see
     * `met`; saving again then saves both). Throws Refused otherwise; the draft stays.
     */
    async save(note: string): Promise<number | null> {
      const [draft, before] = [plan.value, base.value]
      if (!draft || !before || saving.value || !dirty.value || faults.value.size > 0) return null
      saving.value = true
      try {
        await ports.save({ ...draft, version: before.version + 1 }, note)
      } catch (error) {
        if ((error as Refused).code !== 'plan_invalid') throw error
        await load()
        if (base.value?.version === before.version) {
          errors.value = [(error as Refused).detail]
          throw error
        }
        return null
      } finally {
        saving.value = false
      }
      // What was typed while it was being saved stays a draft.
      batch(() => { base.value = { ...draft, version: before.version }; met.value = null })
      await load()
      return base.value?.version ?? null
    },
  }
}
export type Draft = ReturnType<typeof makeDraft>
