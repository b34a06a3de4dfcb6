// The first tables: log, inputs, snapshots, leadership, accounts, records, personal data, lake manifest.
import { Migration } from '@mikro-orm/migrations'

export class First extends Migration {
  override up(): void {
    for (const statement of STATEMENTS) this.addSql(statement)
  }
}

const STATEMENTS = [
  `create table "events" (
    "run" text not null, "seq" bigint not null, "at" bigint not null, "type" text not null, "plan" int not null, "v" smallint not null,
    "cmd" text not null, "by" text not null, "data" jsonb not null, primary key ("run", "seq")
  )`,
  `create index "events_plans" on "events" ("run", "seq") where "type" = 'plan.changed'`,
  `create table "inputs" (
    "run" text not null, "first" bigint not null, "last" bigint not null, "cmd" text not null, "now" bigint not null,
    "command" jsonb not null, primary key ("run", "first")
  )`,
  `create table "snapshots" (
    "run" text not null, "seq" bigint not null, "at" bigint not null, "state" json not null, primary key ("run", "seq")
  )`,
  `create table "leaders" (
    "run" text not null, "epoch" int not null, "head" bigint not null, "holder" text not null, "since" bigint not null,
    primary key ("run")
  )`,
  `create table "accounts" (
    "name" text not null, "password" text not null, "roles" text[] not null, "agent" text null, "created_at" bigint not null,
    primary key ("name")
  )`,
  `alter table "accounts" add constraint "accounts_agent" unique ("agent")`,
  `create table "sessions" (
    "hash" text not null, "account_name" text not null, "created_at" bigint not null, "expires_at" bigint not null,
    primary key ("hash")
  )`,
  `create index "sessions_account" on "sessions" ("account_name")`,
  `alter table "sessions" add constraint "sessions_account_name_foreign" foreign key ("account_name") references "accounts" ("name") on delete cascade`,
  `create table "records" (
    "run" text not null, "request" text not null, "plan" int not null, "visitor" text not null, "contact" text not null,
    "channel" text not null, "access" text not null, "direction" text not null, "created_at" bigint not null, "group" text null,
    "offers" int not null, "agents" text[] not null, "agent" text null, "offered_at" bigint null, "accepted_at" bigint null,
    "connected_at" bigint null, "ended_at" bigint null, "closed_at" bigint null, "outcome" text null, "ended_by" text null,
    "category" text null, "resolved" boolean null, "score" smallint null, primary key ("run", "request")
  )`,
  `create index "records_newest" on "records" ("run", "created_at", "request")`,
  `create table "record_marks" (
    "run" text not null, "seq" bigint not null, primary key ("run")
  )`,
  `create table "survey_comments" (
    "run" text not null, "request" text not null, "visitor" text not null, "at" bigint not null, "comment" text not null,
    primary key ("run", "request")
  )`,
  `create index "survey_comments_visitor" on "survey_comments" ("visitor")`,
  `create table "summary_notes" (
    "run" text not null, "request" text not null, "visitor" text not null, "agent" text not null, "at" bigint not null,
    "note" text not null, primary key ("run", "request")
  )`,
  `create index "summary_notes_visitor" on "summary_notes" ("visitor")`,
  `create table "lake_files" (
    "run" text not null, "kind" text not null, "day" text not null, "generation" int not null, "rows" bigint not null,
    "bytes" bigint not null, "sha256" text not null, "first_seq" bigint not null, "last_seq" bigint not null,
    primary key ("run", "kind", "day")
  )`,
  `create table "lake_marks" (
    "run" text not null, "seq" bigint not null, "at" bigint not null, primary key ("run")
  )`,
]
