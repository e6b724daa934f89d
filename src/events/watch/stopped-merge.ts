import { aliasesOf } from "../../config/policy.ts";
import { holdsOn } from "../../domain/gate/verdict.ts";
import type { Violation } from "../../domain/gate/violation.ts";
import { judgePulls, pullQuestion } from "../../github/judge-pulls.ts";
import { readPulls } from "../../github/open-pull.ts";
import { repositoryOf } from "../../github/repository.ts";
import { stood, stoppedAt } from "../../github/stopped-at.ts";
import type { PullRequestPayload } from "../payload.ts";
import type { Services } from "../services.ts";
import { reportViolations } from "./violation.ts";

/**
 * A pull request was merged. A batch that was under a hold on the branch that it was merged onto did not honour it, whether
 * the hold still stands or not. For what is no batch this costs two calls.
 */
export async function watchMerge(
  { installation, repository: payload, pull_request: { number, merge_commit_sha: commit } }: PullRequestPayload,
  services: Services,
): Promise<void> {
  const repository = repositoryOf(payload, await services.octokitOf(installation.id), "housekeeping");
  const { control, configuration } = await services.store.read(repository);
  if (control.kind !== "ready" || commit == null) return;
  const { settings } = configuration;
  const place = { path: settings.control_file, aliases: aliasesOf(settings) };
  const past = await stoppedAt(repository, `${commit}^`, place);
  // A stop by hand becomes a hold a moment later; one that nobody can tell whether it stood is told rather than kept silent.
  const present = control.file.control.holds.filter((hold) => past === null || stood(past, hold));
  const holds = [...new Map([...(past?.holds ?? []), ...present].map((hold) => [hold.id, hold])).values()];
  if (holds.length === 0) return;
  const situation = { settings, control: { ...control.file.control, holds }, now: services.now() };
  const pulls = await readPulls(repository, [number], pullQuestion(settings));
  const [judged] = await judgePulls(repository, pulls, situation);
  if (judged?.kind !== "batch") return;
  const violations = holdsOn(judged.touched, situation.control).map(
    (hold): Violation => ({ hold, key: `pull:${number}`, url: judged.pull.url, what: `batch #${number} merged` }),
  );
  await reportViolations(repository, violations, services);
}
