import type { Inbox, InboxClock, InboxLog } from "./inbox.ts";
import type { DatabaseSettings } from "./pg-boss/database.ts";
import { SqliteInbox } from "./sqlite/sqlite-inbox.ts";

/** Which inbox, and where. */
export interface InboxPlace {
  /** For the embedded inbox. */
  readonly dataFolder: string;
  /** For the distributed one; null to have the embedded one. */
  readonly database: DatabaseSettings | null;
}

/**
 * The inbox of a process. The embedded one is open when this resolves; the distributed one waits for its database, and
 * is open once it has it.
 * @throws {FolderInUse} when another process has the folder, and SQLite's error when it cannot be written.
 */
export async function openInbox(
  { dataFolder, database }: InboxPlace,
  clock: InboxClock,
  log: InboxLog,
): Promise<Inbox> {
  if (database === null) return new SqliteInbox({ folder: dataFolder, clock, log });
  // Loaded only where it is used: most processes keep the memory.
  const { PgBossInbox } = await import("./pg-boss/pg-boss-inbox.ts");
  return new PgBossInbox({ database, clock, log });
}
