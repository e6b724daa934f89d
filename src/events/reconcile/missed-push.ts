import { at, type Repository } from "../../github/repository.ts";
import { laneOf } from "../../inbox/inbox.ts";
import type { Services } from "../services.ts";
import type { ReconcilePayload } from "./payload.ts";
import { type Found, NOTHING_FOUND } from "./reconcile.ts";

/**
 * The default branch moved since the last look: as good as a push that does not tell what it touched, so that the control
 * file is settled whoever changed it.
 */
export async function missedPush(
  { installation, repository: payload }: ReconcilePayload,
  repository: Repository,
  { reader }: Services,
): Promise<Found> {
  const { octokit, defaultBranch, fullName } = repository;
  const news = await reader.news(`head ${fullName}`, (headers) =>
    octokit.rest.git.getRef({ ...at(repository), ref: `heads/${defaultBranch}`, headers }),
  );
  if (news === null) return NOTHING_FOUND;
  const { sha } = news.data.object;
  const ref = `refs/heads/${defaultBranch}`;
  const body = JSON.stringify({ installation, repository: payload, ref, after: sha, deleted: false, commits: [] });
  const push = { id: `head:${fullName}:${sha}`, event: "push", lane: laneOf(fullName), body, urgent: false };
  return { deliveries: [push], keep: news.keep };
}
