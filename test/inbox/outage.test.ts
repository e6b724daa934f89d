import { afterEach, beforeEach, expect, test } from "vitest";
import type { InboxLog } from "../../src/inbox/inbox.ts";
import type { DatabaseSettings } from "../../src/inbox/pg-boss/database.ts";
import { PgBossInbox } from "../../src/inbox/pg-boss/pg-boss-inbox.ts";
import { turnableClock } from "../turnable-clock.ts";
import { allDone, delivery } from "./contract.ts";
import { Relay } from "./relay.ts";
import { describeOnDatabase, dropSchema, newSchema } from "./test-database.ts";

const SOON = { timeout: 15_000, interval: 20 };

describeOnDatabase("while the database is away, the distributed inbox", () => {
  let schema: DatabaseSettings;
  let relay: Relay;
  let inbox: PgBossInbox;
  let log: string[];

  beforeEach(async () => {
    schema = newSchema();
    relay = await new Relay(schema.url).reserve();
    log = [];
    const write = (details: object, message: string) => void log.push(`${message} ${JSON.stringify(details)}`);
    const recorder: InboxLog = { info: write, warn: write, error: write };
    inbox = new PgBossInbox({
      database: { url: relay.url, schema: schema.schema },
      clock: turnableClock(),
      log: recorder,
    });
  });

  afterEach(async () => {
    await inbox.close();
    relay.cut();
    await dropSchema(schema);
  });

  const isOpen = () => inbox.isOpen();

  /** How long it takes until a delivery is refused, in milliseconds. */
  const refusal = async (id: string): Promise<number> => {
    const begun = performance.now();
    await expect(inbox.accept([delivery(id)])).rejects.toMatchObject({ name: "InboxUnavailable" });
    return performance.now() - begun;
  };

  test("refuses at once, says why, and begins by itself when the database comes", async () => {
    const handled: string[] = [];
    const started = inbox.start(async (_lane, waiting) => {
      handled.push(...waiting.map(({ id }) => id));
      return allDone(waiting);
    });
    expect(isOpen()).toBe(false);
    expect(await refusal("a")).toBeLessThan(100);
    await expect.poll(() => log.join("\n"), SOON).toMatch(/cannot be reached yet .*ECONNREFUSED/);
    await relay.mend();
    await started;
    expect(isOpen()).toBe(true);
    await inbox.accept([delivery("b")]);
    await inbox.idle();
    expect(handled).toEqual(["b"]);
  });

  test("can be closed", async () => {
    const started = inbox.start(async (_lane, waiting) => allDone(waiting));
    await inbox.close();
    await expect(started).rejects.toMatchObject({ name: "InboxUnavailable" });
  });

  test("notices that it went, refuses at once, and goes on when it is back", async () => {
    const handled: string[] = [];
    await relay.mend();
    await inbox.start(async (_lane, waiting) => {
      handled.push(...waiting.map(({ id }) => id));
      return allDone(waiting);
    });
    await inbox.accept([delivery("a")]);
    await inbox.idle();
    relay.cut();
    await refusal("b");
    expect(isOpen()).toBe(false);
    expect(await refusal("c")).toBeLessThan(100);
    await relay.mend();
    await expect.poll(isOpen, SOON).toBe(true);
    await inbox.accept([delivery("d")]);
    await inbox.idle();
    expect(handled).toEqual(["a", "d"]);
  });

  test("refuses within a second although its connections only hang", async () => {
    await relay.mend();
    await inbox.start(async (_lane, waiting) => allDone(waiting));
    await inbox.accept([delivery("a")]);
    relay.swallow();
    expect(await refusal("b")).toBeLessThan(1000);
    expect(await refusal("c")).toBeLessThan(100);
    relay.recover();
    await expect.poll(isOpen, SOON).toBe(true);
    await inbox.accept([delivery("c")]);
    await inbox.idle();
    expect(await inbox.state()).toEqual({ waiting: 0, oldest: null, dead: 0 });
  });

  test("loses nothing that was in hand when it went", async () => {
    await relay.mend();
    let takes = 0;
    await inbox.start(async (_lane, waiting) => {
      takes += 1;
      if (takes === 1) relay.cut();
      return allDone(waiting);
    });
    await inbox.accept([delivery("a")]).catch(() => {});
    await expect.poll(() => takes, SOON).toBe(1);
    await relay.mend();
    // Its lane was leased when the database went: the lease has to end.
    await expect.poll(() => takes, { ...SOON, timeout: 18_000 }).toBe(2);
    await inbox.idle();
    expect(await inbox.state()).toEqual({ waiting: 0, oldest: null, dead: 0 });
  });
});
