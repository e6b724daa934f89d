import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { turnableClock } from "../turnable-clock.ts";
import { allDone, delivery } from "./contract.ts";
import { Replicas } from "./replicas.ts";
import { describeOnDatabase, dropSchema, newSchema, openPgBossInbox, sql } from "./test-database.ts";

const PATIENTLY = { timeout: 30_000, interval: 50 };
const LANES = Array.from({ length: 30 }, (_, n) => `acme/lane-${n}`);

describeOnDatabase("replicas of the distributed inbox", () => {
  test("lose nothing when one is killed, and no two are ever at work on a lane", { timeout: 60_000 }, async () => {
    await using replicas = await Replicas.prepare();
    const [victim] = await Promise.all([replicas.start(40), replicas.start(40)]);
    const killing = (async () => {
      const isAtWork = async () => (await replicas.observed()).some(({ pid }) => pid === victim.pid);
      await expect.poll(isAtWork, PATIENTLY).toBe(true);
      await delay(Math.random() * 600);
      victim.kill("SIGKILL");
    })();
    const accepted: string[] = [];
    for (let round = 0; round < 20; round += 1) {
      const deliveries = LANES.map((lane) => delivery(`${lane} ${round}`, { lane }));
      await replicas.inbox.accept(deliveries);
      accepted.push(...deliveries.map(({ id }) => id));
      await delay(60);
    }
    await killing;
    await expect.poll(() => replicas.inbox.state(), PATIENTLY).toMatchObject({ waiting: 0 });
    const observed = await replicas.observed();
    expect(new Set(observed.map(({ pid }) => pid)).size).toBe(2);
    expect(new Set(observed.map(({ id }) => id))).toEqual(new Set(accepted));
    expect(observed.filter(({ alone }) => !alone)).toEqual([]);
  });

  test("go on with the lane of a killed one when its lease is over", { timeout: 60_000 }, async () => {
    await using replicas = await Replicas.prepare();
    const victim = await replicas.start(60_000);
    await replicas.inbox.accept([delivery("a")]);
    await expect.poll(() => replicas.observed(), PATIENTLY).toHaveLength(1);
    const heir = await replicas.start(0);
    const killedAt = Date.now();
    victim.kill("SIGKILL");
    await expect.poll(() => replicas.observed(), PATIENTLY).toHaveLength(2);
    const [, again] = await replicas.observed();
    expect(again).toMatchObject({ pid: heir.pid, id: "a", alone: true });
    expect((again?.begunAt ?? 0) - killedAt).toBeLessThan(18_000);
  });

  test("go on with the lane of one that is told to stop at once", { timeout: 60_000 }, async () => {
    await using replicas = await Replicas.prepare();
    const stopped = await replicas.start(1000);
    await replicas.inbox.accept([delivery("in hand")]);
    await expect.poll(() => replicas.observed(), PATIENTLY).toHaveLength(1);
    const heir = await replicas.start(0);
    await replicas.inbox.accept([delivery("waits")]);
    stopped.kill("SIGTERM");
    const [code] = await once(stopped, "exit");
    const stoppedAt = Date.now();
    expect(code).toBe(0);
    await expect.poll(() => replicas.observed(), PATIENTLY).toHaveLength(2);
    const [, next] = await replicas.observed();
    expect(next).toMatchObject({ pid: heir.pid, id: "waits", alone: true });
    expect((next?.begunAt ?? 0) - stoppedAt).toBeLessThan(3000);
  });

  test("take over from one that is told to stop and cannot end what it has in hand", { timeout: 60_000 }, async () => {
    await using replicas = await Replicas.prepare();
    const stuck = await replicas.start(60_000);
    await replicas.inbox.accept([delivery("a")]);
    await expect.poll(() => replicas.observed(), PATIENTLY).toHaveLength(1);
    const heir = await replicas.start(0);
    const toldAt = Date.now();
    stuck.kill("SIGTERM");
    const [code] = await once(stuck, "exit");
    const stoppedAt = Date.now();
    expect(code).toBe(0);
    expect(stoppedAt - toldAt).toBeLessThan(9000);
    await expect.poll(() => replicas.observed(), PATIENTLY).toHaveLength(2);
    const [, again] = await replicas.observed();
    expect(again).toMatchObject({ pid: heir.pid, id: "a", alone: true });
    expect((again?.begunAt ?? 0) - stoppedAt).toBeLessThan(5000);
  });

  test("fire a timer once, although all of them see that it is due", async () => {
    const database = newSchema();
    const clock = turnableClock();
    const inboxes = await Promise.all(Array.from({ length: 3 }, () => openPgBossInbox(database, clock)));
    const fired: string[] = [];
    for (const inbox of inboxes) {
      await inbox.start(async (_lane, waiting) => {
        fired.push(...waiting.map(({ body }) => body));
        return allDone(waiting);
      });
    }
    const keys = Array.from({ length: 40 }, (_, n) => `timer ${n}`);
    const at = clock.now() + 60_000;
    for (const inbox of inboxes) {
      await inbox.schedule(keys.map((key) => ({ key, lane: key, event: "timer.test", body: key, at })));
    }
    clock.turn(61_000);
    await expect.poll(() => fired.length, PATIENTLY).toBe(keys.length);
    await Promise.all(inboxes.map((inbox) => inbox.idle()));
    expect(fired.toSorted()).toEqual(keys.toSorted());
    await Promise.all(inboxes.map((inbox) => inbox.close()));
    await dropSchema(database);
  });

  test("that start at once on an empty database make the tables once", async () => {
    const database = newSchema();
    const clock = turnableClock();
    const inboxes = await Promise.all(Array.from({ length: 4 }, () => openPgBossInbox(database, clock)));
    const versions = await sql(database.url, `SELECT version FROM ${database.schema}.inbox_version`);
    expect(versions).toEqual([{ version: 1 }]);
    await Promise.all(inboxes.map((inbox) => inbox.close()));
    await dropSchema(database);
  });
});
