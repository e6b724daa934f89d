import assert from "node:assert/strict";
import { expect, test } from "vitest";
import { play, type Step } from "../../demo/step.ts";

function claims(name: string, claim: (seen: string[]) => void): Step<string[]> {
  return {
    name,
    run: async (seen) => {
      seen.push(name);
      claim(seen);
      return { saw: `${seen.length} steps`, where: "https://github.test" };
    },
  };
}

test("steps are played in their order, each with what it saw", async () => {
  const story = [claims("first", () => {}), claims("second", () => {})];
  const played = await Array.fromAsync(play(story, []));
  expect(played).toEqual([
    { step: "first", ok: true, ms: expect.any(Number), evidence: { saw: "1 steps", where: "https://github.test" } },
    { step: "second", ok: true, ms: expect.any(Number), evidence: { saw: "2 steps", where: "https://github.test" } },
  ]);
});

test("a story ends with the step whose claim is not what GitHub shows", async () => {
  const seen: string[] = [];
  const story = [claims("opens", () => assert.equal("closed", "open")), claims("never played", () => {})];
  const played = await Array.fromAsync(play(story, seen));
  expect(played).toEqual([
    { step: "opens", ok: false, ms: expect.any(Number), evidence: { expected: "open", saw: "closed" } },
  ]);
  expect(seen).toEqual(["opens"]);
});

test.each([
  ["a pattern", () => assert.match("no", /yes/), { expected: "/yes/", saw: "no" }],
  ["nothing", () => assert.equal(undefined, "x"), { expected: "x", saw: "undefined" }],
  ["words", () => assert.ok(null, "an incident"), { expected: "an incident", saw: null }],
  [
    "an exception",
    () => {
      throw new Error("no connection");
    },
    { expected: "no error", saw: "Error: no connection" },
  ],
])("a failure with %s survives JSON", async (_, claim, evidence) => {
  const [played] = await Array.fromAsync(play([claims("fails", claim)], []));
  expect(JSON.parse(JSON.stringify(played)).evidence).toEqual(evidence);
});
