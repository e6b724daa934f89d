import type { Emulator } from "emulate";
import type { Advisory } from "./advisory-store.ts";
import { insertCheckRun } from "./api/check-runs.ts";
import { invitation, type OAuthClient } from "./api/oauth.ts";
import { appPrivateKey } from "./app-key.ts";
import { mergeWhenReady } from "./auto-merge.ts";
import { type BranchRule, ruleKey } from "./branch-rules.ts";
import type { RunRow, WorkflowRow } from "./database.ts";
import { Deliveries, type Delivery, type DeliveryPolicy, type ReleaseOrder } from "./delivery.ts";
import { type EmulatorInside, startEmulator } from "./emulator.ts";
import { writeRef } from "./git/branches.ts";
import type { CallPolicy, Fault, FaultSpec } from "./http/faults.ts";
import type { PrimaryLimit, SecondaryLimit } from "./http/rate-limits.ts";
import type { LoggedCall } from "./http/request-log.ts";
import { importCommit, importPullRequest, type PastCommit, type PastPullRequest } from "./import-history.ts";
import * as observe from "./observation.ts";
import { People } from "./people.ts";
import type { Role } from "./roles.ts";
import { createOrganization, createRepository, ensureUser, type RepositorySpec, userToken } from "./seed.ts";
import { type AppCredentials, repositoryNamed, timestamp } from "./site.ts";
import { buildSite, type Wiring } from "./wiring.ts";
import {
  type Completion,
  completeRun,
  findWorkflow,
  type JobSpec,
  rerun,
  runOf,
  startJobs,
  startRun,
} from "./workflow-runs.ts";

interface LocalGitHubOptions {
  /** Default 0: a free port. */
  readonly port?: number;
  /** Where the app takes its webhooks; can be set later. */
  readonly webhookUrl?: string;
  /** What the app is granted where it is installed; default: what Batchkeeper asks for. */
  readonly permissions?: Readonly<Record<string, string>>;
  /** Events the app subscribes to; default every one. */
  readonly events?: readonly string[];
}

/** The id of GitHub Actions among apps, on github.com. */
const ACTIONS_APP = 15_368;

const APP = { appId: 4711, slug: "batchkeeper", webhookSecret: "a webhook secret that only tests know" };

/** What the app is granted if nothing else is said. */
export const DEFAULT_PERMISSIONS = {
  metadata: "read",
  contents: "write",
  issues: "write",
  pull_requests: "write",
  actions: "write",
  checks: "write",
  members: "read",
  repository_advisories: "write",
};

/**
 * Starts a GitHub of one's own on 127.0.0.1: the REST and GraphQL routes an app needs, with real authentication, real
 * signed webhooks, and ways to make everything go wrong. Several may run in one process.
 */
export async function startLocalGitHub(options: LocalGitHubOptions = {}): Promise<LocalGitHub> {
  const app: AppCredentials = { ...APP, privateKey: await appPrivateKey() };
  const permissions = options.permissions ?? DEFAULT_PERMISSIONS;
  const events = options.events ?? ["*"];
  const deliveries = new Deliveries({ appId: app.appId, secret: app.webhookSecret, events });
  deliveries.url = options.webhookUrl ?? null;
  let wiring: Wiring | undefined;
  const extend = (inside: EmulatorInside) => {
    wiring = buildSite(inside, app, deliveries);
    return wiring.afterRegistration;
  };
  const registered = { app_id: app.appId, slug: app.slug, name: "Batchkeeper", private_key: app.privateKey };
  const seed = { tokens: {}, github: { apps: [{ ...registered, permissions, events }] } };
  const emulator = await startEmulator(options.port ?? 0, seed, extend);
  if (!wiring) throw new Error("emulate did not register its GitHub plugin.");
  return new LocalGitHub(emulator, wiring, app);
}

/**
 * A running local GitHub: what a test, the demo or a benchmark holds in its hand. Repositories are named `owner/name`;
 * what people do (`commentAs`, `pushAs`, ...) is inherited.
 */
export class LocalGitHub extends People {
  /** `http://127.0.0.1:<port>`; the REST API is at the root and below `/api/v3`. */
  readonly url: string;
  readonly app: AppCredentials;
  readonly #emulator: Emulator;
  readonly #wiring: Wiring;

  constructor(emulator: Emulator, wiring: Wiring, app: AppCredentials) {
    super(wiring.site, wiring.inside);
    this.#emulator = emulator;
    this.#wiring = wiring;
    this.app = app;
    this.url = wiring.site.url;
  }

  /** Stops at once: what is being delivered is broken off. */
  async close(): Promise<void> {
    await this.site.deliveries.close();
    await this.#emulator.close();
  }

  // What there is

  createUser(login: string): { readonly id: number; readonly token: string } {
    return { id: ensureUser(this.site, login).id, token: userToken(login) };
  }

  /** The app's client for signing people in. */
  get oauth(): OAuthClient {
    return this.site.oauth.client;
  }

  /** Where people are sent back to after signing in: the app's callback URL. */
  set callbackUrl(url: string | null) {
    this.site.oauth.callbackUrl = url;
  }

  /** A link that signs a person in to this GitHub, once, as one who has allowed the app already, and leads on. */
  invite(login: string, to: string): string {
    return invitation(this.site, login, to);
  }

  /** Gives an account another login; its number stays. */
  renameUser(login: string, to: string): void {
    const { db, tokens } = this.site;
    const { id } = ensureUser(this.site, login);
    db.users.update(id, { login: to });
    tokens.set(userToken(to), { login: to, id, scopes: ["repo"] });
  }

  /** Gives a collaborator another role. */
  setRole(repository: string, login: string, permission: Role): void {
    const { collaborators } = this.site.db;
    const { id } = ensureUser(this.site, login);
    const { id: repo } = repositoryNamed(this.site, repository);
    const row = collaborators.findBy("repo_id", repo).find(({ user_id }) => user_id === id);
    if (!row) throw new Error(`${login} is no collaborator of ${repository}.`);
    collaborators.update(row.id, { permission });
  }

  /** @param teams slug to the logins of its members. */
  createOrganization(login: string, teams: Readonly<Record<string, readonly string[]>> = {}): void {
    createOrganization(this.site, login, teams);
  }

  /** Returns `owner/name`. */
  createRepository(spec: RepositorySpec): string {
    return createRepository(this.site, spec);
  }

  /** Adds or changes rules of a branch; an empty rule protects nothing. */
  protect(repository: string, branch: string, rule: BranchRule): void {
    const { site } = this;
    site.rules.set(ruleKey(repositoryNamed(site, repository), branch), rule);
  }

  archive(repository: string): void {
    const { site } = this;
    site.db.repos.update(repositoryNamed(site, repository).id, { archived: true });
  }

  /** Makes a branch where another stands, without telling anyone. */
  createBranch(repository: string, branch: string, from?: string): void {
    const { site } = this;
    const row = repositoryNamed(site, repository);
    const sha = observe.branches(site, repository)[from ?? row.default_branch];
    if (!sha) throw new Error(`${repository} has no branch ${from}.`);
    writeRef(site, row, `refs/heads/${branch}`, sha);
  }

  /** Commits to the default branch in the past. Returns the sha. */
  importCommit(repository: string, commit: PastCommit): string {
    return importCommit(this.site, repository, commit);
  }

  /** Opens, and perhaps squashes, a pull request in the past. Returns the number. */
  importPullRequest(repository: string, pull: PastPullRequest): number {
    return importPullRequest(this.site, repository, pull);
  }

  /** Lists of trees longer than this are truncated from now on. */
  truncateTreesOver(entries: number): void {
    this.site.limits.treeEntries = entries;
  }

  /** Collects a commit as garbage, as GitHub may after a forced push: what names it then names nothing. */
  forgetCommit(repository: string, sha: string): void {
    const { commits } = this.site.db;
    const row = commits.findBy("sha", sha).find(({ repo_id }) => repo_id === repositoryNamed(this.site, repository).id);
    if (!row) throw new Error(`${repository} has no commit ${sha}.`);
    commits.delete(row.id);
  }

  /** Lets time pass for whoever comments from now on. */
  turnClock(milliseconds: number): void {
    this.site.clock.ahead += milliseconds;
  }

  // What can be seen

  fileAt(repository: string, path: string, ref?: string): string | null {
    return observe.fileAt(this.site, repository, path, ref);
  }

  entriesAt(repository: string, ref?: string): Record<string, string> {
    return observe.entriesAt(this.site, repository, ref);
  }

  commits(repository: string, options: { path?: string; ref?: string } = {}): observe.ObservedCommit[] {
    return observe.commits(this.site, repository, options);
  }

  /** Branch to sha. */
  branches(repository: string): Record<string, string> {
    return observe.branches(this.site, repository);
  }

  issues(repository: string): observe.ObservedIssue[] {
    return observe.issues(this.site, repository);
  }

  pulls(repository: string): observe.ObservedPull[] {
    return observe.pulls(this.site, repository);
  }

  comments(repository: string, number: number): observe.ObservedComment[] {
    return observe.comments(this.site, repository, number);
  }

  commitComments(repository: string, sha: string): observe.ObservedComment[] {
    return observe.commitComments(this.site, repository, sha);
  }

  reactions(_repository: string, commentId: number): observe.ObservedReaction[] {
    return observe.reactions(this.site, commentId);
  }

  /** Security advisories, newest first. */
  advisories(repository: string): readonly Advisory[] {
    return this.site.advisories.of(repositoryNamed(this.site, repository).id);
  }

  setAdvisoryState(ghsaId: string, state: Advisory["state"]): void {
    this.site.advisories.setState(ghsaId, state);
  }

  /** A vulnerability that somebody without access reports privately. */
  reportVulnerabilityAs(login: string, repository: string, description: string): Advisory {
    const { id } = repositoryNamed(this.site, repository);
    const report = { summary: "A report", description, severity: null, state: "triage", isReport: true } as const;
    const author = this.createUser(login).id;
    return this.site.advisories.add({ ...report, repositoryId: id, vulnerabilities: [], author });
  }

  /** The newest check run of each name and app at a commit. */
  checks(repository: string, sha: string): observe.ObservedCheck[] {
    return observe.checks(this.site, repository, sha);
  }

  // Actions

  /** A check run that GitHub Actions ended at a commit, and what follows: an auto-merge that waited for it. */
  async endCheck(repository: string, sha: string, name: string, conclusion: string): Promise<void> {
    const { site } = this;
    const row = repositoryNamed(site, repository);
    const ended = { status: "completed", conclusion, completed_at: timestamp() };
    insertCheckRun(site, row, { name, head_sha: sha, app_id: ACTIONS_APP, ...ended });
    await mergeWhenReady(site, row, sha);
  }

  /** Repository setting "Allow auto-merge"; on from the start. */
  allowAutoMerge(repository: string, allowed: boolean): void {
    this.site.db.repos.update(repositoryNamed(this.site, repository).id, { allow_auto_merge: allowed });
  }

  /** Lets jobs of a run that is under way begin. */
  startJobs(runId: number, jobs: readonly Pick<JobSpec, "name" | "startedAt" | "steps">[]): void {
    startJobs(this.site, runId, jobs);
  }

  /** @param path `.github/workflows/<file>`. Returns the id. */
  addWorkflow(repository: string, path: string, name: string): number {
    const { site } = this;
    const repo_id = repositoryNamed(site, repository).id;
    const fields = { node_id: `W_${path}`, repo_id, name, path, state: "active" as const, badge_url: "" };
    return site.db.workflows.insert(fields).id;
  }

  /** Starts a run of a workflow (id or file name): `workflow_run` requested and in_progress. Returns the run's id. */
  startRun(repository: string, workflow: number | string, options: StartRunOptions = {}): number {
    const { site } = this;
    const { actor = repository.split("/")[0] ?? "", ...spec } = options;
    const row = this.#workflow(repository, workflow);
    const user = ensureUser(site, actor);
    return startRun(site, repositoryNamed(site, repository), { ...spec, workflow: row, actor: user }).id;
  }

  /** Ends the current attempt of a run: `workflow_run` completed. */
  completeRun(runId: number, completion: Completion): void {
    completeRun(this.site, runId, completion);
  }

  /** Runs a finished run again: same id, next attempt. */
  rerun(runId: number, startedAt?: string): void {
    rerun(this.site, runId, startedAt);
  }

  run(runId: number): Pick<RunRow, "status" | "conclusion" | "run_attempt" | "head_sha"> {
    return runOf(this.site, runId);
  }

  workflowState(repository: string, workflow: number | string): WorkflowRow["state"] {
    return this.#workflow(repository, workflow).state;
  }

  // Webhooks

  get webhookUrl(): string | null {
    return this.site.deliveries.url;
  }

  set webhookUrl(url: string | null) {
    this.site.deliveries.url = url;
  }

  /** Oldest first. */
  get deliveries(): readonly Delivery[] {
    return this.site.deliveries.log;
  }

  /** Decides from now on what becomes of each delivery. */
  onDelivery(policy: DeliveryPolicy): void {
    this.site.deliveries.policy = policy;
  }

  /** Sends what the policy held, one after the other. */
  release(order?: ReleaseOrder): void {
    this.site.deliveries.release(order);
  }

  /** Sends a delivery once more with the same GUID. */
  redeliver(guid: string): void {
    const delivery = this.deliveries.find((row) => row.guid === guid);
    if (!delivery) throw new Error(`There was no delivery ${guid}.`);
    this.site.deliveries.redeliver(delivery);
  }

  /** Resolves when no delivery is under way. */
  idle(): Promise<void> {
    return this.site.deliveries.idle();
  }

  // The app's standing

  /** How many installation tokens were minted. */
  get tokensMinted(): number {
    return this.#wiring.installationTokens.minted;
  }

  /** Makes all installation tokens worthless: the next call with one is 401. */
  revokeTokens(): void {
    this.#wiring.installationTokens.revoke();
  }

  /** People take back what they allowed the app: their tokens are worthless. */
  revokeUserTokens(): void {
    const { tokens, oauth } = this.site;
    for (const token of oauth.issued) tokens.delete(token);
  }

  /** Grants the app these permissions instead of what it had, as after "Review request" by an owner. */
  setPermissions(permissions: Readonly<Record<string, string>>): void {
    const { appInstallations } = this.site.db;
    for (const row of appInstallations.all()) appInstallations.update(row.id, { permissions });
    this.#wiring.installationTokens.setPermissions(permissions);
  }

  /** Suspends the app everywhere, or lifts that. */
  suspend(suspended = true): void {
    const suspended_at = suspended ? new Date().toISOString() : null;
    const { appInstallations } = this.site.db;
    for (const row of appInstallations.all()) appInstallations.update(row.id, { suspended_at });
  }

  /** The app is installed only now, wherever it is. */
  installNow(): void {
    const { appInstallations } = this.site.db;
    const created_at = timestamp(this.site.clock);
    for (const row of appInstallations.all()) appInstallations.update(row.id, { created_at });
  }

  // Faults, limits and the log

  fault(spec: FaultSpec): Fault {
    return this.#wiring.faults.add(spec);
  }

  /** Decides from now on of each call that no fault hits how it goes wrong. */
  onCall(policy: CallPolicy): void {
    this.#wiring.faults.policy = policy;
  }

  /** Milliseconds added to every call from now on. */
  latency(milliseconds: number): void {
    this.#wiring.faults.latencyMs = milliseconds;
  }

  rateLimit(limits: { readonly primary?: PrimaryLimit; readonly secondary?: SecondaryLimit }): void {
    if (limits.primary) this.#wiring.rateLimits.setPrimary(limits.primary);
    if (limits.secondary) this.#wiring.rateLimits.setSecondary(limits.secondary);
  }

  /** Every call over HTTP since the start. */
  get log(): readonly LoggedCall[] {
    return this.#wiring.log.calls;
  }

  /** The calls since a mark (`const mark = github.log.length`). */
  calls(since = 0): readonly LoggedCall[] {
    return this.log.slice(since);
  }

  #workflow(repository: string, workflow: number | string): WorkflowRow {
    const { site } = this;
    const row = findWorkflow(site, repositoryNamed(site, repository), String(workflow));
    if (!row) throw new Error(`${repository} has no workflow ${workflow}.`);
    return row;
  }
}

interface StartRunOptions {
  /** Default: the default branch. */
  readonly branch?: string;
  /** What triggered it; default `schedule`. */
  readonly event?: string;
  /** ISO 8601; default now. */
  readonly startedAt?: string;
  /** Where it stays: `waiting` for an approval, `pending` on its concurrency group, …; default `in_progress`. */
  readonly status?: Exclude<RunRow["status"], "completed">;
  /** Login; default the owner of the repository. */
  readonly actor?: string;
}
