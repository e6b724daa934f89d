import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

// One list of steps: a file of any earlier version goes through those that it has not had. Steps are added, never changed.
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE delivery (
     sequence INTEGER PRIMARY KEY,
     id TEXT NOT NULL UNIQUE,
     event TEXT NOT NULL,
     lane TEXT NOT NULL,
     body TEXT,                      -- NULL once handled: the id alone is remembered
     urgent INTEGER NOT NULL,
     accepted_at INTEGER NOT NULL,
     attempts INTEGER NOT NULL DEFAULT 0,
     not_before INTEGER NOT NULL DEFAULT 0,
     handled_at INTEGER              -- NULL while it waits
   ) STRICT;
   CREATE INDEX delivery_waiting ON delivery (lane, urgent DESC, sequence) WHERE handled_at IS NULL;
   CREATE INDEX delivery_handled ON delivery (handled_at) WHERE handled_at IS NOT NULL;
   CREATE TABLE dead_letter (
     id TEXT PRIMARY KEY,
     event TEXT NOT NULL,
     lane TEXT NOT NULL,
     body TEXT NOT NULL,
     urgent INTEGER NOT NULL,
     reason TEXT NOT NULL,
     attempts INTEGER NOT NULL,
     at INTEGER NOT NULL
   ) STRICT;
   CREATE TABLE pause (lane TEXT PRIMARY KEY, until INTEGER NOT NULL) STRICT;
   CREATE TABLE timer (
     key TEXT PRIMARY KEY,
     lane TEXT NOT NULL,
     event TEXT NOT NULL,
     body TEXT NOT NULL,
     at INTEGER NOT NULL
   ) STRICT;
   CREATE INDEX timer_due ON timer (at);`,
  // Rows of handled deliveries kept the room that their bodies had had: only their ids are kept, and closely.
  `CREATE TABLE handled (id TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
   CREATE INDEX handled_by_time ON handled (at);
   INSERT INTO handled SELECT id, handled_at FROM delivery WHERE handled_at IS NOT NULL;
   DELETE FROM delivery WHERE handled_at IS NOT NULL;
   DROP INDEX delivery_waiting;
   DROP INDEX delivery_handled;
   ALTER TABLE delivery DROP COLUMN handled_at;
   CREATE INDEX delivery_waiting ON delivery (lane, urgent DESC, sequence);`,
  "ALTER TABLE delivery ADD COLUMN trace TEXT",
];

/** The file in `DATA_DIR`. */
export const INBOX_FILE = "inbox.sqlite";

/**
 * Opens the inbox in a folder and brings its tables up to date. A commit is on the disk when it returns
 * (SQLite documentation, "PRAGMA synchronous": FULL in WAL mode).
 */
export function openDatabase(folder: string): DatabaseSync {
  const database = new DatabaseSync(join(folder, INBOX_FILE));
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000");
  migrate(database);
  return database;
}

/** Runs a step as a whole or not at all. */
export function inTransaction<T>(database: DatabaseSync, step: () => T): T {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = step();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

function migrate(database: DatabaseSync): void {
  inTransaction(database, () => {
    const version = Number(database.prepare("PRAGMA user_version").get()?.user_version);
    if (version > MIGRATIONS.length) throw new Error("the inbox was written by a newer Batchkeeper: run that one");
    for (const step of MIGRATIONS.slice(version)) database.exec(step);
    database.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
  });
}
