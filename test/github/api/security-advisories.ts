import type { Advisory } from "../advisory-store.ts";
import type { RepositoryRow } from "../database.ts";
import { isObject, type Json } from "../json.ts";
import { userJson } from "../shape/account.ts";
import type { Site } from "../site.ts";
import {
  type Answer,
  actor,
  type Caller,
  created,
  page,
  Refusal,
  type RepositoryRequest,
  repositoryRoute,
} from "./routes.ts";

/** The ecosystems that an advisory knows (GitHub's OpenAPI description, `security-advisory-ecosystems`). */
const ECOSYSTEMS = "rubygems npm pip maven nuget composer go rust erlang actions pub other swift".split(" ");

/** `/repos/{owner}/{repo}/security-advisories`: what is not published is shown to those only who look after security. */
export function securityAdvisoryRoutes(site: Site): void {
  repositoryRoute(site, "GET", "/security-advisories", (request) => list(site, request));
  repositoryRoute(site, "POST", "/security-advisories", (request) => create(site, request));
}

function list(site: Site, request: RepositoryRequest): Answer {
  const state = request.query("state");
  const advisories = site.advisories
    .of(request.repository.id)
    .filter((row) => row.state === "published" || seesDrafts(request.caller))
    .filter((row) => state === undefined || row.state === state);
  const { items, headers } = page(request, request.query("direction") === "asc" ? advisories.toReversed() : advisories);
  return { status: 200, body: items.map((row) => advisoryJson(site, request.repository, row)), headers };
}

function seesDrafts(caller: Caller): boolean {
  return caller.kind === "installation" && caller.token.permissions.repository_advisories !== undefined;
}

async function create(site: Site, request: RepositoryRequest): Promise<Answer> {
  const { repository } = request;
  const user = actor(request);
  // GitHub documentation: none can be made in private repositories since 2024.
  if (repository.private)
    throw new Refusal(403, "Repository security advisories are not available for this repository.");
  const { summary, description, severity, vulnerabilities } = await request.json();
  const missing = Object.entries({ summary, description, vulnerabilities }).flatMap(([key, value]) =>
    value === undefined ? [key] : [],
  );
  if (missing.length > 0) throw new Refusal(422, `Invalid request.\n\nmissing required keys: ${missing.join(", ")}`);
  if (!isText(summary, 1024) || !isText(description, 65_535) || !Array.isArray(vulnerabilities))
    throw new Refusal(422, "Validation Failed");
  const row = site.advisories.add({
    repositoryId: repository.id,
    summary,
    description,
    severity: typeof severity === "string" ? severity : null,
    state: "draft",
    vulnerabilities: vulnerabilities.map(vulnerabilityOf),
    author: user.id,
    isReport: false,
  });
  return created(advisoryJson(site, repository, row));
}

function isText(value: unknown, most: number): value is string {
  return typeof value === "string" && value.length <= most;
}

function vulnerabilityOf(value: unknown): Advisory["vulnerabilities"][number] {
  const { package: product, vulnerable_version_range: range } = isObject(value) ? value : {};
  const { ecosystem, name } = isObject(product) ? product : {};
  if (!ECOSYSTEMS.includes(String(ecosystem))) throw new Refusal(422, "Validation Failed");
  return { name: typeof name === "string" ? name : null, range: typeof range === "string" ? range : null };
}

function advisoryJson(site: Site, repository: RepositoryRow, row: Advisory): Json {
  const author = site.db.users.get(row.author);
  const path = `security-advisories/${row.ghsaId}`;
  return {
    ghsa_id: row.ghsaId,
    cve_id: null,
    url: `${site.url}/repos/${repository.full_name}/${path}`,
    html_url: `${site.url}/${repository.full_name}/security/advisories/${row.ghsaId}`,
    summary: row.summary,
    description: row.description,
    severity: row.severity,
    author: author ? userJson(site, author) : null,
    publisher: null,
    identifiers: [{ type: "GHSA", value: row.ghsaId }],
    state: row.state,
    created_at: row.createdAt,
    updated_at: row.createdAt,
    published_at: row.state === "published" ? row.createdAt : null,
    closed_at: null,
    withdrawn_at: null,
    submission: row.isReport ? { accepted: row.state !== "triage" } : null,
    vulnerabilities: row.vulnerabilities.map(({ name, range }) => ({
      package: { ecosystem: "other", name },
      vulnerable_version_range: range,
      patched_versions: null,
      vulnerable_functions: [],
    })),
    cvss: null,
    cwes: [],
    cwe_ids: [],
    credits: [],
    credits_detailed: [],
    collaborating_users: [],
    collaborating_teams: [],
    private_fork: null,
  };
}
