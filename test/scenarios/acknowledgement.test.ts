import { describe, expect } from "vitest";
import { HOUR } from "../../src/domain/instant.ts";
import { latest, report, say, test, timeline, words } from "./incident-story.ts";
import { REPOSITORY, type World } from "./world.ts";

describe("an incident is acknowledged", () => {
  const isAcknowledged = (world: World) => timeline(world).includes("acknowledged");

  test.for<[string, (world: World) => Promise<unknown>]>([
    ["the command", (world) => say(world, "olga", "/batch incident ack")],
    [
      "the command in another thread",
      (world) => world.comment("olga", `/batch incident ack #${latest(world)?.number}`),
    ],
    ["another command in its thread", (world) => say(world, "olga", "/batch status")],
    ["a comment of an operator", (world) => say(world, "olga", "I am on it")],
    [
      "an assignment",
      async (world) => {
        await world.github.editIssueAs("olga", REPOSITORY, latest(world)?.number ?? 0, { assignees: ["olga"] });
        await world.quiet();
      },
    ],
  ])("by %s, once, and nobody is called", async ([, act], { world }) => {
    await report(world);
    await act(world);
    expect(isAcknowledged(world)).toBe(true);
    await world.pass(2 * HOUR);
    expect(timeline(world).filter((kind) => kind === "acknowledged")).toHaveLength(1);
    expect(words(world).filter((text) => text.startsWith("@petra"))).toEqual([]);
  });

  test.for<[string, (world: World) => Promise<unknown>]>([
    ["of somebody who may only read", (world) => say(world, "rita", "Is this mine?")],
    ["of a stranger with a command", (world) => say(world, "mallory", "/batch incident ack")],
    ["in another thread", (world) => world.comment("olga", "I am on it")],
  ])("by no comment %s", async ([, act], { world }) => {
    await report(world);
    await act(world);
    expect(isAcknowledged(world)).toBe(false);
  });

  test("by a comment whose webhook was lost, before anybody is called", async ({ world }) => {
    await report(world);
    world.github.onDelivery(({ event }) => (event === "issue_comment" || event === "issues" ? "drop" : "send"));
    await say(world, "olga", "I am on it");
    await world.pass(2 * HOUR);
    expect(isAcknowledged(world)).toBe(true);
    expect(words(world)).toEqual([]);
  });

  test("by an assignment whose webhook was lost, before anybody is called", async ({ world }) => {
    await report(world);
    world.github.onDelivery(() => "drop");
    await world.github.editIssueAs("olga", REPOSITORY, latest(world)?.number ?? 0, { assignees: ["olga"] });
    await world.pass(2 * HOUR);
    expect(words(world)).toEqual([]);
  });
});
