import fc from "fast-check";
import { anOperator, kind } from "../happening.ts";
import { CONFIGURATION, configurationText } from "../place.ts";

/** The settings change, or become something that is none. What was counted before was counted by the old ones. */
export const configuration = kind({
  name: "configuration",
  weight: 1,
  details: fc.record({
    by: anOperator,
    text: fc.oneof(
      {
        weight: 2,
        arbitrary: fc
          .record({ consecutive: fc.integer({ min: 2, max: 5 }), hasDashboard: fc.boolean() })
          .map(configurationText),
      },
      { weight: 1, arbitrary: fc.constantFrom("breaker: { consecutive: many }\n", "breakers: {}\n", "- a list\n") },
    ),
  }),
  async perform({ by, text }, place) {
    await place.counted();
    if (place.github.fileAt(place.repository, CONFIGURATION) === text) return;
    place.configure(by, text);
    // A dashboard that is not wanted for a moment only may never be closed.
    await place.dashboard.atRest();
  },
});
