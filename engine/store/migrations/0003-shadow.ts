// The candidate plan that is asked beside the one in force.
import { Migration } from '@mikro-orm/migrations'

export class Shadow extends Migration {
  override up(): void {
    this.addSql(`create table "shadows" (
      "run" text not null, "name" text not null, "plan" jsonb not null, "since" bigint not null, "account" text not null, "asked" bigint not null,
      "same" bigint not null, "different" bigint not null, "dropped" bigint not null, "newest" jsonb not null, primary key ("run")
    )`)
  }
}
