import { batchPlace } from "../../config/policy.ts";
import {
  type DriftReport,
  driftIncident,
  driftNotice,
  driftsByHost,
  driftText,
  driftUpdate,
} from "../../domain/incidents/drift-incident.ts";
import { DAY, parseInstant } from "../../domain/instant.ts";
import { shortHash } from "../../domain/short-hash.ts";
import type { Arrival } from "../../domain/supply-chain/arrival.ts";
import type { CheckResult } from "../../domain/supply-chain/check-result.ts";
import { ecosystemToStop } from "../../domain/supply-chain/recipe-ecosystem.ts";
import { firstCommitOf, readArrivals } from "../../github/arrival.ts";
import type { Repository } from "../../github/repository.ts";
import type { Services } from "../services.ts";
import { seeToAdvisory } from "./draft-advisory.ts";
import type { VerifyPayload } from "./payload.ts";
import { securityHoldId } from "./security-hold.ts";
import { stopAndTell, type Tale } from "./security-incident.ts";
import { workflowSecrets } from "./workflow-secrets.ts";

/** What came within this time of the recipe may have come from the same hand. */
const WINDOW = DAY;

/**
 * Stops the ecosystem of a recipe whose downloads drifted, and opens or adds to the incident of each host that has a part in it.
 *
 * @param results everything of the recipe that was looked at
 */
export async function announceDrift(
  payload: VerifyPayload,
  repository: Repository,
  results: readonly CheckResult[],
  services: Services,
): Promise<void> {
  const hosts = driftsByHost(results);
  if (hosts.length === 0) return;
  const { path, version } = payload;
  const settings = await services.store.settings(repository);
  const { introduced, beside } = await introductionOf(repository, payload, batchPlace(settings));
  const actions = hosts.flatMap(({ drifts }) => drifts.map(({ check }) => check.action));
  const scope = ecosystemToStop(actions, introduced?.ecosystems ?? []);
  const source = `${repository.url}/blob/${payload.commit}/${path}`;
  const hold = settings.supply_chain.stop ? securityHoldId({ source, scope }) : null;
  const stop = hold === null ? null : { scope, reason: "a download that is not what was published", source };
  const isDrafted = settings.incidents.advisory === "draft";
  const common: Omit<DriftReport, "drifts" | "others"> = {
    repository: repository.fullName,
    path,
    version,
    at: services.now(),
    introduced,
    beside,
    scope,
    hold,
    secrets: await workflowSecrets(repository, payload.commit, settings),
    advisory: { kind: isDrafted ? "pending" : "off" },
  };
  for (const ofHost of hosts) {
    const report: DriftReport = { ...common, ...ofHost };
    const issue = await stopAndTell(payload, repository, stop, taleOf(report), services);
    if (isDrafted) await seeToAdvisory(repository, issue, driftNotice(report), services);
  }
}

function taleOf(report: DriftReport): Tale {
  const digits = report.drifts.map(({ found }) => found.digits).join();
  const update = { key: `drift:${report.path}:${shortHash(digits)}`, text: driftUpdate(report) };
  return { incident: driftIncident(report), update, opening: driftText(report) };
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
