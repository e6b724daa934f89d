import { expect } from "vitest";
import { MINUTE } from "../../src/domain/instant.ts";
import { INTERVAL } from "../../src/events/reconcile/period.ts";
import { plantSecurityHold } from "./hold-file.ts";
import { REPOSITORY, testIn, type World } from "./world.ts";

const test = testIn({ collaborators: { oscar: "write" } });

/** Olga asks to lift a security hold, and somebody approves that in a review of which no webhook tells. The pull request. */
async function approvedUnheard(world: World, login: string): Promise<number> {
  await plantSecurityHold(world);
  await world.comment("olga", "/batch resume npm — drift was benign");
  const number = world.pulls().at(-1)?.number ?? 0;
  world.github.onDelivery(({ event }) => (event.startsWith("pull_request") ? "drop" : "send"));
  await world.github.approveAs(login, REPOSITORY, number);
  world.github.onDelivery(() => "send");
  await world.quiet();
  return number;
}

/** Long enough for one look, and for what it finds. */
const look = (world: World) => world.pass(INTERVAL + MINUTE);

test("an approving review of which nobody told is found, and counts", async ({ world }) => {
  const number = await approvedUnheard(world, "oscar");
  expect(world.held()).toEqual(["npm"]);
  await look(world);
  expect(world.held()).toEqual([]);
  expect(world.replies(number).at(-1)).toContain("**Approved and done**");
});

test("one that does not count is refused, once", async ({ world }) => {
  const number = await approvedUnheard(world, "rita");
  await look(world);
  await look(world);
  expect(world.held()).toEqual(["npm"]);
  expect(world.replies(number)).toEqual([expect.stringContaining("needs write")]);
});

test("one of a commit that is not the last any more is not acted on", async ({ world }) => {
  const number = await approvedUnheard(world, "oscar");
  const { head = "" } = world.pulls().find((pull) => pull.number === number) ?? {};
  world.github.pushAs("rita", REPOSITORY, head, { "more.txt": "x\n" }, "more");
  await look(world);
  expect(world.held()).toEqual(["npm"]);
});

test("one that was heard is answered no second time", async ({ world }) => {
  await plantSecurityHold(world);
  await world.comment("olga", "/batch resume npm");
  const number = world.pulls().at(-1)?.number ?? 0;
  await world.github.approveAs("rita", REPOSITORY, number);
  await world.quiet();
  const said = world.replies(number);
  expect(said).toHaveLength(1);
  await look(world);
  expect(world.replies(number)).toEqual(said);
});
