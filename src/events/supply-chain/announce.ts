import { type PushCause, pushIncident, pushText, severityOf } from "../../domain/incidents/provenance-incident.ts";
import type { Finding } from "../../domain/supply-chain/rule.ts";
import type { Repository } from "../../github/repository.ts";
import type { Services } from "../services.ts";
import type { PushLookPayload } from "./payload.ts";
import { securityHoldId } from "./security-hold.ts";
import { stopAndTell, tellIncident } from "./security-incident.ts";
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
  const { before, after, sender } = payload;
  const compareUrl = `${repository.url}/compare/${before}...${after}`;
  const settings = await services.store.settings(repository);
  for (const cause of ["provenance", "tamper"] as const) {
    if (findings[cause].length === 0) continue;
    const isCritical = severityOf({ findings: findings[cause] }) === "critical";
    const isStop = settings.supply_chain.stop && isCritical;
    const secrets = isCritical ? await workflowSecrets(repository, after, settings) : null;
    const hold = isStop ? securityHoldId({ source: compareUrl, scope: "*" }) : null;
    const push = { actor: sender.login, before, after, compareUrl, findings: findings[cause], hold, secrets };
    const tale = {
      incident: pushIncident(cause, push),
      update: { key: `push:${after}`, text: pushText(push) },
    };
    if (hold === null) await tellIncident(repository, tale, services);
    else await stopAndTell(payload, repository, { scope: "*", reason: REASON, source: compareUrl }, tale, services);
  }
}

const REASON = "recipes on the default branch that came by no merged pull request";
