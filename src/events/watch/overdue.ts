import { type Ecosystem, parseEcosystem } from "../../domain/ecosystem.ts";
import { elapsed } from "../../domain/elapsed.ts";
import type { Instant } from "../../domain/instant.ts";
import type { IncidentIssue } from "../../github/incident-issue.ts";
import { type Repository, repositoryOf } from "../../github/repository.ts";
import type { RepositoryEvent } from "../payload.ts";
import type { Services } from "../services.ts";
import { OVERDUE_AFTER, overdueTimer } from "./activity.ts";

/**
 * Raises the incidents of breakers that have been open for over a day, and looks again when the next one will have been. One
 * that opens meanwhile cannot be due before the timer is, which is set in any case: otherwise every look for what was missed
 * would find it missing, and set it for now.
 */
export async function watchForOverdue(event: RepositoryEvent, services: Services): Promise<void> {
  const { inbox, incidents, now, store } = services;
  const repository = repositoryOf(event.repository, await services.octokitOf(event.installation.id), "housekeeping");
  const { control } = await store.read(repository);
  if (control.kind === "unusable") return inbox.schedule([overdueTimer(event, now() + OVERDUE_AFTER)]);
  const open = [...control.file.control.breakers].flatMap(([name, { state }]) => {
    const ecosystem = state === "closed" ? null : parseEcosystem(name, new Map());
    return ecosystem === null ? [] : [ecosystem];
  });
  let next: Instant | null = null;
  for (const ecosystem of open) {
    const issue = await incidents.find(repository, { kind: "breaker", ecosystem });
    if (issue?.openedAt == null) continue;
    const due = issue.openedAt + OVERDUE_AFTER;
    if (due > now()) next = Math.min(next ?? due, due);
    else await raise(repository, ecosystem, issue, services);
  }
  await inbox.schedule([overdueTimer(event, next ?? now() + OVERDUE_AFTER)]);
}

async function raise(
  repository: Repository,
  ecosystem: Ecosystem,
  issue: IncidentIssue,
  { incidents, now }: Services,
): Promise<void> {
  if (issue.severity === "high" || issue.severity === "critical") return;
  const age = elapsed(now() - (issue.openedAt ?? now()));
  const text = `**${ecosystem}** has not recovered for ${age}. The incident is raised to **high** for that: an outage of more than a day needs a person (runbook section 2, escalation).`;
  await incidents.update(repository, issue, "high", { key: "overdue", text });
}
