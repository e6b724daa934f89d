import { describe, expect } from "vitest";
import { REPOSITORY, test, testIn, type World } from "./world.ts";

const MINUTE = 60_000;
const MANY = 30;

/** So many runs end at once; the first one's jobs can be told by its id. */
async function burst(world: World, then: () => Promise<void> = async () => {}): Promise<readonly number[]> {
  world.github.onDelivery(() => "hold");
  const ids: number[] = [];
  for (let run = 0; run < MANY; run += 1) {
    ids.push(await world.run({ homebrew: "success", npm: "success" }, { endedAt: Date.now() - (MANY - run) * MINUTE }));
  }
  await then();
  world.github.onDelivery(() => "send");
  world.github.release();
  return ids;
}

describe("a burst of runs", () => {
  testIn({ tempo: { shortest: 300, longest: 2000 } })(
    "is read once, decided on once and written once, but for what comes first",
    async ({ world }) => {
      const mark = world.github.log.length;
      const before = world.controlCommits().length;
      await burst(world);
      await expect.poll(() => world.control().batchkeeper?.seen.runs.length, { timeout: 10_000 }).toBe(MANY);
      expect(world.controlCommits().length - before).toBeLessThanOrEqual(MANY / 5);
      const calls = world.github.calls(mark).map(({ method, path }) => `${method} ${path.replace(/\?.*|\d+/g, "")}`);
      expect(calls.filter((call) => call.endsWith("/jobs"))).toHaveLength(MANY);
      expect(calls.length).toBeLessThan(MANY + 30);
    },
  );

  test("says in its commit which runs and which events it counted", async ({ world }) => {
    await burst(world);
    await world.quiet();
    const messages = world.controlCommits().map(({ message }) => message);
    expect(messages.flatMap((message) => message.match(/^Batchkeeper-Run: \d+\.1$/gm) ?? [])).toHaveLength(MANY);
  });

  test("is not named again by a commit that does something else when its event comes again", async ({ world }) => {
    const run = await world.run({ homebrew: "success" });
    await world.startApp({ forget: true });
    world.github.onDelivery(() => "drop");
    await world.editControl("olga", { disabled_ecosystems: ["npm"] });
    const ended = world.github.deliveries.find(
      ({ event, action }) => event === "workflow_run" && action === "completed",
    );
    if (ended !== undefined) await world.redeliver(ended);
    expect(world.held()).toEqual(["npm"]);
    const named = world.controlCommits().flatMap(({ message }) => message.match(/^Batchkeeper-Run: .*$/gm) ?? []);
    expect(named).toEqual([`Batchkeeper-Run: ${run}.1`]);
  });

  test("does not make a command wait that came after it", async ({ world }) => {
    // Long enough for all of the burst to arrive while its first run is in hand.
    world.github.fault({ path: /\/jobs/, latencyMs: 1500 });
    let stopped = -1;
    await burst(world, async () => void (await world.github.commentAs("olga", REPOSITORY, 1, "/batch stop npm")));
    const watch = setInterval(() => {
      if (stopped < 0 && world.held().includes("npm")) stopped = world.control().batchkeeper?.seen.runs.length ?? 0;
    }, 1);
    await world.quiet();
    clearInterval(watch);
    expect(world.held()).toEqual(["npm"]);
    // What was in hand when it came is finished; the rest of the burst is counted after it.
    expect(stopped).toBeLessThan(MANY);
    expect(world.control().batchkeeper?.seen.runs).toHaveLength(MANY);
  });
});

describe("an event that can never be handled", () => {
  test("does not hold up its repository, and is a dead letter after five times", async ({ world }) => {
    world.github.onDelivery(() => "hold");
    const bad = await world.run({ homebrew: "failure" });
    const fault = world.github.fault({ path: new RegExp(`/runs/${bad}/`), status: 418 });
    const good = [await world.run({ npm: "success" }), await world.run({ pypi: "success" })];
    world.github.onDelivery(() => "send");
    world.github.release();
    await world.quiet();
    expect(world.control().batchkeeper?.seen.runs).toEqual(good.map((id) => `${id}.1`));
    expect(await world.metric("batchkeeper_inbox_dead_letters")).toBe(1);
    expect(fault.hits).toBeGreaterThanOrEqual(5);
    await world.comment("rita", "/batch status");
    expect(world.replies()[0]).toMatch(
      /Events that could not be handled[^\n]*\n- `workflow_run` `[0-9a-f-]{36}` at \S+: `[^`]+`/,
    );
  });
});
