import { expect } from "vitest";
import { itSurvivesDisturbances } from "./command-story.ts";
import { test } from "./world.ts";

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

test("one of several holds is lifted by its id", async ({ world }) => {
  await world.comment("olga", "/batch stop homebrew — mirror");
  await world.comment("olga", "/batch stop homebrew — key");
  const [mirror] = world.control().batchkeeper?.holds ?? [];
  await world.comment("olga", `/batch resume --hold ${mirror?.id}`);
  expect(world.control().batchkeeper?.holds).toMatchObject([{ scope: "homebrew", reason: "key" }]);
});

await itSurvivesDisturbances({ before: ["/batch stop homebrew"], command: "/batch resume homebrew" });
