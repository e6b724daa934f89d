import type { Entry } from "../../domain/incidents/incident-log.ts";
import {
  type JudgedPush,
  type PushCause,
  pushIncident,
  pushNotice,
  pushText,
  pushUpdate,
  severityOf,
} from "../../domain/incidents/provenance-incident.ts";
import { plainWords } from "../../domain/quote.ts";
import type { Finding } from "../../domain/supply-chain/rule.ts";
import type { IncidentIssue } from "../../github/incident-issue.ts";
import type { Repository } from "../../github/repository.ts";
import type { Services } from "../services.ts";
import { hasAdvisory, seeToAdvisory } from "./draft-advisory.ts";
import type { PushLookPayload } from "./payload.ts";
import { securityHoldId } from "./security-hold.ts";
import { heldKey, stopAndTell } from "./security-incident.ts";
import { workflowSecrets } from "./workflow-secrets.ts";

/** What a push broke, by what it is about, and the recipes that it changed past every review. */
interface Found extends Readonly<Record<PushCause, readonly Finding[]>> {
  readonly unreviewed: readonly string[];
}

/**
 * Announces what a push broke: an incident for its recipes, another for what the pipeline obeys. What is critical stops the
 * pipeline, even when the incident cannot be written; then it is tried again.
 */
export async function announcePush(
  repository: Repository,
  payload: PushLookPayload,
  found: Found,
  services: Services,
): Promise<void> {
  for (const cause of ["provenance", "tamper"] as const) {
    if (found[cause].length > 0) await announceCause(repository, payload, cause, found, services);
  }
}

async function announceCause(
  repository: Repository,
  payload: PushLookPayload,
  cause: PushCause,
  { [cause]: findings, unreviewed }: Found,
  services: Services,
): Promise<void> {
  const { before, after, sender, at } = payload;
  const compareUrl = `${repository.url}/compare/${before}...${after}`;
  const settings = await services.store.settings(repository);
  const found = await services.incidents.look(repository, { kind: cause });
  const isCritical = severityOf({ findings }) === "critical";
  const isDrafted = isCritical && settings.incidents.advisory === "draft";
  const hold = settings.supply_chain.stop && isCritical ? securityHoldId({ source: compareUrl, scope: "*" }) : null;
  const key = `push:${before.slice(0, 12)}:${after.slice(0, 12)}`;
  // Told, and stopped: then only the advisory may be missing.
  const isKnown = isDone(found.open ?? found.earlier, key, hold);
  if (isKnown && (!isDrafted || found.open === null || hasAdvisory(found.open))) return;
  const push: JudgedPush = {
    repository: repository.fullName,
    actor: sender.login,
    before,
    after,
    compareUrl,
    at,
    findings,
    unreviewed,
    hold,
    secrets: isCritical ? await workflowSecrets(repository, after, settings) : null,
    advisory: { kind: isDrafted ? "pending" : "off" },
  };
  const opening = pushText(push);
  const entry: Entry = { at, kind: "changed", key, by: "", words: plainWords(opening) };
  const incident = { ...pushIncident(cause, push), before: [entry] };
  const tale = { incident, update: { key, text: pushUpdate(push) }, opening, found };
  const stop = hold === null ? null : ({ scope: "*", reason: REASON, source: compareUrl } as const);
  const known = isKnown ? found.open : null;
  const issue = known ?? (await stopAndTell(payload, repository, stop, tale, services));
  if (isDrafted) await seeToAdvisory(repository, issue, pushNotice(push), services);
}

/**
 * Whether a push was told and what it asked for was stopped, also in an incident that somebody has closed since: a look that
 * comes again, because an inbox was lost, says nothing twice and sets no hold that people have lifted.
 */
function isDone(issue: IncidentIssue | null, key: string, hold: string | null): boolean {
  const keys = new Set(issue?.log.entries.map((entry) => entry.key));
  return keys.has(key) && (hold === null || keys.has(heldKey(hold)));
}

const REASON = "recipes on the default branch that came by no merged pull request";
