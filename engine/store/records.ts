// Call records: one row a request, projected from the log in its own transactions, so that the log's writer never waits for it.
import { parseEvent, type TwinlineEvent } from '#events/event.ts'
import type { Plan } from '#events/plan.ts'
import { asked } from './failure.ts'
import { transaction, type Database } from './orm.ts'

/** A request as the records page shows it. Times are UTC ms, lengths ms; null: it did not come to that. */
export interface CallRecord {
  request: string
  /** A pseudonym. */
  visitor: string
  /** Who took it or was in the call, in the order in which they came; names are those of its time. */
  agents: { agent: string; nickname: string }[]
  /** Of an outbound call, the agent who rang. */
  dialledBy: string | null
  priority: number
  /** Transfers that were asked for. */
  transfers: number
  group: string | null
  groupName: string | null
  channel: string
  access: string
  accessName: string
  /** inbound, outbound or callback. */
  sessionType: string
  /** The program the visitor's page was opened in, such as `wechat`. */
  client: string | null
  requestedAt: number
  connectedAt: number | null
  endedAt: number | null
  /** Until the acceptance; without one, until the end. */
  waitMs: number | null
  /** From the accepted offer to its acceptance. */
  responseMs: number | null
  talkMs: number | null
  endedBy: string | null
  outcome: string | null
  summary: { category: string; resolved: boolean; note: string } | null
  rating: { score: number; comment: string } | null
}

export interface RecordsQuery {
  /** Requests made at or after this instant (UTC ms). */
  since: number
  /** Made before this instant. */
  until?: number
  /** Only requests that this agent took or was in. */
  agent?: string
  /** Only requests of these groups; for who may see no others. */
  groups?: readonly string[]
  group?: string
  access?: string
  channel?: string
  outcome?: string
  direction?: string
  visitor?: string
  request?: string
  limit: number
  /** `next` of the page before. */
  after?: string
}

/** Facts projected in one transaction: some 50 ms, so that readers wait no longer. */
const STEP = 5_000

const CREATE = `
  insert into records (run, request, plan, visitor, contact, channel, access, direction, client, dialled_by, priority, created_at, offers, transfers, agents, facts)
  select run, data->>'request', plan, data->>'visitor', data->>'contact', data->>'channel', data->>'access', data->>'direction', data->>'client', data->>'dialledBy',
    (data->>'priority')::int, at, 0, 0, '{}', '{}'
  from events where run = $1 and seq > $2 and seq <= $3 and type = 'request.created'`
const UPDATE = `
  update records r set
    "group" = coalesce(e."group", r."group"), priority = coalesce(e.priority, r.priority), offers = r.offers + e.offers, transfers = r.transfers + e.transfers,
    agents = case when e.agents = '{}' then r.agents else
      (select array_agg(agent order by n) from (select agent, min(n) as n from unnest(r.agents || e.agents) with ordinality as u(agent, n) group by agent) each) end,
    agent = coalesce(e.agents[cardinality(e.agents)], r.agent), facts = r.facts || e.facts,
    offered_at = coalesce(case r.direction when 'outbound' then e.dialled_at else e.offered_at end, r.offered_at),
    accepted_at = coalesce(r.accepted_at, case r.direction when 'outbound' then e.dial_accepted_at else e.accepted_at end),
    connected_at = coalesce(r.connected_at, e.connected_at),
    ended_at = coalesce(r.ended_at, e.ended_at), closed_at = coalesce(r.closed_at, e.closed_at), outcome = coalesce(r.outcome, e.outcome),
    ended_by = coalesce(r.ended_by, e.ended_by), category = coalesce(e.summary->>'category', r.category),
    resolved = coalesce((e.summary->>'resolved')::boolean, r.resolved), score = coalesce(e.score, r.score)
  from (
    select data->>'request' as request, array_agg(seq order by seq) as facts,
      (array_agg(coalesce(data->>'to', data->>'group') order by seq desc) filter (where type in ('request.routed', 'request.overflowed')
        or (type = 'queue.entered' and data->>'invitation' is null)))[1] as "group",
      (array_agg((data->>'priority')::int order by seq desc) filter (where type = 'request.prioritized'))[1] as priority,
      count(*) filter (where type = 'offer.created')::int as offers,
      count(*) filter (where type = 'invitation.started' and data->>'mode' = 'transfer')::int as transfers,
      coalesce(array_agg(coalesce(data->>'agent', data->>'participant') order by seq)
        filter (where type = 'offer.accepted' or (type = 'participant.joined' and data->>'role' = 'agent')), '{}') as agents,
      max(at) filter (where type = 'offer.created' and data->>'mode' in ('auto', 'pick', 'direct')) as offered_at,
      max(at) filter (where type = 'dial.started') as dialled_at,
      min(at) filter (where type = 'offer.accepted') as accepted_at,
      min(at) filter (where type = 'dial.accepted') as dial_accepted_at,
      min(at) filter (where type = 'call.connected') as connected_at,
      min(coalesce((data->>'lastSeen')::bigint, at)) filter (where type = 'call.ended') as ended_at,
      min(coalesce((data->>'lastSeen')::bigint, at)) filter (where type = 'request.closed') as closed_at,
      (array_agg(data->>'outcome' order by seq) filter (where type = 'request.closed'))[1] as outcome,
      (array_agg(data->>'endedBy' order by seq) filter (where type in ('call.ended', 'request.closed')))[1] as ended_by,
      (array_agg(data order by seq desc) filter (where type in ('summary.filed', 'summary.amended')))[1] as summary,
      max((data->>'score')::smallint) filter (where type = 'survey.answered') as score
    from events where run = $1 and seq > $2 and seq <= $3 and data->>'request' is not null group by 1
  ) e where r.run = $1 and r.request = e.request`

const PAGE = `
  select r.*, n.note, c.comment from records r
  left join summary_notes n using (run, request) left join survey_comments c using (run, request)`

/** The page's conditions: a column, how it is compared with its value. */
const CONDITIONS: Readonly<Record<keyof Omit<RecordsQuery, 'limit' | 'after'>, (value: string) => string>> = {
  since: (value) => `r.created_at >= ${value}`, until: (value) => `r.created_at < ${value}`,
  agent: (value) => `${value} = any(r.agents)`, groups: (value) => `r."group" = any(${value}::text[])`, group: (value) => `r."group" = ${value}`,
  access: (value) => `r.access = ${value}`, channel: (value) => `r.channel = ${value}`, outcome: (value) => `r.outcome = ${value}`,
  direction: (value) => `r.direction = ${value}`, visitor: (value) => `r.visitor = ${value}`, request: (value) => `r.request = ${value}`,
}

/** The agent who spoke with this visitor last, and when that was over (or began, while it goes on). */
const LAST_AGENT = {
  name: 'last_agent',
  text: `select agent, coalesce(ended_at, connected_at) as at from records
    where run = $1 and visitor = $2 and connected_at is not null and agent is not null order by connected_at desc limit 1`,
}

type Names = { groups: Map<string, string>; agents: Map<string, string>; access: Map<string, string> }
const PLANS_KEPT = 64

/** The records of one run. */
export class Records {
  readonly #db: Database
  readonly #run: string
  /** Names by plan version; versions never change. */
  readonly #names = new Map<number, Names>()
  #running: Promise<void> = Promise.resolve()
  #next: Promise<void> | null = null

  constructor(db: Database, run: string) {
    this.#db = db
    this.#run = run
  }

  /** One page, newest first, true up to the last fact committed before the call. `after` that is not a `next` starts at the newest. */
  async page(query: RecordsQuery): Promise<{ records: CallRecord[]; next: string | null }> {
    await this.catchUp()
    const [, at, request] = /^(\d{1,15})~(.{1,64})$/s.exec(query.after ?? '') ?? [null, null, null]
    const values: unknown[] = [this.#run]
    const where = ['r.run = $1']
    for (const [key, condition] of Object.entries(CONDITIONS)) {
      const value = query[key as keyof typeof CONDITIONS]
      if (value !== undefined) where.push(condition(`$${values.push(value)}`))
    }
    if (at !== null) where.push(`(r.created_at, r.request) < ($${values.push(at)}, $${values.push(request)})`)
    const { rows } = await asked(this.#db.sql.query(`${PAGE} where ${where.join(' and ')} order by r.created_at desc, r.request desc limit $${values.push(query.limit + 1)}`, values))
    const page = rows.slice(0, query.limit)
    await this.#learn(page.map((row) => row.plan as number))
    const last = page.at(-1)
    return { records: page.map((row) => this.#record(row)), next: rows.length > query.limit ? `${last.created_at}~${last.request}` : null }
  }

  /** The facts about a request, in order; none for one that is not known. */
  async events(request: string): Promise<TwinlineEvent[]> {
    const { rows } = await asked(this.#db.sql.query(
      `select seq, at, run, v, plan, cmd, by, type, data from events where run = $1 and seq = any(
         (select facts from records where run = $1 and request = $2)::bigint[]) order by seq`, [this.#run, request]))
    return rows.map((row) => parseEvent({ ...row, seq: Number(row.seq), at: Number(row.at) }))
  }

  /**
   * Who spoke with this visitor last, and when that was over (UTC ms); null for a visitor who is new. For sticky routing: one
   * indexed query, true up to what has been projected, which is seconds behind the log at most.
   */
  async lastAgentOf(visitor: string): Promise<{ agent: string; at: number } | null> {
    const { rows: [row] } = await asked(this.#db.sql.query({ ...LAST_AGENT, values: [this.#run, visitor] }))
    return row ? { agent: row.agent, at: Number(row.at) } : null
  }

  /** Projects everything committed before the call. Calls that come while another one is at work share the one after it. */
  catchUp(): Promise<void> {
    this.#next ??= this.#running.catch(() => {}).then(() => {
      this.#next = null
      this.#running = this.#follow()
      return this.#running
    })
    return this.#next
  }

  async #follow(): Promise<void> {
    await asked(this.#db.sql.query('insert into record_marks (run, seq) values ($1, 0) on conflict do nothing', [this.#run]))
    while (await this.#step());
  }

  /** Projects the next facts; false when there were none. */
  #step(): Promise<boolean> {
    return transaction(this.#db, async (client) => {
      // The mark is locked until the end, so two processes may project at once and every fact is counted exactly once.
      const { rows: [mark] } = await client.query('select seq from record_marks where run = $1 for update', [this.#run])
      const { rows: [head] } = await client.query(
        'select max(seq) as seq from (select seq from events where run = $1 and seq > $2 order by seq limit $3) e', [this.#run, mark.seq, STEP])
      if (head.seq === null) return false
      const window = [this.#run, mark.seq, head.seq]
      await client.query(CREATE, window)
      await client.query(UPDATE, window)
      await client.query('update record_marks set seq = $2 where run = $1', [this.#run, head.seq])
      return true
    })
  }

  /** Reads the names of the plan versions that are not yet known. */
  async #learn(versions: number[]): Promise<void> {
    const missing = [...new Set(versions)].filter((version) => !this.#names.has(version))
    if (missing.length === 0) return
    const { rows } = await asked(this.#db.sql.query(
      `select (data->>'version')::int as version, data->'document' as plan from events where run = $1 and type = 'plan.changed' and (data->>'version')::int = any($2)`, [this.#run, missing]))
    for (const { version, plan } of rows as { version: number; plan: Plan }[]) {
      this.#names.set(version, {
        groups: new Map(plan.groups.map(({ id, name }) => [id, name])),
        agents: new Map(plan.agents.map(({ id, nickname }) => [id, nickname])),
        access: new Map(plan.access.map(({ id, name }) => [id, name])),
      })
    }
    for (const version of [...this.#names.keys()].slice(0, Math.max(0, this.#names.size - PLANS_KEPT))) {
      if (!versions.includes(version)) this.#names.delete(version)
    }
  }

  // oxlint-disable-next-line typescript/no-explicit-any -- a row as the driver gives it
  #record(row: any): CallRecord {
    const names = this.#names.get(row.plan)
    const at = (name: string): number | null => (row[name] === null ? null : Number(row[name]))
    const between = (from: number | null, to: number | null) => (from === null || to === null ? null : to - from)
    const [created, offered, accepted, connected, ended, closed] = ['created_at', 'offered_at', 'accepted_at', 'connected_at', 'ended_at', 'closed_at'].map(at)
    return {
      request: row.request, visitor: row.visitor,
      agents: (row.agents as string[]).map((agent) => ({ agent, nickname: names?.agents.get(agent) ?? agent })),
      group: row.group, groupName: row.group === null ? null : (names?.groups.get(row.group) ?? row.group),
      channel: row.channel, access: row.access, accessName: names?.access.get(row.access) ?? row.access, sessionType: row.direction, client: row.client,
      dialledBy: row.dialled_by, priority: row.priority, transfers: row.transfers,
      requestedAt: created!, connectedAt: connected!, endedAt: ended ?? closed!,
      waitMs: between(created!, accepted ?? closed!), responseMs: accepted === null ? null : between(offered!, accepted!), talkMs: between(connected!, ended!),
      endedBy: row.ended_by, outcome: row.outcome,
      summary: row.category === null ? null : { category: row.category, resolved: row.resolved, note: row.note ?? '' },
      rating: row.score === null ? null : { score: row.score, comment: row.comment ?? '' },
    }
  }
}
