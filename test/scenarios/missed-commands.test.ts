import { describe, expect } from "vitest";
import { INTERVAL } from "../../src/events/reconcile/period.ts";
import { REPOSITORY, test, type World } from "./world.ts";

const MINUTE = 60_000;

/** A comment whose webhook is lost, found again after so many minutes. */
async function missed(world: World, body: string, minutes: number): Promise<number> {
  world.github.onDelivery(() => "drop");
  const comment = await world.github.commentAs("olga", REPOSITORY, 1, body);
  world.github.onDelivery(() => "send");
  world.clock.turn(minutes * MINUTE);
  await world.startApp({ forget: true });
  return comment;
}

describe("a command that was missed and is found an hour later:", () => {
  test("a stop is run", async ({ world }) => {
    await missed(world, "/batch stop homebrew", 60);
    expect(world.held()).toEqual(["homebrew"]);
    expect(world.replies()).toEqual([expect.stringContaining("**Stopped: homebrew.**")]);
  });

  test("a reading command is answered", async ({ world }) => {
    await missed(world, "/batch status", 60);
    expect(world.replies()).toEqual([expect.stringContaining("Nothing is stopped")]);
  });

  test.for(["/batch resume homebrew", "/batch rollback 2026-01-28-001"])(
    "%s is not run: whoever wrote it is told when it was missed, and how to go on",
    async (command, { world }) => {
      await world.comment("olga", "/batch stop homebrew");
      const before = world.controlText();
      const comment = await missed(world, command, 60);
      expect(world.controlText()).toBe(before);
      expect(world.replies().at(-1)).toMatch(
        /I missed this at \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ.* Repeat it to run it now/,
      );
      expect(world.reactions(comment)).toEqual(["confused"]);
    },
  );

  test("one of several lines is run, the other is not", async ({ world }) => {
    await world.comment("olga", "/batch stop npm");
    await missed(world, "/batch resume npm\n/batch stop homebrew", 60);
    expect(world.held()).toEqual(["npm", "homebrew"]);
    expect(world.replies().at(-1)).toMatch(/Not run[\s\S]*Stopped: homebrew/);
  });

  test("is told so once, however often it is looked at", async ({ world }) => {
    await missed(world, "/batch resume", 60);
    await world.pass(INTERVAL + 1000);
    await world.startApp({ forget: true });
    expect(world.replies()).toHaveLength(1);
  });

  test("stays missed when the answer fails at first", async ({ world }) => {
    await world.comment("olga", "/batch stop npm");
    world.github.fault({ method: "POST", path: /\/issues\/1\/comments$/, status: 502, times: 4 });
    await missed(world, "/batch resume npm", 60);
    expect(world.held()).toEqual(["npm"]);
    expect(world.replies().at(-1)).toContain("I missed this");
  });

  test("is refused to a person without permission as ever", async ({ world }) => {
    world.github.onDelivery(() => "drop");
    await world.github.commentAs("rita", REPOSITORY, 1, "/batch resume");
    world.github.onDelivery(() => "send");
    await world.pass(60 * MINUTE);
    expect(world.replies().at(-1)).toContain("needs write");
  });
});

test("a resume that is found within ten minutes is run", async ({ world }) => {
  await world.comment("olga", "/batch stop homebrew");
  await missed(world, "/batch resume homebrew", 6);
  expect(world.held()).toEqual([]);
});

test("a resume that came in time is run, however long GitHub was in trouble", async ({ world }) => {
  await world.comment("olga", "/batch stop homebrew");
  const fault = world.github.fault({ path: /./, status: 502 });
  await world.github.commentAs("olga", REPOSITORY, 1, "/batch resume homebrew");
  await world.github.idle();
  world.clock.turn(60 * MINUTE);
  fault.remove();
  await world.quiet();
  expect(world.held()).toEqual([]);
});

test("a resume that was begun in time is finished, although the inbox was lost", async ({ world }) => {
  await world.comment("olga", "/batch stop homebrew");
  const fault = world.github.fault({ method: "POST", path: /\/issues\/1\/comments$/, status: 502 });
  const comment = await world.github.commentAs("olga", REPOSITORY, 1, "/batch resume homebrew");
  await expect.poll(() => world.reactions(comment), { timeout: 10_000 }).toContain("eyes");
  await expect.poll(() => fault.hits, { timeout: 10_000 }).toBeGreaterThan(2);
  world.clock.turn(60 * MINUTE);
  fault.remove();
  await world.startApp({ forget: true });
  expect(world.replies().at(-1)).not.toContain("I missed this");
});

test("a command whose mark could not be set, and whose webhook comes after it was found, is answered once", async ({
  world,
}) => {
  const fault = world.github.fault({ method: "POST", path: /\/reactions$/, status: 500 });
  const comment = await missed(world, "/batch status", 6);
  fault.remove();
  const said = world.replies().length;
  await world.redeliver(world.deliveryOf(comment));
  expect(world.replies()).toHaveLength(said);
});
