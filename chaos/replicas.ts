import { randomBytes } from "node:crypto";
import { join } from "node:path";

/** One of the processes that play: what it is told beside what every process is told. */
export interface Replica {
  /** The name by which it asks for the local GitHub, whose log tells the processes apart by it. */
  readonly host: "127.0.0.1" | "localhost";
  readonly environment: Readonly<Record<string, string>>;
}

/** The processes of a play: one, on a folder of its own; with DATABASE_URL two, on a schema of their own in that database. */
export function replicasIn(folder: string, database = process.env.DATABASE_URL): readonly Replica[] {
  const DATA_DIR = join(folder, "data");
  if (!database) return [{ host: "127.0.0.1", environment: { DATA_DIR } }];
  const environment = { DATABASE_URL: database, DATABASE_SCHEMA: `chaos_${randomBytes(6).toString("hex")}` };
  return (["127.0.0.1", "localhost"] as const).map((host) => ({ host, environment }));
}
