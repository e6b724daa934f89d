import type { BudgetAlert } from "../budget/alert.ts";
import { type Budget, type BudgetPolicy, THRESHOLD_LEVELS } from "../budget/budget.ts";
import { percentOf } from "../budget/describe-budget.ts";
import { levelIn, rankOf } from "../budget/level.ts";
import { METERED_SYSTEMS, type MeteredSystem, SYSTEM_NAMES } from "../budget/runner-system.ts";
import { shares } from "../budget/share.ts";
import type { Hold } from "../holds/hold.ts";
import { type Instant, printInstant } from "../instant.ts";
import { quote } from "../quote.ts";
import { CLASSIFICATION } from "./classification.ts";
import type { Incident, Severity } from "./incident.ts";
import { type Walk, walkText } from "./walk.ts";

/** What the runbook's section 4 tells an operator to look up, already looked up. */
export interface BudgetFacts {
  readonly budget: Budget;
  readonly policy: BudgetPolicy;
  readonly holds: readonly Hold[];
  /** When the week ends, and the budget with it. */
  readonly ends: Instant;
}

/** Low while only sampling is on, medium once ecosystems are stopped; null while no threshold is reached. */
export function budgetSeverity({ reached }: Budget): Severity | null {
  const highest = Math.max(...METERED_SYSTEMS.map((system) => rankOf(levelIn(reached[system]))));
  if (highest === rankOf("none")) return null;
  return CLASSIFICATION[highest >= rankOf("stop") ? "budget-stop" : "budget-sampling"].severity;
}

/** The incident of a budget that has reached a threshold: where it stands, what was done, and what there is to do. */
export function budgetIncident({ budget, policy, holds, ends }: BudgetFacts, severity: Severity): Incident {
  const held = holds.filter(({ kind }) => kind === "budget");
  const levels = new Set(
    METERED_SYSTEMS.flatMap((system) => THRESHOLD_LEVELS.filter((level) => budget.reached[system][level])),
  );
  return {
    cause: { kind: "budget" },
    severity,
    title: "The CI budget of the week is running out",
    body: `${METERED_SYSTEMS.map((system) => usageLine(budget, policy, system)).join("\n")}

${walkText({
  section: 4,
  tree: decisionTree(levels),
  steps: [
    { what: "When the budget resets", found: `at ${printInstant(ends)}, by itself; this issue is closed then.` },
    { what: "What consumes the most", found: largest(budget) },
    { what: "Sampling", found: `${budget.sampling ? "on" : "off"}.` },
    {
      what: "Held by the budget",
      found: `${held.length === 0 ? "nothing" : held.map(({ scope, id }) => `${scope} (\`${id}\`)`).join(", ")}.`,
    },
  ],
  resolution: [
    levels.has("stop")
      ? "**Wait for the reset**, unless a held ecosystem is urgent: `/batch resume <ecosystem> — reason` lifts its hold until the next threshold."
      : "**Run smaller batches** until the reset.",
    "**Mark what must not stop** as `critical`, or raise `budget.macos_minutes` and `budget.linux_minutes`, in `.github/batchkeeper.yml`.",
    "`/batch budget` shows rate, forecast and shares; `/batch budget reset — reason` begins the week anew.",
  ],
})}`,
  };
}

/** The incident of a budget that cannot be understood: nothing stops because of it, and nothing is counted either. */
export function unreadableBudgetIncident(problem: string): Incident {
  return {
    cause: { kind: "budget" },
    severity: CLASSIFICATION["budget-unreadable"].severity,
    title: "The CI budget cannot be read",
    body: `${unreadableBudgetText(problem)}

### What to do
- Look at the last change of the control file: who wrote it, and what was meant. Mend it by hand, or
- comment \`/batch budget reset — reason\`: the week begins anew with nothing used.
- This issue is closed when a run is counted again and no threshold is reached.`,
  };
}

/** The same, for an incident that is open already. */
export function unreadableBudgetText(problem: string): string {
  return `The budget in the control file cannot be understood: ${quote(problem)}. It stays as it is. Until it is mended no minutes are counted, and no budget hold comes or goes.`;
}

/** What to add to the open incident for an alert, once for each `alert.key`. */
export function budgetAlertText(alert: BudgetAlert, { limits }: BudgetPolicy): string {
  const name = SYSTEM_NAMES[alert.system];
  const limit = limits[alert.system];
  if (alert.kind === "share") {
    const names = alert.ecosystems.map((ecosystem) => quote(ecosystem, 64)).join(", ");
    return `**Over half of the ${name} budget** (${limit} minutes) was used by ${names}: consider running it less often (runbook section 4).`;
  }
  const reached = `**${alert.percent} % of the ${name} budget** (${limit} minutes) are used`;
  switch (alert.level) {
    case "sampling":
      return `${reached}: sampling is on, and smaller batches are recommended (runbook section 4).`;
    case "stop":
      return `${reached}: ecosystems that are not critical are held until the week ends (runbook section 4).`;
    case "exhausted":
      return `${reached}: everything that is not marked as critical is held until the week ends (runbook section 4).`;
  }
}

/** What to say when no threshold is reached any more: the week has ended, was reset, or its limits were raised. */
export function budgetRelieved({ weekStart }: Budget): string {
  return `No threshold of the budget is reached in the week of ${weekStart.slice(0, 10)}. The budget's own holds are lifted; those of others stand.`;
}

function decisionTree(levels: ReadonlySet<(typeof THRESHOLD_LEVELS)[number]>): Walk["tree"] {
  return [
    {
      when: "The threshold of sampling is reached",
      isTaken: levels.has("sampling"),
      why: levels.has("sampling") ? "sampling is on; smaller batches are recommended." : "",
    },
    {
      when: "The threshold of stopping is reached",
      isTaken: levels.has("stop"),
      why: levels.has("stop") ? "what is not critical is held, to preserve the rest for what is." : "",
    },
    {
      when: "Budget already exhausted",
      isTaken: levels.has("exhausted"),
      why: levels.has("exhausted") ? "wait for the weekly reset." : "",
    },
  ];
}

function usageLine({ used }: Budget, { limits }: BudgetPolicy, system: MeteredSystem): string {
  const percent = percentOf(used[system], limits[system]);
  return `- **${SYSTEM_NAMES[system]}**: ${Math.round(used[system])} of ${limits[system]} minutes, ${percent} %`;
}

function largest(budget: Budget): string {
  const named = shares(budget).filter(({ ecosystem }) => ecosystem !== null);
  if (named.length === 0) return "no job named an ecosystem.";
  const list = named
    .slice(0, 3)
    .map(
      ({ ecosystem, percent }) =>
        `${quote(ecosystem ?? "", 64)} (${percent.macos} % of macOS, ${percent.linux} % of Linux)`,
    );
  return `${list.join(", ")}.`;
}
