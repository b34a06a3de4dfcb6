// The shadow plan as its page holds it: what came of it so far, read while in sight; begun with the draft, ended; answers in names people know. No DOM.
import { batch, computed, signal } from '@preact/signals'
import { offsetsOf } from '#events/hours.ts'
import type { Plan } from '#events/plan.ts'
import { refuse, type Refused, type Words } from '../shell/refused.ts'

export type Turned = 'closed_hours' | 'no_agent' | 'queue_full'
interface Routed { rule: string; group: string; queue: string | null; turned: Turned | null }
interface Chosen { group: string; agent: string | null }
/** A live decision that the candidate would have taken otherwise; `seq` and `at` are of the live fact. */
export type Difference = { seq: number; at: number; request: string; reason: Words & { code: string } } & (
  { type: 'request.routed'; live: Routed; candidate: Routed } | { type: 'decision.made'; live: Chosen; candidate: Chosen })
/** The candidate and what came of it: `asked` = `same` + `different`; `dropped` answers are missing in its log. The newest difference is first. */
export interface Told { name: string; version: number; since: number; asked: number; same: number; different: number; dropped: number; newest: readonly Difference[] }

export interface ShadowPorts {
  read: () => Promise<{ shadow: Told | null }>
  start: (name: string, plan: Plan) => Promise<unknown>
  stop: () => Promise<unknown>
  /** Whether anybody can see the page; nothing is read while nobody can. */
  inSight: () => boolean
}

const EVERY_MS = 2000
const NAME = /^[a-z0-9][a-z0-9-]*$/
export const NAME_LENGTH = 40

/** What is wrong with a name for a candidate, which becomes part of its log's name. */
export const nameFault = (name: string): 'needed' | 'name' | undefined => (name === '' ? 'needed' : NAME.test(name) && name.length <= NAME_LENGTH ? undefined : 'name')

/** The draft as the version it would be saved as; the plan in force itself where nothing is changed. */
export const candidateOf = (draft: Plan, base: Plan, dirty: boolean): Plan => ({ ...draft, version: dirty ? base.version + 1 : base.version })

/** The plan as a file that the simulator reads: what its time zones mean is written in, as the engine does when it saves. `now`: UTC ms. Throws RangeError for an unknown zone. */
export function documentOf(plan: Plan, now: number): Plan {
  if (!plan.hours) return plan
  const year = Date.UTC(new Date(now).getUTCFullYear(), 0, 1)
  return { ...plan, hours: plan.hours.map((each) => ({ ...each, offsets: offsetsOf(each.tz, year) })) }
}

/** An answer in names; `rule` null: the default one. A request that was turned away has none who is asked. */
export type Named = { who: string | null; group: string } | { rule: string | null; group: string; turned: Turned | null }

/** What one side of a difference said, in the names of the first of these plans that knows the thing; its id where none does. */
export function named(difference: Difference, side: 'live' | 'candidate', plans: readonly (Plan | null)[]): Named {
  const find = <T>(of: (plan: Plan) => T | undefined): T | undefined => plans.map((plan) => plan && of(plan)).find((found) => found) ?? undefined
  const groupName = (id: string) => find((plan) => plan.groups.find((group) => group.id === id))?.name ?? id
  if (difference.type === 'decision.made') {
    const { agent, group } = difference[side]
    return { who: agent === null ? null : find((plan) => plan.agents.find(({ id }) => id === agent))?.nickname ?? agent, group: groupName(group) }
  }
  const { rule, group, queue, turned } = difference[side]
  return { rule: rule === 'default' ? null : find((plan) => plan.rules.find(({ id }) => id === rule))?.name ?? rule, group: groupName(queue ?? group), turned }
}

export function makeShadow(ports: ShadowPorts) {
  /** undefined until it is known; null: none runs. */
  const told = signal<Told | null | undefined>(undefined)
  const failed = signal<Refused | null>(null)
  const busy = signal(false)
  /** Counts what makes answers under way those of another time. */
  let reads = 0

  async function refresh(): Promise<void> {
    const mine = ++reads
    try {
      const { shadow } = await ports.read()
      if (mine === reads) batch(() => { told.value = shadow; failed.value = null })
    } catch (error) {
      if (mine === reads) failed.value = (error as Refused).words ? error as Refused : refuse('unexpected')
    }
  }
  async function act(send: () => Promise<unknown>): Promise<void> {
    busy.value = true
    try {
      await send()
      await refresh()
    } finally {
      busy.value = false
    }
  }
  return {
    told, failed, busy, refresh,
    /** How much of what was asked was answered otherwise, 0 to 1; null before anything was asked. */
    share: computed(() => (told.value?.asked ? told.value.different / told.value.asked : null)),
    /** Has this plan asked from now on, in place of the one before. Throws Refused. */
    start: (name: string, plan: Plan): Promise<void> => act(() => ports.start(name, plan)),
    /** Asks none any more. Somebody else's stop is as good. Throws Refused. */
    stop: (): Promise<void> => act(() => ports.stop().catch((error: unknown) => { if ((error as Refused).code !== 'not_found') throw error })),
    /** Reads every two seconds from now on. Returns the stop. */
    watch(): () => void {
      let timer: ReturnType<typeof setTimeout> | undefined
      let stopped = false
      const turn = async () => {
        if (ports.inSight()) await refresh()
        if (!stopped) timer = setTimeout(() => void turn(), EVERY_MS)
      }
      void turn()
      return () => { stopped = true; clearTimeout(timer) }
    },
  }
}
export type Shadow = ReturnType<typeof makeShadow>
