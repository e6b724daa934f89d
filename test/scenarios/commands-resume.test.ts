import { expect } from "vitest";
import { itSurvivesDisturbances } from "./command-story.ts";
import { REPOSITORY, test, testIn } from "./world.ts";

test("a resume lifts what it names by a merged pull request, and nothing else", async ({ world }) => {
  await world.comment("olga", "/batch stop homebrew, npm");
  const comment = await world.comment("olga", "/batch resume homebrew — mirror is back");
  expect(world.held()).toEqual(["npm"]);
  expect(world.pulls().at(-1)).toMatchObject({ title: "Resume homebrew", merged: true });
  expect(world.replies().at(-1)).toContain("**Resumed: homebrew.** Lifted `h-");
  expect(world.reactions(comment)).toEqual(["eyes", "rocket"]);
});

test("a resume names what is still in the way", async ({ world }) => {
  await world.comment("olga", "/batch stop homebrew\n/batch stop — maintenance");
  await world.comment("olga", "/batch resume homebrew");
  expect(world.replies().at(-1)).toMatch(/Still in the way:\n- `h-[0-9a-f]{6}` on everything, operator, by `olga`/);
});

test("a resume of what is not held changes nothing and says so", async ({ world }) => {
  await world.run({ homebrew: "success" });
  const before = world.controlText();
  const comment = await world.comment("olga", "/batch resume homebrew");
  expect(world.controlText()).toBe(before);
  expect(world.pulls()).toEqual([]);
  expect(world.replies()).toEqual([expect.stringContaining("Nothing was changed")]);
  expect(world.reactions(comment)).toEqual(["eyes", "-1"]);
});

test("a resume that is handled late does not lift what was stopped after it was written", async ({ world }) => {
  world.github.onDelivery(({ event }) => (event === "issue_comment" ? "hold" : "send"));
  await world.comment("olga", "/batch resume homebrew");
  world.github.onDelivery(() => "send");
  await world.comment("olga", "/batch stop homebrew");
  world.github.release();
  await world.quiet();
  expect(world.held()).toEqual(["homebrew"]);
  expect(world.replies().at(-1)).toContain("stopped after this command was written stands");
  const [hold] = world.control().batchkeeper?.holds ?? [];
  await world.comment("olga", `/batch resume --hold ${hold?.id}`);
  expect(world.held()).toEqual([]);
});

test("what a comment stops after a resume stays stopped when the comment is handled again", async ({ world }) => {
  // The reply fails as often as it is tried in one go, so that the comment is handled once more.
  const path = `/repos/${REPOSITORY}/issues/1/comments`;
  const fault = world.github.fault({ method: "POST", path, status: 500, times: 3 });
  await world.comment("olga", "/batch stop npm\n/batch resume npm, homebrew\n/batch stop homebrew");
  expect(fault.hits).toBe(3);
  expect(world.held()).toEqual(["homebrew"]);
  expect(world.replies()).toHaveLength(1);
});

testIn({ collaborators: { oscar: "write" } })("one of several holds is lifted by its id", async ({ world }) => {
  await world.comment("oscar", "/batch stop homebrew — mirror");
  await world.comment("olga", "/batch stop homebrew — key");
  const [mirror] = world.control().batchkeeper?.holds ?? [];
  await world.comment("olga", `/batch resume --hold ${mirror?.id}`);
  expect(world.control().batchkeeper?.holds).toMatchObject([{ scope: "homebrew", reason: "key" }]);
});

test("a resume lifts a stop made by hand whose push was never heard of", async ({ world }) => {
  world.github.onDelivery(({ event }) => (event === "push" ? "drop" : "send"));
  await world.editControl("script", { enabled: false });
  await world.comment("olga", "/batch resume");
  expect(world.control().enabled).toBe(true);
  expect(world.replies()).toEqual([expect.stringContaining("**The stop of everything is lifted.** Lifted `h-")]);
});

test("a resume of everything names the ecosystems that stay stopped, and the breakers that stay open", async ({
  world,
}) => {
  for (let run = 0; run < 4; run++) await world.run({ homebrew: "failure" });
  await world.comment("olga", "/batch stop npm\n/batch stop — maintenance");
  await world.comment("olga", "/batch resume");
  expect(world.held()).toEqual(["npm"]);
  expect(world.replies().at(-1)).toMatch(
    /Still in the way:\n- `h-.*` on npm.*\n- the circuit breaker of `homebrew` is open: /,
  );
});

test("a resume names ecosystems or a hold, not both", async ({ world }) => {
  await world.comment("olga", "/batch stop homebrew, npm");
  const [hold] = world.control().batchkeeper?.holds ?? [];
  await world.comment("olga", `/batch resume npm --hold ${hold?.id}`);
  expect(world.held()).toEqual(["homebrew", "npm"]);
  expect(world.replies().at(-1)).toContain("name ecosystems or a hold, not both");
});

test("a hold is named by an id alone: other words reach no title and no commit", async ({ world }) => {
  world.github.onDelivery(({ event }) => (event === "push" ? "drop" : "send"));
  const sha = await world.editControl("paul", { disabled_ecosystems: ["npm"] });
  const comment = await world.comment("olga", "/batch resume --hold fixes#1");
  expect(world.replies()).toEqual([expect.stringContaining("`fixes#1` is not the id of a hold")]);
  expect(world.reactions(comment)).toEqual(["eyes", "-1"]);
  expect(world.pulls()).toEqual([]);
  expect(world.github.branches(REPOSITORY).main).toBe(sha);
});

await itSurvivesDisturbances({ before: ["/batch stop homebrew"], command: "/batch resume homebrew" });
