import fc from "fast-check";
import { anOperator, kind } from "../happening.ts";

const aSeverity = fc.constantFrom("critical", "high", "medium", "low");

/** Somebody reports an incident, and somebody works on it: in the thread of the story, by its number. */
export const incident = kind({
  name: "incident",
  weight: 3,
  details: fc.record({
    by: anOperator,
    severity: aSeverity,
    followed: fc.array(
      fc.record({
        by: anOperator,
        what: fc.oneof(
          fc.constantFrom("ack", "escalate", "resolve"),
          aSeverity.map((severity) => `severity ${severity}`),
        ),
      }),
      { maxLength: 2 },
    ),
  }),
  async perform({ by, severity, followed }, place) {
    const title = `Downloads of step ${place.step} look odd`;
    await place.answered(await place.comment(by, `/batch incident open ${severity} — ${title}`));
    const opened = place.github.issues(place.repository).find((issue) => issue.title.includes(title));
    for (const { by, what } of opened === undefined ? [] : followed) {
      await place.answered(await place.comment(by, `/batch incident ${what} #${opened?.number}`));
    }
  },
});
