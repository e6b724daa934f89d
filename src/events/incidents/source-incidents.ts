import type { Counted } from "../../domain/breaker/count-run.ts";
import { sourceIncident, unreadableText } from "../../domain/incidents/source-incident.ts";
import { shortHash } from "../../domain/short-hash.ts";
import type { Repository } from "../../github/repository.ts";
import { attemptOf, type RunReport } from "../../github/run-report.ts";
import type { Services } from "../services.ts";

/** Tells of results that are there and cannot be understood, and of names in them that no ecosystem can have. */
export async function tellUnreadableResults(
  repository: Repository,
  runs: readonly RunReport[],
  counted: readonly Counted[],
  services: Services,
): Promise<void> {
  const { incidents, log, store } = services;
  const settings = await store.settings(repository);
  const news = runs.filter((_, index) => counted[index]?.before === false);
  for (const report of news) {
    const { illFormed } = report.results(settings);
    if (illFormed.length === 0) continue;
    const names = illFormed.slice(0, 10);
    log.warn({ repository: repository.fullName, run: attemptOf(report.run), names }, "no ecosystems: names refused");
  }
  const [unreadable, ...others] = news.flatMap((report) => report.problems.map((problem) => ({ report, ...problem })));
  if (unreadable === undefined) return;
  log.warn({ repository: repository.fullName, others: others.length, ...textOf(unreadable) }, "results not understood");
  // One of a burst stands for all: what is wrong is the workflow.
  const { report, source, problem } = unreadable;
  const run = attemptOf(report.run);
  const facts = { run, runUrl: `${repository.url}/actions/runs/${report.run.id}`, source, problem };
  const incident = sourceIncident(facts);
  const { open, earlier } = await incidents.look(repository, incident.cause);
  if (open === null) await incidents.open(repository, incident, earlier);
  else if (!open.body.includes(problem)) {
    await incidents.update(repository, open, open.severity ?? incident.severity, {
      key: `results:${shortHash(problem)}`,
      text: unreadableText(facts),
    });
  }
}

function textOf({ report, source, problem }: { report: RunReport; source: string; problem: string }) {
  return { run: attemptOf(report.run), source, problem };
}
