// What supervisors see of their groups and do to others' work, what agents' menus need, and why somebody was or was not asked.
import Type from 'typebox'
import type { Asks, CommandType } from '#core/command.ts'
import { manned, READY, type AgentState, type RequestState } from '#core/entities.ts'
import type { State } from '#core/state.ts'
import { URGENT } from '#events/plan.ts'
import { ActSchema, BoardSchema, DeskSchema, ExplanationSchema, type Act, type BoardView, type DeskWords } from '#wire/board.ts'
import type { SignedIn } from './auth.ts'
import { granted, Refused } from './errors.ts'
import { explained } from './explain.ts'
import { MAX_COLLEAGUES } from './limits.ts'
import type { Ports } from './ports.ts'
import { can, groupsFor, type Thing } from './rights.ts'
import { route, type Route } from './route.ts'
import { accessName, partyViews, queueRows, type Asides } from './views.ts'

const BOARD_ROWS = 500
const Nothing = Type.Object({}, { additionalProperties: false })

/** The right that each act needs. */
const NEEDS: Record<Act['type'], Thing> = {
  assign: 'queue', urgent: 'queue', remove: 'queue', cancelCallback: 'queue', terminate: 'monitors', takeOver: 'monitors', status: 'approvals', decide: 'approvals', block: 'blocks', unblock: 'blocks',
}

export function boardRoutes({ driver, store, audience, now }: Ports): Route[] {
  return [
    route({
      method: 'GET', url: '/api/board', who: ['read', 'queue'], about: 'Agents, queues, calls, requests to leave idle, blocked visitors and callbacks of one’s groups, as they stand.',
      summary: { zh: '监控看板', en: 'The board' }, answer: BoardSchema,
      handle: ({ who }) => boardView(driver.committed, groupsFor(who!.account, 'read', 'queue'), now(), audience),
    }),
    route({
      method: 'POST', url: '/api/acts', who: 'signed_in', about: 'Does something to others’ work: assign, urgent, remove, terminate, take over, set a status, answer, block. A repeated `id` has one effect.',
      summary: { zh: '主管操作', en: 'A supervisor’s act' }, body: ActSchema, answer: Nothing,
      handle: async ({ body: { id, act }, who }) => {
        const thing = NEEDS[act.type]
        if (!can(who!.account.roles, thing === 'monitors' ? 'use' : 'change', thing)) throw new Refused('forbidden')
        within(driver.committed, who!, thing, act)
        const supervisor = who!.account.agent ?? who!.account.name
        const [type, fields] = commandOf(act, supervisor)
        granted(await driver.ask(type, 'supervisor', `${who!.account.name}/act-${id}`, fields as never))
        return {}
      },
    }),
    route({
      method: 'GET', url: '/api/explain', who: 'signed_in', about: 'Why this agent has, may have, or was not asked for this request: as things stand, or, when it is over, as they stood at its last decision (`at`).',
      summary: { zh: '为什么（不）派给他', en: 'Why him, why not him' }, answer: Type.Object({ explanation: ExplanationSchema }),
      query: Type.Object({ request: Type.String({ maxLength: 64 }), agent: Type.String({ maxLength: 64 }) }, { additionalProperties: false }),
      handle: async ({ query, who }) => {
        if (who!.account.agent !== query.agent && !can(who!.account.roles, 'read', 'queue')) throw new Refused('forbidden')
        return { explanation: await explained({ driver, store }, query.request, query.agent) }
      },
    }),
    route({
      method: 'GET', url: '/api/desk', who: 'signed_in', about: 'The words of the plan that an agent’s menus need: groups, access points, status reasons, summary categories, attributes.',
      summary: { zh: '工作台词表', en: 'Words for the workbench' }, answer: DeskSchema, handle: () => deskWords(driver.committed),
    }),
  ]
}

/** A supervisor of some groups acts on those alone. Throws forbidden. */
function within(state: State, who: SignedIn, thing: Thing, act: Act): void {
  const groups = groupsFor(who.account, thing === 'monitors' ? 'use' : 'change', thing)
  if (groups === null) return
  const mine = (id: string | null | undefined): boolean => id != null && groups.includes(id)
  const ofAgent = (id: string): boolean => state.agents.get(id)?.memberships.some((m) => mine(m.group.id)) === true
  const r = 'request' in act ? state.requests.get(act.request) : undefined
  const ok = r ? mine(r.group) : 'agent' in act ? ofAgent(act.agent) : 'callback' in act ? mine(state.callbacks.get(act.callback)?.group) : 'visitor' in act
  if (!ok) throw new Refused('forbidden')
}

function commandOf(act: Act, supervisor: string): { [T in CommandType]: [T, Asks[T]] }[CommandType] {
  switch (act.type) {
    case 'assign': return ['request.assign', { request: act.request, agent: act.agent, supervisor }]
    case 'urgent': return ['request.prioritize', { request: act.request, priority: act.on ? URGENT : 0, supervisor }]
    case 'remove': return ['request.remove', { request: act.request, supervisor }]
    case 'terminate': return ['call.terminate', { request: act.request, supervisor }]
    case 'takeOver': return ['monitor.takeOver', { request: act.request, supervisor }]
    case 'status': return ['agent.setStatus', { agent: act.agent, to: act.to, reason: act.reason, supervisor }]
    case 'decide': return ['status.decide', { agent: act.agent, granted: act.granted, supervisor }]
    case 'block': return ['visitor.block', { visitor: act.visitor, supervisor }]
    case 'unblock': return ['visitor.unblock', { visitor: act.visitor, supervisor }]
    case 'cancelCallback': return ['callback.cancel', { callback: act.callback, supervisor }]
  }
}

/** The board of these groups; null: all. */
export function boardView(state: State, only: readonly string[] | null, now: number, asides: Asides): BoardView {
  const groups = [...state.groups.values()].filter((g) => only === null || only.includes(g.id))
  const seen = (id: string | null): boolean => only === null || (id !== null && only.includes(id))
  return {
    now, plan: state.plan?.version ?? 0,
    agents: [...state.agents.values()].filter((a) => a.memberships.some((m) => seen(m.group.id))).map(agentRow),
    queues: groups.map((g) => ({ group: g.id, name: g.plan.name, waiting: g.queue.size, longestSince: g.queue.first?.place ?? null, ready: g.standings[READY]!, there: manned(g) })),
    waiting: queueRows(state, groups, BOARD_ROWS),
    calls: [...state.requests.values()].filter((r) => (r.phase === 'connecting' || r.phase === 'in_call' || r.phase === 'dialling') && seen(r.group)).slice(0, BOARD_ROWS).map((r) => callRow(state, r, asides)),
    blocks: [...state.blocks.values()].slice(-BOARD_ROWS).map((b) => ({ ...b })),
    callbacks: [...state.callbacks.values()].filter((c) => seen(c.group)).slice(0, BOARD_ROWS).map((c) => ({ callback: c.id, visitor: c.visitor, group: c.group, dueAt: c.dueBy })),
  }
}

const agentRow = (a: AgentState): BoardView['agents'][number] => ({
  agent: a.id, nickname: a.plan?.nickname ?? a.id, realName: a.plan?.realName ?? a.id, video: a.plan?.video ?? false, groups: a.memberships.map((m) => m.group.id),
  status: a.status, statusSince: a.statusSince, reason: a.reason, work: a.work, workSince: a.workSince, request: a.request, connected: a.session !== null && a.lostAt === 0, queued: a.queued, asked: a.asked,
})

const callRow = (state: State, r: RequestState, asides: Asides): BoardView['calls'][number] => ({
  request: r.id, group: r.group ?? '', visitor: r.visitor, direction: r.direction, channel: r.channel, accessName: accessName(state, r.access), agent: r.agent,
  connectedAt: r.connectedAt === 0 ? null : r.connectedAt, held: r.held, parties: partyViews(state, r, asides, false),
})

/** Whom an agent could ask into his call; an invisible colleague looks offline. Those who are there come first. */
export function colleagues(state: State, me: string): { agent: string; nickname: string; status: string; work: string; groups: string[] }[] {
  const rows = [...state.agents.values()].filter((a) => a.id !== me && a.plan?.video === true).map((a) => {
    const hidden = a.session === null || a.status === 'offline' || a.status === 'invisible'
    return { agent: a.id, nickname: a.plan!.nickname, status: hidden ? 'offline' : a.status, work: hidden ? 'none' : a.work, groups: a.memberships.map((m) => m.group.id) }
  })
  return rows.sort((a, b) => Number(a.status === 'offline') - Number(b.status === 'offline')).slice(0, MAX_COLLEAGUES)
}

function deskWords(state: State): DeskWords {
  const { plan } = state
  if (!plan) throw new Refused('no_plan')
  return {
    version: plan.version, groups: plan.groups.map(({ id, name }) => ({ id, name })), access: plan.access.map(({ id, name, channel, enabled }) => ({ id, name, channel, enabled })),
    reasons: plan.reasons ?? [], categories: plan.categories ?? [], attributes: plan.attributes ?? [],
  }
}
