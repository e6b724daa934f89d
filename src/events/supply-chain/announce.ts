import type { Entry } from "../../domain/incidents/incident-log.ts";
import { type PushCause, pushIncident, pushText, severityOf } from "../../domain/incidents/provenance-incident.ts";
import { plainWords } from "../../domain/quote.ts";
import type { Finding } from "../../domain/supply-chain/rule.ts";
import type { IncidentIssue } from "../../github/incident-issue.ts";
import type { Repository } from "../../github/repository.ts";
import type { Services } from "../services.ts";
import type { PushLookPayload } from "./payload.ts";
import { securityHoldId } from "./security-hold.ts";
import { heldKey, stopAndTell, tellIncident } from "./security-incident.ts";
import { workflowSecrets } from "./workflow-secrets.ts";

/**
 * Announces what a push broke: an incident for its recipes, another for what the pipeline obeys. What is critical stops the
 * pipeline, even when the incident cannot be written; then it is tried again.
 */
export async function announcePush(
  repository: Repository,
  payload: PushLookPayload,
  findings: Readonly<Record<PushCause, readonly Finding[]>>,
  services: Services,
): Promise<void> {
  const { before, after, sender, at } = payload;
  const compareUrl = `${repository.url}/compare/${before}...${after}`;
  const settings = await services.store.settings(repository);
  for (const cause of ["provenance", "tamper"] as const) {
    if (findings[cause].length === 0) continue;
    const found = await services.incidents.look(repository, { kind: cause });
    const isCritical = severityOf({ findings: findings[cause] }) === "critical";
    const isStop = settings.supply_chain.stop && isCritical;
    const hold = isStop ? securityHoldId({ source: compareUrl, scope: "*" }) : null;
    const key = `push:${before.slice(0, 12)}:${after.slice(0, 12)}`;
    if (isDone(found.open ?? found.earlier, key, hold)) continue;
    const secrets = isCritical ? await workflowSecrets(repository, after, settings) : null;
    const push = { actor: sender.login, before, after, compareUrl, findings: findings[cause], hold, secrets };
    const update = { key, text: pushText(push) };
    const entry: Entry = { at, kind: "changed", key, by: "", words: plainWords(update.text) };
    const tale = { incident: { ...pushIncident(cause, push), before: [entry] }, update, found };
    if (hold === null) await tellIncident(repository, tale, services);
    else await stopAndTell(payload, repository, { scope: "*", reason: REASON, source: compareUrl }, tale, services);
  }
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
