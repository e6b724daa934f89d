import { expect, test } from "vitest";
import { KINDS } from "../../../chaos/story/kinds.ts";
import { printStory, storyOf } from "../../../chaos/story/story.ts";

const SEEDS = Array.from({ length: 100 }, (_, index) => index + 1);

test("a seed has one story", () => {
  for (const seed of SEEDS) expect(printStory(storyOf(seed))).toBe(printStory(storyOf(seed)));
});

test("different seeds have different stories", () => {
  expect(new Set(SEEDS.map((seed) => printStory(storyOf(seed)))).size).toBe(SEEDS.length);
});

test("every kind of thing happens in some story of the first hundred seeds", () => {
  const kinds = new Set(
    SEEDS.flatMap((seed) => storyOf(seed).flatMap(({ happenings }) => happenings.map(({ kind }) => kind))),
  );
  expect([...kinds].toSorted()).toEqual(KINDS.map(({ name }) => name).toSorted());
});

test("a story is as long as it is asked to be", () => {
  for (const seed of SEEDS) {
    const story = storyOf(seed, { repositories: [2, 2], happenings: [3, 4] });
    expect(story).toHaveLength(2);
    for (const { happenings } of story) expect([3, 4]).toContain(happenings.length);
  }
});
