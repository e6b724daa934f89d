import type { Database, Query } from "./database.ts";

/** The tables belong to a later version: this one would not understand them. */
export class NewerInbox extends Error {
  override readonly name = "NewerInbox";
  constructor() {
    super("the inbox was written by a newer Batchkeeper: run that one");
  }
}

// One list of steps: tables of any earlier version go through those that they have not had. Steps are added, never changed.
const MIGRATIONS: readonly ((schema: string) => string)[] = [
  (schema) => `
    CREATE TABLE ${schema}.delivery (
      sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      id text NOT NULL UNIQUE,
      event text NOT NULL,
      lane text NOT NULL,
      body text,                      -- NULL once handled: the id alone is remembered
      urgent boolean NOT NULL,
      accepted_at bigint NOT NULL,
      attempts integer NOT NULL DEFAULT 0,
      not_before bigint NOT NULL DEFAULT 0,
      handled_at bigint               -- NULL while it waits
    );
    CREATE INDEX delivery_waiting ON ${schema}.delivery (lane, urgent DESC, sequence) WHERE handled_at IS NULL;
    CREATE INDEX delivery_handled ON ${schema}.delivery (handled_at) WHERE handled_at IS NOT NULL;
    CREATE TABLE ${schema}.dead_letter (
      sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      id text NOT NULL UNIQUE,
      event text NOT NULL,
      lane text NOT NULL,
      body text NOT NULL,
      urgent boolean NOT NULL,
      reason text NOT NULL,
      attempts integer NOT NULL,
      at bigint NOT NULL
    );
    CREATE TABLE ${schema}.pause (lane text PRIMARY KEY, until bigint NOT NULL);
    CREATE TABLE ${schema}.timer (
      key text PRIMARY KEY,
      lane text NOT NULL,
      event text NOT NULL,
      body text NOT NULL,
      at bigint NOT NULL
    );
    CREATE INDEX timer_due ON ${schema}.timer (at);`,
  (schema) => `ALTER TABLE ${schema}.delivery ADD COLUMN trace text`,
];

/**
 * Brings the tables up to date. Of several replicas that start at once one does it, and the others wait for it.
 * @throws {NewerInbox} when they are further than this version knows.
 */
export async function migrate(database: Database): Promise<void> {
  const { schema } = database;
  await database.transaction(async (query) => {
    await query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [`batchkeeper inbox ${schema}`]);
    await makeSchema(schema, query);
    await query(`CREATE TABLE IF NOT EXISTS ${schema}.inbox_version (version integer NOT NULL)`);
    const version = await versionOf(schema, query);
    if (version > MIGRATIONS.length) throw new NewerInbox();
    if (version === MIGRATIONS.length) return;
    for (const step of MIGRATIONS.slice(version)) await query(step(schema));
    await query(`DELETE FROM ${schema}.inbox_version`);
    await query(`INSERT INTO ${schema}.inbox_version VALUES ($1)`, [MIGRATIONS.length]);
  });
}

/** `CREATE SCHEMA IF NOT EXISTS` is refused to who may not make one, although there is one already. */
async function makeSchema(schema: string, query: Query): Promise<void> {
  const [row] = await query<{ exists: boolean }>("SELECT to_regnamespace($1) IS NOT NULL AS exists", [schema]);
  if (row?.exists !== true) await query(`CREATE SCHEMA ${schema}`);
}

async function versionOf(schema: string, query: Query): Promise<number> {
  const [row] = await query<{ version: number }>(`SELECT version FROM ${schema}.inbox_version`);
  return row?.version ?? 0;
}
