import { breakerPolicy, budgetPolicy } from "../config/policy.ts";
import type { Configuration } from "../config/schema.ts";
import { chargeRun } from "../domain/breaker/charge-run.ts";
import { type JobMinutes, jobMinutes } from "../domain/budget/job-minutes.ts";
import { counted } from "../domain/counted.ts";
import { INFRASTRUCTURE } from "../domain/ecosystem.ts";
import { elapsed } from "../domain/elapsed.ts";
import { printInstant } from "../domain/instant.ts";
import { quote } from "../domain/quote.ts";
import type { EcosystemResult, FinishedRun } from "../domain/results/run-results.ts";
import { finished, type ListedRun, latestRuns } from "../github/run-history.ts";
import { attemptOf, type EndedRun, type RunReport, reportRuns } from "../github/run-report.ts";
import { jobsOf } from "../github/workflow-run.ts";
import { count } from "./arguments/count.ts";
import { command } from "./command.ts";
import type { Answer, CommandContext } from "./context.ts";

const USUAL = 5;
/** Each takes a handful of calls, and an answer is read by a person. */
const MOST = 20;

/** `/batch runs`: the latest runs of the batch workflows, and why what failed failed (runbook section 1, step 3). */
export const runs = command({
  verb: "runs",
  summary: "Show the latest batch runs: what came of each ecosystem and why, how long they took, and how many minutes.",
  args: { count: count({ usual: USUAL, most: MOST }) },
  needs: "read",
  leniency: "strict",
  whenLate: "run",
  examples: ["/batch runs", "/batch runs 10"],
  async run({ count: most }, { repository, reading }: CommandContext): Promise<Answer> {
    const { settings } = reading.configuration;
    const listed = await latestRuns(repository, settings.workflows, most);
    if (listed.length === 0) {
      const workflows = settings.workflows.map((workflow) => quote(workflow)).join(", ");
      return { outcome: "done", text: `No run of ${workflows} is known on \`${repository.defaultBranch}\`.` };
    }
    const ended = await Promise.all(
      listed.map(async (run): Promise<EndedRun | null> => {
        const over = finished(run);
        if (over === null) return null;
        const jobs = await jobsOf(repository, over.id, over.attempt);
        return { run: over, conclusion: run.conclusion, headSha: run.headSha, jobs };
      }),
    );
    const reports = await reportRuns(
      repository,
      ended.filter((run) => run !== null),
      settings,
    );
    const byRun = new Map(reports.map((report) => [report.run.id, report]));
    const texts = listed.map((run) => runText(run, byRun.get(run.id) ?? null, settings));
    return { outcome: "done", text: `The latest ${counted(listed.length, "batch run")}:\n\n${texts.join("\n")}` };
  },
});

function runText(
  { id, url, workflow, conclusion, startedAt }: ListedRun,
  report: RunReport | null,
  settings: Configuration,
): string {
  const began = startedAt === null ? "" : ` began ${printInstant(startedAt)}`;
  const head = `- **[${id}](${url})** of ${quote(workflow)}${began}`;
  if (report === null) return `${head}, **under way**`;
  const facts = [
    `**${(conclusion ?? "ended").replaceAll("_", " ")}**`,
    `took ${elapsed(report.run.completedAt - report.run.startedAt)}`,
    minutesText(jobMinutes(report, budgetPolicy(settings))),
  ];
  const lines = [...ecosystemLines(report, report.run, settings), ...report.problems.map(problemLine)];
  return [`${head}, ${facts.join(", ")}`, ...lines.map((line) => `  - ${line}`)].join("\n");
}

function minutesText(jobs: readonly JobMinutes[]): string {
  const bySystem = Map.groupBy(jobs, ({ system }) => system);
  const sums = [...bySystem].map(([system, of]) => `${of.reduce((sum, { minutes }) => sum + minutes, 0)} ${system}`);
  return sums.length === 0 ? "no minutes" : `minutes: ${sums.join(", ")}`;
}

function ecosystemLines(
  report: RunReport,
  { startedAt, completedAt }: FinishedRun,
  settings: Configuration,
): readonly string[] {
  const results = report.results(settings);
  const evidence = { run: attemptOf(report.run), startedAt, at: completedAt, results };
  const { outcomes, spared } = chargeRun(evidence, breakerPolicy(settings), budgetPolicy(settings).week);
  const lines = [...results.ecosystems].map(([ecosystem, result]) => {
    const charged = spared.includes(ecosystem) ? " (charged to the infrastructure)" : "";
    return `${ecosystem}: ${result.ok} of ${result.ok + result.failed} succeeded${charged}${causesText(result)}`;
  });
  if (lines.length > 0) return lines;
  const lost = outcomes.get(INFRASTRUCTURE)?.failed ?? 0;
  return [lost > 0 ? "it could not start, which is nobody's fault here" : "it says nothing of any ecosystem"];
}

const MOST_PACKAGES = 3;

function causesText({ failures }: EcosystemResult): string {
  const byCategory = [...Map.groupBy(failures, ({ category }) => category)].sort(([, a], [, b]) => b.length - a.length);
  if (byCategory.length === 0) return "";
  const causes = byCategory.map(([category, of]) => {
    const names = of.flatMap((failure) => failure.package ?? []);
    const shown = names.slice(0, MOST_PACKAGES).map((name) => quote(name, 60));
    const more = names.length > MOST_PACKAGES ? ", …" : "";
    return `${category} ${of.length}${shown.length === 0 ? "" : ` (${shown.join(", ")}${more})`}`;
  });
  return `; ${causes.join(", ")}`;
}

function problemLine({ source, problem }: RunReport["problems"][number]): string {
  return `${quote(source, 120)} cannot be understood: ${quote(problem, 200)}`;
}
