// Call records over HTTP: an agent's own, a supervisor's groups', or all; one with its facts; as a table for other programs.
import { Readable } from 'node:stream'
import Type from 'typebox'
import { CHANNELS } from '#events/plan.ts'
import { OUTCOMES, type Outcome } from '#events/outcome.ts'
import type { CallRecord, RecordsQuery } from '../store/records.ts'
import type { SignedIn } from './auth.ts'
import { csvLine, CSV_START } from './csv.ts'
import { Refused } from './errors.ts'
import { EXPORT_AT_ONCE } from './limits.ts'
import type { Ports } from './ports.ts'
import { can, groupsFor } from './rights.ts'
import { route, type Route } from './route.ts'
import { After, Instant, Limit, Ms, Nullable, Word } from './schemas.ts'
import { Fact } from './stream.ts'

const DAY_MS = 86_400_000
const DEFAULT_DAYS = 30
const DEFAULT_LIMIT = 50

const filters = {
  days: Type.Optional(Type.String({ pattern: '^[1-9][0-9]{0,2}$' })), since: Instant, until: Instant,
  agent: Type.Optional(Word), group: Type.Optional(Word), access: Type.Optional(Word), channel: Type.Optional(Type.Enum([...CHANNELS])),
  outcome: Type.Optional(Type.Enum(Object.keys(OUTCOMES) as Outcome[])), direction: Type.Optional(Type.Enum(['inbound', 'outbound', 'callback'])), visitor: Type.Optional(Word),
}
const Filters = Type.Object(filters, { additionalProperties: false })
type Filtered = Type.Static<typeof Filters>

const RecordSchema = Type.Object({
  request: Type.String(), visitor: Type.String(), agents: Type.Array(Type.Object({ agent: Type.String(), nickname: Type.String() })), dialledBy: Nullable(Type.String()),
  priority: Type.Integer(), transfers: Type.Integer(), group: Nullable(Type.String()), groupName: Nullable(Type.String()), channel: Type.String(), access: Type.String(), accessName: Type.String(),
  sessionType: Type.String(), client: Nullable(Type.String()), requestedAt: Ms, connectedAt: Nullable(Ms), endedAt: Nullable(Ms), waitMs: Nullable(Type.Integer()), responseMs: Nullable(Type.Integer()),
  talkMs: Nullable(Type.Integer()), endedBy: Nullable(Type.String()), outcome: Nullable(Type.String()),
  summary: Nullable(Type.Object({ category: Type.String(), resolved: Type.Boolean(), note: Type.String() })), rating: Nullable(Type.Object({ score: Type.Integer(), comment: Type.String() })),
}, { additionalProperties: false })

const at = (ms: number | null): string => (ms === null ? '' : new Date(ms).toISOString())
const seconds = (ms: number | null): number | string => (ms === null ? '' : ms / 1000)
/** The columns of the table: what they are called in both languages, and what stands in them. */
const COLUMNS: readonly [zh: string, en: string, of: (r: CallRecord) => string | number | boolean][] = [
  ['请求', 'Request', (r) => r.request], ['访客', 'Visitor', (r) => r.visitor], ['坐席', 'Agents', (r) => r.agents.map(({ nickname }) => nickname).join(', ')],
  ['技能组', 'Group', (r) => r.groupName ?? ''], ['渠道', 'Channel', (r) => r.channel], ['接入点', 'Access point', (r) => r.accessName], ['会话类型', 'Direction', (r) => r.sessionType],
  ['请求时间', 'Requested at (UTC)', (r) => at(r.requestedAt)], ['接通时间', 'Connected at (UTC)', (r) => at(r.connectedAt)], ['结束时间', 'Ended at (UTC)', (r) => at(r.endedAt)],
  ['等待（秒）', 'Wait (s)', (r) => seconds(r.waitMs)], ['响应（秒）', 'Response (s)', (r) => seconds(r.responseMs)], ['通话（秒）', 'Talk (s)', (r) => seconds(r.talkMs)],
  ['结果', 'Outcome', (r) => r.outcome ?? ''], ['挂断方', 'Ended by', (r) => r.endedBy ?? ''], ['优先级', 'Priority', (r) => r.priority], ['转接次数', 'Transfers', (r) => r.transfers],
  ['小结分类', 'Summary', (r) => r.summary?.category ?? ''], ['已解决', 'Resolved', (r) => r.summary?.resolved ?? ''], ['备注', 'Note', (r) => r.summary?.note ?? ''],
  ['满意度', 'Score', (r) => r.rating?.score ?? ''], ['评价', 'Comment', (r) => r.rating?.comment ?? ''],
]

export function recordRoutes({ store: { records }, now }: Ports): Route[] {
  /** What someone may see. Throws forbidden for an account without an agent that may see nobody's. */
  const scopeOf = ({ account }: SignedIn): Pick<RecordsQuery, 'agent' | 'groups'> => {
    if (can(account.roles, 'read', 'records')) {
      const groups = groupsFor(account, 'read', 'records')
      return groups === null ? {} : { groups }
    }
    if (account.agent === null) throw new Refused('forbidden')
    return { agent: account.agent }
  }
  const queryOf = ({ days, since, until, agent, ...rest }: Filtered, who: SignedIn): Omit<RecordsQuery, 'limit'> => {
    const scope = scopeOf(who)
    if (scope.agent !== undefined && agent !== undefined && agent !== scope.agent) throw new Refused('forbidden', `agent ${agent}`)
    return {
      since: since === undefined ? now() - Number(days ?? DEFAULT_DAYS) * DAY_MS : Number(since), ...(until === undefined ? {} : { until: Number(until) }),
      ...(agent === undefined ? {} : { agent }), ...(rest as object), ...scope,
    }
  }
  /** What people wrote is for those who may read it, and for the agent whose call it was. */
  const shown = (record: CallRecord, { account }: SignedIn): CallRecord => {
    if (can(account.roles, 'read', 'personal') || record.agents.some(({ agent }) => agent === account.agent)) return record
    return { ...record, summary: record.summary && { ...record.summary, note: '' }, rating: record.rating && { ...record.rating, comment: '' } }
  }
  async function* table(query: Omit<RecordsQuery, 'limit'>, who: SignedIn, language: 'zh' | 'en'): AsyncGenerator<string> {
    yield CSV_START + csvLine(COLUMNS.map(([zh, en]) => (language === 'zh' ? zh : en)))
    for (let after: string | null = ''; after !== null;) {
      const page: Awaited<ReturnType<typeof records.page>> = await records.page({ ...query, limit: EXPORT_AT_ONCE, ...(after === '' ? {} : { after }) })
      yield page.records.map((record) => csvLine(COLUMNS.map(([, , of]) => of(shown(record, who))))).join('')
      after = page.next
    }
  }

  return [
    route({
      method: 'GET', url: '/api/records', who: ['read', 'own_records'],
      about: 'Requests of the last `days` (1 to 999, else 30) or from `since` to `until`, newest first, `limit` (1 to 199, else 50) at a time; `after` is `next` of the page before. Agents see the calls they took, supervisors their groups’.',
      summary: { zh: '通话记录', en: 'Call records' },
      query: Type.Object({ ...filters, limit: Limit, after: After }, { additionalProperties: false }), answer: Type.Object({ records: Type.Array(RecordSchema), next: Nullable(Type.String()) }),
      handle: async ({ query: { limit, after, ...filtered }, who }) => {
        const page = await records.page({ ...queryOf(filtered as Filtered, who!), limit: Number(limit ?? DEFAULT_LIMIT), ...(after === undefined ? {} : { after }) })
        return { ...page, records: page.records.map((record) => shown(record, who!)) }
      },
    }),
    route({
      method: 'GET', url: '/api/records/export', who: ['read', 'own_records'], about: 'The same, all of them, as CSV with a header in `language` (zh or en); times in UTC.',
      summary: { zh: '导出通话记录（CSV）', en: 'Export call records (CSV)' }, mediaType: 'text/csv',
      query: Type.Object({ ...filters, language: Type.Optional(Type.Enum(['zh', 'en'])) }, { additionalProperties: false }), answer: Type.String(),
      handle: ({ query: { language = 'en', ...filtered }, who, reply }) => {
        const rows = Readable.from(table(queryOf(filtered as Filtered, who!), who!, language), { highWaterMark: 1 })
        return reply.type('text/csv; charset=utf-8').header('content-disposition', `attachment; filename="records-${at(now()).slice(0, 10)}.csv"`).send(rows)
      },
    }),
    route({
      method: 'GET', url: '/api/records/:request', who: ['read', 'own_records'], about: 'One record with the facts about it, in order.',
      summary: { zh: '通话记录详情与时间线', en: 'One record with its timeline' }, params: Type.Object({ request: Word }), answer: Type.Object({ record: RecordSchema, events: Type.Array(Fact) }),
      handle: async ({ params, who }) => {
        const request = params['request']!
        const { records: [record] } = await records.page({ since: 0, limit: 1, request, ...scopeOf(who!) })
        if (!record) throw new Refused('unknown_request', request)
        return { record: shown(record, who!), events: await records.events(request) }
      },
    }),
  ]
}
