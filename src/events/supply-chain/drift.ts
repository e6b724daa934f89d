import { batchPlace } from "../../config/policy.ts";
import {
  type DriftReport,
  driftIncident,
  driftNotice,
  driftText,
  driftUpdate,
} from "../../domain/incidents/drift-incident.ts";
import { DAY, parseInstant } from "../../domain/instant.ts";
import { shortHash } from "../../domain/short-hash.ts";
import type { Arrival } from "../../domain/supply-chain/arrival.ts";
import { ecosystemToStop } from "../../domain/supply-chain/recipe-ecosystem.ts";
import { firstCommitOf, readArrivals } from "../../github/arrival.ts";
import type { Repository } from "../../github/repository.ts";
import type { Services } from "../services.ts";
import { seeToAdvisory } from "./draft-advisory.ts";
import type { VerifyPayload } from "./payload.ts";
import { securityHoldId } from "./security-hold.ts";
import { stopAndTell } from "./security-incident.ts";
import { workflowSecrets } from "./workflow-secrets.ts";

/** What came within this time of the recipe may have come from the same hand. */
const WINDOW = DAY;

/** Stops the ecosystem of a recipe whose download drifted, and opens or adds to the one incident of its host. */
export async function announceDrift(
  payload: VerifyPayload,
  repository: Repository,
  { drifts, others }: Pick<DriftReport, "drifts" | "others">,
  services: Services,
): Promise<void> {
  const { path, version } = payload;
  const settings = await services.store.settings(repository);
  const { introduced, beside } = await introductionOf(repository, payload, batchPlace(settings));
  const [{ check, found }] = drifts;
  const scope = ecosystemToStop(check.action, introduced?.ecosystems ?? []);
  const source = `${repository.url}/blob/${payload.commit}/${path}`;
  const hold = settings.supply_chain.stop ? securityHoldId({ source, scope }) : null;
  const secrets = await workflowSecrets(repository, payload.commit, settings);
  const isDrafted = settings.incidents.advisory === "draft";
  const report: DriftReport = {
    repository: repository.fullName,
    path,
    version,
    at: services.now(),
    drifts,
    others,
    introduced,
    beside,
    scope,
    hold,
    secrets,
    advisory: { kind: isDrafted ? "pending" : "off" },
  };
  const update = { key: `drift:${path}:${shortHash(found.digits)}`, text: driftUpdate(report) };
  const tale = { incident: driftIncident(report), update, opening: driftText(report) };
  const stop = hold === null ? null : { scope, reason: "a download that is not what was published", source };
  const issue = await stopAndTell(payload, repository, stop, tale, services);
  if (isDrafted) await seeToAdvisory(repository, issue, driftNotice(report), services);
}

/** What brought a recipe, and what else changed recipes about then: two calls. */
async function introductionOf(
  repository: Repository,
  { path, commit }: VerifyPayload,
  place: ReturnType<typeof batchPlace>,
): Promise<{ readonly introduced: Arrival | null; readonly beside: readonly Arrival[] }> {
  const first = await firstCommitOf(repository, path);
  const at = parseInstant(first?.date);
  if (first === null || at === null) return { introduced: null, beside: [] };
  const { arrivals } = await readArrivals(repository, commit, place, { since: at - WINDOW, until: at + WINDOW });
  const introduced = arrivals.find(({ sha }) => sha === first.sha) ?? null;
  return { introduced, beside: arrivals.filter(({ sha }) => sha !== first.sha) };
}
