import { aliasesOf } from "../../config/policy.ts";
import { holdsOn } from "../../domain/gate/verdict.ts";
import type { Violation } from "../../domain/gate/violation.ts";
import { judgePulls, pullQuestion } from "../../github/judge-pulls.ts";
import { readPulls } from "../../github/open-pull.ts";
import { repositoryOf } from "../../github/repository.ts";
import { stoppedAt } from "../../github/stopped-at.ts";
import type { PullRequestPayload } from "../payload.ts";
import type { Services } from "../services.ts";
import { reportViolations } from "./violation.ts";

/**
 * A pull request was merged. A batch under a hold did not honour it, if the hold was on the branch that it was merged onto.
 * While nothing is held this costs one call.
 */
export async function watchMerge(
  { installation, repository: payload, pull_request: { number } }: PullRequestPayload,
  services: Services,
): Promise<void> {
  const repository = repositoryOf(payload, await services.octokitOf(installation.id), "housekeeping");
  const { control, configuration } = await services.store.read(repository);
  if (control.kind !== "ready" || control.file.control.holds.length === 0) return;
  const { settings } = configuration;
  const situation = { settings, control: control.file.control, now: services.now() };
  const pulls = await readPulls(repository, [number], pullQuestion(settings));
  const [judged] = await judgePulls(repository, pulls, situation);
  if (judged?.kind !== "batch" || judged.pull.mergeCommit === null) return;
  const holds = holdsOn(judged.touched, situation.control);
  if (holds.length === 0) return;
  const place = { path: settings.control_file, aliases: aliasesOf(settings) };
  const stopped = await stoppedAt(repository, `${judged.pull.mergeCommit}^`, place);
  const violations = holds
    .filter(({ scope }) => stopped?.(scope) ?? true)
    .map((hold): Violation => ({ hold, key: `pull:${number}`, url: judged.pull.url, what: `batch #${number} merged` }));
  await reportViolations(repository, violations, services);
}
