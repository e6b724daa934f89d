import type { DatabaseSettings } from "../../src/inbox/pg-boss/database.ts";

/** What a replica of the tests is to do. */
export interface ReplicaTask {
  readonly database: DatabaseSettings;
  /** How long it works on what it is handed. */
  readonly milliseconds: number;
}

export function printTask({ database, milliseconds }: ReplicaTask): Readonly<Record<string, string>> {
  return { REPLICA_URL: database.url, REPLICA_SCHEMA: database.schema, REPLICA_MILLISECONDS: String(milliseconds) };
}

export function readTask(environment: Readonly<Record<string, string | undefined>>): ReplicaTask {
  return {
    database: { url: environment.REPLICA_URL ?? "", schema: environment.REPLICA_SCHEMA ?? "" },
    milliseconds: Number(environment.REPLICA_MILLISECONDS),
  };
}
