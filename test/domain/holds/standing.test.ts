import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import type { Control } from "../../../src/domain/control/control.ts";
import { newControlFile } from "../../../src/domain/control/control-file.ts";
import type { Hold } from "../../../src/domain/holds/hold.ts";
import { addHold, blocking, gravest, releaseHolds } from "../../../src/domain/holds/standing.ts";
import { arbitraryControl, arbitraryHold } from "../control/arbitrary-control.ts";

const nothing: Control = newControlFile().control;

test.prop([arbitraryControl(), arbitraryHold])("asking for a hold twice is asking once", (control, hold) => {
  const once = addHold(control, hold);
  expect(addHold(once, hold)).toEqual(once);
  expect(blocking(once, hold.scope)).toContain(hold);
});

test.prop([arbitraryHold, arbitraryHold])(
  "a hold that is asked for again with other words takes its own place",
  (first, second) => {
    const again = { ...first, reason: "better words" };
    const control = [first, { ...second, id: "h-other" }, again].reduce(addHold, nothing);
    expect(control.holds).toEqual([again, { ...second, id: "h-other" }]);
  },
);

test.prop([arbitraryHold])("ids that are the same by chance do not free a scope", (hold) => {
  const everything: Hold = { ...hold, scope: "*" };
  const scopes = new Set([hold.scope, "*"]);
  expect(new Set([hold, everything].reduce(addHold, nothing).holds.map(({ scope }) => scope))).toEqual(scopes);
});

test.prop([arbitraryControl()])("releasing the budget's holds lifts no one else's", (control) => {
  const { holds } = releaseHolds(control, (hold) => hold.kind === "budget");
  expect(holds).toEqual(control.holds.filter((hold) => hold.kind !== "budget"));
});

test.prop([arbitraryControl(), arbitraryHold])(
  "a scope is blocked by its own holds and by those on everything",
  (control, { scope }) => {
    for (const hold of control.holds) {
      expect(blocking(control, scope).includes(hold)).toBe(hold.scope === scope || hold.scope === "*");
    }
  },
);

test.prop([arbitraryHold])("security speaks before operators, operators before the budget", (hold) => {
  const later = { ...hold, at: hold.at + 1000 };
  const budget: Hold = { ...hold, kind: "budget" };
  const operator: Hold = { ...later, kind: "operator" };
  const security: Hold = { ...later, at: later.at + 1000, kind: "security" };
  expect(gravest([budget, security, operator])).toBe(security);
  expect(gravest([budget, operator])).toBe(operator);
  expect(gravest([later, hold])).toBe(hold);
});

test.prop([fc.array(arbitraryHold, { minLength: 1 })])("who speaks does not depend on the order", (holds) => {
  expect(gravest(holds.toReversed())).toEqual(gravest(holds));
});

test.prop([arbitraryHold])("of stops of the same second that of everything speaks", (hold) => {
  const everything: Hold = { ...hold, scope: "*" };
  expect(gravest([hold, everything])?.scope).toBe("*");
  expect(gravest([everything, hold])?.scope).toBe("*");
});

test.prop([arbitraryHold])("of comments of the same second the earlier one speaks, in whatever thread", (hold) => {
  const issue = "https://github.com/acme/recipes/issues";
  const first: Hold = { ...hold, source: `${issue}/12#issuecomment-99` };
  const second: Hold = { ...hold, source: `${issue}/1#issuecomment-100` };
  expect(gravest([second, first])).toBe(first);
});

test("no hold, no word", () => {
  expect(gravest([])).toBeNull();
});
