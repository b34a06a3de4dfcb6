// The tables, one entity each: what is kept, under which key. `migrations/` makes exactly these; a test compares the two.
import { defineEntity, p } from '@mikro-orm/postgresql'

const ms = () => p.bigint('number')
const seq = () => p.bigint('number')
const run = () => p.text().primary()

/** The log: every fact, gapless by `seq` within its run. Only ever inserted into. */
export const EventRow = defineEntity({
  name: 'EventRow', tableName: 'events',
  properties: {
    run: run(), seq: seq().primary().autoincrement(false),
    at: ms(), type: p.text(), plan: p.integer(), v: p.smallint(), cmd: p.text(), by: p.text(), data: p.json<object>(),
  },
  // Names of groups and agents are those of their time: records read the plan documents of the versions they meet.
  indexes: [{ name: 'events_plans', expression: `create index "events_plans" on "events" ("run", "seq") where "type" = 'plan.changed'` }],
})

/** Accepted commands beside the facts they caused (`first` to `last`, in that order); a repeated command id finds its first answer here. */
export const InputRow = defineEntity({
  name: 'InputRow', tableName: 'inputs',
  properties: {
    run: run(), first: seq().primary().autoincrement(false), last: seq(), cmd: p.text(), now: ms(), command: p.json<object>(),
  },
})

/** The core's state after `seq`, so that a restart folds only what came later. */
export const SnapshotRow = defineEntity({
  name: 'SnapshotRow', tableName: 'snapshots',
  properties: { run: run(), seq: seq().primary().autoincrement(false), at: ms(), state: p.json<unknown>().columnType('json') },
})

/** Who writes a run: each append names the epoch it was granted and is refused when it is no longer the one here. */
export const LeaderRow = defineEntity({
  name: 'LeaderRow', tableName: 'leaders',
  properties: { run: run(), epoch: p.integer(), head: seq(), holder: p.text(), since: ms() },
})

/** Someone who signs in. `agent` is his id in the plan, if he takes calls; his names are then the plan's. */
export const AccountRow = defineEntity({
  name: 'AccountRow', tableName: 'accounts',
  properties: {
    name: p.text().primary(), password: p.text(), roles: p.array(), groups: p.array(), agent: p.text().nullable().unique('accounts_agent'),
    nickname: p.text().nullable(), realName: p.text().nullable(), disabled: p.boolean(), createdAt: ms(),
  },
})

/** A machine's key. Only its hash is kept. */
export const KeyRow = defineEntity({
  name: 'KeyRow', tableName: 'api_keys',
  properties: {
    id: p.text().primary(), name: p.text(), hash: p.text().unique('api_keys_hash'), roles: p.array(), groups: p.array(),
    createdBy: p.text(), createdAt: ms(), expiresAt: ms().nullable(),
  },
})

/** Who asked for the plan that the command `cmd` brought into force. Written before it is asked for. */
export const PlanSaveRow = defineEntity({
  name: 'PlanSaveRow', tableName: 'plan_saves',
  properties: { run: run(), cmd: p.text().primary(), account: p.text(), at: ms(), note: p.text() },
})

/** The candidate plan that is asked beside the one in force, and what came of it so far. */
export const ShadowRow = defineEntity({
  name: 'ShadowRow', tableName: 'shadows',
  properties: {
    run: run(), name: p.text(), plan: p.json<object>(), since: ms(), account: p.text(),
    asked: p.bigint('number'), same: p.bigint('number'), different: p.bigint('number'), dropped: p.bigint('number'), newest: p.json<object[]>(),
  },
})

/** Where facts are posted to, and how far that has come: everything up to `seq` was taken. The secret is sealed. */
export const WebhookRow = defineEntity({
  name: 'WebhookRow', tableName: 'webhooks',
  properties: {
    id: p.text().primary(), url: p.text(), types: p.array(), secret: p.text(), enabled: p.boolean(), createdBy: p.text(), createdAt: ms(),
    seq: seq(), failures: p.integer(), error: p.text().nullable(), errorAt: ms().nullable(), deliveredAt: ms().nullable(),
  },
})

/** What the host of an access point signs with; sealed. */
export const AccessSecretRow = defineEntity({
  name: 'AccessSecretRow', tableName: 'access_secrets',
  properties: { access: p.text().primary(), secret: p.text(), createdBy: p.text(), createdAt: ms() },
})

/** A small text served at the site's root, such as a domain verification. */
export const SiteFileRow = defineEntity({
  name: 'SiteFileRow', tableName: 'site_files',
  properties: { name: p.text().primary(), text: p.text(), uploadedBy: p.text(), uploadedAt: ms() },
})

/** Personal data: something to be done after a call. Erased with its visitor; the log knows only that it was opened. */
export const TicketRow = defineEntity({
  name: 'TicketRow', tableName: 'tickets',
  properties: {
    id: p.text().primary(), run: p.text(), request: p.text().nullable(), visitor: p.text().nullable().index('tickets_visitor'), group: p.text().nullable(),
    agent: p.text().nullable(), openedBy: p.text(), title: p.text(), status: p.text(), assignee: p.text().nullable(), openedAt: ms(), changedAt: ms(), resolvedAt: ms().nullable(),
  },
  indexes: [{ name: 'tickets_newest', properties: ['run', 'openedAt', 'id'] }, { name: 'tickets_request', properties: ['run', 'request'] }],
})
export const TicketCommentRow = defineEntity({
  name: 'TicketCommentRow', tableName: 'ticket_comments',
  properties: { id: p.text().primary(), ticket: () => p.manyToOne(TicketRow).deleteRule('cascade'), account: p.text(), at: ms(), text: p.text() },
  indexes: [{ name: 'ticket_comments_ticket', properties: ['ticket', 'at'] }],
})

/** A sign-in that is in force. Only the hash of its secret is kept: whoever reads this table can't sign in with it. */
export const SessionRow = defineEntity({
  name: 'SessionRow', tableName: 'sessions',
  properties: {
    hash: p.text().primary(), account: () => p.manyToOne(AccountRow).deleteRule('cascade').index('sessions_account'), createdAt: ms(), expiresAt: ms(),
  },
})

/** One row a request, projected from the log up to its run's `RecordMarkRow`. Can be rebuilt at any time. */
export const RecordRow = defineEntity({
  name: 'RecordRow', tableName: 'records',
  properties: {
    run: run(), request: p.text().primary(),
    plan: p.integer(), visitor: p.text(), contact: p.text(), channel: p.text(), access: p.text(), direction: p.text(),
    createdAt: ms(), group: p.text().nullable(), offers: p.integer(), agents: p.array(), agent: p.text().nullable(),
    offeredAt: ms().nullable(), acceptedAt: ms().nullable(), connectedAt: ms().nullable(), endedAt: ms().nullable(), closedAt: ms().nullable(),
    outcome: p.text().nullable(), endedBy: p.text().nullable(),
    category: p.text().nullable(), resolved: p.boolean().nullable(), score: p.smallint().nullable(),
    dialledBy: p.text().nullable(), client: p.text().nullable(), priority: p.integer(), transfers: p.integer(),
    /** The seq of each fact about the request: its events are found without an index that the log's writer would pay for. */
    facts: p.array().columnType('bigint[]'),
  },
  indexes: [{ name: 'records_newest', properties: ['run', 'createdAt', 'request'] }, { name: 'records_visitor', properties: ['run', 'visitor', 'connectedAt'] }],
})

/** Up to which fact the records of a run have been projected. */
export const RecordMarkRow = defineEntity({
  name: 'RecordMarkRow', tableName: 'record_marks',
  properties: { run: run(), seq: seq() },
})

/** Personal data: what a visitor wrote with his rating. Erased by deleting his rows; the log knows only the score. */
export const CommentRow = defineEntity({
  name: 'CommentRow', tableName: 'survey_comments',
  properties: { run: run(), request: p.text().primary(), visitor: p.text().index('survey_comments_visitor'), at: ms(), comment: p.text() },
})

/** Personal data: what an agent noted about a call. Erased with its visitor; the log knows only the category. */
export const NoteRow = defineEntity({
  name: 'NoteRow', tableName: 'summary_notes',
  properties: { run: run(), request: p.text().primary(), visitor: p.text().index('summary_notes_visitor'), agent: p.text(), at: ms(), note: p.text() },
})

/** The current file of each partition of the lake. */
export const LakeFileRow = defineEntity({
  name: 'LakeFileRow', tableName: 'lake_files',
  properties: {
    run: run(), kind: p.text().primary(), day: p.text().primary(),
    generation: p.integer(), rows: p.bigint('number'), bytes: p.bigint('number'), sha256: p.text(), firstSeq: seq(), lastSeq: seq(),
  },
})

/** How far the lake of a run has come. */
export const LakeMarkRow = defineEntity({
  name: 'LakeMarkRow', tableName: 'lake_marks',
  properties: { run: run(), seq: seq(), at: ms() },
})

export const ENTITIES = [
  EventRow, InputRow, SnapshotRow, LeaderRow, AccountRow, SessionRow, KeyRow, PlanSaveRow, ShadowRow, WebhookRow, AccessSecretRow, SiteFileRow,
  TicketRow, TicketCommentRow, RecordRow, RecordMarkRow, CommentRow, NoteRow, LakeFileRow, LakeMarkRow,
]
