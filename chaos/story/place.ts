import { setTimeout as delay } from "node:timers/promises";
import { parseConfiguration } from "../../src/config/parse.ts";
import type { Configuration } from "../../src/config/schema.ts";
import { type ControlFile, newControlFile, readControlFile } from "../../src/domain/control/control-file.ts";
import { handEdits } from "../../src/domain/control/hand-edit.ts";
import { hasMarker, type Marker, readMarker } from "../../src/github/marker.ts";
import type { LocalGitHub } from "../../test/github/local-github.ts";
import type { Publisher } from "../publisher.ts";
import { Dashboard } from "./dashboard.ts";
import type { Download } from "./download.ts";
import { BOT, ECOSYSTEMS, PEOPLE, PIPELINE } from "./happening.ts";
import type { RepositoryStory } from "./story.ts";
import { Timetable } from "./timetable.ts";

export const CONTROL_FILE = "batch-control.json";
export const CONFIGURATION = ".github/batchkeeper.yml";
/** How an answer reads whose result comes in another comment. */
const FOLLOWS = /[Tt]he result follows below/;
const GATE = "Batch gate";
const WORKFLOWS = ["batch-generate.yml", "tests.yml"];
const ALIASES = new Map([["cargo", "crates.io"]]);

const BETWEEN_LOOKS = 20;
/** More than any failed event waits, several times over. */
const LONGEST_WAIT = 180_000;

/** A batch run of the story. */
export interface StoryRun {
  readonly id: number;
  readonly name: string;
  attempt: number;
}

/** One repository of a story: what happens in it, and what has to be known before the next thing may. */
export class Place {
  readonly github: LocalGitHub;
  readonly publisher: Publisher;
  /** `owner/name`. */
  readonly repository: string;
  /** The issue in which its people talk. */
  readonly issue: number;
  readonly timetable: Timetable;
  readonly dashboard: Dashboard;
  /** The last that could be read. */
  settings: Configuration;
  /** Ids of the story's comments, each with the step that wrote it. */
  readonly comments = new Map<number, string>();
  /** Commits of the story's people, each with the step that pushed it. */
  readonly commits = new Map<string, string>();
  readonly runs: StoryRun[] = [];
  /** Ids of the batches that were merged. */
  readonly batches: string[] = [];
  /** What recipes of merged batches download. */
  readonly downloads: Download[] = [];
  /** `<run id>.<attempt>` of what has to be in the ledger at the end. */
  readonly #toCount = new Set<string>();
  /** Changes of the control file by another program, which have to be there at the end. */
  otherWrites = 0;
  step = 0;

  private constructor(
    { github, publisher }: Pick<Place, "github" | "publisher">,
    repository: string,
    made: Pick<Place, "issue" | "timetable" | "settings">,
  ) {
    this.github = github;
    this.publisher = publisher;
    this.repository = repository;
    this.issue = made.issue;
    this.timetable = made.timetable;
    this.settings = made.settings;
    this.dashboard = new Dashboard(this);
  }

  /** Makes the repository: each has an owner, and so an installation, of its own. */
  static async found(
    github: LocalGitHub,
    index: number,
    {
      isProtected,
      base,
      publisher,
      ...told
    }: Omit<RepositoryStory, "happenings"> & { readonly base: number; readonly publisher: Publisher },
  ): Promise<Place> {
    const owner = `acme-${index + 1}`;
    const configuration = configurationText(told);
    const files = { [CONTROL_FILE]: newControlFile().text, [CONFIGURATION]: configuration };
    const repository = github.createRepository({
      owner,
      name: "recipes",
      files,
      collaborators: { ...PEOPLE, [PIPELINE]: "write" },
    });
    github.createUser("mallory");
    for (const file of WORKFLOWS) github.addWorkflow(repository, `.github/workflows/${file}`, file);
    if (isProtected) github.protect(repository, "main", { requirePullRequest: true });
    const issue = await github.openIssueAs("olga", repository, { title: "Operations" });
    const settings = settingsIn(configuration);
    if (settings === null) throw new Error(`no settings can be read from ${configuration}`);
    return new Place({ github, publisher }, repository, { issue, timetable: new Timetable(base), settings });
  }

  /** Comments on the issue. Returns the id of the comment. */
  async comment(login: string, body: string): Promise<number> {
    const id = await this.github.commentAs(login, this.repository, this.issue, body);
    this.comments.set(id, `comment ${this.comments.size + 1}, of step ${this.step}`);
    return id;
  }

  /** Resolves when a comment is answered, and when what its answer says will follow is there. */
  async answered(comment: number, key = String(comment)): Promise<void> {
    const reply: Marker = { kind: "reply", key };
    await this.until(`the comment ${comment} is answered`, () => this.said(reply) !== null);
    if (!FOLLOWS.test(this.said(reply) ?? "")) return;
    await this.until(`the result of the comment ${comment} is told`, () => this.resultOf(comment) !== null);
  }

  /** Resolves when an approving review of what waits is answered, and what follows from it is told. */
  async reviewed(pull: number): Promise<void> {
    const answers = () => this.github.comments(this.repository, pull).filter(({ author }) => author === BOT);
    await this.until(`the review of ${pull} is answered`, () =>
      answers().some(
        ({ body }) =>
          readMarker(body, "verification") !== null ||
          (readMarker(body, "approval-review") !== null && !FOLLOWS.test(body)),
      ),
    );
  }

  /** What came of the download that the only command of a comment asked for; null while nothing is said. */
  resultOf(comment: number): string | null {
    return this.said({ kind: "verification", key: `${comment}.0` });
  }

  /** What the bot says in the issue under a marker; null while it says nothing. */
  said(marker: Marker): string | null {
    const comments = this.github.comments(this.repository, this.issue);
    return comments.find(({ author, body }) => author === BOT && hasMarker(body, marker))?.body ?? null;
  }

  /** Pushes files to a branch, the default branch unless another is named. */
  push(login: string, files: Readonly<Record<string, string | null>>, message: string, branch = "main"): void {
    const sha = this.github.pushAs(login, this.repository, branch, files, message);
    this.commits.set(sha, `commit of step ${this.step}`);
  }

  /** Changes the settings; those that cannot be read change nothing. */
  configure(login: string, text: string): void {
    this.push(login, { [CONFIGURATION]: text }, "chore: settings");
    this.settings = settingsIn(text) ?? this.settings;
  }

  controlText(): string | null {
    return this.github.fileAt(this.repository, CONTROL_FILE);
  }

  /** The control file; null while there is none that can be read. */
  control(): ControlFile | null {
    const reading = readControlFile(this.controlText() ?? "");
    return reading.kind === "readable" ? reading.file : null;
  }

  /** Changes the control file as `jq` would; a change that changes nothing is not pushed. */
  editControl(login: string, message: string, change: (control: Record<string, unknown>) => unknown): void {
    const before = this.controlText() ?? "{}";
    const after = `${JSON.stringify(change(JSON.parse(before)), null, 2)}\n`;
    if (JSON.stringify(JSON.parse(after)) !== JSON.stringify(JSON.parse(before)))
      this.push(login, { [CONTROL_FILE]: after }, message);
  }

  /** The next second has begun. */
  async nextSecond(): Promise<void> {
    await delay(1000 - (Date.now() % 1000));
  }

  /** What somebody wrote into the control file by hand has become a hold or the end of one, and nothing is lost. */
  settled(): Promise<void> {
    return this.until("the control file is settled", () => {
      const file = this.control();
      return file !== null && handEdits(file, ALIASES).length === 0 && this.#ownStateIsThere(file);
    });
  }

  /** Once there were holds or counted runs there has to be our key. */
  #ownStateIsThere(file: ControlFile): boolean {
    if (file.hasOwnState) return true;
    const { github, repository } = this;
    const own = github.commits(repository, { path: CONTROL_FILE }).filter(({ author }) => author === BOT);
    return own.every(({ sha }) => !github.fileAt(repository, CONTROL_FILE, sha)?.includes('"batchkeeper"'));
  }

  /** Every batch run that has ended until now is in the ledger, but for so many of the latest. */
  counted({ butFor }: { readonly butFor: number } = { butFor: 0 }): Promise<void> {
    const wanted = [...this.#toCount].slice(0, Math.max(0, this.#toCount.size - butFor));
    return this.until("the runs are counted", () => {
      const seen = new Set(this.control()?.control.seen.runs);
      return wanted.every((run) => seen.has(run));
    });
  }

  /** What the gate of a pull request says, once it says something. */
  async gate(number: number): Promise<string | null> {
    await this.until(`the pull request ${number} has a gate`, () => this.gateOf(number) !== null);
    return this.gateOf(number);
  }

  /** Null while there is none. */
  gateOf(number: number): string | null {
    const pull = this.github.pulls(this.repository).find((candidate) => candidate.number === number);
    const checks = pull === undefined ? [] : this.github.checks(this.repository, pull.headSha);
    return checks.find(({ isOurs, name }) => isOurs && name === GATE)?.conclusion ?? null;
  }

  /** An incident of a cause is open. */
  incidentOpen(title: string): Promise<void> {
    return this.until(`an incident "${title}" is open`, () =>
      this.github.issues(this.repository).some((issue) => issue.title === title && issue.state === "open"),
    );
  }

  /** Whether earlier attempts of a run count. */
  isToCount(run: number): boolean {
    return this.#toCount.has(`${run}.1`);
  }

  mustCount({ id, attempt }: StoryRun): void {
    this.#toCount.add(`${id}.${attempt}`);
  }

  /** @throws when it is not so after three minutes. */
  async until(what: string, isSo: () => boolean): Promise<void> {
    const deadline = performance.now() + LONGEST_WAIT;
    while (!isSo()) {
      if (performance.now() > deadline)
        throw new Error(`${this.repository}, step ${this.step}: waited ${LONGEST_WAIT / 1000} s in vain until ${what}`);
      await delay(BETWEEN_LOOKS);
    }
  }
}

/**
 * A configuration in which breakers open soon enough for a story, more than one recipe is for two, and that names the ecosystems: otherwise commands would
 * know those that were counted by then. Runs end days before the story is played, so that a pause of days is none.
 */
export function configurationText({
  consecutive,
  hasDashboard,
}: Pick<RepositoryStory, "consecutive" | "hasDashboard">): string {
  const ecosystems = ECOSYSTEMS.map((name) => `${name}: {}`).join(", ");
  const breaker = `consecutive: ${consecutive}, min_calls: ${consecutive + 1}, escalate_after: 2`;
  const operators = "permission: maintain, second_operator: { rollback_over: 1 }";
  const dashboard = hasDashboard ? "issue" : "none";
  return `ecosystems: { ${ecosystems} }\nbreaker: { ${breaker} }\nincidents: { stale_after: 30d }\noperators: { ${operators} }\ndashboard: ${dashboard}\n`;
}

/** Null when they cannot be read. */
function settingsIn(text: string): Configuration | null {
  const reading = parseConfiguration(text);
  return reading.kind === "valid" ? reading.configuration : null;
}
