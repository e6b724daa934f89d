import { describe, expect } from "vitest";
import { MINUTE } from "../../src/domain/instant.ts";
import { INTERVAL } from "../../src/events/reconcile/period.ts";
import { openBatch } from "./batch-pull.ts";
import { makeBatch, recipesNamed, TODAY, test } from "./batch-story.ts";
import { CONFIGURATION, REPOSITORY, testIn, type World } from "./world.ts";

const inReview = testIn({
  files: { [CONFIGURATION]: "pull_requests: { stop: review }\n" },
  collaborators: { oscar: "write" },
});

/** Something happens, and no webhook of a pull request arrives or leaves a trace. */
async function unheard(world: World, happen: () => Promise<unknown>): Promise<void> {
  world.github.onDelivery(({ event }) => (event === "pull_request" ? "drop" : "send"));
  await happen();
  world.github.onDelivery(() => "send");
}

/** Long enough for one look, and for what it finds. */
const look = (world: World) => world.pass(INTERVAL + MINUTE);

const alarms = (world: World) => world.incidents().filter(({ title }) => title.startsWith("Stop not honoured"));

describe("the end of a pull request that never came by webhook is found, once:", () => {
  test("a batch merged under a hold", async ({ world }) => {
    const batch = await openBatch(world, { results: ["homebrew"] });
    await world.comment("oscar", "/batch stop homebrew");
    await unheard(world, () => world.github.mergeAs("pipeline", REPOSITORY, batch));
    await look(world);
    expect(alarms(world)).toMatchObject([{ title: "Stop not honoured: homebrew" }]);
    expect(world.replies().join()).toContain(`**not honoured**: [batch #${batch} merged](`);
    const mark = world.github.log.length;
    await look(world);
    expect(world.github.calls(mark).filter(({ method }) => method !== "GET")).toEqual([]);
  });

  test("a rollback that was merged", async ({ world }) => {
    await makeBatch(world, { files: recipesNamed("cmake") });
    await world.comment("oscar", `/batch rollback ${TODAY}`);
    const [rollback] = world.pulls().filter(({ head }) => head.startsWith("rollback-batch-"));
    await unheard(world, () => world.github.mergeAs("oscar", REPOSITORY, rollback?.number ?? 0));
    await look(world);
    await look(world);
    expect(world.replies().filter((text) => text.includes("**Rolled back: batch"))).toHaveLength(1);
  });

  inReview("a stop that waited for a review, and who closed it", async ({ world }) => {
    await world.comment("olga", "/batch stop homebrew");
    const [waiting] = world.pulls();
    await unheard(world, () => world.github.editPullAs("oscar", REPOSITORY, waiting?.number ?? 0, { state: "closed" }));
    await look(world);
    await look(world);
    const told = world.replies().filter((text) => text.includes("closed by `oscar` without being merged"));
    expect(told).toHaveLength(1);
  });
});

test("what was heard of is not looked into again", async ({ world }) => {
  const batch = await openBatch(world, { results: ["homebrew"] });
  await world.github.mergeAs("pipeline", REPOSITORY, batch);
  await world.quiet();
  const mark = world.github.log.length;
  await look(world);
  expect(world.github.calls(mark).filter(({ path }) => path.endsWith(`/issues/${batch}`))).toEqual([]);
});
