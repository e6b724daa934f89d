import { expect, test } from "vitest";
import { trySeed } from "../../chaos/seed.ts";
import type { StorySize } from "../../chaos/story/story.ts";
import { DATABASE_URL } from "../inbox/test-database.ts";

/** Short enough for every run of the tests; `npm run chaos -- --seeds 1..100` plays longer ones. */
const SHORT: StorySize = { repositories: [2, 2], happenings: [3, 5] };
// On PostgreSQL a play costs three times as much; there the suite of the inbox itself is the longer one.
const SEEDS = DATABASE_URL === null ? [1, 2, 3, 4, 5] : [1, 2];
// A loaded machine takes several times as long as an idle one.
const PATIENCE = 240_000;

test.concurrent.for(SEEDS)(
  "killed, cut off, unheard and overtaken, the app ends as if nothing had happened: seed %i",
  { timeout: PATIENCE },
  async (seed) => {
    const { problems, folder, crashes } = await trySeed(seed, SHORT);
    expect(problems, `logs and states: ${folder}`).toEqual([]);
    expect(crashes).toBeGreaterThan(0);
  },
);
