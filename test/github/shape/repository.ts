import type { RepositoryRow } from "../database.ts";
import type { Json } from "../json.ts";
import type { Site } from "../site.ts";
import { ownerJson } from "./account.ts";

/** The repository as payloads and nested answers carry it: the fields of OpenAPI `repository` that apps read. */
export function repositoryJson(site: Site, repository: RepositoryRow): Json {
  const { id, node_id, name, full_name, description, default_branch, archived, created_at, updated_at, pushed_at } =
    repository;
  return {
    id,
    node_id,
    name,
    full_name,
    private: repository.private,
    visibility: repository.private ? "private" : "public",
    owner: ownerJson(site, repository),
    html_url: htmlUrl(site, repository),
    url: apiUrl(site, repository),
    description,
    fork: false,
    default_branch,
    archived,
    disabled: false,
    open_issues_count: repository.open_issues_count,
    created_at,
    updated_at,
    pushed_at,
  };
}

/** Address of the repository in the REST API. */
export function apiUrl(site: Site, repository: RepositoryRow): string {
  return `${site.url}/repos/${repository.full_name}`;
}

/** Address of the repository for a browser. */
export function htmlUrl(site: Site, repository: RepositoryRow): string {
  return `${site.url}/${repository.full_name}`;
}

/** Login of the account that owns a repository. */
export function ownerLogin(repository: RepositoryRow): string {
  return repository.full_name.split("/")[0] ?? "";
}
