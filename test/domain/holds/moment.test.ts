import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { newControlFile } from "../../../src/domain/control/control-file.ts";
import type { Hold } from "../../../src/domain/holds/hold.ts";
import { expireHolds, isLongStop, momentsOf } from "../../../src/domain/holds/moment.ts";
import { DAY, HOUR, MINUTE } from "../../../src/domain/instant.ts";
import { arbitraryControl, arbitraryHold, arbitraryInstant } from "../control/arbitrary-control.ts";

const at = Date.UTC(2026, 0, 28, 12);

function hold(rest: Partial<Hold>): Hold {
  const words = { reason: "", by: "olga", incidentUrl: "", source: "" };
  return { id: "h-111111", scope: "*", kind: "operator", at, until: null, ...words, ...rest };
}

describe("before a hold ends it is asked for", () => {
  test.each([
    { lasts: 6 * HOUR, ahead: 30 * MINUTE },
    { lasts: 2 * HOUR, ahead: 30 * MINUTE },
    { lasts: HOUR, ahead: 15 * MINUTE },
    { lasts: 4 * MINUTE, ahead: MINUTE },
  ])("one of $lasts ms, $ahead ms ahead", ({ lasts, ahead }) => {
    const moments = momentsOf([hold({ until: at + lasts })]).filter(({ kind }) => kind !== "long");
    expect(moments.map(({ kind, at: when }) => [kind, when])).toEqual([
      ["ask", at + lasts - ahead],
      ["end", at + lasts],
    ]);
  });
});

test.each(["security", "budget"] as const)("a %s hold never ends by itself, whatever end it names", (kind) => {
  const held = hold({ kind, until: at + HOUR });
  expect(momentsOf([held]).map((moment) => moment.kind)).toEqual(["long"]);
  const control = { ...newControlFile().control, holds: [held] };
  expect(expireHolds(control, at + DAY)).toEqual({ control, result: [] });
});

test("only a stop of everything is long after a day", () => {
  const [moment] = momentsOf([hold({})]);
  expect(moment).toMatchObject({ kind: "long", at: at + DAY });
  expect(isLongStop([hold({})], at + DAY - 1)).toBe(false);
  expect(isLongStop([hold({})], at + DAY)).toBe(true);
});

test.prop([fc.array(arbitraryHold)])("what is to happen is in the order of its time", (holds) => {
  const times = momentsOf(holds).map((moment) => moment.at);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
});

test.prop([arbitraryControl(), arbitraryInstant])("what ended is lifted, all else stays", (control, now) => {
  const { control: next, result } = expireHolds(control, now);
  const isOver = ({ kind, until }: Hold) => kind === "operator" && until !== null && until <= now;
  expect(result).toEqual(control.holds.filter(isOver));
  expect(next.holds).toEqual(control.holds.filter((held) => !isOver(held)));
});
