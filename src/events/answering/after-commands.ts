import type { Reading } from "../../github/change.ts";
import type { Repository } from "../../github/repository.ts";
import { reportUnusable } from "../control/readability.ts";
import { watchApprovals } from "../holds/approvals-due.ts";
import { watchHolds } from "../holds/hold-timer.ts";
import { closeLongStop } from "../holds/holds-due.ts";
import type { RepositoryEvent } from "../payload.ts";
import type { Services } from "../services.ts";
import { renewWaiting } from "./renew-waiting.ts";
import type { Answered, Attempted } from "./run-command.ts";

/**
 * What follows from the holds that commands gave and lifted: before they are answered, because what was answered is not
 * looked at again.
 *
 * @param first what was read before the first of them
 */
export async function watchChanged(
  event: RepositoryEvent,
  repository: Repository,
  first: Attempted<Reading>,
  answers: readonly Answered[],
  services: Services,
): Promise<void> {
  const until = answers.flatMap(({ waitsUntil }) => waitsUntil ?? []);
  if (until.length > 0) await watchApprovals(event, Math.min(...until), services);
  const after = answers.findLast(({ control }) => control !== undefined)?.control;
  if (after === undefined || first.kind === "failed" || first.value.control.kind === "unusable") return;
  await watchHolds(event, after, services);
  await closeLongStop(repository, first.value.control.file.control, after, services);
}

/** What else follows, and is found again by the next command or look where it was not done. */
export async function seeToRest(
  repository: Repository,
  first: Attempted<Reading>,
  answers: readonly Answered[],
  services: Services,
): Promise<void> {
  if (first.kind === "failed") return;
  const { snapshot, control } = first.value;
  // What other commands wait for may have become something else by these.
  const changes = answers.flatMap(({ request, subject }) => (request && subject ? [{ ...request, subject }] : []));
  if (snapshot.openPulls > 0 && changes.length > 0) await renewWaiting(repository, changes, services);
  // The push that broke the file may have been missed: whoever meets it opens the incident.
  if (control.kind === "unusable") await reportUnusable(repository, control.problem, services);
}
