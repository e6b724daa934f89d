import { describe, expect } from "vitest";
import { itSurvivesDisturbances } from "./command-story.ts";
import { test, type World } from "./world.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Opened a while ago, and due in some minutes. */
async function openBreaker(world: World): Promise<void> {
  const opened = Date.now() - 40 * MINUTE;
  for (const minutes of [30, 20, 10, 0]) {
    await world.run({ homebrew: "failure", npm: "success" }, { endedAt: opened - minutes * MINUTE });
  }
}

const breaker = (world: World) => world.control().circuit_breaker.homebrew;

describe("/batch breaker", () => {
  test("shows state, streak, outcomes and incident to whoever may read", async ({ world }) => {
    await openBreaker(world);
    await world.comment("rita", "/batch breaker homebrew");
    const incident = world.openIncidents()[0]?.number;
    expect(world.replies()[0]).toMatch(/\*\*The circuit breaker of homebrew is open\*\*: for 40 min, tried again at /);
    expect(world.replies()[0]).toMatch(new RegExp(`not healthy for \\d+ min \\(\\[#${incident}\\]`));
    expect(world.replies()[0]?.match(/0 of 1 succeeded/g)).toHaveLength(4);
  });

  test("changes nothing for whoever may only read", async ({ world }) => {
    await openBreaker(world);
    await world.comment("rita", "/batch breaker homebrew reset — please");
    expect(breaker(world)?.state).toBe("open");
    expect(world.replies()[0]).toContain("refused");
  });

  test("trips a breaker until a person decides otherwise, by a pull request that says why", async ({ world }) => {
    await openBreaker(world);
    await world.comment("olga", "/batch breaker npm trip — its registry serves old packages");
    expect(world.control().circuit_breaker.npm).toMatchObject({ state: "open", opens_at: "" });
    expect(world.pulls()).toMatchObject([{ title: "Breaker npm trip", state: "closed", merged: true }]);
    expect(world.pulls()[0]?.body).toContain("`its registry serves old packages`");
    await world.run({ npm: "success" });
    await world.pass(48 * HOUR);
    expect(world.control().circuit_breaker.npm).toMatchObject({ state: "open", opens_at: "" });
  });

  test("resets a breaker, and what ended before counts no more", async ({ world }) => {
    await openBreaker(world);
    world.github.onDelivery(({ event }) => (event === "workflow_run" ? "hold" : "send"));
    await world.run({ homebrew: "failure" }, { endedAt: Date.now() - MINUTE });
    await world.comment("olga", "/batch breaker homebrew reset — mended");
    expect(breaker(world)).toMatchObject({ state: "closed", failures: 0 });
    world.github.release();
    await world.quiet();
    expect(breaker(world)).toMatchObject({ state: "closed", failures: 0 });
  });

  test("has a breaker tried before its time", async ({ world }) => {
    await openBreaker(world);
    await world.comment("olga", "/batch breaker homebrew probe — the mirror is back");
    expect(breaker(world)?.state).toBe("half-open");
    await world.run({ homebrew: "success" }, { endedAt: Date.now() + 6 * MINUTE });
    expect(breaker(world)?.state).toBe("closed");
  });

  test.for([
    ["/batch breaker npm probe", "is closed, and every run tries it"],
    ["/batch breaker npm", "The circuit breaker of npm is closed"],
    ["/batch breaker infrastructure", "The circuit breaker of infrastructure is closed"],
    ["/batch breaker", "It needs an ecosystem"],
    ["/batch breaker homebew", "Did you mean `homebrew`?"],
    ["/batch breaker homebrew tripp", "Did you mean `trip`?"],
    ["/batch breaker ../x", "cannot be the name of an ecosystem"],
  ])("answers %s", async ([text = "", expected], { world }) => {
    await world.run({ homebrew: "success", npm: "success" });
    const before = world.controlText();
    await world.comment("olga", text);
    expect(world.replies()[0]).toContain(expected);
    expect(world.controlText()).toBe(before);
  });

  test("opens the infrastructure for everybody", async ({ world }) => {
    await world.run({ npm: "success" });
    await world.comment("olga", "/batch breaker infrastructure trip — GitHub is down");
    expect(world.control().circuit_breaker.infrastructure).toMatchObject({ state: "open", opens_at: "" });
  });
});

describe("/batch breaker, whatever goes wrong", () =>
  itSurvivesDisturbances({ before: ["/batch stop homebrew"], command: "/batch breaker homebrew trip — reason" }));

describe("/batch status", () => {
  test("shows how long a breaker has not been healthy, the streak, and the week against the objective", async ({
    world,
  }) => {
    await openBreaker(world);
    await world.run({}, { results: { per_ecosystem: { npm: { succeeded: 90, failed: 10 } } } });
    await world.comment("rita", "/batch status");
    expect(world.replies()[0]).toMatch(
      /\| `homebrew` \| open \| for 4\d min, tried again at \S+; opened 1× without recovering \(3 escalate\); not healthy/,
    );
    expect(world.replies()[0]).toMatch(
      /\| `npm` \| closed \| .* \| 90(?:\.\d)? % this week, \*\*below\*\* the objective of 98 % \|/,
    );
    expect(world.replies()[0]).not.toContain("| `infrastructure` |");
  });
});
