import type { Entry } from "../../domain/incidents/incident-log.ts";
import { advisoryDraft, advisoryStep, withAdvisory } from "../../domain/supply-chain/advisory.ts";
import type { NoticeFacts } from "../../domain/supply-chain/notice.ts";
import { draftAdvisory } from "../../github/advisory.ts";
import type { IncidentIssue } from "../../github/incident-issue.ts";
import type { Repository } from "../../github/repository.ts";
import type { Services } from "../services.ts";

/** Whether it was tried to draft the advisory of an incident: it was drafted, or GitHub refused. */
export function hasAdvisory({ log }: Pick<IncidentIssue, "log">): boolean {
  return log.entries.some(({ key }) => key.startsWith("advisory:"));
}

/**
 * Drafts the security advisory of an incident, and says in its checklist what there is of it. Comes last: the pipeline is
 * stopped and people are told whether or not GitHub takes it. An incident that has its draft costs one call.
 */
export async function seeToAdvisory(
  repository: Repository,
  { number, url }: Pick<IncidentIssue, "number" | "url">,
  facts: NoticeFacts,
  { incidents, now }: Services,
): Promise<void> {
  const known = await incidents.read(repository, number);
  if (known === null || known.log.entries.some(({ key }) => key === "advisory:drafted")) return;
  const state = await draftAdvisory(repository, number, advisoryDraft(facts, url), now());
  const incident = await incidents.afresh(repository, known);
  const words =
    state.kind === "drafted" ? `security advisory ${state.id} drafted` : "security advisory refused by GitHub";
  const entry: Entry = { at: now(), kind: "changed", key: `advisory:${state.kind}`, by: "", words };
  const body = withAdvisory(incident.body, state);
  // One that was less grave when it was opened has no checklist.
  if (body === null) await incidents.say(repository, incident, { key: entry.key, text: advisoryStep(state) });
  await incidents.record(repository, { ...incident, body: body ?? incident.body }, [entry]);
}
