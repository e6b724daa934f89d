import { setTimeout as delay } from "node:timers/promises";
import { zipSync } from "fflate";
import { test as base } from "vitest";
import { newControlFile } from "../../src/domain/control/control-file.ts";
import type { Reach } from "../../src/download/public-address.ts";
import type { Backoff } from "../../src/events/lane/failure-policy.ts";
import type { Tempo } from "../../src/events/lane/rhythm.ts";
import { INTERVAL } from "../../src/events/reconcile/period.ts";
import { WRITE_LIMITS, type WriteLimits } from "../../src/github/pacing.ts";
import { createLog, type Service, type ServiceOptions, startService } from "../../src/service.ts";
import { WEBHOOK_PATH } from "../../src/web/webhook.ts";
import type { Delivery } from "../github/delivery.ts";
import type { FaultSpec } from "../github/http/faults.ts";
import { type LocalGitHub, startLocalGitHub } from "../github/local-github.ts";
import type { Role } from "../github/roles.ts";
import type { JobSpec } from "../github/workflow-runs.ts";
import { newInboxPlace, removeInboxPlace } from "../inbox/inbox-place.ts";
import { setDate } from "./beginning.ts";
import { type HastyClock, hastyClock } from "./hasty-clock.ts";
import { WebhookSender } from "./webhook-sender.ts";

export const REPOSITORY = "acme/recipes";
export const WORKFLOW = "batch-generate.yml";
export const CONTROL_FILE = "batch-control.json";
export const CONFIGURATION = ".github/batchkeeper.yml";
const BOT = "batchkeeper[bot]";

/** What a scenario sees of the control file. */
export interface SeenControl {
  readonly enabled: boolean;
  readonly disabled_ecosystems: readonly string[];
  readonly reason: string;
  readonly circuit_breaker: Readonly<
    Record<string, { state: string; failures: number; opens_at?: string; last_failure?: string }>
  >;
  readonly budget: { readonly macos_minutes_used: number; readonly sampling_active: boolean };
  readonly batchkeeper?: {
    readonly holds: readonly {
      id: string;
      scope: string;
      kind: string;
      by: string;
      reason: string;
      incident_url: string;
      source: string;
    }[];
    readonly breakers: Readonly<Record<string, { window: readonly string[]; trips: number; probe: object | null }>>;
    readonly seen: { readonly runs: readonly string[] };
    readonly enforced?: unknown;
  };
  readonly [key: string]: unknown;
}

/** How a world is to begin, where it is not as usual. */
export interface WorldOptions {
  /** Whether it begins now, for a program or a browser beside it, which has a clock of its own; default at `BEGINNING`. */
  readonly beginsNow?: boolean;
  /** Files beside the usual ones; null leaves out a usual one. */
  readonly files?: Readonly<Record<string, string | null>>;
  /** Makes `acme` an organization, with teams: slug to members. */
  readonly teams?: Readonly<Record<string, readonly string[]>>;
  readonly collaborators?: Readonly<Record<string, Role>>;
  readonly private?: boolean;
  /** Where people reach the app; default nowhere that it knows of. */
  readonly publicUrl?: string;
  /** Whether the metrics are served at an address of their own. */
  readonly ownMetrics?: boolean;
  /** How often the file is written on nobody's behalf; default as often as there is something to write. */
  readonly tempo?: Tempo;
  /** How long failed events wait; default next to nothing. */
  readonly backoff?: Backoff;
  /** How much the app may write by the clock on the wall, which nobody turns; default as much as GitHub lets it. */
  readonly writes?: WriteLimits;
  /** What downloads reach; default the public internet, which tests have no business with. */
  readonly reach?: Reach;
}

/** A batch run that ended; what is not said happened just now on the default branch. */
export interface RunStory {
  /** Epoch milliseconds. */
  readonly endedAt?: number;
  readonly minutes?: number;
  readonly workflow?: string;
  readonly branch?: string;
  readonly event?: string;
  /** Of the whole run; default by its jobs. */
  readonly conclusion?: string;
  /** What it uploads as the artifact `batch-results`: a text as its one entry, or the archive itself. */
  readonly results?: string | object | Uint8Array;
}

type Outcomes = Readonly<Record<string, "success" | "failure" | "cancelled">>;

/**
 * A GitHub with the repository of a recipe pipeline, and Batchkeeper running beside it: both real servers that know each
 * other by HTTP alone. olga may write, rita may read, mallory is a stranger.
 */
export class World {
  readonly github: LocalGitHub;
  readonly clock: HastyClock = hastyClock();
  /** Sends the app what GitHub would not. */
  readonly webhook: WebhookSender;
  /** The lines that the app logged. */
  readonly log: string[] = [];
  #service: Service | null = null;
  #resetDate = () => {};
  #inboxPlace = newInboxPlace();

  readonly #options: ServiceOptions;
  #publicUrl: string | null = null;
  #metricsAddress: { readonly host: string; readonly port: number } | null = null;

  constructor(
    github: LocalGitHub,
    { tempo = { shortest: 0, longest: 0 }, backoff = SHORT, writes = WRITE_LIMITS, reach = NOWHERE }: WorldOptions,
  ) {
    this.github = github;
    this.#options = { tempo, backoff, writes, reach };
    this.webhook = new WebhookSender(github);
  }

  static async start(options: WorldOptions = {}): Promise<World> {
    const resetDate = options.beginsNow ? () => {} : setDate();
    const github = await startLocalGitHub();
    const world = new World(github, options);
    world.#resetDate = resetDate;
    world.#publicUrl = options.publicUrl ?? null;
    if (options.ownMetrics) world.#metricsAddress = { host: "127.0.0.1", port: 0 };
    if (options.teams) github.createOrganization("acme", options.teams);
    const files = {
      [CONTROL_FILE]: newControlFile().text,
      "recipes/c/cmake.toml": "[metadata]\n",
      ...options.files,
    };
    github.createRepository({
      owner: "acme",
      name: "recipes",
      files: Object.fromEntries(Object.entries(files).flatMap(([path, text]) => (text === null ? [] : [[path, text]]))),
      collaborators: { olga: "write", rita: "read", ...options.collaborators },
      private: options.private ?? false,
    });
    github.createUser("mallory");
    github.addWorkflow(REPOSITORY, `.github/workflows/${WORKFLOW}`, "Batch Recipe Generation");
    await github.openIssueAs("olga", REPOSITORY, { title: "Operations" });
    await world.startApp();
    return world;
  }

  /** Starts the app, or starts it again: with its inbox, or with nothing that it knew. */
  async startApp({ forget = true }: { readonly forget?: boolean } = {}): Promise<void> {
    await this.#service?.stop();
    if (forget) await this.#forget();
    const { appId, privateKey, webhookSecret } = this.github.app;
    const environment = {
      appId,
      privateKey,
      webhookSecret,
      host: "127.0.0.1",
      port: 0,
      baseUrl: this.github.url,
      ...this.#inboxPlace,
      signIn: { ...this.github.oauth, webUrl: this.github.url },
      publicUrl: this.#publicUrl,
      metricsAddress: this.#metricsAddress,
      tracing: null,
      reconcileInterval: INTERVAL,
      logLevel: "debug",
      logFormat: "json",
    } as const;
    const log = createLog(environment, { write: (line) => void this.log.push(line) });
    this.#service = await startService(environment, log, { clock: this.clock, ...this.#options });
    this.github.webhookUrl = `${this.url}${WEBHOOK_PATH}`;
    this.github.callbackUrl = `${this.#publicUrl ?? this.url}/sign-in/callback`;
    // The first look at the repository is over before anything happens in it.
    await this.quiet();
  }

  /** The address of the metrics alone. */
  get metricsUrl(): string {
    return `http://127.0.0.1:${this.#service?.metricsPort}`;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#service?.port}`;
  }

  // What people and pipelines do

  /** Comments on the issue of the operations, or another one, and waits until all that follows is done. */
  async comment(login: string, body: string, issue = 1): Promise<number> {
    const id = await this.github.commentAs(login, REPOSITORY, issue, body);
    await this.quiet();
    return id;
  }

  /** Pushes files (null deletes one) to the default branch and waits until all that follows is done. */
  async push(login: string, files: Readonly<Record<string, string | null>>, message = "by hand"): Promise<string> {
    const sha = this.github.pushAs(login, REPOSITORY, "main", files, message);
    await this.quiet();
    return sha;
  }

  /** Changes the control file by hand, as `jq` would: every key that is not named stays. */
  editControl(login: string, change: Readonly<Record<string, unknown>>): Promise<string> {
    return this.push(login, { [CONTROL_FILE]: this.editedControl(change) }, "stop it");
  }

  editedControl(change: Readonly<Record<string, unknown>>): string {
    return `${JSON.stringify({ ...this.control(), ...change }, null, 2)}\n`;
  }

  /** A batch run that ended, with one job for each ecosystem; returns its id. */
  async run(outcomes: Outcomes, story: RunStory = {}): Promise<number> {
    const { endedAt = Date.now(), minutes = 5, workflow = WORKFLOW, conclusion, results, ...start } = story;
    const startedAt = new Date(endedAt - minutes * 60_000).toISOString();
    const completedAt = new Date(endedAt).toISOString();
    const id = this.github.startRun(REPOSITORY, workflow, { startedAt, ...start });
    const jobs: JobSpec[] = Object.entries(outcomes).map(([ecosystem, conclusion]) => ({
      name: `generate (${ecosystem}, linux)`,
      conclusion,
      startedAt,
    }));
    const failed = jobs.some(({ conclusion }) => conclusion === "failure");
    this.github.completeRun(id, {
      conclusion: conclusion ?? (failed ? "failure" : "success"),
      jobs,
      completedAt,
      artifacts: results === undefined ? {} : { "batch-results": archiveOf(results) },
    });
    await this.quiet();
    return id;
  }

  // What goes wrong

  /** Does something at the moment when the next such call has reached GitHub and is not carried out yet. */
  beforeNext(call: Pick<FaultSpec, "method" | "path">, act: () => void): void {
    const fault = this.github.fault({ ...call, latencyMs: 30, times: 1 });
    const watch = setInterval(() => {
      if (fault.hits === 0) return;
      clearInterval(watch);
      act();
    }, 1);
  }

  /** The delivery of a comment's webhook. */
  deliveryOf(comment: number, action = "created"): Delivery {
    const found = this.github.deliveries.find(
      (row) => row.event === "issue_comment" && row.action === action && JSON.parse(row.body).comment.id === comment,
    );
    if (found === undefined) throw new Error(`There was no webhook for the comment ${comment}.`);
    return found;
  }

  /** Delivers an event again with the same GUID. */
  async redeliver(delivery: Delivery): Promise<void> {
    this.github.redeliver(delivery.guid);
    await this.quiet();
  }

  /** Resolves when nothing is under way: no webhook, and nothing that came of one, at the second or third try either. */
  async quiet(): Promise<void> {
    for (let look = 0, quiet = 0; quiet < 2 && look < MOST_LOOKS; look += 1) {
      await this.github.idle();
      await this.#service?.idle();
      quiet = (await this.#service?.waiting()) === 0 ? quiet + 1 : 0;
      await delay(quiet === 0 ? 2 : 0);
    }
  }

  /** Lets time pass and what is due happen. */
  async pass(milliseconds: number): Promise<void> {
    this.github.turnClock(milliseconds);
    this.clock.turn(milliseconds);
    await this.quiet();
  }

  // What can be seen

  control(): SeenControl {
    return JSON.parse(this.controlText() ?? "null");
  }

  controlText(): string | null {
    return this.github.fileAt(REPOSITORY, CONTROL_FILE);
  }

  /** Scopes of the holds. */
  held(): readonly string[] {
    return (this.control().batchkeeper?.holds ?? []).map(({ scope }) => scope);
  }

  /** What the bot said below a commit. */
  wordsBelow(sha: string): readonly string[] {
    return this.github
      .commitComments(REPOSITORY, sha)
      .filter(({ author }) => author === BOT)
      .map(({ body }) => body);
  }

  /** The bot's comments on an issue, oldest first. */
  replies(issue = 1): readonly string[] {
    return this.github
      .comments(REPOSITORY, issue)
      .filter(({ author }) => author === BOT)
      .map(({ body }) => body);
  }

  reactions(comment: number): readonly string[] {
    return this.github.reactions(REPOSITORY, comment).map(({ content }) => content);
  }

  pulls() {
    return this.github.pulls(REPOSITORY);
  }

  /** Commits of the default branch that changed the control file, newest first. */
  controlCommits() {
    return this.github.commits(REPOSITORY, { path: CONTROL_FILE });
  }

  /** The id of the app's installation. */
  installation(): number {
    const [delivery] = this.github.deliveries;
    if (delivery === undefined) throw new Error("There was no webhook yet.");
    return delivery.installationId;
  }

  /** A number of the app's metrics without labels. */
  async metric(name: string): Promise<number> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    return Number(new RegExp(`^${name} (.+)$`, "m").exec(text)?.[1]);
  }

  /** Incidents of this app, oldest first. */
  incidents() {
    return this.github.issues(REPOSITORY).filter(({ author, labels }) => author === BOT && labels.includes("incident"));
  }

  openIncidents() {
    return this.incidents().filter(({ state }) => state === "open");
  }

  async close(): Promise<void> {
    await this.#service?.stop();
    await this.github.close();
    await removeInboxPlace(this.#inboxPlace);
    this.#resetDate();
  }

  async #forget(): Promise<void> {
    await removeInboxPlace(this.#inboxPlace);
    this.#inboxPlace = newInboxPlace();
  }
}

/** An archive as `actions/upload-artifact` makes one. */
export function archiveOf(results: string | object | Uint8Array, name = "batch-results.json"): Uint8Array {
  if (results instanceof Uint8Array) return results;
  const text = typeof results === "string" ? results : JSON.stringify(results);
  return zipSync({ [name]: new TextEncoder().encode(text) });
}

/** No address may be reached. */
const NOWHERE: Reach = { isAllowed: () => false, resolve: async () => [{ address: "127.0.0.1", family: 4 }] };
/** What fails as often as that is left waiting. */
const MOST_LOOKS = 50;
/** What failed is tried again at once. */
const SHORT = { first: 1, longest: 20 };
/** For what fails again and again: tried at short intervals, it would never rest on a busy machine. */
export const LENGTHENING: Backoff = { first: 1, longest: 60_000 };

/** A test with a world of its own that begins as the options say. */
export function testIn(options: WorldOptions) {
  return base.extend<{ world: World }>({
    // Vitest reads what a fixture needs from this pattern, and refuses a plain name: `task` is there anyway.
    world: async ({ task: _ }, use) => {
      const world = await World.start(options);
      await use(world);
      await world.close();
    },
  });
}

/** A test with a world of its own. */
export const test = testIn({});
