import { test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { newControlFile } from "../../../src/domain/control/control-file.ts";
import type { Hold } from "../../../src/domain/holds/hold.ts";
import { placeHold } from "../../../src/domain/holds/place-hold.ts";
import { arbitraryControl, arbitraryHold } from "../control/arbitrary-control.ts";

const nothing = newControlFile().control;
const first: Hold = {
  id: "h-111111",
  scope: "*",
  kind: "operator",
  reason: "mirror",
  by: "olga",
  at: 1000,
  until: 5000,
  incidentUrl: "https://github.test/1",
  source: "https://github.test/1#issuecomment-1",
};
const again: Hold = { ...first, id: "h-222222", reason: "", at: 2000, until: null, source: "https://github.test/2" };

function placed(...holds: readonly Hold[]): readonly Hold[] {
  return holds.reduce(placeHold, nothing).holds;
}

describe("a stop that is repeated by the same person on the same scope", () => {
  test("keeps the id, the beginning and the reason of the hold, and has the new end and place", () => {
    expect(placed(first, again)).toEqual([{ ...again, id: first.id, at: first.at, reason: "mirror" }]);
  });

  test("takes the new reason if there is one", () => {
    expect(placed(first, { ...again, reason: "key" })).toMatchObject([{ id: first.id, reason: "key" }]);
  });

  test("is the same person's in any case of the login", () => {
    expect(placed(first, { ...again, by: "Olga" })).toHaveLength(1);
  });
});

test.each<[string, Partial<Hold>]>([
  ["another person", { by: "oscar" }],
  ["another kind", { kind: "security" }],
])("a stop of %s is a hold of its own", (_, other) => {
  expect(placed(first, { ...again, ...other })).toEqual([first, { ...again, ...other }]);
});

test.prop([arbitraryControl(), arbitraryHold])("asked for twice, it stands once", (control, hold) => {
  const once = placeHold(control, hold);
  expect(placeHold(once, hold)).toEqual(once);
});

test.prop([arbitraryControl(), arbitraryHold])("no scope that was held is free afterwards", (control, hold) => {
  const scopes = new Set(placeHold(control, hold).holds.map(({ scope }) => scope));
  expect(scopes).toEqual(new Set([...control.holds.map(({ scope }) => scope), hold.scope]));
});
