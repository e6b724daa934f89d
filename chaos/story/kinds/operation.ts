import fc from "fast-check";
import { anEcosystem, anOperator, kind } from "../happening.ts";

/** Somebody works on a breaker or on the budget by hand: what that means depends on the runs that were counted before. */
export const operation = kind({
  name: "operation",
  weight: 3,
  details: fc.record({
    by: anOperator,
    line: fc.oneof(
      fc
        .tuple(anEcosystem, fc.constantFrom("trip — bad mirror", "reset — mended", "probe — try it", ""))
        .map(([ecosystem, rest]) => `/batch breaker ${ecosystem} ${rest}`.trimEnd()),
      fc.constantFrom("/batch budget sampling on — slow week", "/batch budget sampling off", "/batch budget reset"),
    ),
  }),
  async perform({ by, line }, place) {
    await place.counted();
    await place.answered(await place.comment(by, line));
  },
});

/** Two must agree on some things: somebody approves what waits, or withdraws it. */
export const approval = kind({
  name: "approval",
  weight: 3,
  details: fc.record({ by: anOperator, line: fc.constantFrom("/batch approve", "/batch approve", "/batch cancel") }),
  async perform({ by, line }, place) {
    await place.answered(await place.comment(by, line));
  },
});
