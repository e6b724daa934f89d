import { expect } from "vitest";
import { itSurvivesDisturbances } from "./command-story.ts";
import { test } from "./world.ts";

test("the help lists every command, and its examples run nothing", async ({ world }) => {
  const comment = await world.comment("rita", "/batch help");
  expect(world.replies()).toHaveLength(1);
  for (const verb of ["status", "stop", "resume", "help"]) expect(world.replies()[0]).toContain(`\`/batch ${verb}`);
  expect(world.reactions(comment)).toEqual(["eyes", "rocket"]);
});

test("an unknown verb is answered with the nearest one and runs nothing", async ({ world }) => {
  const comment = await world.comment("olga", "/batch stpo homebrew");
  expect(world.replies()).toEqual([expect.stringContaining("Did you mean `/batch stop`?")]);
  expect(world.reactions(comment)).toEqual(["eyes", "-1"]);
  expect(world.held()).toEqual([]);
});

test("`/batch` alone is answered with the help", async ({ world }) => {
  await world.comment("rita", "/batch");
  expect(world.replies()).toEqual([expect.stringContaining("| Command | Who |")]);
});

await itSurvivesDisturbances({ before: [], command: "/batch help" });
