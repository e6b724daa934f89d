import { type Acceptance, decideAcceptance } from "../../domain/supply-chain/acceptance.ts";
import { planChecks } from "../../domain/supply-chain/check-plan.ts";
import { findFiles } from "../../github/file-change.ts";
import { findOpenDrift } from "../../github/open-drift.ts";
import { type Repository, repositoryOf } from "../../github/repository.ts";
import type { Services } from "../services.ts";
import { compareAll } from "./compare.ts";
import type { AcceptDriftPayload } from "./payload.ts";
import { acceptanceBefore, proposeAcceptance } from "./propose-acceptance.ts";
import { tellResult } from "./tell-result.ts";

/**
 * Measures what a recipe downloads once more, and proposes to a second operator that the recipe gives that checksum; whoever
 * asked is told what came of it. What does not drift now, or cannot be downloaded, changes nothing.
 */
export async function acceptDrift(payload: AcceptDriftPayload, services: Services): Promise<void> {
  const octokit = await services.octokitOf(payload.installation.id);
  const repository = repositoryOf(payload.repository, octokit, "command");
  await tellResult(
    repository,
    payload.asked,
    services,
    async () =>
      (await acceptanceBefore(repository, payload)) ?? (await measureAndPropose(repository, payload, services)),
  );
}

async function measureAndPropose(
  repository: Repository,
  payload: AcceptDriftPayload,
  services: Services,
): Promise<string> {
  const { path, version } = payload;
  const reading = await services.store.read(repository);
  const [found] = await findFiles(repository, reading.snapshot.head, [path]);
  const text = found?.file.kind === "text" ? found.file.text : "";
  const checks = planChecks(text, { version })?.checks ?? [];
  const incident = await findOpenDrift(repository, { path, checks }, services);
  if (incident === null) return "**Nothing was changed**: the incident of the drift was closed meanwhile.";
  const results = await compareAll(checks, services.downloader);
  const acceptance: Acceptance = decideAcceptance({ path, text, fill: { version } }, results);
  if (acceptance.kind === "nothing") return acceptance.why;
  return proposeAcceptance(repository, payload, { acceptance, incident, reading }, services);
}
