import { ALL, type DeadLetterBox, NoInbox } from "../dead-letter-box.ts";
import type { InboxLog } from "../inbox.ts";
import { Bells } from "./bells.ts";
import { Database, type DatabaseSettings, reasonOf } from "./database.ts";
import { migrate } from "./migrate.ts";
import { Shelf } from "./shelf.ts";

/** @throws {NoInbox} when the database cannot be reached or holds no inbox; {NewerInbox} when it is a later version's. */
export async function openInDatabase(
  settings: DatabaseSettings,
  now: () => number,
  log: InboxLog,
): Promise<DeadLetterBox> {
  const database = new Database(settings, () => {});
  const onError = (error: unknown) => log.error({ reason: reasonOf(error) }, "a statement failed");
  const bells = new Bells(database, { lanesAtOnce: 0, work: async () => {}, rest: async () => {}, onError, log });
  const shelf = new Shelf(database);
  const close = async () => {
    await bells.close(0);
    await database.close();
  };
  try {
    await expectInbox(database);
    await migrate(database);
    await bells.open();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    list: (lane) => shelf.deadLetters(lane, ALL),
    redrive: async (ids) => {
      const lanes = await shelf.redrive(ids, now());
      await bells.ring([...new Set(lanes)]);
      return lanes.length;
    },
    close,
  };
}

async function expectInbox(database: Database): Promise<void> {
  const [row] = await database
    .query<{ exists: boolean }>("SELECT to_regclass($1) IS NOT NULL AS exists", [`${database.schema}.inbox_version`])
    .catch((error) => {
      throw new NoInbox(`the database of DATABASE_URL cannot be reached: ${reasonOf(error)}`);
    });
  if (row?.exists !== true) {
    throw new NoInbox(`the database of DATABASE_URL holds no inbox in the schema ${database.schema} (DATABASE_SCHEMA)`);
  }
}
