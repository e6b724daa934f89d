import { LIFT_BRANCH } from "../../commands/ask-approval.ts";
import { topicOf, type WaitingRequest } from "../../commands/request-marker.ts";
import { tellEnd, type WaitingPull, waitingRequests } from "../../commands/waiting-request.ts";
import { numberLink } from "../../domain/number-link.ts";
import type { Reading } from "../../github/change.ts";
import { closePull } from "../../github/close-pull.ts";
import { fileAtParent } from "../../github/parent-file.ts";
import { readRole } from "../../github/permission.ts";
import type { Repository } from "../../github/repository.ts";
import type { Services } from "../services.ts";
import { runCommand } from "./run-command.ts";

/**
 * Sees to the pull requests of commands that wait for checks or a person, when the control file has changed or other commands
 * were given. One that a later command made pointless is closed with a link. All others are computed anew from what was
 * asked, on top of the file as it is now, by whoever asked, if they still may: merged as it was, a change would take back
 * what happened since. Whoever asked is told when theirs came to an end.
 *
 * @param given what commands did that were given just now, whether they wait or not
 */
export async function renewWaiting(
  repository: Repository,
  given: readonly WaitingRequest[],
  services: Services,
): Promise<void> {
  const waiting = (await waitingRequests(repository, services)).filter(({ branch }) => !branch.startsWith(LIFT_BRANCH));
  if (waiting.length === 0) return;
  const requests = [...given, ...waiting.map(({ request }) => request)];
  let reading = await services.store.read(repository);
  for (const pull of waiting) {
    const later = requests.find((request) => isMeantInstead(request, pull.request));
    if (later !== undefined) await supersede(repository, pull, later, services);
    else if (await isBehind(repository, pull, reading)) {
      await renew(repository, pull, reading, services);
      // It may have been merged.
      reading = await services.store.read(repository);
    }
  }
}

function isMeantInstead(later: WaitingRequest, earlier: WaitingRequest): boolean {
  if (topicOf(later) !== topicOf(earlier)) return false;
  if (later.comment.id === earlier.comment.id) return later.position > earlier.position;
  return later.comment.at > earlier.comment.at;
}

async function renew(repository: Repository, pull: WaitingPull, reading: Reading, services: Services): Promise<void> {
  const { request } = pull;
  const role = await readRole(repository, request.operator);
  const silent = { say: async () => {}, downloadLater: async () => {} };
  const run = { request, line: 1, repository, role, readAt: request.comment.at, missedAt: null, ...silent };
  const answer = await runCommand(run, { kind: "read", value: reading }, services);
  // What could not be done now is tried again at the next change; meanwhile it waits as it was.
  if (answer.waitsIn === pull.number || answer.outcome === "failed") return;
  // Merged by that, or without anything left to do, it is closed already.
  const isOpen = answer.outcome === "refused" || answer.waitsIn !== undefined;
  if (isOpen) await closePull(repository, pull);
  await tellEnd(repository, pull, `${numberLink(pull)}, which waited, was computed anew: ${answer.text}`, services);
}

/** Whether the control file has changed since the pull request was computed. */
async function isBehind(repository: Repository, pull: WaitingPull, { configuration, control }: Reading) {
  if (control.kind === "unusable") return false;
  const before = await fileAtParent(repository, pull.head, configuration.settings.control_file);
  return before !== (control.stored?.sha ?? null);
}

async function supersede(repository: Repository, pull: WaitingPull, { comment }: WaitingRequest, services: Services) {
  await closePull(repository, pull);
  const text = `${numberLink(pull)}, which waited, is superseded by [a later command](${comment.url}) and closed: it changes nothing.`;
  await tellEnd(repository, pull, text, services);
}
