import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { SYSTEM_CLOCK } from "../../src/clock.ts";
import type { DatabaseSettings } from "../../src/inbox/pg-boss/database.ts";
import type { PgBossInbox } from "../../src/inbox/pg-boss/pg-boss-inbox.ts";
import { printTask } from "./replica-task.ts";
import { dropSchema, newSchema, openPgBossInbox, sql } from "./test-database.ts";

const REPLICA = new URL("./replica.ts", import.meta.url).pathname;

/** What a replica began to do, and whether it was alone in the lane. */
export interface Observed {
  readonly pid: number;
  readonly lane: string;
  readonly id: string;
  readonly alone: boolean;
  /** Epoch milliseconds, of the database's clock. */
  readonly begunAt: number;
}

/** An inbox that nobody here handles: processes of their own do, and write down what they did. */
export class Replicas implements AsyncDisposable {
  readonly inbox: PgBossInbox;
  readonly #database: DatabaseSettings;
  readonly #processes: ChildProcess[] = [];

  constructor(inbox: PgBossInbox, database: DatabaseSettings) {
    this.inbox = inbox;
    this.#database = database;
  }

  static async prepare(): Promise<Replicas> {
    const database = newSchema();
    const inbox = await openPgBossInbox(database, SYSTEM_CLOCK);
    await sql(
      database.url,
      `CREATE TABLE ${database.schema}.observed (pid int, lane text, alone boolean, id text, begun_at timestamptz)`,
    );
    return new Replicas(inbox, database);
  }

  /** Starts a process that works so long on all that it is handed; resolves when it begins to take. */
  async start(milliseconds: number): Promise<ChildProcess> {
    const child = spawn(process.execPath, [REPLICA], {
      env: printTask({ database: this.#database, milliseconds }),
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.#processes.push(child);
    await once(child.stdout, "data");
    return child;
  }

  observed(): Promise<Observed[]> {
    const { url, schema } = this.#database;
    return sql<Observed>(
      url,
      `SELECT pid, lane, id, alone, extract(epoch FROM begun_at)::float8 * 1000 AS "begunAt"
       FROM ${schema}.observed ORDER BY begun_at`,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#processes) child.kill("SIGKILL");
    await this.inbox.close();
    await dropSchema(this.#database);
  }
}
