import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { Client } from "pg";
import { describe } from "vitest";
import type { InboxClock, InboxLog } from "../../src/inbox/inbox.ts";
import type { DatabaseSettings } from "../../src/inbox/pg-boss/database.ts";
import { PgBossInbox } from "../../src/inbox/pg-boss/pg-boss-inbox.ts";

/** The PostgreSQL of the tests; null without one. */
export const DATABASE_URL = process.env.DATABASE_URL || null;

/** Tests that need PostgreSQL: without one they are skipped, and their title says so. */
export function describeOnDatabase(name: string, tests: () => void): void {
  describe.skipIf(DATABASE_URL === null)(DATABASE_URL === null ? `${name} (needs DATABASE_URL)` : name, tests);
}

export const SILENT: InboxLog = { info: () => {}, warn: () => {}, error: () => {} };

/** A schema of its own, so that tests do not see each other. It is made by whoever opens it first. */
export function newSchema(): DatabaseSettings {
  return { url: DATABASE_URL ?? "", schema: `test_${randomBytes(6).toString("hex")}` };
}

/** Statements from outside, as an operator or another program would send them. */
export async function sql<Row extends object>(url: string, text: string, values: unknown[] = []): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}

export async function dropSchema({ url, schema }: DatabaseSettings): Promise<void> {
  await sql(url, `DROP SCHEMA IF EXISTS ${schema} CASCADE`);
}

/** An inbox that has reached its database. */
export async function openPgBossInbox(
  database: DatabaseSettings,
  clock: InboxClock,
  log = SILENT,
): Promise<PgBossInbox> {
  const inbox = new PgBossInbox({ database, clock, log });
  while (!inbox.isOpen()) await delay(2);
  return inbox;
}
