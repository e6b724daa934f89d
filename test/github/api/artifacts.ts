import type { Artifact } from "../artifact-store.ts";
import type { RepositoryRow } from "../database.ts";
import type { Json } from "../json.ts";
import { apiUrl } from "../shape/repository.ts";
import type { Site } from "../site.ts";
import {
  type Answer,
  actor,
  notFound,
  page,
  Refusal,
  type RepositoryRequest,
  repositoryRoute,
  route,
} from "./routes.ts";

/**
 * Artifacts of runs: listed, and downloaded from another host, to which GitHub sends the caller. There a token is no
 * business of anybody's: the store of GitHub's answers 400 to a request that carries one.
 */
export function artifactRoutes(site: Site): void {
  repositoryRoute(site, "GET", "/actions/artifacts", (request) => {
    const runs = site.db.workflowRuns.findBy("repo_id", request.repository.id);
    return list(site, request, new Set(runs.map(({ id }) => id)));
  });
  repositoryRoute(site, "GET", "/actions/runs/:run/artifacts", (request) => {
    const run = site.db.workflowRuns.get(Number(request.param("run")));
    if (run?.repo_id !== request.repository.id) throw notFound();
    return list(site, request, new Set([run.id]));
  });
  repositoryRoute(site, "GET", "/actions/artifacts/:artifact/:format", (request) => {
    actor(request);
    const artifact = site.artifacts.get(Number(request.param("artifact")));
    if (artifact === undefined) throw notFound();
    if (artifact.expired) throw new Refusal(410, "Artifact has expired");
    const location = `${elsewhere(site)}/_stored/artifacts/${artifact.id}.${request.param("format")}?sig=secret`;
    return { status: 302, headers: { location } };
  });
  route(site, "GET", "/_stored/artifacts/:file", (request) => {
    if (request.raw.headers.has("authorization")) throw new Refusal(400, "InvalidAuthenticationInfo");
    const artifact = site.artifacts.get(Number.parseInt(request.param("file"), 10));
    if (artifact === undefined) throw notFound();
    return { status: 200, body: artifact.bytes, headers: { "content-type": "application/zip" } };
  });
}

function list(site: Site, request: RepositoryRequest, runIds: ReadonlySet<number>): Answer {
  const found = site.artifacts.list({ runIds, name: request.query("name") });
  const { items, headers } = page(request, found);
  const artifacts = items.map((artifact) => artifactJson(site, request.repository, artifact));
  return { status: 200, body: { total_count: found.length, artifacts }, headers };
}

/** OpenAPI `artifact`. */
function artifactJson(site: Site, repository: RepositoryRow, artifact: Artifact): Json {
  const { id, name, bytes, expired, createdAt, runId } = artifact;
  const url = `${apiUrl(site, repository)}/actions/artifacts/${id}`;
  const run = site.db.workflowRuns.get(runId);
  return {
    id,
    node_id: `MDg6QXJ0aWZhY3Q${id}`,
    name,
    size_in_bytes: bytes.byteLength,
    url,
    archive_download_url: `${url}/zip`,
    expired,
    created_at: createdAt,
    updated_at: createdAt,
    expires_at: new Date(Date.parse(createdAt) + 90 * 86_400_000).toISOString(),
    workflow_run: {
      id: runId,
      repository_id: repository.id,
      head_repository_id: repository.id,
      head_branch: run?.head_branch,
      head_sha: run?.head_sha,
    },
  };
}

/** The same server under another name: for a client, another host. */
function elsewhere({ url }: Site): string {
  return url.replace("//127.0.0.1:", "//localhost:");
}
