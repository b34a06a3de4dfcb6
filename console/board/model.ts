// The supervisor's board as state: read every second, filtered by group, and what is done from it. No DOM.
import { computed, signal } from '@preact/signals'
import type { Act, BoardView } from '#wire/board.ts'
import { refuse, type Refused } from '../shell/refused.ts'

export interface BoardPorts {
  read: () => Promise<BoardView>
  /** Sends an act under an id; a repeat of the id has one effect. */
  send: (id: string, act: Act) => Promise<unknown>
  newId: () => string
  /** Told the version of the plan with every view. */
  followPlan: (version: number) => void
  /** Whether anybody can see the page; nothing is read while nobody can. */
  inSight: () => boolean
}

const EVERY_MS = 1000
/** While it fails: an engine that is away, or an account that may not, is not asked every second. */
const AGAIN_MS = 4000

const refusal = (error: unknown): Refused => ((error as Refused).words ? error as Refused : refuse('unexpected'))

/** The act without its fields: what a button is busy with. */
export const nameOf = (act: Act): string => `${act.type} ${'request' in act ? act.request : 'agent' in act ? act.agent : 'visitor' in act ? act.visitor : act.callback}`

export function makeBoard(ports: BoardPorts) {
  const view = signal<BoardView | null>(null)
  const failed = signal<Refused | null>(null)
  /** The group whose rows are shown; null: all. */
  const group = signal<string | null>(null)
  /** The act that is on its way. */
  const asking = signal<string | null>(null)
  let reading: Promise<void> | null = null

  async function readOnce(): Promise<void> {
    try {
      const next = await ports.read()
      view.value = next
      failed.value = null
      ports.followPlan(next.plan)
      if (group.value !== null && !next.queues.some((queue) => queue.group === group.value)) group.value = null
    } catch (error) {
      failed.value = refusal(error)
    }
  }
  /** Reads the board; two at once are one. What is shown stays until the answer is here. */
  const refresh = (): Promise<void> => reading ??= readOnce().finally(() => { reading = null })

  const of = <Row>(pick: (board: BoardView) => readonly Row[], groupsOf: (row: Row) => readonly string[]) => computed((): readonly Row[] => {
    const [board, only] = [view.value, group.value]
    return board === null ? [] : only === null ? pick(board) : pick(board).filter((row) => groupsOf(row).includes(only))
  })

  return {
    view, failed, group, asking, refresh,
    agents: of((board) => board.agents, (row) => row.groups),
    waiting: of((board) => board.waiting, (row) => [row.group]),
    calls: of((board) => board.calls, (row) => [row.group]),
    callbacks: of((board) => board.callbacks, (row) => [row.group]),
    /** The nickname of an agent, or his id where the board does not show him. */
    nickname: (agent: string): string => view.value?.agents.find((one) => one.agent === agent)?.nickname ?? agent,

    /** What a group is called, or its id where the board does not show it. */
    groupName: (id: string): string => view.value?.queues.find((queue) => queue.group === id)?.name ?? id,

    /** Does something to others' work, then reads the board. Rejects with Refused. */
    async act(act: Act): Promise<boolean> {
      if (asking.value !== null) return false
      asking.value = nameOf(act)
      const id = ports.newId()
      try {
        // The answer may have been lost and not the question: under the same id it is safe to ask again.
        await ports.send(id, act).catch((error: unknown) => { if (refusal(error).code !== 'unreachable') throw error; return ports.send(id, act) })
        await refresh()
        return true
      } finally {
        asking.value = null
      }
    },

    /** Reads the board every second from now on. Returns the stop. */
    watch(): () => void {
      let timer: ReturnType<typeof setTimeout> | undefined
      let stopped = false
      const turn = async () => {
        const startedAt = Date.now()
        if (ports.inSight()) await refresh()
        if (!stopped) timer = setTimeout(turn, failed.value ? AGAIN_MS : Math.max(0, EVERY_MS - (Date.now() - startedAt)))
      }
      void turn()
      return () => { stopped = true; clearTimeout(timer) }
    },
  }
}
export type Board = ReturnType<typeof makeBoard>

/** Whom a waiting request can be given to: free, there, and video agents; those of its group first. */
export function assignable(agents: BoardView['agents'], group: string): BoardView['agents'] {
  const his = (agent: BoardView['agents'][number]) => Number(!agent.groups.includes(group))
  return agents.filter(({ status, work, video, connected }) => status !== 'offline' && work === 'none' && video && connected)
    .sort((a, b) => his(a) - his(b) || Number(a.status !== 'idle') - Number(b.status !== 'idle') || a.nickname.localeCompare(b.nickname))
}
