import { judgePush } from "../src/domain/supply-chain/judge-push.ts";
import { type FileVersion, hostsIn, judgeRecipe } from "../src/domain/supply-chain/judge-recipe.ts";
import type { Finding, RuleName } from "../src/domain/supply-chain/rule.ts";
import { traceCommits } from "../src/github/provenance.ts";
import { rebuildHistory } from "./rebuild-history.ts";
import type { Replay } from "./rollback.ts";
import { type RollbackCase, readRollbackCases } from "./rollback-case.ts";

/** Commits that changed an origin in seven months of the real pipeline, all of them legitimate: more alarms are too many. */
const KNOWN_ORIGIN_CHANGES = 28;

/** What the rules say to one recorded batch, and to what became of its recipes since. */
interface ProvenanceAnswer {
  readonly batch: string;
  /** Commits that brought it to the default branch. */
  readonly commits: number;
  readonly calls: number;
  readonly directPushes: number;
  readonly added: number;
  readonly changed: number;
  /** Of the recipes that it added, and of those that were changed since. */
  readonly findings: readonly Finding[];
}

/**
 * Judges what is recorded of a real pipeline. The way of every commit that brought a batch is asked of GitHub, in a history
 * built from the record; every recipe is judged as it was added, and as it was changed until today.
 */
export async function replayProvenance(folder: string): Promise<Replay> {
  const cases = readRollbackCases(folder);
  const texts = cases.flatMap(({ paths }) => Object.values(paths).map(({ merged_content = "" }) => merged_content));
  // What other recipes named is not recorded: the hosts of all that batches added stand for it.
  const hosts = new Set(texts.flatMap(hostsIn));
  const answers: ProvenanceAnswer[] = [];
  for (const recorded of cases) answers.push(await judgeCase(recorded, hosts));
  const sum = (count: (answer: ProvenanceAnswer) => number) => answers.reduce((all, one) => all + count(one), 0);
  const direct = sum(({ directPushes }) => directPushes);
  const origins = sum(({ findings }) => countOf(findings, "origin-changed"));
  const rows = answers.map(({ batch, commits, calls, directPushes, added, changed, findings }) => [
    batch,
    ...[commits, calls, directPushes, added, changed].map(String),
    ...ALARMS.map((rule) => String(countOf(findings, rule))),
  ]);
  return {
    rows: [["batch", "commits", "calls", "direct-push", "added", "changed since", ...ALARMS], ...rows],
    summary: `${direct} of ${sum(({ commits }) => commits)} commits are called direct pushes; ${origins} of ${sum(({ changed }) => changed)} recipes that were changed since are said to have another origin (at most ${KNOWN_ORIGIN_CHANGES} commits of the whole history do).\n\n${NOTES}`,
    differences: [
      ...(direct > 0 ? [`${direct} false alarms of direct-push: all recorded commits came by pull request.`] : []),
      ...(origins > KNOWN_ORIGIN_CHANGES ? [`${origins} alarms of origin-changed are too many.`] : []),
      ...answers.flatMap(({ batch, findings }) =>
        findings.filter(isFalseAlarm).map(({ rule, subject }) => `${batch} ${subject}: ${rule}`),
      ),
    ],
  };
}

const ALARMS = [
  "origin-changed",
  "new-host",
  "insecure-scheme",
  "new-command",
  "unchecked",
] as const satisfies readonly RuleName[];

const NOTES = `Of what changed a recipe since only the beginning and the end are recorded, not the commits between. A host can be new only
to a recipe that was changed: which ones the repository knew when a batch added its recipes is not recorded.`;

/** Builds the history of a case on a local GitHub, and judges it. */
async function judgeCase(recorded: RollbackCase, hosts: ReadonlySet<string>): Promise<ProvenanceAnswer> {
  await using rebuilt = await rebuildHistory(recorded);
  const commits = await traceCommits(rebuilt.repository, rebuilt.landings);
  const calls = rebuilt.calls();
  const recipes = Object.keys(recorded.paths);
  const push = { actor: "pipeline", isForced: false, before: "", after: "" };
  const alarms = judgePush({ ...push, commits: commits.map((commit) => ({ ...commit, recipes })) });
  const merged = Object.entries(recorded.paths).filter(([, { merged_content }]) => merged_content !== undefined);
  const changed = merged.filter(([, { today, today_content }]) => today === "modified" && today_content != null);
  return {
    batch: recorded.batch_id,
    commits: commits.length,
    calls,
    directPushes: countOf(alarms, "direct-push"),
    added: merged.length,
    changed: changed.length,
    findings: [
      ...merged.flatMap(([path, { merged_content }]) =>
        judgeRecipe({ path, before: { kind: "missing" }, after: version(merged_content) }, null),
      ),
      ...changed.flatMap(([path, { merged_content, today_content }]) =>
        judgeRecipe({ path, before: version(merged_content), after: version(today_content) }, hosts),
      ),
    ],
  };
}

function isFalseAlarm({ rule }: Finding): boolean {
  return rule !== "origin-changed";
}

function countOf(findings: readonly Finding[], rule: RuleName): number {
  return findings.filter((finding) => finding.rule === rule).length;
}

function version(text: string | null | undefined): FileVersion {
  return { kind: "text", text: text ?? "" };
}
