import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { InboxPlace } from "../../src/inbox/open-inbox.ts";
import { DATABASE_URL, dropSchema, newSchema } from "./test-database.ts";

/** An empty folder for an inbox. */
export function newFolderPlace(): InboxPlace {
  return { dataFolder: mkdtempSync(join(tmpdir(), "batchkeeper-")), database: null };
}

/** An empty place for an inbox: on PostgreSQL when the tests have one, else a folder. */
export function newInboxPlace(): InboxPlace {
  return { ...newFolderPlace(), database: DATABASE_URL === null ? null : newSchema() };
}

export async function removeInboxPlace({ dataFolder, database }: InboxPlace): Promise<void> {
  rmSync(dataFolder, { recursive: true });
  if (database !== null) await dropSchema(database);
}

/** The variables that tell a process of its own where its inbox is. */
export function environmentOfPlace({ dataFolder, database }: InboxPlace): Readonly<Record<string, string>> {
  if (database === null) return { DATA_DIR: dataFolder };
  return { DATABASE_URL: database.url, DATABASE_SCHEMA: database.schema };
}
