import { objectiveOf } from "../../config/policy.ts";
import type { Counted } from "../../domain/breaker/count-run.ts";
import type { Control } from "../../domain/control/control.ts";
import { objectiveIncident, objectiveMet, objectiveMissed } from "../../domain/incidents/objective-incident.ts";
import { type ObjectiveReport, reportWeek } from "../../domain/objective/objective.ts";
import type { SuccessWeek } from "../../domain/objective/success-week.ts";
import type { Repository } from "../../github/repository.ts";
import type { Services } from "../services.ts";

/**
 * Makes the incidents say how the week that is over did against the objectives. Asked once a week, when the first run of the
 * next one is counted, and again when such a run comes again, because the process may have died in between.
 */
export async function keepObjectiveIncidents(
  repository: Repository,
  { weeks }: Control,
  counted: readonly Counted[],
  services: Services,
): Promise<void> {
  const ended = counted.find((run) => run.ended !== null)?.ended ?? null;
  const again = counted.some(({ before }) => before) ? (weeks.at(-2) ?? null) : null;
  const week: SuccessWeek | null = ended ?? again;
  if (week === null) return;
  const reports = reportWeek(week, objectiveOf(await services.store.settings(repository)));
  const met = reports.filter(({ isMet }) => isMet);
  await services.incidents.closeOver(
    repository,
    met.map((report) => ({
      cause: { kind: "objective", ecosystem: report.ecosystem },
      update: { key: report.week, text: objectiveMet(report) },
      evidence: report.week,
    })),
  );
  for (const report of reports) if (!report.isMet) await tellMissed(repository, report, services);
}

async function tellMissed(repository: Repository, report: ObjectiveReport, { incidents }: Services): Promise<void> {
  const incident = objectiveIncident(report);
  const { open, earlier } = await incidents.look(repository, incident.cause);
  if (open === null) await incidents.open(repository, incident, earlier);
  else if (!open.body.includes(report.week)) {
    const update = { key: report.week, text: objectiveMissed(report) };
    await incidents.update(repository, open, open.severity ?? incident.severity, update);
  }
}
