import { quote } from "../../domain/quote.ts";
import { planChecks } from "../../domain/supply-chain/check-plan.ts";
import { type CheckResult, resultLine } from "../../domain/supply-chain/check-result.ts";
import { findFiles } from "../../github/file-change.ts";
import { type Repository, repositoryOf } from "../../github/repository.ts";
import { tellOnce } from "../../github/tell-thread.ts";
import type { Services } from "../services.ts";
import { compareAll } from "./compare.ts";
import { announceDrift } from "./drift.ts";
import type { VerifyPayload } from "./payload.ts";

/**
 * Compares what a recipe downloads with what was published, one file after the other, tells whoever asked, and stops what a
 * drift is about. What could not be compared is told as that, and is no drift.
 */
export async function verifyRecipe(payload: VerifyPayload, services: Services): Promise<void> {
  const { path, commit, version, asked } = payload;
  const octokit = await services.octokitOf(payload.installation.id);
  const repository = repositoryOf(payload.repository, octokit, "housekeeping");
  const [found] = await findFiles(repository, commit, [path]);
  const plan = found?.file.kind === "text" ? planChecks(found.file.text, { version }) : null;
  const results = await compareAll(plan?.checks ?? [], services.downloader);
  await announceDrift(payload, repository, results, services);
  if (asked !== null) await answer(repository, payload, asked, results, services);
}

async function answer(
  repository: Repository,
  { path }: VerifyPayload,
  { issue, key }: NonNullable<VerifyPayload["asked"]>,
  results: readonly CheckResult[],
  services: Services,
): Promise<void> {
  const drifted = results.some(({ kind }) => kind === "drift");
  const lines = results.length === 0 ? ["- nothing to compare any more"] : results.map(resultLine);
  const text = [
    `What ${quote(path, 150)} downloads${drifted ? " **is not what was published**; there is a critical incident" : ""}:`,
    lines.join("\n"),
  ];
  await tellOnce(repository, issue, { kind: "verification", key }, text.join("\n\n"), services);
}
