import type { Hold } from "../../domain/holds/hold.ts";
import { numberLink } from "../../domain/number-link.ts";
import { quote } from "../../domain/quote.ts";
import { type Marker, readMarker } from "../../github/marker.ts";
import { type Repository, repositoryOf } from "../../github/repository.ts";
import { tellOnce } from "../../github/tell-thread.ts";
import { notePull } from "../note-pull.ts";
import type { PullRequestPayload } from "../payload.ts";
import type { Services } from "../services.ts";

/**
 * A proposal to accept a drift was merged or closed: the incident has it in its course, and is told, as is whoever asked,
 * what still stands. Neither the incident nor its hold end by that: both are for people.
 */
export async function onAcceptanceClosed(event: PullRequestPayload, services: Services): Promise<void> {
  const { installation, repository: payload, pull_request: pull } = event;
  const [thread = 0, incident = 0] = (readMarker(pull.body, "acceptance") ?? "").split(":").map(Number);
  if (pull.user?.login !== (await services.botLogin()) || !(incident > 0)) return;
  const repository = repositoryOf(payload, await services.octokitOf(installation.id), "housekeeping");
  const marker: Marker = { kind: "acceptance-end", key: String(pull.number) };
  const text = pull.merged ? await mergedText(repository, event, incident, services) : closedText(event);
  for (const issue of new Set([incident, thread])) {
    if (issue > 0) await tellOnce(repository, issue, marker, text, services);
  }
  await notePull(repository, incident, pull, services);
}

async function mergedText(
  repository: Repository,
  { pull_request: pull, sender }: PullRequestPayload,
  incident: number,
  { store }: Services,
): Promise<string> {
  const { control } = await store.read(repository);
  const holds =
    control.kind === "ready" ? control.file.control.holds.filter(isOf(`${repository.url}/issues/${incident}`)) : null;
  const byHand =
    sender.type === "Bot"
      ? []
      : [`${quote(sender.login, 40)} merged it by hand: what it accepts was not downloaded once more.`];
  return [
    `**Accepted**: ${link(pull)} is merged, and the recipe gives the checksum of what is there now.`,
    ...byHand,
    `${holdText(holds)} \`/batch incident resolve #${incident} — reason\` ends the incident.`,
  ].join(" ");
}

/** What the hold of a drift is known by. */
function isOf(incidentUrl: string): (hold: Hold) => boolean {
  return (hold) => hold.kind === "security" && hold.incidentUrl === incidentUrl;
}

function holdText(holds: readonly Hold[] | null): string {
  if (holds === null) return "Whether a hold stands cannot be told: the control file cannot be read.";
  if (holds.length === 0) return "No security hold of this incident stands.";
  const lifts = holds.map(({ id }) => `\`/batch resume --hold ${id}\``).join(", ");
  return `**The security hold stays** until a person lifts it, and another agrees: ${lifts}.`;
}

function closedText({ pull_request: pull, sender }: PullRequestPayload): string {
  const by = sender.type === "Bot" ? "" : ` by ${quote(sender.login, 40)}`;
  return `${link(pull)} was closed${by} without being merged: the recipe is as it was.`;
}

function link({ number, html_url: url }: PullRequestPayload["pull_request"]): string {
  return numberLink({ number, url });
}
