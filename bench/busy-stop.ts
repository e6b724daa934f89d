import assert from "node:assert/strict";
import { REPOSITORY, seedRecipeRepository, WORKFLOW } from "../demo/recipe-repository.ts";
import type { LoggedCall } from "../test/github/http/request-log.ts";
import { type LocalGitHub, startLocalGitHub } from "../test/github/local-github.ts";
import type { Measure } from "./report.ts";
import { newProcess } from "./running.ts";

const COMMAND = "/batch stop --now";

/** What is open and running when the stop comes. */
interface Busy {
  readonly pulls: number;
  readonly runs: number;
}

interface BusyStop {
  readonly calls: readonly LoggedCall[];
  /** Milliseconds from the comment to the hold on the default branch, and to the receipt. */
  readonly effect: number;
  readonly receipt: number;
}

/**
 * What a stop of everything at once costs where batches wait to be merged by themselves and runs are under way: how many more
 * calls each of them takes, and when the hold and the receipt are there. Nothing is taken away before the hold is in force.
 */
export async function measureBusyStops(latency: number): Promise<readonly Measure[]> {
  const few = await stopBusy({ pulls: 1, runs: 1 }, latency);
  const pulls = await stopBusy({ pulls: 10, runs: 1 }, latency);
  const both = await stopBusy({ pulls: 10, runs: 5 }, latency);
  const each = (more: BusyStop, less: BusyStop, number: number) => (more.calls.length - less.calls.length) / number;
  return [
    { what: `${COMMAND}: more calls for each open batch, 1 to 10`, unit: "", values: [each(pulls, few, 9)], most: 2 },
    { what: `${COMMAND}: more calls for each run, 1 to 5`, unit: "", values: [each(both, pulls, 4)], most: 1 },
    { what: "10 batches and 5 runs: calls until the receipt", unit: "", values: [both.calls.length], most: null },
    { what: "10 batches and 5 runs: comment to effect", unit: "ms", values: [both.effect], most: 1500 },
    { what: "10 batches and 5 runs: comment to receipt", unit: "ms", values: [both.receipt], most: null },
  ];
}

async function stopBusy(busy: Busy, latency: number): Promise<BusyStop> {
  const github = await startLocalGitHub();
  const issue = await seedRecipeRepository(github);
  await makeBusy(github, busy);
  github.latency(latency);
  await using batchkeeper = await newProcess(github);
  const mark = github.log.length;
  const commentedAt = performance.now();
  await github.commentAs("olga", REPOSITORY, issue, COMMAND);
  await batchkeeper.quiet();
  await github.close();

  const calls = github.calls(mark);
  const merge = calls.find(({ method, path }) => method === "PUT" && path.endsWith("/merge"));
  const receipt = calls.findLast(({ method, path }) => method === "PATCH" && /\/issues\/comments\/\d+$/.test(path));
  assert.ok(merge && receipt, "the stop is merged, and its receipt finished");
  const taken = calls.filter(({ path }) => /\/(?:check-runs|cancel|disable)$/.test(path));
  assert.equal(taken.length, busy.pulls + busy.runs + 1);
  assert.ok(
    taken.every(({ startedAt }) => startedAt >= merge.endedAt),
    "nothing is taken before the hold is in force",
  );
  assert.ok(github.pulls(REPOSITORY).every(({ autoMerge }) => autoMerge === null));
  // What comes after it counts the runs that ended, as always.
  const made = calls.filter(({ startedAt }) => startedAt <= receipt.startedAt);
  return { calls: made, effect: merge.endedAt - commentedAt, receipt: receipt.endedAt - commentedAt };
}

async function makeBusy(github: LocalGitHub, { pulls, runs }: Busy): Promise<void> {
  github.protect(REPOSITORY, "main", { requiredChecks: ["Batch gate"], bypassApp: true });
  for (let batch = 0; batch < pulls; batch += 1) {
    const head = `batch/${batch}`;
    github.pushAs("acme", REPOSITORY, head, { [`recipes/b/batch-${batch}.toml`]: "[metadata]\n" }, "add a recipe");
    const number = await github.openPullAs("acme", REPOSITORY, { title: "Add homebrew recipes", head });
    await github.autoMergeAs("acme", REPOSITORY, number);
  }
  for (let run = 0; run < runs; run += 1) github.startRun(REPOSITORY, WORKFLOW);
}
