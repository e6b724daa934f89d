import { setTimeout as delay } from "node:timers/promises";
import { Pool } from "pg";
import { SYSTEM_CLOCK } from "../../src/clock.ts";
import { PgBossInbox } from "../../src/inbox/pg-boss/pg-boss-inbox.ts";
import { readTask } from "./replica-task.ts";

// One of several processes that share an inbox. It works on what it is handed for a while and writes down what it did. To
// prove that nobody else works on the same lane it holds a lock of the database's for it, which ends with its connection.
const { database, milliseconds } = readTask(process.env);
const observer = new Pool({ connectionString: database.url, max: 1, idleTimeoutMillis: 0 });
const mine = new Set<string>();

const log = { info: () => {}, warn: console.error, error: console.error };
const inbox = new PgBossInbox({ database, clock: SYSTEM_CLOCK, log });

process.once("SIGTERM", async () => {
  await inbox.close();
  process.exit(0);
});

await inbox.start(async (lane, waiting) => {
  const { rows } = await observer.query("SELECT pg_try_advisory_lock(hashtextextended($1, 1)) AS alone", [lane]);
  const alone = rows[0].alone && !mine.has(lane);
  mine.add(lane);
  const ids = waiting.map(({ id }) => id);
  const begun = [process.pid, lane, alone, ids];
  await observer.query(
    `INSERT INTO ${database.schema}.observed (pid, lane, alone, id, begun_at)
     SELECT $1, $2, $3, id, clock_timestamp() FROM unnest($4::text[]) AS given (id)`,
    begun,
  );
  await delay(milliseconds);
  await observer.query("SELECT pg_advisory_unlock(hashtextextended($1, 1))", [lane]);
  mine.delete(lane);
  return { done: ids, retry: [], later: [], dead: [], pauseUntil: null };
});
console.log("ready");
