import type { CheckRunRow, RepositoryRow } from "../database.ts";
import type { Json } from "../json.ts";
import type { Site } from "../site.ts";
import { ownerJson } from "./account.ts";
import { apiUrl, htmlUrl } from "./repository.ts";

/** OpenAPI `check-run`. */
export function checkRunJson(site: Site, repository: RepositoryRow, check: CheckRunRow): Json {
  const url = `${apiUrl(site, repository)}/check-runs/${check.id}`;
  const { id, node_id, name, head_sha, status, conclusion, started_at, completed_at, external_id, details_url } = check;
  return {
    id,
    node_id,
    name,
    head_sha,
    status,
    conclusion,
    started_at,
    completed_at,
    external_id,
    details_url,
    url,
    html_url: `${htmlUrl(site, repository)}/runs/${id}`,
    output: { ...check.output, annotations_count: 0, annotations_url: `${url}/annotations` },
    check_suite: { id: suiteId(check) },
    app: appJson(site, repository, check.app_id),
    pull_requests: [],
  };
}

/** One suite for every app and commit. */
export function suiteId({ app_id, head_sha }: Pick<CheckRunRow, "app_id" | "head_sha">): number {
  return app_id * 1_000_000 + Number.parseInt(head_sha.slice(0, 5), 16);
}

function appJson(site: Site, repository: RepositoryRow, appId: number): Json {
  const isOurs = appId === site.app.appId;
  return {
    id: appId,
    node_id: `A_${appId}`,
    slug: isOurs ? site.app.slug : "github-actions",
    name: isOurs ? "Batchkeeper" : "GitHub Actions",
    owner: ownerJson(site, repository),
    description: null,
    external_url: site.url,
    html_url: `${site.url}/apps/${isOurs ? site.app.slug : "github-actions"}`,
    created_at: repository.created_at,
    updated_at: repository.created_at,
    permissions: {},
    events: [],
  };
}
