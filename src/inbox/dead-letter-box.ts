import { existsSync } from "node:fs";
import { join } from "node:path";
import type { DeadLetter, InboxLog } from "./inbox.ts";
import type { InboxPlace } from "./open-inbox.ts";
import { INBOX_FILE } from "./sqlite/database.ts";
import { Shelf } from "./sqlite/shelf.ts";

/** The dead letters of an inbox, for a person; whether or not a Batchkeeper works with it at the same time. */
export interface DeadLetterBox {
  /** The newest first; of one lane, or of all. */
  list(lane: string | null): Promise<readonly DeadLetter[]>;
  /** Puts dead letters back; whoever works with the inbox notices. Returns how many. */
  redrive(ids: readonly string[] | "all"): Promise<number>;
  close(): Promise<void>;
}

/** More than there can be. */
export const ALL = Number.MAX_SAFE_INTEGER;

/** There is no inbox where one was looked for. */
export class NoInbox extends Error {
  override readonly name = "NoInbox";
}

/**
 * Opens the dead letters of the inbox that the environment names.
 * @throws {NoInbox} when `DATA_DIR` holds none, or the database cannot be reached.
 */
export async function openDeadLetterBox(
  { dataFolder, database }: InboxPlace,
  now: () => number,
  log: InboxLog,
): Promise<DeadLetterBox> {
  if (database === null) return openInFolder(dataFolder, now);
  const { openInDatabase } = await import("./pg-boss/dead-letters.ts");
  return openInDatabase(database, now, log);
}

function openInFolder(folder: string, now: () => number): DeadLetterBox {
  // Opened, it would be made.
  if (!existsSync(join(folder, INBOX_FILE))) {
    throw new NoInbox(`DATA_DIR ${folder} holds no inbox: name the folder that Batchkeeper runs with`);
  }
  const shelf = new Shelf(folder);
  return {
    list: async (lane) => shelf.deadLetters(lane, ALL),
    redrive: async (ids) => shelf.redrive(ids, now()),
    close: async () => shelf.close(),
  };
}
