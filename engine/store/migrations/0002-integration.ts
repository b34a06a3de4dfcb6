// Accounts with groups, keys, plan authors, webhooks, secrets, site files, tickets; records that know transfers and outbound calls.
import { Migration } from '@mikro-orm/migrations'

export class Integration extends Migration {
  override up(): void {
    for (const statement of STATEMENTS) this.addSql(statement)
  }
}

/** A column that rows of before get this value of; new rows say theirs. */
const added = (table: string, column: string, type: string, before: string): string[] => [
  `alter table "${table}" add column "${column}" ${type} not null default ${before}`,
  `alter table "${table}" alter column "${column}" drop default`,
]

const STATEMENTS = [
  ...added('accounts', 'groups', 'text[]', `'{}'`),
  `alter table "accounts" add column "nickname" text null, add column "real_name" text null`,
  ...added('accounts', 'disabled', 'boolean', 'false'),
  `create table "api_keys" (
    "id" text not null, "name" text not null, "hash" text not null, "roles" text[] not null, "groups" text[] not null,
    "created_by" text not null, "created_at" bigint not null, "expires_at" bigint null, primary key ("id")
  )`,
  `alter table "api_keys" add constraint "api_keys_hash" unique ("hash")`,
  `create table "plan_saves" (
    "run" text not null, "cmd" text not null, "account" text not null, "at" bigint not null, "note" text not null, primary key ("run", "cmd")
  )`,
  `create table "webhooks" (
    "id" text not null, "url" text not null, "types" text[] not null, "secret" text not null, "enabled" boolean not null,
    "created_by" text not null, "created_at" bigint not null, "seq" bigint not null, "failures" int not null,
    "error" text null, "error_at" bigint null, "delivered_at" bigint null, primary key ("id")
  )`,
  `create table "access_secrets" (
    "access" text not null, "secret" text not null, "created_by" text not null, "created_at" bigint not null, primary key ("access")
  )`,
  `create table "site_files" (
    "name" text not null, "text" text not null, "uploaded_by" text not null, "uploaded_at" bigint not null, primary key ("name")
  )`,
  `create table "tickets" (
    "id" text not null, "run" text not null, "request" text null, "visitor" text null, "group" text null, "agent" text null,
    "opened_by" text not null, "title" text not null, "status" text not null, "assignee" text null, "opened_at" bigint not null,
    "changed_at" bigint not null, "resolved_at" bigint null, primary key ("id")
  )`,
  `create index "tickets_newest" on "tickets" ("run", "opened_at", "id")`,
  `create index "tickets_visitor" on "tickets" ("visitor")`,
  `create index "tickets_request" on "tickets" ("run", "request")`,
  `create table "ticket_comments" (
    "id" text not null, "ticket_id" text not null, "account" text not null, "at" bigint not null, "text" text not null, primary key ("id")
  )`,
  `create index "ticket_comments_ticket" on "ticket_comments" ("ticket_id", "at")`,
  `alter table "ticket_comments" add constraint "ticket_comments_ticket_id_foreign" foreign key ("ticket_id") references "tickets" ("id") on delete cascade`,
  // Records are a projection: emptied, they are made again from the log with the columns that are new.
  `delete from "records"`,
  `delete from "record_marks"`,
  `alter table "records" add column "dialled_by" text null, add column "client" text null, add column "priority" int not null,
    add column "transfers" int not null, add column "facts" bigint[] not null`,
  `create index "records_visitor" on "records" ("run", "visitor", "connected_at")`,
]
