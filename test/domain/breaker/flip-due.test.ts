import { test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { mayRun } from "../../../src/domain/breaker/admission.ts";
import { type Breaker, CLOSED, PROBE_LEASE } from "../../../src/domain/breaker/breaker.ts";
import { flipDue } from "../../../src/domain/breaker/flip-due.ts";
import { onAdmission } from "../../../src/domain/breaker/on-admission.ts";
import type { Control } from "../../../src/domain/control/control.ts";
import { newControlFile } from "../../../src/domain/control/control-file.ts";
import { HOUR } from "../../../src/domain/instant.ts";
import { arbitraryControl, arbitraryInstant } from "../control/arbitrary-control.ts";
import { end, OPEN, POLICY } from "./example.ts";

const DUE = end(6);

function withBreakers(breakers: Readonly<Record<string, Breaker>>): Control {
  return { ...newControlFile().control, breakers: new Map(Object.entries(breakers)) };
}

describe("a timer that looks at the breakers", () => {
  test("makes those that are due half-open, with a fresh probe and the time they have been due since", () => {
    const control = withBreakers({ homebrew: OPEN, npm: CLOSED, pypi: { ...OPEN, opensAt: DUE + 1 } });
    const flipped = flipDue(control, POLICY, DUE);
    expect(flipped.result).toEqual({ names: ["homebrew"], next: DUE + 1 });
    expect(flipped.control.breakers.get("homebrew")).toEqual({
      ...OPEN,
      state: "half-open",
      probe: { successes: 0 },
    });
    expect(flipped.control.breakers.get("npm")).toBe(CLOSED);
  });

  test("leaves alone what is not due, what only a person closes, and what is being tried", () => {
    const leased = onAdmission(OPEN, { run: "7.1", at: DUE }, POLICY).breaker;
    const control = withBreakers({ open: OPEN, forced: { ...OPEN, opensAt: null }, leased });
    expect(flipDue(control, POLICY, DUE - 1)).toEqual({ control, result: { names: [], next: DUE } });
    expect(flipDue(withBreakers({ leased }), POLICY, DUE).result).toEqual({ names: [], next: DUE + PROBE_LEASE });
    expect(flipDue(withBreakers({ npm: CLOSED }), POLICY, DUE).result.next).toBeNull();
  });

  test("opens a breaker again whose probe never reported, and makes it half-open once more when that is due", () => {
    const control = withBreakers({ npm: onAdmission(OPEN, { run: "7.1", at: DUE }, POLICY).breaker });
    const expiry = DUE + PROBE_LEASE;
    const open = flipDue(control, POLICY, expiry);
    expect(open.result).toEqual({ names: ["npm"], next: expiry + HOUR });
    expect(open.control.breakers.get("npm")).toMatchObject({ state: "open", opensAt: expiry + HOUR, probe: null });
    const again = { state: "half-open", opensAt: expiry + HOUR, probe: { successes: 0 } };
    expect(flipDue(control, POLICY, expiry + HOUR).control.breakers.get("npm")).toMatchObject(again);
    expect(flipDue(open.control, POLICY, expiry + HOUR).control.breakers.get("npm")).toMatchObject(again);
  });
});

test.prop([arbitraryControl(), arbitraryInstant])("a timer that looks twice changes nothing more", (control, now) => {
  const once = flipDue(control, POLICY, now);
  expect(flipDue(once.control, POLICY, now)).toEqual({ control: once.control, result: { ...once.result, names: [] } });
  if (once.result.next !== null) expect(once.result.next).toBeGreaterThan(now);
});

test.prop([arbitraryControl(), arbitraryInstant])("a timer changes nothing about who may run", (control, now) => {
  const { breakers } = flipDue(control, POLICY, now).control;
  for (const [name, breaker] of control.breakers) {
    expect(mayRun(breakers.get(name) ?? CLOSED, POLICY, now)).toEqual(mayRun(breaker, POLICY, now));
  }
});
