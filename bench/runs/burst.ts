import assert from "node:assert/strict";
import { zipSync } from "fflate";
import { environmentFor } from "../../demo/environment.ts";
import { CONTROL_FILE, REPOSITORY, seedRecipeRepository, WORKFLOW } from "../../demo/recipe-repository.ts";
import { readEnvironment } from "../../src/config/environment.ts";
import { MINUTE } from "../../src/domain/instant.ts";
import { createLog, startService } from "../../src/service.ts";
import { WEBHOOK_PATH } from "../../src/web/webhook.ts";
import { type LocalGitHub, startLocalGitHub } from "../../test/github/local-github.ts";
import { restedFolder } from "../running.ts";

const RUNS = 1000;
const ECOSYSTEMS = ["homebrew", "npm", "pypi", "rubygems", "github", "crates.io"];
/** The file is written at once and then every second, not twice a minute as in earnest: nobody waits for a benchmark. */
const TEMPO = { shortest: 500, longest: 1000 };

/** What a burst of runs of one repository cost. */
export interface Burst {
  readonly runs: number;
  readonly calls: number;
  readonly jobReads: number;
  readonly commits: number;
  readonly took: number;
}

/** A thousand runs of one repository end at once, with their results as artifacts, until the last of them is committed. */
export async function measureBurst(): Promise<Burst> {
  const github = await startLocalGitHub({ events: ["workflow_run"] });
  await seedRecipeRepository(github);
  const environment = readEnvironment({
    ...environmentFor(github),
    DATA_DIR: await restedFolder(),
    LOG_LEVEL: "error",
  });
  const service = await startService(environment, createLog(environment), { tempo: TEMPO });
  github.webhookUrl = `http://127.0.0.1:${service.port}${WEBHOOK_PATH}`;
  await service.idle();
  github.onDelivery(({ action }) => (action === "completed" ? "hold" : "drop"));
  for (let run = 0; run < RUNS; run += 1) endRun(github, run);

  const mark = github.log.length;
  const before = commitsOf(github);
  const startedAt = performance.now();
  github.onDelivery(() => "send");
  github.release();
  await github.idle();
  while ((await service.waiting()) > 0 || counted(github) === null) await new Promise((next) => setTimeout(next, 50));
  await service.idle();
  const took = performance.now() - startedAt;
  const calls = github.calls(mark);
  const jobReads = calls.filter(({ path }) => /\/jobs(\?|$)/.test(path)).length;
  assert.equal(counted(github), `${FIRST_RUN + RUNS - 1}.1`);
  await service.stop();
  const result = { runs: RUNS, calls: calls.length, jobReads, commits: commitsOf(github) - before, took };
  await github.close();
  return result;
}

const FIRST_RUN = 17_350_000_001;

function endRun(github: LocalGitHub, index: number): void {
  const endedAt = Date.now() - (RUNS - index) * MINUTE;
  const startedAt = new Date(endedAt - MINUTE).toISOString();
  const id = github.startRun(REPOSITORY, WORKFLOW, { startedAt });
  const per_ecosystem = Object.fromEntries(ECOSYSTEMS.map((name) => [name, { succeeded: 9, failed: 1 }]));
  const archive = zipSync({ "batch-results.json": new TextEncoder().encode(JSON.stringify({ per_ecosystem })) });
  const jobs = ["generate", "validate-linux", "validate-macos"].map((name) => ({ name, startedAt }));
  const completedAt = new Date(endedAt).toISOString();
  github.completeRun(id, { conclusion: "success", jobs, completedAt, artifacts: { "batch-results": archive } });
}

/** The newest run that the file has counted. */
function counted(github: LocalGitHub): string | null {
  return JSON.parse(github.fileAt(REPOSITORY, CONTROL_FILE) ?? "{}").batchkeeper?.seen.runs.at(-1) ?? null;
}

function commitsOf(github: LocalGitHub): number {
  return github.commits(REPOSITORY, { path: CONTROL_FILE }).length;
}
