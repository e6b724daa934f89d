import { Ajv } from "ajv";
import { expect } from "vitest";
import type { ApiAnswer, AppClient } from "./app-client.ts";
import { test } from "./contract-test.ts";
import type { LocalGitHub } from "./local-github.ts";
import extract from "./openapi-extract.json" with { type: "json" };

const ajv = new Ajv({ strict: false, allErrors: true });
const schemas: Readonly<Record<string, object>> = extract.answers;

/** Calls, answers and which published schemas they were held against. */
class Conformance {
  readonly checked = new Set<string>();
  readonly #client: AppClient;
  readonly #repo: string;

  constructor(client: AppClient, repo: string) {
    this.#client = client;
    this.#repo = repo;
  }

  /** Holds the answer to a call below the repository against `METHOD /repos/{owner}/{repo}<template>`. */
  async repository(method: string, template: string, values: Readonly<Record<string, unknown>>, body?: unknown) {
    const [path = "", query] = template.split("?");
    const filled = path.replaceAll(/\{(\w+)\}/g, (_, name) => String(values[name]));
    const answer = await this.#client.call(method, `/repos/${this.#repo}${filled}${query ? `?${query}` : ""}`, body);
    return this.check(`${method} /repos/{owner}/{repo}${path}`, answer);
  }

  check(operation: string, answer: ApiAnswer): ApiAnswer {
    const key = `${operation} ${answer.status}`;
    const schema = schemas[key];
    if (!schema) throw new Error(`No published schema for ${key}: ${JSON.stringify(answer.body)}`);
    const validate = ajv.compile(schema);
    validate(answer.body);
    expect(validate.errors ?? [], key).toEqual([]);
    this.checked.add(key);
    return answer;
  }
}

async function checkRepository(conformance: Conformance, github: LocalGitHub): Promise<void> {
  const sha = "0".repeat(40);
  const content = Buffer.from("[]\n").toString("base64");
  const path = { path: "control.json", ref: "heads/main" };
  await conformance.repository("GET", "", {});
  const file = await conformance.repository("GET", "/contents/{path}", path);
  await conformance.repository("GET", "/contents/{path}", { path: "recipes" });
  const put = (name: string, body: object) =>
    conformance.repository("PUT", "/contents/{path}", { path: name }, { message: "m", content, ...body });
  await put("control.json", { sha });
  await put("control.json", { sha: file.at("sha") });
  await put("new.json", {});
  const commits = await conformance.repository("GET", "/commits?per_page=2", {});
  const commit = await conformance.repository("GET", "/commits/{ref}", { ref: commits.at(0, "sha") });
  await conformance.repository("GET", "/activity?ref=refs/heads/main", {});
  await conformance.repository("GET", "/compare/{basehead}", { basehead: `${commits.at(1, "sha")}...main` });
  const draft = { message: "m", tree: commit.at("commit", "tree", "sha"), parents: [commit.at("sha")] };
  await conformance.repository("POST", "/git/commits", {}, draft);
  const tree = { tree_sha: commit.at("commit", "tree", "sha") };
  await conformance.repository("GET", "/git/trees/{tree_sha}?recursive=1", tree);
  const entry = { path: "recipes/jq.toml", mode: "100644", type: "blob", sha: null };
  await conformance.repository("POST", "/git/trees", {}, { base_tree: tree.tree_sha, tree: [entry] });
  await conformance.repository("GET", "/git/blobs/{file_sha}", { file_sha: file.at("sha") });
  await conformance.repository("GET", "/collaborators?permission=push", {});
  await conformance.repository("GET", "/git/ref/{ref}", path);
  await conformance.repository("POST", "/git/refs", {}, { ref: "refs/heads/a", sha: commit.at("sha") });
  github.protect("acme/recipes", "main", { requirePullRequest: true });
  await conformance.repository("GET", "/rules/branches/{branch}", { branch: "main" });
  await put("refused.json", {});
  await conformance.repository("GET", "/collaborators/{username}/permission", { username: "olga" });
}

async function checkPullRequests(conformance: Conformance, github: LocalGitHub, repo: string): Promise<void> {
  github.pushAs("olga", repo, "topic", { x: "1" }, "topic");
  const draft = { title: "t", head: "topic", base: "main", body: "b" };
  const pull = await conformance.repository("POST", "/pulls", {}, draft);
  await conformance.repository("POST", "/pulls", {}, draft);
  const number = { pull_number: pull.at("number"), issue_number: pull.at("number") };
  await conformance.repository("GET", "/pulls", {});
  await conformance.repository("GET", "/pulls/{pull_number}", number);
  await conformance.repository("GET", "/pulls/{pull_number}/files", number);
  await conformance.repository("POST", "/pulls/{pull_number}/requested_reviewers", number, { reviewers: ["olga"] });
  await conformance.repository("POST", "/issues/{issue_number}/labels", number, { labels: ["batchkeeper"] });
  const merge = await conformance.repository("PUT", "/pulls/{pull_number}/merge", number, { merge_method: "squash" });
  await conformance.repository("GET", "/pulls/{pull_number}", number);
  await conformance.repository("GET", "/commits/{commit_sha}/pulls", { commit_sha: merge.at("sha") });
}

async function checkCheckRuns(conformance: Conformance, github: LocalGitHub, repo: string): Promise<void> {
  const ref = github.branches(repo).main ?? "";
  const check = await conformance.repository("POST", "/check-runs", {}, { name: "gate", head_sha: ref });
  const id = { check_run_id: check.at("id") };
  const end = { conclusion: "failure", external_id: "1", output: { title: "t", summary: "s" } };
  await conformance.repository("PATCH", "/check-runs/{check_run_id}", id, end);
  await conformance.repository("GET", "/check-runs/{check_run_id}", id);
  await conformance.repository("GET", "/commits/{ref}/check-runs", { ref });
}

async function checkIssues(conformance: Conformance): Promise<void> {
  const issue = await conformance.repository("POST", "/issues", {}, { title: "t", labels: ["incident"] });
  const number = { issue_number: issue.at("number") };
  await conformance.repository("GET", "/issues?state=all", {});
  const comment = await conformance.repository("POST", "/issues/{issue_number}/comments", number, { body: "b" });
  await conformance.repository("GET", "/issues/{issue_number}/comments", number);
  const id = { comment_id: comment.at("id") };
  await conformance.repository("PATCH", "/issues/comments/{comment_id}", id, { body: "c" });
  await conformance.repository("POST", "/issues/comments/{comment_id}/reactions", id, { content: "eyes" });
  await conformance.repository("PATCH", "/issues/{issue_number}", number, { state: "closed" });
}

async function checkAdvisories(conformance: Conformance): Promise<void> {
  const vulnerabilities = [{ package: { ecosystem: "other", name: "x" }, vulnerable_version_range: null }];
  const draft = { summary: "s", description: "d", severity: "critical", vulnerabilities };
  await conformance.repository("POST", "/security-advisories", {}, draft);
  await conformance.repository("GET", "/security-advisories?sort=created", {});
}

async function checkActions(conformance: Conformance, github: LocalGitHub, repo: string): Promise<void> {
  github.addWorkflow(repo, ".github/workflows/batch-generate.yml", "Batch generate");
  const finished = github.startRun(repo, "batch-generate.yml");
  github.completeRun(finished, {
    conclusion: "failure",
    jobs: [{ name: "a" }, { name: "b", conclusion: "skipped" }],
    artifacts: { "batch-results": new Uint8Array([1]) },
  });
  const running = github.startRun(repo, "batch-generate.yml");
  await conformance.repository("GET", "/actions/workflows", {});
  await conformance.repository("GET", "/actions/runs", {});
  await conformance.repository("GET", "/actions/runs/{run_id}", { run_id: finished });
  const attempt = { run_id: finished, attempt_number: 1 };
  await conformance.repository("GET", "/actions/runs/{run_id}/attempts/{attempt_number}/jobs", attempt);
  await conformance.repository("GET", "/actions/runs/{run_id}/attempts/{attempt_number}", attempt);
  const workflow = { workflow_id: "batch-generate.yml" };
  await conformance.repository("GET", "/actions/workflows/{workflow_id}/runs", workflow);
  await conformance.repository("GET", "/actions/runs/{run_id}/artifacts", { run_id: finished });
  await conformance.repository("GET", "/actions/artifacts?name=batch-results", {});
  await conformance.repository("POST", "/actions/runs/{run_id}/cancel", { run_id: running });
}

async function checkApp(conformance: Conformance, github: LocalGitHub, client: AppClient): Promise<void> {
  await github.idle();
  const deliveries = conformance.check("GET /app/hook/deliveries", await client.asApp("GET", "/app/hook/deliveries"));
  const delivery = await client.asApp("GET", `/app/hook/deliveries/${deliveries.at(0, "id")}`);
  conformance.check("GET /app/hook/deliveries/{delivery_id}", delivery);
  const installations = await client.asApp("GET", "/app/installations");
  const mint = `/app/installations/${installations.at(0, "id")}/access_tokens`;
  conformance.check("POST /app/installations/{installation_id}/access_tokens", await client.asApp("POST", mint));
}

test("real answers have the shape that GitHub publishes, for every field we read", async ({ client, github, repo }) => {
  const conformance = new Conformance(client, repo);
  await checkRepository(conformance, github);
  await checkPullRequests(conformance, github, repo);
  await checkIssues(conformance);
  await checkAdvisories(conformance);
  await checkCheckRuns(conformance, github, repo);
  await checkActions(conformance, github, repo);
  github.createOrganization("org", { operators: ["olga"] });
  const membership = "/orgs/{org}/teams/{team_slug}/memberships/{username}";
  const answer = await client.call("GET", "/orgs/org/teams/operators/memberships/olga");
  conformance.check(`GET ${membership}`, answer);
  await checkApp(conformance, github, client);
  expect(Object.keys(schemas).filter((key) => !conformance.checked.has(key))).toEqual([]);
});
