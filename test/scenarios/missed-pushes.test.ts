import { describe, expect } from "vitest";
import { MINUTE } from "../../src/domain/instant.ts";
import { INTERVAL } from "../../src/events/reconcile/period.ts";
import { CONTROL_FILE, REPOSITORY, test, WORKFLOW, type World } from "./world.ts";

const RECIPE = "recipes/j/jq.toml";
const TEXT = '[metadata]\nname = "jq"\n\n[[steps]]\naction = "homebrew"\nformula = "jq"\n';

/** Something happens, and no webhook of a push arrives or leaves a trace. */
async function unheard(world: World, happen: () => Promise<unknown>): Promise<void> {
  world.github.onDelivery(({ event }) => (event === "push" ? "drop" : "send"));
  await happen();
  world.github.onDelivery(() => "send");
}

/** Long enough for one look, and for what it finds. */
const look = (world: World) => world.pass(INTERVAL + MINUTE);

/** Somebody merges a pull request with a recipe. */
async function merge(world: World): Promise<void> {
  world.github.pushAs("olga", REPOSITORY, "topic", { [RECIPE]: TEXT }, "a recipe");
  const number = await world.github.openPullAs("olga", REPOSITORY, { title: "A recipe", head: "topic" });
  await world.github.mergeAs("olga", REPOSITORY, number, { merge_method: "squash" });
  await world.quiet();
}

const STORIES: readonly [string, string, (world: World) => Promise<unknown>][] = [
  ["a direct push", "direct-push", (world) => world.push("olga", { [RECIPE]: TEXT })],
  [
    "a direct push below others that touch nothing",
    "direct-push",
    async (world) => {
      await world.push("olga", { [RECIPE]: TEXT });
      await world.push("olga", { "README.md": "words\n" });
    },
  ],
  [
    "a changed workflow",
    "workflow-changed",
    (world) => world.push("olga", { [`.github/workflows/${WORKFLOW}`]: "on: workflow_dispatch\n" }),
  ],
  [
    "a rewritten history",
    "force-push",
    async (world) => {
      world.github.createBranch(REPOSITORY, "other");
      await world.push("olga", { "README.md": "words\n" });
      world.github.pushAs("olga", REPOSITORY, "other", { "README.md": "other words\n" }, "words");
      world.github.forcePush(REPOSITORY, "main", world.github.branches(REPOSITORY).other ?? "");
      await world.quiet();
    },
  ],
];

describe("a push whose webhook was lost without a trace is looked into, once:", () => {
  test.for(STORIES)("%s", async ([, rule, happen], { world }) => {
    await unheard(world, () => happen(world));
    await look(world);
    const [incident, ...others] = world.incidents();
    expect(others).toEqual([]);
    expect(incident?.body.match(new RegExp(`\\*\\*${rule}\\*\\*`, "g"))).toHaveLength(1);
    await world.startApp({ forget: false });
    await look(world);
    expect(world.incidents()).toEqual([incident]);
    expect(world.replies(incident?.number)).toEqual([]);
  });

  test("that of a merged pull request, which is nothing", async ({ world }) => {
    await unheard(world, () => merge(world));
    await look(world);
    expect(world.incidents()).toEqual([]);
    expect(world.github.log.filter(({ path }) => path.includes("/compare/"))).toHaveLength(1);
  });

  test("one whose commits are gone, which is said not to have been checked", async ({ world }) => {
    await unheard(world, () => world.push("olga", { "README.md": "words\n" }));
    world.github.fault({ path: /\/compare\//, status: 404, times: 1 });
    await look(world);
    expect(world.incidents()[0]?.body).toContain("**unchecked** (medium)");
  });

  test("one whose webhook comes after all", async ({ world }) => {
    world.github.onDelivery(({ event }) => (event === "push" ? "hold" : "send"));
    await world.push("olga", { [RECIPE]: TEXT });
    await look(world);
    world.github.onDelivery(() => "send");
    world.github.release();
    await look(world);
    expect(world.incidents()).toHaveLength(1);
    expect(world.replies(world.incidents()[0]?.number)).toEqual([]);
    expect(world.held()).toEqual(["*"]);
  });
});

test("a push that was heard of is not looked for, nor one of this app's", async ({ world }) => {
  await world.push("olga", { "README.md": "words\n", [CONTROL_FILE]: world.editedControl({ note: 1 }) });
  await world.pass(2 * MINUTE);
  await unheard(world, () => world.run({ homebrew: "success" }));
  const mark = world.github.log.length;
  await look(world);
  expect(world.github.calls(mark).filter(({ path }) => path.includes("/compare/"))).toEqual([]);
});

test("what people have looked at is told no second time when the inbox is lost, and no hold set that they lifted", async ({
  world,
}) => {
  await world.push("olga", { [RECIPE]: TEXT });
  await world.pass(2 * MINUTE);
  expect(world.held()).toEqual(["*"]);
  await world.editControl("olga", { enabled: true, batchkeeper: { ...world.control().batchkeeper, holds: [] } });
  await world.startApp({ forget: true });
  await look(world);
  expect(world.held()).toEqual([]);
  const number = world.incidents()[0]?.number ?? 0;
  await world.comment("olga", "/batch incident resolve — it was me", number);
  await world.startApp({ forget: true });
  await look(world);
  expect(
    world.incidents().filter(({ state, labels }) => state === "open" && labels.includes("severity:critical")),
  ).toEqual([]);
  expect(world.held()).toEqual([]);
});

test("what was pushed before the app was installed is no incident", async ({ world }) => {
  await unheard(world, () => world.push("olga", { [RECIPE]: TEXT }));
  await world.pass(2000);
  world.github.installNow();
  await world.startApp({ forget: true });
  await look(world);
  expect(world.incidents()).toEqual([]);
});
