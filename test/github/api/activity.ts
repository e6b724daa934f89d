import type { Activity } from "../activity-log.ts";
import { nodeId } from "../database.ts";
import { resolveCommit } from "../git/branches.ts";
import { differences } from "../git/difference.ts";
import { history, mergeBase } from "../git/history.ts";
import { ObjectStore } from "../git/object-store.ts";
import type { Json } from "../json.ts";
import { commitJson, fileChangeJson } from "../shape/commit.ts";
import { apiUrl, htmlUrl } from "../shape/repository.ts";
import type { Site } from "../site.ts";
import { type Answer, notFound, ok, page, type RepositoryRequest, repositoryRoute } from "./routes.ts";

/** `GET activity`: what moved branches; `GET compare`: what is between two commits. */
export function activityRoutes(site: Site): void {
  repositoryRoute(site, "GET", "/activity", (request) => listActivities(site, request));
  repositoryRoute(site, "GET", "/compare/:basehead", (request) => compare(site, request));
}

/** Newest first. GitHub pages by cursor: clients follow the `Link` header and do not mind. */
function listActivities(site: Site, request: RepositoryRequest): Answer {
  const [ref, type] = [request.query("ref"), request.query("activity_type")];
  const wanted = site.activity
    .of(request.repository.id)
    .filter((activity) => (!ref || activity.ref.endsWith(ref)) && (!type || activity.type === type));
  const { items, headers } = page(request, wanted);
  return { status: 200, body: items.map(activityJson), headers };
}

function activityJson({ id, ref, before, after, type, actor, timestamp }: Activity): Json {
  return { id, node_id: nodeId("Activity", id), before, after, ref, timestamp, activity_type: type, actor };
}

/** Oldest commit first; the files are those of the whole, on the first page, 300 at most. */
function compare(site: Site, request: RepositoryRequest): Answer {
  const { repository } = request;
  const [base, head] = request
    .param("basehead")
    .split("...")
    .map((revision) => resolveCommit(site, repository, revision));
  if (!base || !head) throw notFound();
  const objects = new ObjectStore(site.db, repository.id);
  const common = objects.commit(mergeBase(objects, base.sha, head.sha) ?? "");
  if (!common) throw notFound();
  const ahead = history(objects, head.sha, [base.sha]).reverse();
  const behind = history(objects, base.sha, [head.sha]);
  const { items, headers } = page(request, ahead);
  const url = `${apiUrl(site, repository)}/compare/${base.sha}...${head.sha}`;
  const pageUrl = `${htmlUrl(site, repository)}/compare/${base.sha}...${head.sha}`;
  const answer = ok({
    url,
    html_url: pageUrl,
    permalink_url: pageUrl,
    diff_url: `${pageUrl}.diff`,
    patch_url: `${pageUrl}.patch`,
    base_commit: commitJson(site, repository, base),
    merge_base_commit: commitJson(site, repository, common),
    status: statusOf(ahead.length, behind.length),
    ahead_by: ahead.length,
    behind_by: behind.length,
    total_commits: ahead.length,
    commits: items.map((commit) => commitJson(site, repository, commit)),
    files: differences(objects, common.tree_sha, head.tree_sha)
      .slice(0, 300)
      .map((change) => fileChangeJson(site, repository, change, head.sha)),
  });
  return { ...answer, headers };
}

function statusOf(ahead: number, behind: number): string {
  if (ahead > 0) return behind > 0 ? "diverged" : "ahead";
  return behind > 0 ? "behind" : "identical";
}
