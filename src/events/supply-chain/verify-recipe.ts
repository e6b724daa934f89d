import { quote } from "../../domain/quote.ts";
import { planChecks } from "../../domain/supply-chain/check-plan.ts";
import { type CheckResult, resultLine } from "../../domain/supply-chain/check-result.ts";
import { findFiles } from "../../github/file-change.ts";
import { type Repository, repositoryOf } from "../../github/repository.ts";
import type { Services } from "../services.ts";
import { compareAll } from "./compare.ts";
import { announceDrift } from "./drift.ts";
import type { VerifyPayload } from "./payload.ts";
import { tellResult } from "./tell-result.ts";

/**
 * Compares what a recipe downloads with what was published, one file after the other, tells whoever asked, and stops what a
 * drift is about. What could not be compared is told as that, and is no drift.
 */
export async function verifyRecipe(payload: VerifyPayload, services: Services): Promise<void> {
  const { path, asked } = payload;
  const octokit = await services.octokitOf(payload.installation.id);
  const repository = repositoryOf(payload.repository, octokit, "housekeeping");
  const work = async () => resultText(path, await compareAndStop(repository, payload, services));
  if (asked === null) await work();
  else await tellResult(repository, asked, services, work);
}

async function compareAndStop(
  repository: Repository,
  payload: VerifyPayload,
  services: Services,
): Promise<readonly CheckResult[]> {
  const { path, commit, version } = payload;
  const [found] = await findFiles(repository, commit, [path]);
  const plan = found?.file.kind === "text" ? planChecks(found.file.text, { version }) : null;
  const results = await compareAll(plan?.checks ?? [], services.downloader);
  await announceDrift(payload, repository, results, services);
  return results;
}

function resultText(path: string, results: readonly CheckResult[]): string {
  const drifted = results.some(({ kind }) => kind === "drift");
  const lines = results.length === 0 ? ["- nothing to compare any more"] : results.map(resultLine);
  return [
    `What ${quote(path, 150)} downloads${drifted ? " **is not what was published**; there is a critical incident" : ""}:`,
    lines.join("\n"),
  ].join("\n\n");
}
