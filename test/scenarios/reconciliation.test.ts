import { setTimeout as delay } from "node:timers/promises";
import { describe, expect } from "vitest";
import { INTERVAL } from "../../src/events/reconcile/period.ts";
import { CONTROL_FILE, REPOSITORY, test, type World } from "./world.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Webhooks are lost without a trace while something happens, and not before or after. */
async function unheard<T>(world: World, happen: () => Promise<T>): Promise<T> {
  world.github.onDelivery(() => "drop");
  const result = await happen();
  world.github.onDelivery(() => "send");
  return result;
}

/** Long enough for one look, and for comments to be no longer on their way. */
async function look(world: World): Promise<void> {
  await world.pass(INTERVAL + SECOND);
}

describe("what never came by webhook is found:", () => {
  test("a run is counted, once", async ({ world }) => {
    await unheard(world, () => world.run({ homebrew: "failure" }));
    expect(world.control().batchkeeper).toBeUndefined();
    await look(world);
    await look(world);
    expect(world.control().circuit_breaker.homebrew?.failures).toBe(1);
    expect(world.controlCommits()).toHaveLength(2);
  });

  test("a run whose event comes after all is not counted again", async ({ world }) => {
    world.github.onDelivery(() => "hold");
    await world.run({ homebrew: "failure" });
    await look(world);
    world.github.release();
    await world.quiet();
    expect(world.control().circuit_breaker.homebrew?.failures).toBe(1);
    expect(world.controlCommits()).toHaveLength(2);
  });

  test("an attempt of a run that was run again since is counted too", async ({ world }) => {
    const run = await unheard(world, async () => {
      const id = await world.run({ homebrew: "success", npm: "failure" });
      world.github.rerun(id);
      const jobs = [{ name: "generate (npm, linux)", conclusion: "success", seconds: 0 }];
      world.github.completeRun(id, { conclusion: "success", jobs });
      return id;
    });
    await look(world);
    expect(world.control().batchkeeper?.seen.runs).toEqual([`${run}.1`, `${run}.2`]);
    expect(Object.keys(world.control().circuit_breaker)).toEqual(["homebrew", "infrastructure", "npm"]);
    const mark = world.github.log.length;
    await look(world);
    expect(world.github.calls(mark).filter(({ path }) => path.includes("/attempts/"))).toEqual([]);
  });

  test("runs of other workflows and branches are not counted here either", async ({ world }) => {
    world.github.addWorkflow(REPOSITORY, ".github/workflows/lint.yml", "Lint");
    world.github.createBranch(REPOSITORY, "feature");
    await unheard(world, async () => {
      await world.run({ homebrew: "failure" }, { workflow: "lint.yml" });
      await world.run({ homebrew: "failure" }, { branch: "feature" });
    });
    await look(world);
    expect(world.control().circuit_breaker).toEqual({});
  });

  test("a command is carried out and answered, once", async ({ world }) => {
    const comment = await unheard(world, () => world.comment("olga", "/batch stop homebrew"));
    await look(world);
    await look(world);
    expect(world.held()).toEqual(["homebrew"]);
    expect(world.replies()).toHaveLength(1);
    expect(world.reactions(comment)).toEqual(["eyes", "rocket"]);
  });

  test("a command that an edit brought into a comment runs nothing, and that is said, once", async ({ world }) => {
    const comment = await world.comment("olga", "Should we stop?");
    await delay(5);
    await unheard(world, () =>
      world.github.editCommentAs("olga", REPOSITORY, comment, "Should we stop?\n\n/batch stop homebrew"),
    );
    await look(world);
    await look(world);
    expect(world.held()).toEqual([]);
    expect(world.replies()).toEqual([expect.stringContaining("An edit runs nothing")]);
    expect(world.reactions(comment)).toEqual([]);
  });

  test("a command that was edited before it was heard is not run, and its author told to post it anew", async ({
    world,
  }) => {
    await unheard(world, async () => {
      const comment = await world.comment("olga", "/batch stop homebru");
      await delay(5);
      await world.github.editCommentAs("olga", REPOSITORY, comment, "/batch stop homebrew");
    });
    await look(world);
    expect(world.held()).toEqual([]);
    expect(world.replies()).toEqual([expect.stringContaining("Post it as a new comment")]);
  });

  test("a command that was answered and then reworded is not answered again", async ({ world }) => {
    const comment = await world.comment("olga", "/batch stop homebrew");
    await delay(5);
    await unheard(world, () => world.github.editCommentAs("olga", REPOSITORY, comment, "/batch stop homebrew now"));
    await look(world);
    expect(world.replies()).toHaveLength(1);
  });

  test("a command that was just written is left to its webhook, and found the next time", async ({ world }) => {
    await unheard(world, () => world.comment("olga", "/batch stop homebrew"));
    // A new inbox looks at once.
    await world.startApp({ forget: true });
    expect(world.held()).toEqual([]);
    await look(world);
    expect(world.held()).toEqual(["homebrew"]);
  });

  test("a stop by hand becomes a hold", async ({ world }) => {
    await unheard(world, () => world.editControl("olga", { disabled_ecosystems: ["npm"] }));
    await look(world);
    expect(world.held()).toEqual(["npm"]);
  });

  test("what GitHub could not deliver, it is asked to deliver again", async ({ world }) => {
    const url = world.github.webhookUrl;
    world.github.webhookUrl = "http://127.0.0.1:9/nobody";
    const comment = await world.comment("olga", "/batch stop homebrew");
    world.github.webhookUrl = url;
    await look(world);
    expect(world.held()).toEqual(["homebrew"]);
    const attempts = world.github.deliveries.filter(({ guid }) => guid === world.deliveryOf(comment).guid);
    expect(attempts.map(({ redelivery, status }) => ({ redelivery, ok: status === "OK" }))).toEqual([
      { redelivery: false, ok: false },
      { redelivery: true, ok: true },
    ]);
  });
});

describe("a look", () => {
  test("in quiet times costs no call that counts against the limit", async ({ world }) => {
    await world.run({ homebrew: "success" });
    await look(world);
    const mark = world.github.log.length;
    await look(world);
    const calls = world.github.calls(mark).filter(({ path }) => path.startsWith(`/repos/${REPOSITORY}`));
    expect(calls).toHaveLength(6);
    expect(new Set(calls.map(({ status }) => status))).toEqual(new Set([304]));
  });

  test("is taken again after one that failed", async ({ world }) => {
    await unheard(world, () => world.run({ homebrew: "failure" }));
    const fault = world.github.fault({ path: /\/actions\/runs\?/, status: 418 });
    await look(world);
    fault.remove();
    await look(world);
    expect(world.control().circuit_breaker.homebrew?.failures).toBe(1);
  });

  test("with an inbox that was lost counts, runs and answers nothing twice", async ({ world }) => {
    await world.run({ homebrew: "failure" });
    await world.comment("olga", "/batch stop homebrew");
    await world.comment("olga", "/batch resume homebrew");
    const before = world.controlText();
    await world.startApp({ forget: true });
    await look(world);
    expect(world.controlText()).toBe(before);
    expect(world.replies()).toHaveLength(2);
    expect(world.pulls()).toHaveLength(2);
  });

  test("with an inbox that was lost sets the timer of a breaker again", async ({ world }) => {
    for (let run = 0; run < 4; run += 1) await world.run({ homebrew: "failure" });
    expect(world.control().circuit_breaker.homebrew?.state).toBe("open");
    await world.startApp({ forget: true });
    await world.pass(61 * MINUTE);
    expect(world.control().circuit_breaker.homebrew?.state).toBe("half-open");
  });

  test("after the app was away makes up for what happened meanwhile", async ({ world }) => {
    const url = world.github.webhookUrl;
    world.github.webhookUrl = "http://127.0.0.1:9/nobody";
    await world.run({ homebrew: "failure" });
    await world.comment("olga", "/batch stop npm");
    await world.editControl("paul", { disabled_ecosystems: ["pypi"] });
    world.clock.turn(20 * MINUTE);
    world.github.webhookUrl = url;
    await world.startApp({ forget: false });
    await look(world);
    expect([...world.held()].sort()).toEqual(["npm", "pypi"]);
    expect(world.control().circuit_breaker.homebrew?.failures).toBe(1);
    expect(world.replies()).toHaveLength(1);
  });
});

describe("an installation", () => {
  test("that was suspended is caught up with when that ends", async ({ world }) => {
    await world.run({ homebrew: "failure" });
    world.github.suspend();
    await unheard(world, () => world.run({ homebrew: "failure" }));
    await look(world);
    world.github.suspend(false);
    await world.webhook.deliver("installation", { action: "unsuspend", installation: { id: world.installation() } });
    await world.quiet();
    expect(world.control().circuit_breaker.homebrew?.failures).toBe(2);
  });

  test("that is suspended has its events dropped, with a line that says why", async ({ world }) => {
    const delivery = world.deliveryOf(await unheard(world, () => world.comment("olga", "/batch stop")));
    world.github.suspend();
    await world.redeliver(delivery);
    expect(world.log.join("")).toContain("This installation has been suspended");
    expect(await world.metric("batchkeeper_inbox_dead_letters")).toBe(0);
    expect(await world.metric("batchkeeper_inbox_waiting")).toBe(0);
  });
});

test("a repository that was archived has its events dropped, and is not looked at any more", async ({ world }) => {
  world.github.archive(REPOSITORY);
  await world.run({ homebrew: "failure" });
  expect(world.log.join("")).toContain("archived");
  expect(await world.metric("batchkeeper_inbox_waiting")).toBe(0);
  expect(world.github.fileAt(REPOSITORY, CONTROL_FILE)).not.toContain("homebrew");
});

test("what ended while the control file could not be read is counted once it is mended", async ({ world }) => {
  const text = world.controlText() ?? "";
  await world.push("olga", { [CONTROL_FILE]: "{" });
  const running = world.run({ homebrew: "failure" });
  await expect.poll(() => world.log.join(""), { timeout: 10_000 }).toContain("cannot be read");
  world.github.pushAs("olga", REPOSITORY, "main", { [CONTROL_FILE]: text }, "mended");
  await running;
  await world.quiet();
  expect(world.control().circuit_breaker.homebrew?.failures).toBe(1);
  expect(world.openIncidents()).toEqual([]);
});
