import fc from "fast-check";
import type { Happening } from "./happening.ts";
import { KINDS } from "./kinds.ts";

/** What happens in one repository, in its order. Repositories go on beside each other. */
export interface RepositoryStory {
  /** Whether only pull requests may change its default branch. */
  readonly isProtected: boolean;
  /** Whether its settings ask for a dashboard, until they change. */
  readonly hasDashboard: boolean;
  /** Failing runs in a row that open a breaker. */
  readonly consecutive: number;
  readonly happenings: readonly Happening[];
}

export type Story = readonly RepositoryStory[];

/** How long a story is: the fewest and the most. */
export interface StorySize {
  readonly repositories: readonly [number, number];
  readonly happenings: readonly [number, number];
}

/** A story of a quarter of a minute, which all of the kinds fit into. */
export const USUAL_SIZE: StorySize = { repositories: [2, 4], happenings: [5, 12] };

/** The story of a seed: the same for the same seed, size and table of kinds. */
export function storyOf(seed: number, { repositories, happenings }: StorySize = USUAL_SIZE): Story {
  const happening = fc.oneof(...KINDS.map(({ weight, happenings: arbitrary }) => ({ weight, arbitrary })));
  const repository = fc.record({
    isProtected: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
    hasDashboard: fc.oneof({ weight: 2, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
    consecutive: fc.integer({ min: 2, max: 4 }),
    happenings: fc.array(happening, { minLength: happenings[0], maxLength: happenings[1], size: "max" }),
  });
  const story = fc.array(repository, { minLength: repositories[0], maxLength: repositories[1], size: "max" });
  const [told] = fc.sample(story, { seed, numRuns: 1 });
  if (told === undefined) throw new Error("fast-check gave no story");
  return told;
}

/** The story as lines for people. */
export function printStory(story: Story): string {
  return story
    .flatMap(({ isProtected, hasDashboard, consecutive, happenings }, index) => [
      `repository ${index + 1}${isProtected ? ", protected" : ""}${hasDashboard ? ", with a dashboard" : ""}, breakers open after ${consecutive} failing runs`,
      ...happenings.map(({ kind, details }, step) => `  ${step + 1}. ${kind} ${JSON.stringify(details)}`),
    ])
    .join("\n");
}
