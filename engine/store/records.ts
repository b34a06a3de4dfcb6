// Call records: one row a request, projected from the log in its own transactions, so that the log's writer never waits for it.
import type { Plan } from '#events/plan.ts'
import { asked } from './failure.ts'
import { transaction, type Database } from './orm.ts'

/** A request as the records page shows it. Times are UTC ms, lengths ms; null: it did not come to that. */
export interface CallRecord {
  request: string
  /** A pseudonym. */
  visitor: string
  /** Who accepted it, in that order; names are those of its time. */
  agents: { agent: string; nickname: string }[]
  group: string | null
  groupName: string | null
  channel: string
  access: string
  accessName: string
  sessionType: string
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
  /** Only requests that this agent accepted. */
  agent?: string
  limit: number
  /** `next` of the page before. */
  after?: string
}

/** Facts projected in one transaction: some 50 ms, so that readers wait no longer. */
const STEP = 5_000

const CREATE = `
  insert into records (run, request, plan, visitor, contact, channel, access, direction, created_at, offers, agents)
  select run, data->>'request', plan, data->>'visitor', data->>'contact', data->>'channel', data->>'access', data->>'direction', at, 0, '{}'
  from events where run = $1 and seq > $2 and seq <= $3 and type = 'request.created'`
const UPDATE = `
  update records r set
    "group" = coalesce(e."group", r."group"), offers = r.offers + e.offers, agents = r.agents || e.agents, agent = coalesce(e.agents[1], r.agent),
    offered_at = coalesce(e.offered_at, r.offered_at), accepted_at = coalesce(r.accepted_at, e.accepted_at), connected_at = coalesce(r.connected_at, e.connected_at),
    ended_at = coalesce(r.ended_at, e.ended_at), closed_at = coalesce(r.closed_at, e.closed_at), outcome = coalesce(r.outcome, e.outcome),
    ended_by = coalesce(r.ended_by, e.ended_by), category = coalesce(e.summary->>'category', r.category),
    resolved = coalesce((e.summary->>'resolved')::boolean, r.resolved), score = coalesce(e.score, r.score)
  from (
    select data->>'request' as request,
      max(data->>'group') filter (where type = 'request.routed') as "group",
      count(*) filter (where type = 'offer.created')::int as offers,
      coalesce(array_agg(data->>'agent' order by seq) filter (where type = 'offer.accepted'), '{}') as agents,
      max(at) filter (where type = 'offer.created' and data->>'mode' in ('auto', 'pick', 'direct')) as offered_at,
      min(at) filter (where type = 'offer.accepted') as accepted_at,
      min(at) filter (where type = 'call.connected') as connected_at,
      min(coalesce((data->>'lastSeen')::bigint, at)) filter (where type = 'call.ended') as ended_at,
      min(coalesce((data->>'lastSeen')::bigint, at)) filter (where type = 'request.closed') as closed_at,
      (array_agg(data->>'outcome' order by seq) filter (where type = 'request.closed'))[1] as outcome,
      (array_agg(data->>'endedBy' order by seq) filter (where type in ('call.ended', 'request.closed')))[1] as ended_by,
      (array_agg(data order by seq desc) filter (where type = 'summary.filed'))[1] as summary,
      max((data->>'score')::smallint) filter (where type = 'survey.answered') as score
    from events where run = $1 and seq > $2 and seq <= $3 and data->>'request' is not null group by 1
  ) e where r.run = $1 and r.request = e.request`

const PAGE = `
  select r.*, n.note, c.comment from records r
  left join summary_notes n using (run, request) left join survey_comments c using (run, request)
  where r.run = $1 and r.created_at >= $2 and ($3::text is null or $3 = any(r.agents)) and ($4::bigint is null or (r.created_at, r.request) < ($4, $5))
  order by r.created_at desc, r.request desc limit $6`

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
    const { rows } = await asked(this.#db.sql.query(PAGE, [this.#run, query.since, query.agent ?? null, at, request, query.limit + 1]))
    const page = rows.slice(0, query.limit)
    await this.#learn(page.map((row) => row.plan as number))
    const last = page.at(-1)
    return { records: page.map((row) => this.#record(row)), next: rows.length > query.limit ? `${last.created_at}~${last.request}` : null }
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
      channel: row.channel, access: row.access, accessName: names?.access.get(row.access) ?? row.access, sessionType: row.direction,
      requestedAt: created!, connectedAt: connected!, endedAt: ended ?? closed!,
      waitMs: between(created!, accepted ?? closed!), responseMs: accepted === null ? null : between(offered!, accepted!), talkMs: between(connected!, ended!),
      endedBy: row.ended_by, outcome: row.outcome,
      summary: row.category === null ? null : { category: row.category, resolved: row.resolved, note: row.note ?? '' },
      rating: row.score === null ? null : { score: row.score, comment: row.comment ?? '' },
    }
  }
}
