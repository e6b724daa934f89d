import { expect, test } from "vitest";
import { PgBossInbox } from "../../src/inbox/pg-boss/pg-boss-inbox.ts";
import { turnableClock } from "../turnable-clock.ts";
import { allDone, delivery, itKeepsThePromisesOfAnInbox, type Place } from "./contract.ts";
import { describeOnDatabase, dropSchema, newSchema, openPgBossInbox, SILENT, sql } from "./test-database.ts";

const DAY = 24 * 3_600_000;

async function schemaPlace(): Promise<Place> {
  const database = newSchema();
  return { open: (clock) => openPgBossInbox(database, clock), remove: () => dropSchema(database) };
}

describeOnDatabase("the distributed inbox", () => {
  itKeepsThePromisesOfAnInbox(schemaPlace);

  test("what was handled leaves nothing but its id, and that for seven days", async () => {
    const database = newSchema();
    const clock = turnableClock();
    const inbox = await openPgBossInbox(database, clock);
    await inbox.start(async (_lane, waiting) => allDone(waiting));
    await inbox.accept([delivery("a")]);
    await inbox.idle();
    const rows = () =>
      sql<{ id: string; body: string | null }>(database.url, `SELECT id, body FROM ${database.schema}.delivery`);
    expect(await rows()).toEqual([{ id: "a", body: null }]);
    clock.turn(8 * DAY);
    await inbox.schedule([{ key: "t", lane: "", event: "timer.test", body: "{}", at: clock.now() + 1000 }]);
    clock.turn(2000);
    await inbox.idle();
    expect((await rows()).map(({ id }) => id)).not.toContain("a");
    await inbox.close();
    await dropSchema(database);
  });

  test("dead letters are kept for ninety days", async () => {
    const database = newSchema();
    const clock = turnableClock();
    const inbox = await openPgBossInbox(database, clock);
    await inbox.start(async (_lane, waiting) =>
      allDone(
        waiting.filter(({ id }) => id !== "a"),
        {
          dead: waiting.filter(({ id }) => id === "a").map(({ id }) => ({ id, reason: "no!" })),
        },
      ),
    );
    await inbox.accept([delivery("a")]);
    await inbox.idle();
    const pass = async (days: number) => {
      await inbox.schedule([{ key: "t", lane: "", event: "timer.test", body: "{}", at: clock.now() + 1000 }]);
      clock.turn(days * DAY);
      await inbox.idle();
      return (await inbox.state()).dead;
    };
    expect(await pass(89)).toBe(1);
    expect(await pass(2)).toBe(0);
    await inbox.close();
    await dropSchema(database);
  });

  test("a character that PostgreSQL cannot keep holds nothing up", async () => {
    const database = newSchema();
    const inbox = await openPgBossInbox(database, turnableClock());
    await inbox.start(async (_lane, waiting) =>
      allDone([], { dead: waiting.map(({ id }) => ({ id, reason: "what\0ever" })) }),
    );
    await inbox.accept([delivery("a", { lane: "acme/\0" })]);
    await inbox.idle();
    expect(await inbox.deadLetters({ most: 1 })).toMatchObject([
      { id: "a", lane: "acme/\uFFFD", reason: "what\uFFFDever" },
    ]);
    await inbox.close();
    await dropSchema(database);
  });

  test("a user who owns the schema and may make none is enough", async () => {
    const { url, schema } = newSchema();
    await sql(url, `CREATE ROLE ${schema} LOGIN PASSWORD 'sesame'`);
    await sql(url, `CREATE SCHEMA ${schema} AUTHORIZATION ${schema}`);
    const asOwner = new URL(url);
    [asOwner.username, asOwner.password] = [schema, "sesame"];
    const inbox = await openPgBossInbox({ url: asOwner.href, schema }, turnableClock());
    await inbox.start(async (_lane, waiting) => allDone(waiting));
    await inbox.accept([delivery("a")]);
    await inbox.idle();
    expect(await inbox.state()).toMatchObject({ waiting: 0, dead: 0 });
    await inbox.close();
    await sql(url, `DROP SCHEMA ${schema} CASCADE; DROP ROLE ${schema}`);
  });

  test("an inbox written by a newer version is left alone", async () => {
    const database = newSchema();
    const clock = turnableClock();
    await (await openPgBossInbox(database, clock)).close();
    await sql(database.url, `UPDATE ${database.schema}.inbox_version SET version = 99`);
    const inbox = new PgBossInbox({ database, clock, log: SILENT });
    await expect(inbox.start(async (_lane, waiting) => allDone(waiting))).rejects.toThrow(
      "written by a newer Batchkeeper",
    );
    expect(inbox.isOpen()).toBe(false);
    await inbox.close();
    await dropSchema(database);
  });
});
