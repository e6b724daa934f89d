import { type Breaker, type BreakerPolicy, type Outcome, REMEMBERED_OUTCOMES, type Standing } from "./breaker.ts";
import { footingOf, standingOf } from "./checkpoint.ts";
import { leaseAfter } from "./lease.ts";
import { letPass } from "./on-time.ts";
import { type Path, stepThrough } from "./step.ts";
import type { Change, Transition } from "./transition.ts";
import { byTime, insertOutcome, isSuperseded, outcomesAfter } from "./window.ts";

/**
 * What one outcome does to its ecosystem's breaker. It takes its place among the latest outcomes, in the order in which
 * runs ended, and all that come after the checkpoint are stepped through again: the order of arrival makes no difference.
 * An attempt that is known, from before the checkpoint, or without parts does nothing.
 */
export function onOutcome(before: Breaker, outcome: Outcome, policy: BreakerPolicy): Transition {
  const nothing: Transition = { kind: "none", breaker: before };
  if (outcome.ok + outcome.failed === 0 || isSuperseded(outcome, before.window)) return nothing;
  const { checkpoint, passed } = footingOf(before, policy);
  const { until } = checkpoint;
  if (until !== null && byTime(outcome, until) <= 0) return nothing;

  const window = insertOutcome(before.window, outcome);
  const { end, steps, judged } = stepThrough(checkpoint, outcomesAfter(window, until), policy);
  const forgotten = window.slice(0, -REMEMBERED_OUTCOMES);
  const settled: Breaker = {
    ...standingOf(end),
    window: [...window.slice(0, -judged.length), ...judged].slice(-REMEMBERED_OUTCOMES),
    lease: leaseAfter(before.lease, outcome, end),
    checkpoint: stepThrough(checkpoint, outcomesAfter(forgotten, until), policy).end,
  };
  const breaker = letPass(settled, policy, passed);
  const isNext = window.at(-1) === outcome && window.length > before.window.length;
  return { ...changeOf(before, breaker, steps, isNext), breaker };
}

const OPENINGS: ReadonlySet<Change["kind"]> = new Set(["opened", "reopened", "expired"]);

/**
 * What happened, for people. The step of an outcome that came next says it; one that came late, or took the place of an
 * earlier attempt, may have changed other steps too, so there the difference counts.
 */
function changeOf(before: Standing, after: Standing, steps: Path["steps"], isNext: boolean): Change {
  const changes = steps.map(({ breaker: _, ...change }): Change => change);
  const last = changes.at(-1);
  if (isNext && last !== undefined && last.kind !== "recorded") return last;
  if (before.state === after.state && before.opensAt === after.opensAt) return { kind: "recorded" };
  switch (after.state) {
    case "closed":
      return { kind: "closed" };
    case "half-open":
      return { kind: "probing" };
    case "open":
      if (before.state !== "closed") return { kind: after.trips > before.trips ? "reopened" : "recorded" };
      return changes.findLast(({ kind }) => OPENINGS.has(kind)) ?? { kind: "reopened" };
  }
}
