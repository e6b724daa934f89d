import { expect } from "vitest";
import { itEndsTheSameWhenACallFails, type Story, undisturbed } from "./disturbance.ts";
import { REPOSITORY, test, type World } from "./world.ts";

/** A command, and the comments that came before it. */
export interface CommandStory {
  readonly before: readonly string[];
  readonly command: string;
  /** What else was before. */
  readonly prepare?: (world: World) => Promise<void>;
  /** What else is left, without what differs between two worlds. */
  readonly more?: (world: World) => unknown;
  /** Who gives the command; default olga. */
  readonly by?: string;
}

/**
 * The promises of every command: a webhook that is lost, doubled or repeated, and any one of the calls to GitHub failing
 * in any way, make no difference to what is left in the end.
 */
export async function itSurvivesDisturbances(told: CommandStory): Promise<void> {
  const { before, command, by = "olga" } = told;
  const story: Story = {
    prepare: async (world) => {
      await told.prepare?.(world);
      for (const earlier of before) await world.comment("olga", earlier);
    },
    happen: async (world) => {
      await world.comment(by, command);
    },
    ending: (world) => ({ ...endingOf(world, before.length, by), more: alike(told.more?.(world)) }),
  };
  const { ending } = await undisturbed(story);

  test("a lost webhook that GitHub delivers again is answered as if nothing had happened", async ({ world }) => {
    await story.prepare(world);
    world.github.onDelivery(({ event }) => (event === "issue_comment" ? "drop" : "send"));
    const comment = await world.comment(by, command);
    world.github.onDelivery(() => "send");
    await world.redeliver(world.deliveryOf(comment));
    expect(story.ending(world)).toEqual(ending);
  });

  test("a doubled webhook is answered once", async ({ world }) => {
    await story.prepare(world);
    world.github.onDelivery(() => "double");
    await story.happen(world);
    expect(story.ending(world)).toEqual(ending);
  });

  test("a webhook that comes again after the app has lost its memory is answered once", async ({ world }) => {
    await story.prepare(world);
    const comment = await world.comment(by, command);
    await world.startApp();
    await world.redeliver(world.deliveryOf(comment));
    expect(story.ending(world)).toEqual(ending);
  });

  await itEndsTheSameWhenACallFails(story);
}

/** What a command leaves: the replies after so many earlier ones, and everything in the repository. */
function endingOf(world: World, earlier: number, by: string): object {
  const [comment] = world.github
    .comments(REPOSITORY, 1)
    .filter(({ author }) => author === by)
    .slice(by === "olga" ? earlier : 0);
  return {
    replies: world.replies().slice(earlier).map(withoutChance),
    reactions: world.reactions(comment?.id ?? 0),
    pulls: world.pulls().map(({ title, state, merged, labels }) => ({ title, state, merged, labels })),
    branches: Object.keys(world.github.branches(REPOSITORY)),
    commits: world.controlCommits().map(({ message }) => message.split("\n", 1)[0]),
    held: world.held(),
  };
}

function alike(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(withoutChance(JSON.stringify(value)));
}

/** A text without what differs between two worlds: ports, times, and the ids that are made of them. */
function withoutChance(text: string): string {
  return text
    .replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, "https://github.test")
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, "<time>")
    .replaceAll(/\b\d\d:\d\dZ/g, "<time>")
    .replaceAll(/h-[0-9a-f]{6}/g, "<hold>");
}
