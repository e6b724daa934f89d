import { LIFT_BRANCH } from "../commands/ask-approval.ts";
import { readRequest } from "../commands/request-marker.ts";
import { tellEnd } from "../commands/waiting-request.ts";
import { batchPlace } from "../config/policy.ts";
import { isReversalBranch, ROLLBACK_BRANCH, UNDO_BRANCH } from "../domain/batches/batch-claim.ts";
import { parseBatchId } from "../domain/batches/batch-id.ts";
import { QUEUE_PATH, stillSuccess } from "../domain/batches/queue.ts";
import { recipeName } from "../domain/batches/recipe.ts";
import { ACCEPTANCE_BRANCH, isControlBranch } from "../domain/gate/gated-pull.ts";
import { numberLink } from "../domain/number-link.ts";
import { quote } from "../domain/quote.ts";
import { messageOf } from "../github/failure.ts";
import { type Marker, readMarker } from "../github/marker.ts";
import { removedFiles } from "../github/pull-files.ts";
import { WAITING_LABEL } from "../github/pull-request.ts";
import { readQueue } from "../github/queue-file.ts";
import { type Repository, repositoryOf } from "../github/repository.ts";
import { tellOnce } from "../github/tell-thread.ts";
import { laneOf } from "../inbox/inbox.ts";
import { followControl } from "./control/follow-control.ts";
import { notePull } from "./note-pull.ts";
import type { PullRequestPayload } from "./payload.ts";
import type { Services } from "./services.ts";
import { onAcceptanceClosed } from "./supply-chain/acceptance-end.ts";
import { watchMerge } from "./watch/stopped-merge.ts";

/**
 * A pull request is new, or says or asks something else: its gate is seen to, and auto-merge that somebody asked for while it
 * is held. This app's own changes of the control file cost no call.
 */
export async function onPullRequestChanged(
  delivery: { readonly id: string },
  { installation, repository: payload, pull_request: pull }: PullRequestPayload,
  services: Services,
): Promise<void> {
  if (isControlChange(pull)) return;
  const repository = repositoryOf(payload, await services.octokitOf(installation.id), "housekeeping");
  const reading = await services.store.read(repository);
  await followControl(repository, reading, { only: [pull.number], event: delivery.id }, services);
}

/** A pull request, as far as it tells whether it changes the control file for this app. */
interface ControlPull {
  readonly head: { readonly ref: string };
  readonly user: { readonly type: string } | null;
}

/** By a bot, on such a branch: no call is spent on which bot. What only looks like ours has its gate from the next look. */
export function isControlChange({ head, user }: ControlPull): boolean {
  return isControlBranch(head.ref) && user?.type === "Bot";
}

/**
 * A pull request was closed: a batch that merged is held against the stops. When it is a rollback of this app's, whoever
 * asked for it, and the incident behind it, are told what became of it, once, and what the pipeline still believes.
 */
export async function onPullRequestClosed(event: PullRequestPayload, services: Services): Promise<void> {
  await followClosing(event, services);
  services.heardClosings.add(closingKey(event.repository.full_name, event.pull_request));
}

/** Names the end of a pull request: one that was closed may be opened again and merged. */
export function closingKey(fullName: string, { number, merged }: Pick<Pull, "number" | "merged">): string {
  return `${laneOf(fullName)} #${number} ${merged ? "merged" : "closed"}`;
}

async function followClosing(event: PullRequestPayload, services: Services): Promise<void> {
  const { installation, repository: payload, pull_request: pull } = event;
  if (isControlChange(pull)) return onControlChangeClosed(event, services);
  if (pull.merged) await watchMerge(event, services);
  const { ref } = pull.head;
  if (ref.startsWith(ACCEPTANCE_BRANCH)) return onAcceptanceClosed(event, services);
  if (!isReversalBranch(ref)) return;
  const asked = readAsked(pull.body);
  if (asked === null || pull.user?.login !== (await services.botLogin())) return;
  const repository = repositoryOf(payload, await services.octokitOf(installation.id), "housekeeping");
  const text = pull.merged ? await mergedText(repository, pull, services) : closedText(pull);
  const marker: Marker = { kind: "rollback-end", key: String(pull.number) };
  for (const issue of asked.issues) {
    await tellOnce(repository, issue, marker, text, services);
    await notePull(repository, issue, pull, services);
  }
}

/**
 * A change of the control file that waited was merged, by a person or by GitHub itself, or closed: whoever asked for it is
 * told, unless this app did it and has told already.
 */
async function onControlChangeClosed(event: PullRequestPayload, services: Services): Promise<void> {
  const { installation, repository: payload, pull_request: pull, sender } = event;
  const waited = pull.labels.some(({ name }) => name === WAITING_LABEL);
  const isTold = sender.type === "Bot" && (!pull.merged || pull.head.ref.startsWith(LIFT_BRANCH));
  if (!waited || isTold || pull.user?.login !== (await services.botLogin())) return;
  const request = readRequest(pull.body, { fullName: payload.full_name, branch: pull.head.ref }, services.seal);
  if (request === null) return;
  const repository = repositoryOf(payload, await services.octokitOf(installation.id), "housekeeping");
  const text = pull.merged
    ? `**In force**: ${link(pull)}, which waited, is merged.`
    : `${link(pull)}, which waited, was closed by ${quote(sender.login, 40)} without being merged: nothing was changed.`;
  await tellEnd(repository, { number: pull.number, request }, text, services);
}

/** Where a rollback was asked for and, if another, the incident: the key that `/batch rollback` leaves in its body. */
function readAsked(body: string | null): { readonly issues: readonly number[] } | null {
  const [, thread, , incident] = (readMarker(body, "rollback") ?? "").split(":").map(Number);
  if (thread === undefined || !Number.isSafeInteger(thread)) return null;
  return { issues: [...new Set([thread, incident ?? 0])].filter((number) => number > 0) };
}

type Pull = PullRequestPayload["pull_request"];

async function mergedText(repository: Repository, pull: Pull, services: Services): Promise<string> {
  if (pull.head.ref.startsWith(UNDO_BRANCH)) return `**The rollback is undone**: ${link(pull)} is merged.`;
  const id = parseBatchId(pull.head.ref.slice(ROLLBACK_BRANCH.length))?.text ?? "";
  return `**Rolled back: batch \`${id}\`.** ${link(pull)} is merged. \`/batch rollback ${id} --undo\` opens the reverse.\n\n${await queueText(repository, pull, services)}`;
}

/** The pipeline makes nothing twice: as long as its queue says `success`, a recipe that went does not come back. */
async function queueText(repository: Repository, { number }: Pull, services: Services): Promise<string> {
  try {
    const { recipes } = batchPlace(await services.store.settings(repository));
    const [removed, queue] = await Promise.all([removedFiles(repository, number, recipes), readQueue(repository)]);
    if (queue === null) return `The pipeline's queue, \`${QUEUE_PATH}\`, is not here or too large: check it by hand.`;
    const entries = stillSuccess(queue, new Set(removed.map(recipeName)));
    if (entries === null) return `The pipeline's queue, \`${QUEUE_PATH}\`, could not be understood: check it by hand.`;
    if (entries.length === 0) return `No entry of \`${QUEUE_PATH}\` counts a removed recipe as made.`;
    const named = entries.slice(0, MOST_NAMED).map((entry) => quote(entry, 80));
    const more = entries.length > MOST_NAMED ? ` and ${entries.length - MOST_NAMED} more` : "";
    return `**The pipeline still believes that these are made**, and will not make them again: ${named.join(", ")}${more}. Set their status in \`${QUEUE_PATH}\` to \`pending\` to have them made again, or to \`excluded\`.`;
  } catch (error) {
    services.log.warn({ repository: repository.fullName, reason: messageOf(error) }, "queue not read");
    return `The pipeline's queue, \`${QUEUE_PATH}\`, could not be read (${quote(messageOf(error), 120)}): check it by hand.`;
  }
}

const MOST_NAMED = 30;

function link({ number, html_url: url }: Pull): string {
  return numberLink({ number, url });
}

function closedText(pull: Pull): string {
  return `${link(pull)} was closed without being merged: nothing was changed.`;
}
