import { aliasesOf, budgetPolicy } from "./config/policy.ts";
import { METERED_SYSTEMS } from "./domain/budget/runner-system.ts";
import { parseEcosystem } from "./domain/ecosystem.ts";
import { HOLD_KINDS } from "./domain/holds/hold.ts";
import type { Reading } from "./github/change.ts";
import type { Measures } from "./github/measures.ts";
import type { Metrics, Pipeline } from "./web/metrics.ts";

/** Has the metrics told what is measured while GitHub is talked to. */
export function measuresOf(metrics: Metrics): Measures {
  return {
    conflict: () => metrics.countConflict(),
    incidents: (fullName, bySeverity) => metrics.showIncidents(fullName, bySeverity),
    reading: (fullName, reading) => {
      const pipeline = pipelineOf(fullName, reading);
      if (pipeline !== null) metrics.show(pipeline);
    },
  };
}

/** A pipeline in numbers; null while its control file cannot be read. Names that are no ecosystem's become no label. */
function pipelineOf(repository: string, { control, configuration }: Reading): Pipeline | null {
  if (control.kind !== "ready") return null;
  const { breakers, holds, budget } = control.file.control;
  const { settings } = configuration;
  const aliases = aliasesOf(settings);
  const { limits } = budgetPolicy(settings);
  const named = [...breakers].flatMap(([name, { state }]) => {
    const ecosystem = parseEcosystem(name, aliases);
    return ecosystem === null ? [] : [[ecosystem, state] as const];
  });
  const used = budget.kind === "readable" ? budget.budget.used : null;
  return {
    repository,
    breakers: new Map(named),
    holds: new Map(HOLD_KINDS.map((kind) => [kind, holds.filter((hold) => hold.kind === kind).length])),
    budget: new Map(
      used === null ? [] : METERED_SYSTEMS.map((system) => [system, { used: used[system], limit: limits[system] }]),
    ),
  };
}
