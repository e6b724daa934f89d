import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { turnableClock } from "../turnable-clock.ts";
import { allDone, delivery } from "./contract.ts";
import { type Observed, Replicas } from "./replicas.ts";
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
    const { holder, heir } = await holderAndHeir(replicas, 60_000);
    const killedAt = Date.now();
    holder.kill("SIGKILL");
    const next = await secondTake(replicas);
    expect(next).toMatchObject({ pid: heir.pid, id: "in hand", alone: true });
    expect(next.begunAt - killedAt).toBeLessThan(18_000);
  });

  test("go on with the lane of one that is told to stop at once", { timeout: 60_000 }, async () => {
    await using replicas = await Replicas.prepare();
    const { holder, heir } = await holderAndHeir(replicas, 5000);
    await replicas.inbox.accept([delivery("waits")]);
    const { stoppedAt } = await stop(holder);
    const next = await secondTake(replicas);
    expect(next).toMatchObject({ pid: heir.pid, id: "waits", alone: true });
    expect(next.begunAt - stoppedAt).toBeLessThan(3000);
  });

  test("take over from one that is told to stop and cannot end what it has in hand", { timeout: 60_000 }, async () => {
    await using replicas = await Replicas.prepare();
    const { holder, heir } = await holderAndHeir(replicas, 60_000);
    const { toldAt, stoppedAt } = await stop(holder);
    expect(stoppedAt - toldAt).toBeLessThan(9000);
    const next = await secondTake(replicas);
    expect(next).toMatchObject({ pid: heir.pid, id: "in hand", alone: true });
    expect(next.begunAt).toBeGreaterThan(stoppedAt);
    expect(next.begunAt - stoppedAt).toBeLessThan(5000);
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
    expect(versions).toHaveLength(1);
    await Promise.all(inboxes.map((inbox) => inbox.close()));
    await dropSchema(database);
  });
});

/** A replica that has something in hand for so long, and another one that would do it at once. */
async function holderAndHeir(replicas: Replicas, milliseconds: number) {
  const holder = await replicas.start(milliseconds);
  await replicas.inbox.accept([delivery("in hand")]);
  await expect.poll(() => replicas.observed(), PATIENTLY).toHaveLength(1);
  return { holder, heir: await replicas.start(0) };
}

async function stop(replica: ChildProcess) {
  const toldAt = Date.now();
  replica.kill("SIGTERM");
  const [code] = await once(replica, "exit");
  expect(code).toBe(0);
  return { toldAt, stoppedAt: Date.now() };
}

async function secondTake(replicas: Replicas): Promise<Observed> {
  await expect.poll(() => replicas.observed(), PATIENTLY).toHaveLength(2);
  const [, second] = await replicas.observed();
  if (second === undefined) throw new Error("there was no second take");
  return second;
}
