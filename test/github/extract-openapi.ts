/**
 * Writes `openapi-extract.json`: what GitHub's published OpenAPI description says about the answers we read, and nothing
 * else of its hundreds of megabytes. Run it by hand when the fields below change or a new description is out:
 *
 *     node test/github/extract-openapi.ts
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PACKAGE = "@octokit/openapi@23.0.2";
const DESCRIPTION = "package/generated/api.github.com.json";

const USER = "user.login user.id user.type";
const COMMIT = "sha commit.message commit.author.name commit.committer.date commit.verification.verified author.login";
const COMMIT_FIELDS = `${COMMIT} committer.login parents.sha html_url`;
const ISSUE = `id number title body state state_reason locked html_url labels.name comments created_at closed_at ${USER}
  updated_at pull_request.url performed_via_github_app.slug reactions.total_count`;
const COMMENT = `id node_id body html_url issue_url created_at updated_at performed_via_github_app.slug ${USER}`;
const PULL = `id number title body state draft html_url merged_at merge_commit_sha labels.name head.ref head.sha head.repo.id
  base.ref base.sha base.repo.full_name auto_merge.merge_method auto_merge.commit_title auto_merge.commit_message created_at updated_at ${USER}`;
const FULL_PULL = `${PULL} merged mergeable mergeable_state commits additions deletions changed_files merged_by.login`;
const ENTRY = "type name path sha size git_url html_url download_url";
const FILE = "sha filename status additions deletions changes previous_filename contents_url";
const RUN = `id name path head_branch head_sha run_number run_attempt event status conclusion workflow_id html_url created_at
  updated_at run_started_at actor.login triggering_actor.login display_title repository.full_name head_commit.id`;
const JOB = `id run_id run_attempt name status conclusion created_at started_at completed_at labels runner_id runner_name
  runner_group_name head_sha workflow_name html_url`;
const ARTIFACT =
  "id node_id name size_in_bytes url archive_download_url expired created_at workflow_run.id workflow_run.head_sha";
const WORKFLOW = "id name path state html_url created_at updated_at";
const DELIVERY = `id guid delivered_at redelivery duration status status_code event action installation_id repository_id
  throttled_at`;
const CHECK = `id node_id name head_sha status conclusion started_at completed_at external_id details_url html_url
  output.title output.summary output.text check_suite.id app.id app.slug`;
const ADVISORY = `ghsa_id html_url summary description severity state submission.accepted created_at author.login
  vulnerabilities.package.ecosystem vulnerabilities.package.name vulnerabilities.vulnerable_version_range`;
const below = (key: string, fields: string) =>
  fields
    .split(/\s+/)
    .map((field) => `${key}.${field}`)
    .join(" ");

/** `METHOD path status`, and the fields of that answer which we read. */
const READ: Readonly<Record<string, string>> = {
  "GET /repos/{owner}/{repo} 200": `id node_id name full_name private default_branch archived html_url owner.login owner.id
    owner.type allow_merge_commit allow_squash_merge allow_rebase_merge squash_merge_commit_message permissions.push`,
  "GET /repos/{owner}/{repo}/contents/{path} 200": `${ENTRY} content encoding`,
  "PUT /repos/{owner}/{repo}/contents/{path} 200": "content.path content.sha commit.sha commit.message commit.html_url",
  "PUT /repos/{owner}/{repo}/contents/{path} 201": "content.path content.sha commit.sha commit.verification.verified",
  "PUT /repos/{owner}/{repo}/contents/{path} 409": "message documentation_url",
  "GET /repos/{owner}/{repo}/commits 200": COMMIT_FIELDS,
  "GET /repos/{owner}/{repo}/commits/{ref} 200": `${COMMIT_FIELDS} ${below("files", FILE)} stats.total`,
  "GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls 200": PULL,
  "GET /repos/{owner}/{repo}/activity 200": "id before after ref timestamp activity_type actor.login actor.type",
  "GET /repos/{owner}/{repo}/compare/{basehead} 200": "status total_commits commits.sha",
  "GET /repos/{owner}/{repo}/git/ref/{ref} 200": "ref object.sha object.type",
  "POST /repos/{owner}/{repo}/git/refs 201": "ref node_id url object.sha object.type object.url",
  "POST /repos/{owner}/{repo}/git/commits 201": "sha message tree.sha parents.sha verification.verified author.name",
  "GET /repos/{owner}/{repo}/git/trees/{tree_sha} 200":
    "sha url truncated tree.path tree.mode tree.type tree.sha tree.size",
  "POST /repos/{owner}/{repo}/git/trees 201": "sha url truncated tree.path tree.mode tree.type tree.sha tree.size",
  "GET /repos/{owner}/{repo}/git/blobs/{file_sha} 200": "sha size content encoding node_id",
  "GET /repos/{owner}/{repo}/collaborators 200":
    "login id node_id type role_name permissions.push permissions.maintain",
  "POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers 201": `${PULL} requested_reviewers.login`,
  "POST /repos/{owner}/{repo}/pulls 201": FULL_PULL,
  "POST /repos/{owner}/{repo}/pulls 422":
    "message documentation_url errors.code errors.field errors.message errors.resource",
  "GET /repos/{owner}/{repo}/pulls 200": PULL,
  "GET /repos/{owner}/{repo}/pulls/{pull_number} 200": FULL_PULL,
  "GET /repos/{owner}/{repo}/pulls/{pull_number}/files 200": FILE,
  "PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge 200": "sha merged message",
  "POST /repos/{owner}/{repo}/issues 201": ISSUE,
  "GET /repos/{owner}/{repo}/issues 200": ISSUE,
  "PATCH /repos/{owner}/{repo}/issues/{issue_number} 200": `${ISSUE} closed_by.login`,
  "POST /repos/{owner}/{repo}/issues/{issue_number}/labels 200": "id name color description default",
  "POST /repos/{owner}/{repo}/issues/{issue_number}/comments 201": COMMENT,
  "GET /repos/{owner}/{repo}/issues/{issue_number}/comments 200": COMMENT,
  "PATCH /repos/{owner}/{repo}/issues/comments/{comment_id} 200": COMMENT,
  "POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions 201": `id node_id content created_at ${USER}`,
  "GET /repos/{owner}/{repo}/collaborators/{username}/permission 200": `permission role_name ${USER}`,
  "GET /orgs/{org}/teams/{team_slug}/memberships/{username} 200": "url role state",
  "GET /repos/{owner}/{repo}/rules/branches/{branch} 200": "type ruleset_source ruleset_id",
  "GET /repos/{owner}/{repo}/actions/workflows 200": `total_count ${below("workflows", WORKFLOW)}`,
  "GET /repos/{owner}/{repo}/actions/artifacts 200": `total_count ${below("artifacts", ARTIFACT)}`,
  "GET /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts 200": `total_count ${below("artifacts", ARTIFACT)}`,
  "GET /repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number} 200": RUN,
  "GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs 200": `total_count ${below("workflow_runs", RUN)}`,
  "GET /repos/{owner}/{repo}/actions/runs 200": `total_count ${below("workflow_runs", RUN)}`,
  "GET /repos/{owner}/{repo}/actions/runs/{run_id} 200": RUN,
  "GET /repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}/jobs 200": `total_count ${below("jobs", JOB)}`,
  "POST /repos/{owner}/{repo}/actions/runs/{run_id}/cancel 202": "",
  "POST /repos/{owner}/{repo}/check-runs 201": CHECK,
  "PATCH /repos/{owner}/{repo}/check-runs/{check_run_id} 200": CHECK,
  "GET /repos/{owner}/{repo}/check-runs/{check_run_id} 200": CHECK,
  "GET /repos/{owner}/{repo}/commits/{ref}/check-runs 200": `total_count ${below("check_runs", CHECK)}`,
  "GET /repos/{owner}/{repo}/security-advisories 200": ADVISORY,
  "POST /repos/{owner}/{repo}/security-advisories 201": ADVISORY,
  "GET /app/hook/deliveries 200": DELIVERY,
  "GET /app/hook/deliveries/{delivery_id} 200": `${DELIVERY} request.headers request.payload response.headers`,
  "POST /app/installations/{installation_id}/access_tokens 201":
    "token expires_at permissions.contents repository_selection",
};

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly nullable?: boolean;
  readonly enum?: readonly unknown[];
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

interface Reference {
  readonly $ref: string;
}

interface Response {
  readonly content?: { readonly "application/json"?: { readonly schema: Schema } };
}

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Operation {
  readonly responses: Readonly<Record<string, Response | Reference>>;
}

/** The fields to keep, as a tree; a leaf keeps its type. */
type Fields = Map<string, Fields>;

function fieldTree(text: string): Fields {
  const root: Fields = new Map();
  for (const path of text.split(/\s+/).filter(Boolean)) {
    let node = root;
    for (const key of path.split(".")) {
      const child: Fields = node.get(key) ?? new Map();
      node.set(key, child);
      node = child;
    }
  }
  return root;
}

class Extraction {
  readonly #description: Description;

  constructor(description: Description) {
    this.#description = description;
  }

  /** The schema of one answer, with the wanted fields only; {} for an answer without a body. */
  answer(key: string, fields: string): object {
    const [method = "", path = "", status = ""] = key.split(" ");
    const declared = this.#description.paths[path]?.[method.toLowerCase()]?.responses[status];
    if (!declared) throw new Error(`The description has no ${key}.`);
    const response: Response = "$ref" in declared ? this.#lookUp(declared.$ref) : declared;
    const schema = response.content?.["application/json"]?.schema;
    return schema ? this.#prune(schema, fieldTree(fields)) : {};
  }

  #prune(schema: Schema, fields: Fields): object {
    if (schema.$ref) return this.#prune(this.#lookUp(schema.$ref), fields);
    const variants = (list: readonly Schema[]) => unique(list.map((variant) => this.#prune(variant, fields)));
    const type = schema.nullable && schema.type ? [schema.type, "null"] : schema.type;
    return {
      ...(type ? { type } : {}),
      ...(schema.enum ? { enum: schema.nullable ? [...schema.enum, null] : schema.enum } : {}),
      ...(schema.items ? { items: this.#prune(schema.items, fields) } : {}),
      ...(schema.allOf ? { allOf: variants(schema.allOf) } : {}),
      // Pruned variants may both fit, so that "exactly one" of the original becomes "at least one".
      ...(schema.oneOf || schema.anyOf ? { anyOf: variants(schema.oneOf ?? schema.anyOf ?? []) } : {}),
      ...this.#object(schema, fields),
    };
  }

  #object({ properties = {}, required = [] }: Schema, fields: Fields): object {
    const kept = [...fields].filter(([key]) => properties[key]);
    if (kept.length === 0) return {};
    const pruned = kept.map(([key, below]) => [key, this.#prune(properties[key] ?? {}, below)] as const);
    const needed = required.filter((key) => fields.has(key));
    return { ...(needed.length > 0 ? { required: needed } : {}), properties: Object.fromEntries(pruned) };
  }

  #lookUp<T>(reference: string): T {
    let node: unknown = this.#description;
    for (const key of reference.replace("#/", "").split("/")) {
      node = typeof node === "object" && node !== null ? Reflect.get(node, key) : undefined;
    }
    if (node === undefined) throw new Error(`The description has no ${reference}.`);
    return node as T;
  }
}

function unique(schemas: readonly object[]): object[] {
  return [...new Map(schemas.map((schema) => [JSON.stringify(schema), schema])).values()];
}

const directory = mkdtempSync(join(tmpdir(), "openapi-"));
try {
  const archive = execFileSync("npm", ["pack", "--silent", PACKAGE], { cwd: directory, encoding: "utf8" }).trim();
  execFileSync("tar", ["-xzf", archive, DESCRIPTION], { cwd: directory });
  const extraction = new Extraction(JSON.parse(readFileSync(join(directory, DESCRIPTION), "utf8")));
  const answers = Object.entries(READ).map(([key, fields]) => [key, extraction.answer(key, fields)]);
  const extract = { source: PACKAGE, answers: Object.fromEntries(answers) };
  writeFileSync(new URL("openapi-extract.json", import.meta.url), `${JSON.stringify(extract)}\n`);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
