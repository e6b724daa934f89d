import assert from "node:assert/strict";
import { environmentFor } from "../../demo/environment.ts";
import { newControlFile } from "../../src/domain/control/control-file.ts";
import { WEBHOOK_PATH } from "../../src/web/webhook.ts";
import { type LocalGitHub, startLocalGitHub } from "../../test/github/local-github.ts";
import { startBatchkeeperProcess } from "../batchkeeper-process.ts";
import type { Report } from "../report.ts";
import { residentMegabytes } from "../resident-memory.ts";

const REPOSITORIES = 200;
const RUNS = 50;
const WORKFLOW = "batch-generate.yml";
const CONTROL_FILE = "batch-control.json";
const MINUTE = 60_000;
const BETWEEN_LOOKS = 100;

/** Many repositories, each of an owner of its own, in which many runs end at once: until the last of them is committed. */
export async function measureBurst(): Promise<Omit<Report, "title">> {
  const github = await startLocalGitHub({ events: ["workflow_run"] });
  const repositories = Array.from({ length: REPOSITORIES }, (_, index) => seed(github, `owner-${index}`));
  await using batchkeeper = await startBatchkeeperProcess(environmentFor(github));
  github.webhookUrl = `${batchkeeper.url}${WEBHOOK_PATH}`;
  await batchkeeper.quiet();
  github.onDelivery(({ action }) => (action === "completed" ? "hold" : "drop"));
  for (const repository of repositories) for (let run = 0; run < RUNS; run += 1) endRun(github, repository, run);

  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, residentMegabytes(batchkeeper.pid));
  }, BETWEEN_LOOKS);
  const mark = github.log.length;
  const startedAt = performance.now();
  github.release();
  await github.idle();
  const accepted = performance.now() - startedAt;
  await batchkeeper.quiet();
  const committed = performance.now() - startedAt;
  clearInterval(watch);
  const calls = github.calls(mark).length;
  const commits = repositories.map((name) => github.commits(name, { path: CONTROL_FILE }).length - 1);
  for (const name of repositories) assert.equal(runsCounted(github, name), RUNS);
  await github.close();
  const events = REPOSITORIES * RUNS;
  const sum = commits.reduce((total, count) => total + count, 0);
  return {
    text: [
      `Burst: ${RUNS} runs end in each of ${REPOSITORIES} repositories, delivered one after the other in ${Math.round(accepted)} ms; every run is counted, in ${sum} commits and ${calls} calls to GitHub, ${(calls / events).toFixed(2)} for each run (one reads its jobs)`,
    ],
    measures: [
      { what: "burst: first webhook to last commit", unit: "ms", values: [committed], most: null },
      { what: "burst: resident memory at the peak", unit: "MB", values: [peak], most: 300 },
    ],
  };
}

function seed(github: LocalGitHub, owner: string): string {
  const files = { [CONTROL_FILE]: newControlFile().text };
  const name = github.createRepository({ owner, name: "recipes", files });
  github.addWorkflow(name, `.github/workflows/${WORKFLOW}`, "Batch Recipe Generation");
  return name;
}

function endRun(github: LocalGitHub, repository: string, index: number): void {
  const endedAt = Date.now() - (RUNS - index) * MINUTE;
  const startedAt = new Date(endedAt - MINUTE).toISOString();
  const id = github.startRun(repository, WORKFLOW, { startedAt });
  const jobs = ["homebrew", "npm"].map((ecosystem) => ({
    name: `generate (${ecosystem}, linux)`,
    conclusion: "success" as const,
    startedAt,
  }));
  github.completeRun(id, { conclusion: "success", jobs, completedAt: new Date(endedAt).toISOString() });
}

function runsCounted(github: LocalGitHub, repository: string): number {
  return JSON.parse(github.fileAt(repository, CONTROL_FILE) ?? "").batchkeeper.seen.runs.length;
}
