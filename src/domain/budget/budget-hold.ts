import type { Ecosystem } from "../ecosystem.ts";
import type { Hold } from "../holds/hold.ts";
import { holdId } from "../holds/hold-id.ts";
import { type Budget, type BudgetPolicy, THRESHOLD_LEVELS, type ThresholdLevel } from "./budget.ts";
import type { EcosystemMinutes } from "./ecosystem-minutes.ts";
import { thresholdOf } from "./level.ts";
import { METERED_SYSTEMS, SYSTEM_NAMES } from "./runner-system.ts";
import { laterWeek, startOf, type Week } from "./week.ts";

/** Who asks for the budget's holds: a rule, not a person. */
const RULE = "weekly budget";

/** What a budget had reached, and what it has. */
interface BudgetStep {
  readonly before: Budget["reached"];
  readonly after: Budget["reached"];
  /** The ecosystems that a threshold has looked at. */
  readonly seen: EcosystemMinutes;
  readonly week: Week;
}

/**
 * The holds that go with what the budget has reached: its own on every ecosystem that is due, those of others as they
 * are. One that a person lifted does not come back with the next run: due is what a threshold covers that was reached
 * now, and an ecosystem that is seen for the first time.
 */
export function budgetHolds(
  holds: readonly Hold[],
  step: BudgetStep,
  known: readonly Ecosystem[],
  policy: BudgetPolicy,
): readonly Hold[] {
  const standing = new Map<string, Hold>(holds.filter(isOurs).map((hold) => [hold.scope, hold]));
  const scopes = new Set([...known, ...holds.filter(isOurs).map(({ scope }) => scope)]);
  const ours = [...scopes].sort().flatMap((scope): readonly Hold[] => {
    const hold = holdOn(scope, step, policy);
    const before = standing.get(scope);
    if (hold === null || (before === undefined && !isDue(scope, step, policy))) return [];
    return [before === undefined ? hold : { ...hold, incidentUrl: before.incidentUrl }];
  });
  const isSame = ours.length === standing.size && ours.every((hold) => isEqual(hold, standing.get(hold.scope)));
  return isSame ? holds : [...holds.filter((hold) => !isOurs(hold)), ...ours];
}

/** This rule's holds are each on one ecosystem. */
function isOurs(hold: Hold): hold is Hold & { readonly scope: Ecosystem } {
  return hold.kind === "budget" && hold.scope !== "*";
}

/** Whether a threshold that is reached stops an ecosystem. */
export function stops(level: ThresholdLevel, ecosystem: string, { critical, nonCritical }: BudgetPolicy): boolean {
  if (critical.has(ecosystem)) return false;
  switch (level) {
    case "sampling":
      return false;
    case "stop":
      return nonCritical.size === 0 || nonCritical.has(ecosystem);
    case "exhausted":
      return true;
  }
}

function isDue(scope: Ecosystem, { before, after, seen }: BudgetStep, policy: BudgetPolicy): boolean {
  if (!seen.has(scope)) return true;
  return METERED_SYSTEMS.some((system) =>
    THRESHOLD_LEVELS.some(
      (level) =>
        before[system][level] === undefined && after[system][level] !== undefined && stops(level, scope, policy),
    ),
  );
}

/** The hold on an ecosystem, or null when nothing that is reached stops it. */
function holdOn(scope: Ecosystem, { after, week }: BudgetStep, policy: BudgetPolicy): Hold | null {
  const causes = METERED_SYSTEMS.flatMap((system) => {
    const levels = THRESHOLD_LEVELS.filter(
      (level) => after[system][level] !== undefined && stops(level, scope, policy),
    );
    const [first, last] = [levels[0], levels.at(-1)];
    if (first === undefined || last === undefined) return [];
    const what = `${thresholdOf(last, policy)} % of the ${SYSTEM_NAMES[system]} minutes`;
    return [{ what, at: after[system][first] ?? 0 }];
  });
  if (causes.length === 0) return null;
  return {
    id: holdId(`${RULE} ${week}`, scope),
    scope,
    kind: "budget",
    reason: `${causes.map(({ what }) => what).join(" and ")} of the week of ${week} are used`,
    by: RULE,
    at: Math.min(...causes.map(({ at }) => at)),
    until: startOf(laterWeek(week, 1), policy.week),
    incidentUrl: "",
    source: "",
  };
}

function isEqual(hold: Hold, other: Hold | undefined): boolean {
  return hold.id === other?.id && hold.reason === other.reason && hold.at === other.at && hold.until === other.until;
}
