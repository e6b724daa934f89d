import { readEnvironment } from "../src/config/environment.ts";
import { HOUR, type Instant, MINUTE } from "../src/domain/instant.ts";
import { createLog, type Service, startService } from "../src/service.ts";
import { WEBHOOK_PATH } from "../src/web/webhook.ts";
import { publisher, REACH, trustPublishers } from "../test/download/publisher.ts";
import { type LocalGitHub, startLocalGitHub } from "../test/github/local-github.ts";
import type { ObservedCheck, ObservedComment, ObservedIssue, ObservedPull } from "../test/github/observation.ts";
import type { SeenControl } from "../test/scenarios/world.ts";
import { type TurnableClock, turnableClock } from "../test/turnable-clock.ts";
import { environmentFor } from "./environment.ts";
import { CONTROL_FILE, REPOSITORY, seedRecipeRepository, WORKFLOW } from "./recipe-repository.ts";

type Outcomes = Readonly<Record<string, "success" | "failure">>;

const [OWNER = ""] = REPOSITORY.split("/");
const BOT = "batchkeeper[bot]";
const RUN_TIME = 5 * MINUTE;
/** How many hours pass in the story: its clock never runs ahead of what GitHub says, or commands would seem late. */
const RUNS_UNTIL_NOW = 15;

/** A GitHub of this machine with a recipe repository, and Batchkeeper beside it: they know each other by HTTP alone. */
export class World {
  /** The number of the issue in which people talk. */
  readonly talk: number;
  readonly #github: LocalGitHub;
  readonly #clock: TurnableClock;
  readonly #endings: (() => unknown)[] = [trustPublishers()];
  #service: Service;
  #changes = 0;

  private constructor(github: LocalGitHub, clock: TurnableClock, service: Service, talk: number) {
    this.#github = github;
    this.#clock = clock;
    this.#service = service;
    this.talk = talk;
    this.#listen();
  }

  /** @param live lets the repository have had a past, until the moment at which the story begins. */
  static async start(live: (github: LocalGitHub, until: Instant) => void = () => {}): Promise<World> {
    const github = await startLocalGitHub();
    const talk = await seedRecipeRepository(github);
    const beginning = Date.now() - RUNS_UNTIL_NOW * HOUR;
    live(github, beginning);
    const clock = turnableClock(beginning);
    return new World(github, clock, await startBatchkeeper(github, clock), talk);
  }

  /** Starts Batchkeeper again, with nothing in its memory. */
  async restartBatchkeeper(): Promise<void> {
    await this.#service.stop();
    this.#service = await startBatchkeeper(this.#github, this.#clock);
    this.#listen();
    await this.#quiet();
  }

  async close(): Promise<void> {
    await this.#service.stop();
    for (const end of this.#endings) await end();
    await this.#github.close();
  }

  // What people and the pipeline do; each resolves when all that follows is done

  /** Returns the comment's id. */
  async comment(login: string, issue: number, body: string): Promise<number> {
    const id = await this.#github.commentAs(login, REPOSITORY, issue, body);
    await this.#quiet();
    return id;
  }

  /**
   * The next batch run, an hour after the last one, with one job for each ecosystem. Returns its id.
   * @param macos beside it, the minutes of jobs on macOS.
   */
  async batchRun(outcomes: Outcomes, macos: Readonly<Record<string, readonly number[]>> = {}): Promise<number> {
    this.#clock.turn(HOUR);
    const endedAt = this.#clock.now();
    const before = (duration: number) => new Date(endedAt - duration).toISOString();
    const completedAt = before(0);
    const startedAt = before(RUN_TIME);
    const longest = Math.max(
      RUN_TIME,
      ...Object.values(macos)
        .flat()
        .map((minutes) => minutes * MINUTE),
    );
    const id = this.#github.startRun(REPOSITORY, WORKFLOW, { startedAt: before(longest) });
    const generated = Object.entries(outcomes).map(([ecosystem, conclusion]) => ({
      name: `generate (${ecosystem}, linux)`,
      conclusion,
      startedAt,
    }));
    const validated = Object.entries(macos).flatMap(([ecosystem, minutes]) =>
      minutes.map((length) => ({
        name: `validate (${ecosystem}, macos)`,
        labels: ["macos-14"],
        conclusion: outcomes[ecosystem] ?? "success",
        startedAt: before(length * MINUTE),
        completedAt,
      })),
    );
    const jobs = [...generated, ...validated];
    const conclusion = jobs.some((job) => job.conclusion === "failure") ? "failure" : "success";
    this.#github.completeRun(id, { conclusion, jobs, completedAt });
    await this.#quiet();
    return id;
  }

  /** The pipeline makes a batch and squashes it as it always does: without the id. Returns the pull request's number. */
  async batchLands(id: string, files: Readonly<Record<string, string>>): Promise<number> {
    const head = `batch/${id.replaceAll("-", "")}-040000`;
    this.#github.pushAs(OWNER, REPOSITORY, head, files, `feat(recipes): add batch ${id} recipes\n\nbatch_id: ${id}\n`);
    const title = "feat(recipes): add batch recipes (3 recipes)";
    const number = await this.#github.openPullAs(OWNER, REPOSITORY, { title, head });
    const squash = { commit_title: title, commit_message: "Batch generation of 3 packages." };
    await this.#github.mergeAs(OWNER, REPOSITORY, number, { merge_method: "squash", ...squash });
    await this.#quiet();
    return number;
  }

  /** Somebody publishes files, on a server of this machine that downloads reach in place of the public internet. */
  async publish(files: Readonly<Record<string, string>>) {
    const { server, ...published } = await publisher(files);
    this.#endings.push(() => server[Symbol.asyncDispose]());
    return published;
  }

  /** The pipeline makes a batch that waits in its pull request. Returns the number. */
  async batchWaits(files: Readonly<Record<string, string>>): Promise<number> {
    const head = "batch/20260628-040000";
    this.#github.pushAs(OWNER, REPOSITORY, head, files, "feat(recipes): add batch recipes");
    const number = await this.#github.openPullAs(OWNER, REPOSITORY, {
      title: "feat(recipes): add batch recipes",
      head,
    });
    await this.#quiet();
    return number;
  }

  /** What the gate of a pull request says; null when it has none. */
  gateOf(number: number): ObservedCheck | null {
    const pull = this.pulls().find((candidate) => candidate.number === number);
    const checks = this.#github.checks(REPOSITORY, pull?.headSha ?? "");
    return checks.find(({ name }) => name === "Batch gate") ?? null;
  }

  /** Changes files by a pull request that the owner merges. */
  async change(login: string, files: Readonly<Record<string, string>>, message: string): Promise<void> {
    this.#changes += 1;
    const head = `change-${this.#changes}-by-${login}`;
    this.#github.pushAs(login, REPOSITORY, head, files, message);
    await this.merge(OWNER, await this.#github.openPullAs(login, REPOSITORY, { title: message, head }));
  }

  /** Squashes a pull request. */
  async merge(login: string, number: number): Promise<void> {
    await this.#github.mergeAs(login, REPOSITORY, number, { merge_method: "squash" });
    await this.#quiet();
  }

  /** Ticks a box of an issue. */
  async tick(login: string, issue: number, words: string): Promise<void> {
    await this.#github.tickAs(login, REPOSITORY, issue, words);
    await this.#quiet();
  }

  /** A minute in which nothing runs. */
  async passMinute(): Promise<void> {
    this.#clock.turn(MINUTE);
    await this.#quiet();
  }

  /** An hour in which nothing runs. */
  passHour(): void {
    this.#clock.turn(HOUR);
  }

  /** GitHub delivers the webhook of a comment once more, with the same GUID. Returns the status that it got. */
  async redeliver(comment: number): Promise<number> {
    const isOfComment = (body: string) => JSON.parse(body).comment.id === comment;
    const sent = this.#github.deliveries.find(({ event, body }) => event === "issue_comment" && isOfComment(body));
    if (sent === undefined) throw new Error(`There was no webhook for the comment ${comment}.`);
    this.#github.redeliver(sent.guid);
    await this.#quiet();
    return this.#github.deliveries.at(-1)?.statusCode ?? 0;
  }

  // What can be seen

  /** Whether the clock of the story will have caught up with the present after the next run. */
  isPresent(): boolean {
    return this.#clock.now() + 2 * HOUR > Date.now();
  }

  get githubUrl(): string {
    return this.#github.url;
  }

  get batchkeeperUrl(): string {
    return `http://127.0.0.1:${this.#service.port}`;
  }

  /** Where a part of the repository can be read: a path of GitHub's REST API such as `issues/1`. */
  urlOf(path: string): string {
    return `${this.#github.url}/repos/${REPOSITORY}/${path}`;
  }

  /** The page of the repository, for somebody who is signed in to the local GitHub by following it: it can be followed once. */
  pageLink(login: string): string {
    return this.#github.invite(login, `${this.batchkeeperUrl}/sign-in?to=/repositories/${REPOSITORY}`);
  }

  get controlUrl(): string {
    return this.urlOf(`contents/${CONTROL_FILE}`);
  }

  controlText(): string {
    return this.#github.fileAt(REPOSITORY, CONTROL_FILE) ?? "";
  }

  control(): SeenControl {
    return JSON.parse(this.controlText());
  }

  /** Where the default branch stands. */
  head(): string | undefined {
    return this.#github.branches(REPOSITORY).main;
  }

  /** The message of the newest commit there. */
  message(): string {
    return this.#github.commits(REPOSITORY)[0]?.message ?? "";
  }

  fileAt(path: string, branch?: string): string | null {
    return this.#github.fileAt(REPOSITORY, path, branch);
  }

  /** Drafts of security advisories. */
  advisories() {
    return this.#github.advisories(REPOSITORY);
  }

  issues(): readonly ObservedIssue[] {
    return this.#github.issues(REPOSITORY);
  }

  /** Issues that Batchkeeper opened, oldest first. */
  incidents(): readonly ObservedIssue[] {
    return this.issues().filter(({ author, labels }) => author === BOT && labels.includes("incident"));
  }

  pulls(): readonly ObservedPull[] {
    return this.#github.pulls(REPOSITORY);
  }

  comments(issue: number): readonly ObservedComment[] {
    return this.#github.comments(REPOSITORY, issue);
  }

  /** What Batchkeeper has said in an issue, oldest first. */
  replies(issue: number): readonly string[] {
    return this.comments(issue)
      .filter(({ author }) => author === BOT)
      .map(({ body }) => body);
  }

  /** The reactions to a comment, in GitHub's names for them. */
  reactions(comment: number): readonly string[] {
    return this.#github.reactions(REPOSITORY, comment).map(({ content }) => content);
  }

  /** Resolves when all that follows from what happened is done. */
  async #quiet(): Promise<void> {
    for (let look = 0, quiet = 0; quiet < 2 && look < MOST_LOOKS; look += 1) {
      await this.#github.idle();
      await this.#service.idle();
      quiet = (await this.#service.waiting()) === 0 ? quiet + 1 : 0;
    }
  }

  #listen(): void {
    this.#github.webhookUrl = `${this.batchkeeperUrl}${WEBHOOK_PATH}`;
    this.#github.callbackUrl = `${this.batchkeeperUrl}/sign-in/callback`;
  }
}

/** What is put off, because it failed, is not waited for. */
const MOST_LOOKS = 50;

/** In a story an hour passes in a moment: nothing is gained by waiting for more. */
const AT_ONCE = { shortest: 0, longest: 0 };

function startBatchkeeper(github: LocalGitHub, clock: TurnableClock): Promise<Service> {
  const environment = readEnvironment({ ...environmentFor(github), LOG_LEVEL: "error" });
  return startService(environment, createLog(environment, process.stderr), { clock, tempo: AT_ONCE, reach: REACH });
}
