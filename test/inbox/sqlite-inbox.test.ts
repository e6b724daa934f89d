import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import { openDeadLetterBox } from "../../src/inbox/dead-letter-box.ts";
import { InboxUnavailable } from "../../src/inbox/inbox.ts";
import { SqliteInbox } from "../../src/inbox/sqlite/sqlite-inbox.ts";
import { turnableClock } from "../turnable-clock.ts";
import { allDone, delivery, itKeepsThePromisesOfAnInbox, type Place } from "./contract.ts";

const SILENT = { error: () => {}, warn: () => {}, info: () => {} };

/** The tables as the first version made them. */
const FIRST_VERSION = `
  CREATE TABLE delivery (
    sequence INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, event TEXT NOT NULL, lane TEXT NOT NULL, body TEXT,
    urgent INTEGER NOT NULL, accepted_at INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
    not_before INTEGER NOT NULL DEFAULT 0, handled_at INTEGER
  ) STRICT;
  CREATE INDEX delivery_waiting ON delivery (lane, urgent DESC, sequence) WHERE handled_at IS NULL;
  CREATE INDEX delivery_handled ON delivery (handled_at) WHERE handled_at IS NOT NULL;
  CREATE TABLE dead_letter (
    id TEXT PRIMARY KEY, event TEXT NOT NULL, lane TEXT NOT NULL, body TEXT NOT NULL, urgent INTEGER NOT NULL,
    reason TEXT NOT NULL, attempts INTEGER NOT NULL, at INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE pause (lane TEXT PRIMARY KEY, until INTEGER NOT NULL) STRICT;
  CREATE TABLE timer (
    key TEXT PRIMARY KEY, lane TEXT NOT NULL, event TEXT NOT NULL, body TEXT NOT NULL, at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX timer_due ON timer (at);
  PRAGMA user_version = 1`;

async function folderPlace(): Promise<Place & { readonly folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), "batchkeeper-inbox-"));
  return {
    folder,
    open: async (clock) => new SqliteInbox({ folder, clock, log: SILENT }),
    remove: async () => rmSync(folder, { recursive: true }),
  };
}

/** Nothing can be stored, as on a full disk, until what is returned is called. */
function fillDisk(folder: string): () => void {
  const database = new DatabaseSync(join(folder, "inbox.sqlite"));
  const tables = ["delivery", "timer", "pause"];
  for (const table of tables) {
    database.exec(`CREATE TRIGGER no_room_in_${table} BEFORE INSERT ON ${table}
      BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END`);
  }
  return () => {
    for (const table of tables) database.exec(`DROP TRIGGER no_room_in_${table}`);
    database.close();
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
    const ids = () => watch.prepare("SELECT id FROM handled").all();
    expect(ids()).toEqual([{ id: "a" }]);
    expect(watch.prepare("SELECT * FROM delivery").all()).toEqual([]);
    clock.turn(8 * 24 * 3_600_000);
    await inbox.schedule([{ key: "t", lane: "", event: "timer.test", body: "{}", at: clock.now() + 1000 }]);
    clock.turn(2000);
    await inbox.idle();
    expect(ids().map(({ id }) => id)).not.toContain("a");
    watch.close();
    await inbox.close();
    await place.remove();
  });

  test("the room of what was handled is used again: ids alone add up", async () => {
    const place = await folderPlace();
    const inbox = await place.open(turnableClock());
    await inbox.start(async (_lane, waiting) => allDone(waiting));
    const body = JSON.stringify({ payload: "x".repeat(9700) });
    const EVENTS = 3000;
    for (let n = 0; n < EVENTS; n += 30) {
      await inbox.accept(Array.from({ length: 30 }, (_, index) => delivery(`${randomUUID()}-${n + index}`, { body })));
      await inbox.idle();
    }
    await inbox.close();
    expect(statSync(join(place.folder, "inbox.sqlite")).size).toBeLessThan(1_000_000 + EVENTS * 200);
    await place.remove();
  });

  test("an inbox of the first version is brought up to date with what waited and what was handled", async () => {
    const place = await folderPlace();
    const old = new DatabaseSync(join(place.folder, "inbox.sqlite"));
    old.exec(FIRST_VERSION);
    old.exec(`INSERT INTO delivery VALUES (1, 'handled', 'push', 'l', NULL, 0, 1, 0, 0, ${Date.now()});
              INSERT INTO delivery VALUES (2, 'waiting', 'push', 'l', '{}', 0, 1, 0, 0, NULL)`);
    old.close();
    const inbox = await place.open(turnableClock());
    const seen: string[] = [];
    await inbox.start(async (_lane, waiting) => {
      seen.push(...waiting.map(({ id }) => id));
      return allDone(waiting);
    });
    await inbox.accept([delivery("handled"), delivery("new")]);
    await inbox.idle();
    expect(seen.toSorted()).toEqual(["new", "waiting"]);
    await inbox.close();
    await place.remove();
  });

  test("what cannot be written is refused, and is taken again once it can be", async () => {
    const place = await folderPlace();
    const inbox = await place.open(turnableClock());
    await inbox.start(async (_lane, waiting) => allDone(waiting));
    const mend = fillDisk(place.folder);
    await expect(inbox.accept([delivery("a")])).rejects.toThrow(InboxUnavailable);
    expect(inbox.isOpen()).toBe(false);
    mend();
    await expect.poll(() => inbox.isOpen(), { timeout: 5000 }).toBe(true);
    await inbox.accept([delivery("a")]);
    await inbox.close();
    await place.remove();
  });

  test("a timer that is due while nothing can be written fires once it can be", async () => {
    const place = await folderPlace();
    const clock = turnableClock();
    const inbox = await place.open(clock);
    const fired: string[] = [];
    await inbox.start(async (_lane, waiting) => {
      fired.push(...waiting.map(({ event }) => event));
      return allDone(waiting);
    });
    await inbox.schedule([{ key: "t", lane: "", event: "timer.test", body: "{}", at: clock.now() + 60_000 }]);
    const mend = fillDisk(place.folder);
    clock.turn(60_000);
    expect(inbox.isOpen()).toBe(false);
    mend();
    await expect.poll(() => fired, { timeout: 5000 }).toEqual(["timer.test"]);
    await inbox.close();
    await place.remove();
  });

  test("an alarm is set once for a moment: set anew with all that is handled, it might never ring", async () => {
    const place = await folderPlace();
    const clock = turnableClock();
    const alarms: number[] = [];
    const alarm: typeof clock.alarm = (at, ring) => {
      alarms.push(at);
      return clock.alarm(at, ring);
    };
    const inbox = await place.open({ ...clock, alarm });
    await inbox.start(async (_lane, waiting) => allDone(waiting));
    const at = clock.now() + 60_000;
    await inbox.schedule([{ key: "t", lane: "timers", event: "timer.test", body: "{}", at }]);
    for (let n = 0; n < 10; n += 1) {
      await inbox.accept([delivery(`d${n}`)]);
      await inbox.idle();
    }
    expect(alarms).toEqual([at]);
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
    const other = await openDeadLetterBox({ dataFolder: place.folder, database: null }, clock.now, SILENT);
    expect(await other.redrive("all")).toBe(1);
    await other.close();
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
