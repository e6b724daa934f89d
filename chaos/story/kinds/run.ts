import fc from "fast-check";
import type { JobSpec } from "../../../test/github/workflow-runs.ts";
import { ECOSYSTEMS, kind } from "../happening.ts";
import type { Place, StoryRun } from "../place.ts";

const outcome = fc.oneof(
  { weight: 3, arbitrary: fc.constant("failure" as const) },
  { weight: 2, arbitrary: fc.constant("success" as const) },
);
type Outcomes = Readonly<Partial<Record<(typeof ECOSYSTEMS)[number], "success" | "failure">>>;

const outcomes: fc.Arbitrary<Outcomes> = fc
  .record(Object.fromEntries(ECOSYSTEMS.map((name) => [name, outcome])), { requiredKeys: ["homebrew"] })
  .map((told) => told as Outcomes);

/**
 * Runs race with each other as far as it is promised that their order makes no difference (docs/breakers.md): six outcomes
 * of an ecosystem. A run and a rerun of it are two.
 */
const MOST_AT_ONCE = 5;

const when = { hours: fc.integer({ min: 1, max: 4 }), minutes: fc.integer({ min: 0, max: 29 }) };

/** A run that ends: mostly of the batch workflow on the default branch, sometimes of another that says nothing. */
export const run = kind({
  name: "run",
  weight: 12,
  details: fc.record({
    ...when,
    outcomes,
    of: fc.oneof(
      { weight: 8, arbitrary: fc.constant("batch" as const) },
      { weight: 1, arbitrary: fc.constant("another workflow" as const) },
      { weight: 1, arbitrary: fc.constant("another branch" as const) },
    ),
  }),
  async perform({ outcomes, of, hours, minutes }, place) {
    await place.counted({ butFor: MOST_AT_ONCE });
    const times = place.timetable.next(hours, minutes);
    const workflow = of === "another workflow" ? "tests.yml" : "batch-generate.yml";
    const branch = of === "another branch" ? "feature" : "main";
    if (branch === "feature") place.github.createBranch(place.repository, `feature-${place.step}`);
    const id = place.github.startRun(place.repository, workflow, {
      startedAt: times.startedAt,
      branch: branch === "main" ? branch : `feature-${place.step}`,
    });
    const told: StoryRun = { id, name: `run of step ${place.step}`, attempt: 1 };
    place.runs.push(told);
    if (of === "batch") place.mustCount(told);
    end(place, told, outcomes, times);
  },
});

/** Somebody runs the latest run again: the same run, another attempt, another end. */
export const rerun = kind({
  name: "rerun",
  weight: 3,
  details: fc.record({ ...when, outcomes }),
  async perform({ outcomes, hours, minutes }, place) {
    const latest = place.runs.at(-1);
    if (latest === undefined) return;
    await place.counted({ butFor: MOST_AT_ONCE });
    const times = place.timetable.next(hours, minutes);
    place.github.rerun(latest.id, times.startedAt);
    latest.attempt += 1;
    if (place.isToCount(latest.id)) place.mustCount(latest);
    end(place, latest, outcomes, times);
  },
});

function end(
  place: Place,
  { id }: StoryRun,
  outcomes: Outcomes,
  { startedAt, completedAt }: { readonly startedAt: string; readonly completedAt: string },
): void {
  const jobs = Object.entries(outcomes).map(
    ([ecosystem, conclusion]): JobSpec => ({ name: `generate (${ecosystem}, linux)`, conclusion, startedAt }),
  );
  const conclusion = jobs.some((job) => job.conclusion === "failure") ? "failure" : "success";
  place.github.completeRun(id, { conclusion, jobs, completedAt });
}
