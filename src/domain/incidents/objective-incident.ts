import type { ObjectiveReport } from "../objective/objective.ts";
import { CLASSIFICATION } from "./classification.ts";
import type { Incident } from "./incident.ts";

/** The incident of an ecosystem that missed its success rate objective for a week. */
export function objectiveIncident(report: ObjectiveReport): Incident {
  const { ecosystem } = report;
  return {
    cause: { kind: "objective", ecosystem },
    severity: CLASSIFICATION["objective-missed"].severity,
    title: `${ecosystem}: the success rate objective is missed`,
    body: `${objectiveMissed(report)}

### What to do
- \`/batch runs\` shows the latest runs and why they failed.
- Or decide that less is good enough, and lower \`ecosystems.${ecosystem}.slo\` in \`.github/batchkeeper.yml\`.
- This issue is closed by the first week that meets the objective.`,
  };
}

/** What a week that missed the objective adds. */
export function objectiveMissed({ ecosystem, week, tried, rate, objective }: ObjectiveReport): string {
  return `In the week of ${week}, ${percent(rate)} of what was tried for **${ecosystem}** succeeded (${tried.ok} of ${tried.ok + tried.failed}); the objective is ${percent(objective)}.`;
}

/** What a week that met the objective says. */
export function objectiveMet({ ecosystem, week, rate, objective }: ObjectiveReport): string {
  return `The week of ${week} met the objective of **${ecosystem}**: ${percent(rate)}, of ${percent(objective)}.`;
}

/** A share in percent, with one decimal: 84.9 % must not read as 85 %. */
export function percent(share: number): string {
  return `${Math.floor(share * 1000) / 10} %`;
}
