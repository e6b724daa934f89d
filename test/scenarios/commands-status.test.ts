import { expect } from "vitest";
import { itSurvivesDisturbances } from "./command-story.ts";
import { CONTROL_FILE, REPOSITORY, test, WORKFLOW } from "./world.ts";

test("the status shows switch, holds, breakers, budget, runs in flight and incidents, and changes nothing", async ({
  world,
}) => {
  await world.comment("olga", "/batch stop npm — registry outage");
  for (let run = 0; run < 4; run++) await world.run({ homebrew: "failure" });
  const running = world.github.startRun(REPOSITORY, WORKFLOW);
  const before = world.controlText();
  const comment = await world.comment("rita", "/batch status");
  const reply = world.replies().at(-1) ?? "";
  expect(reply).toContain("**Stopped: npm.**");
  expect(reply).toMatch(/- `h-[0-9a-f]{6}` on npm, operator, by `olga` since \S+Z: `registry outage`\./);
  expect(reply).toMatch(/\| `homebrew` \| open \| for 0 min, tried again at \S+Z; opened 1× without recovering/);
  expect(reply).toContain("0 of 1000 macOS minutes");
  expect(reply).toMatch(new RegExp(`Runs in flight: \\[${running}\\]\\(\\S+\\) \\(in progress\\)`));
  expect(reply).toContain("medium: `homebrew: the circuit breaker is open`");
  expect(world.controlText()).toBe(before);
  expect(world.reactions(comment)).toEqual(["eyes", "rocket"]);
});

test.for(["requested", "queued", "pending", "waiting", "in_progress"] as const)(
  "a run that is %s is in flight, one of another workflow is not",
  async (status, { world }) => {
    world.github.addWorkflow(REPOSITORY, ".github/workflows/lint.yml", "Lint");
    const run = world.github.startRun(REPOSITORY, WORKFLOW, { status });
    world.github.startRun(REPOSITORY, "lint.yml", { status });
    await world.run({ homebrew: "success" });
    await world.comment("rita", "/batch status");
    const words = status.replace("_", " ");
    expect(world.replies()[0]).toMatch(new RegExp(`Runs in flight: \\[${run}\\]\\(\\S+\\) \\(${words}\\)\\.`));
  },
);

test("the status of one ecosystem tells of the holds that block it", async ({ world }) => {
  await world.comment("olga", "/batch stop npm\n/batch stop homebrew");
  await world.comment("rita", "/batch status npm");
  expect(world.replies().at(-1)).toMatch(/\*\*npm is stopped\.\*\*/);
  expect(world.replies().at(-1)).not.toContain("on homebrew");
});

test("a part of the status that GitHub does not answer is named, and the rest is shown", async ({ world }) => {
  world.github.fault({ path: /\/actions\/runs/, status: 500 });
  await world.comment("rita", "/batch status");
  expect(world.replies()).toEqual([expect.stringMatching(/Nothing is stopped.*could not be read from GitHub/s)]);
});

test("the status of a control file that cannot be read says that everything counts as stopped", async ({ world }) => {
  await world.push("olga", { [CONTROL_FILE]: "{" });
  const comment = await world.comment("rita", "/batch status");
  expect(world.replies()).toEqual([expect.stringMatching(/line 1, column 2.*treat every ecosystem as stopped/s)]);
  expect(world.reactions(comment)).toEqual(["eyes", "confused"]);
});

await itSurvivesDisturbances({ before: ["/batch stop homebrew"], command: "/batch status" });
