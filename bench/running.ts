import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environmentFor } from "../demo/environment.ts";
import { SYSTEM_CLOCK } from "../src/clock.ts";
import { INTERVAL } from "../src/events/reconcile/period.ts";
import { sweepTimer } from "../src/events/reconcile/sweep.ts";
import { SqliteInbox } from "../src/inbox/sqlite/sqlite-inbox.ts";
import { WEBHOOK_PATH } from "../src/web/webhook.ts";
import type { LocalGitHub } from "../test/github/local-github.ts";
import { startBatchkeeperProcess } from "./batchkeeper-process.ts";

/** Starts a Batchkeeper that gets a GitHub's webhooks. */
export type Start = (github: LocalGitHub) => Promise<Running>;

interface Running extends AsyncDisposable {
  /** Resolves when nothing is in hand any more. */
  quiet(): Promise<void>;
}

/** A process of its own, as `npm start` runs it. */
export const newProcess: Start = async (github) => {
  const batchkeeper = await startBatchkeeperProcess({ ...environmentFor(github), DATA_DIR: await restedFolder() });
  github.webhookUrl = `${batchkeeper.url}${WEBHOOK_PATH}`;
  const quiet = async () => {
    await github.idle();
    await batchkeeper.quiet();
  };
  return { quiet, [Symbol.asyncDispose]: () => batchkeeper[Symbol.asyncDispose]() };
};

/** The inbox of a process that has just ended, so that the next one begins cold: it looks for what it missed later. */
export async function restedFolder(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "batchkeeper-bench-"));
  const inbox = new SqliteInbox({ folder, clock: SYSTEM_CLOCK, log: console });
  await inbox.schedule([sweepTimer(new Date().toISOString(), Date.now() + INTERVAL)]);
  await inbox.close();
  return folder;
}
