import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import { SqliteInbox } from "../../src/inbox/sqlite/sqlite-inbox.ts";
import { turnableClock } from "../turnable-clock.ts";
import { allDone, delivery, itKeepsThePromisesOfAnInbox, type Place } from "./contract.ts";

const SILENT = { error: () => {} };

async function folderPlace(): Promise<Place & { readonly folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), "batchkeeper-inbox-"));
  return {
    folder,
    open: async (clock) => new SqliteInbox({ folder, clock, log: SILENT }),
    remove: async () => rmSync(folder, { recursive: true }),
  };
}

describe("the embedded inbox", () => {
  itKeepsThePromisesOfAnInbox(folderPlace);

  test("a folder that another process uses is refused, and free again when that one ends", async () => {
    const place = await folderPlace();
    const clock = turnableClock();
    const first = await place.open(clock);
    await expect(place.open(clock)).rejects.toThrow(`DATA_DIR ${place.folder} is in use by another Batchkeeper`);
    await first.close();
    const second = await place.open(clock);
    await second.close();
    await place.remove();
  });

  test("webhooks that arrive together share one commit", async () => {
    const place = await folderPlace();
    const inbox = await place.open(turnableClock());
    const watch = new DatabaseSync(join(place.folder, "inbox.sqlite"));
    const frames = () => Number(watch.prepare("PRAGMA wal_checkpoint(PASSIVE)").get()?.log);
    const before = frames();
    await Promise.all(Array.from({ length: 50 }, (_, n) => inbox.accept([delivery(`d${n}`)])));
    const together = frames() - before;
    for (let n = 0; n < 10; n += 1) await inbox.accept([delivery(`one by one ${n}`)]);
    expect(frames() - before - together).toBeGreaterThan(together);
    watch.close();
    await inbox.close();
    await place.remove();
  });

  test("what was handled leaves nothing but its id, and that for seven days", async () => {
    const place = await folderPlace();
    const clock = turnableClock();
    const inbox = await place.open(clock);
    await inbox.start(async (_lane, waiting) => allDone(waiting));
    await inbox.accept([delivery("a")]);
    await inbox.idle();
    const watch = new DatabaseSync(join(place.folder, "inbox.sqlite"));
    const rows = () => watch.prepare("SELECT id, body FROM delivery").all();
    expect(rows()).toEqual([{ id: "a", body: null }]);
    clock.turn(8 * 24 * 3_600_000);
    await inbox.schedule([{ key: "t", lane: "", event: "timer.test", body: "{}", at: clock.now() + 1000 }]);
    clock.turn(2000);
    await inbox.idle();
    expect(rows().map(({ id }) => id)).not.toContain("a");
    watch.close();
    await inbox.close();
    await place.remove();
  });

  test("a dead letter that another program puts back is handled", async () => {
    const place = await folderPlace();
    const clock = turnableClock();
    const inbox = await place.open(clock);
    let isMended = false;
    await inbox.start(async (_lane, waiting) =>
      isMended ? allDone(waiting) : allDone([], { dead: waiting.map(({ id }) => ({ id, reason: "no!" })) }),
    );
    await inbox.accept([delivery("a")]);
    await inbox.idle();
    isMended = true;
    const other = new DatabaseSync(join(place.folder, "inbox.sqlite"));
    other.exec("UPDATE delivery SET handled_at = NULL, body = '{}'; DELETE FROM dead_letter");
    other.close();
    await expect.poll(async () => inbox.state(), { timeout: 5000 }).toEqual({ waiting: 0, oldest: null, dead: 0 });
    await inbox.close();
    await place.remove();
  });

  test("an inbox written by a newer version is left alone", async () => {
    const place = await folderPlace();
    const clock = turnableClock();
    await (await place.open(clock)).close();
    const newer = new DatabaseSync(join(place.folder, "inbox.sqlite"));
    newer.exec("PRAGMA user_version = 99");
    newer.close();
    await expect(place.open(clock)).rejects.toThrow("written by a newer Batchkeeper");
    await place.remove();
  });
});
