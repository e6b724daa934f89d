import { setTimeout as delay } from "node:timers/promises";
import { pino } from "pino";
import { test as base } from "vitest";
import { newControlFile } from "../../src/domain/control/control-file.ts";
import { type Service, startService } from "../../src/service.ts";
import { WEBHOOK_PATH } from "../../src/web/webhook.ts";
import { type LocalGitHub, startLocalGitHub } from "../github/local-github.ts";
import type { JobSpec } from "../github/workflow-runs.ts";

export const REPOSITORY = "acme/recipes";
export const WORKFLOW = "batch-generate.yml";

/** What a scenario sees of the control file. */
export interface SeenControl {
  readonly enabled: boolean;
  readonly disabled_ecosystems: readonly string[];
  readonly circuit_breaker: Readonly<Record<string, { state: string; failures: number; opens_at?: string }>>;
  readonly batchkeeper?: {
    readonly holds: readonly {
      id: string;
      scope: string;
      by: string;
      reason: string;
      incident_url: string;
      source: string;
    }[];
    readonly seen: { readonly runs: readonly string[] };
  };
  readonly [key: string]: unknown;
}

/**
 * A GitHub with the repository of a recipe pipeline, and Batchkeeper running beside it: both real servers that know each
 * other by HTTP alone. olga may write, rita may read, mallory is a stranger.
 */
export class World {
  readonly github: LocalGitHub;
  /** The lines that the app logged. */
  readonly log: string[] = [];
  #service: Service | null = null;

  constructor(github: LocalGitHub) {
    this.github = github;
  }

  static async start(files: Readonly<Record<string, string>> = {}): Promise<World> {
    const github = await startLocalGitHub();
    const world = new World(github);
    github.createRepository({
      owner: "acme",
      name: "recipes",
      files: { "batch-control.json": newControlFile().text, "recipes/c/cmake.toml": "[metadata]\n", ...files },
      collaborators: { olga: "write", rita: "read" },
    });
    github.createUser("mallory");
    github.addWorkflow(REPOSITORY, `.github/workflows/${WORKFLOW}`, "Batch Recipe Generation");
    await github.openIssueAs("olga", REPOSITORY, { title: "Operations" });
    await world.startApp();
    return world;
  }

  /** Starts the app, or starts it again with nothing in its memory. */
  async startApp(): Promise<void> {
    await this.#service?.stop();
    const { appId, privateKey, webhookSecret } = this.github.app;
    const log = pino({ level: "debug" }, { write: (line: string) => void this.log.push(line) });
    this.#service = await startService(
      {
        appId,
        privateKey,
        webhookSecret,
        host: "127.0.0.1",
        port: 0,
        baseUrl: this.github.url,
        logLevel: "debug",
        logFormat: "json",
      },
      log,
    );
    this.github.webhookUrl = `${this.url}${WEBHOOK_PATH}`;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#service?.port}`;
  }

  /** Comments on the issue of the operations, or another one, and waits until all that follows is done. */
  async comment(login: string, body: string, issue = 1): Promise<number> {
    const id = await this.github.commentAs(login, REPOSITORY, issue, body);
    await this.quiet();
    return id;
  }

  /** A batch run that ended, with one job for each ecosystem and platform; returns its id. */
  async run(outcomes: Readonly<Record<string, "success" | "failure" | "cancelled">>, minutes = 5): Promise<number> {
    const ended = Date.now();
    const startedAt = new Date(ended - minutes * 60_000).toISOString();
    const id = this.github.startRun(REPOSITORY, WORKFLOW, { startedAt });
    const jobs: JobSpec[] = Object.entries(outcomes).map(([ecosystem, conclusion]) => ({
      name: `generate (${ecosystem}, linux)`,
      conclusion,
      startedAt,
    }));
    this.github.completeRun(id, {
      conclusion: jobs.some(({ conclusion }) => conclusion === "failure") ? "failure" : "success",
      jobs,
    });
    await this.quiet();
    return id;
  }

  /** Resolves when no webhook is under way and none has come of the last one. */
  async quiet(): Promise<void> {
    await this.github.idle();
    await delay(0);
    await this.github.idle();
  }

  control(): SeenControl {
    return JSON.parse(this.github.fileAt(REPOSITORY, "batch-control.json") ?? "null");
  }

  /** The bot's comments on an issue, oldest first. */
  replies(issue = 1): readonly string[] {
    return this.github
      .comments(REPOSITORY, issue)
      .filter(({ author }) => author === "batchkeeper[bot]")
      .map(({ body }) => body);
  }

  reactions(comment: number): readonly string[] {
    return this.github.reactions(REPOSITORY, comment).map(({ content }) => content);
  }

  /** Commits of the default branch that changed the control file, newest first. */
  controlCommits() {
    return this.github.commits(REPOSITORY, { path: "batch-control.json" });
  }

  openIncidents() {
    return this.github
      .issues(REPOSITORY)
      .filter(({ labels, state }) => labels.includes("incident") && state === "open");
  }

  async close(): Promise<void> {
    await this.#service?.stop();
    await this.github.close();
  }
}

/** A test with a world of its own. */
export const test = base.extend<{ world: World }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the fixtures that a fixture needs from this pattern.
  world: async ({}, use) => {
    const world = await World.start();
    await use(world);
    await world.close();
  },
});
