import { aliasesOf } from "../config/policy.ts";
import { type Configuration, DEFAULT_CONFIGURATION } from "../config/schema.ts";
import { controlReport } from "../domain/gate/gate-report.ts";
import { createBranch, deleteBranch, moveBranch } from "./branch.ts";
import { type Change, type Intent, type Proposal, type Reading, settleProposal } from "./change.ts";
import { commitSubject, commitTrailers } from "./commit-message.ts";
import { ConfigurationStore } from "./configuration-store.ts";
import { type ChangedDraft, type Contents, draft } from "./draft.ts";
import { ControlFileBusy, isLostAnswer, messageOf, writeConflict } from "./failure.ts";
import { setGate } from "./gate.ts";
import { landWhenGreen } from "./land-when-green.ts";
import { makeCommit } from "./loose-commit.ts";
import type { Measures } from "./measures.ts";
import {
  findPullRequest,
  labelPullRequest,
  type MergeResult,
  mergePullRequest,
  OWN_LABEL,
  openPullRequest,
  type PullRequest,
  WAITING_LABEL,
} from "./pull-request.ts";
import { at, type Repository } from "./repository.ts";
import type { Seal } from "./seal.ts";
import { type Settlement, settleControl } from "./settle.ts";
import { readSnapshot } from "./snapshot.ts";

/** What a store needs of the process. */
export interface StoreEnvironment {
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly random: () => number;
  readonly botLogin: () => Promise<string>;
  /** Told of this app's own login, which GitHub mentions by the way. */
  readonly learnLogin: (login: string) => void;
  readonly seal: Seal;
  /** Tells whoever made a change by hand what becomes of it, before it is written; must not reject. */
  readonly tellAuthors: (repository: Repository, settlements: readonly Settlement[]) => Promise<void>;
  readonly log: { warn(details: object, message: string): void };
  readonly measures: Measures;
}

const ATTEMPTS = 8;
const MERGE_ATTEMPTS = 4;
const BACKOFF = 50;
const WAITS_FOR = {
  review: "a review and a merge by a person",
  "second-operator": "a second operator",
} as const;

/**
 * The control file of every repository, changed by compare-and-swap: read, decide, write against the blob that was read;
 * on a conflict read again and decide again. Octokit's own retry is never used for this: it would send the stale sha.
 */
export class ControlStore {
  readonly #environment: StoreEnvironment;
  readonly #configurations = new ConfigurationStore();

  constructor(environment: StoreEnvironment) {
    this.#environment = environment;
  }

  /** The settings in force: without any call once the repository was read, enough to tell that an event is none of ours. */
  async settings(repository: Repository): Promise<Configuration> {
    return this.#configurations.lastKnown(repository) ?? (await this.read(repository)).configuration.settings;
  }

  /** Reads a repository: one GraphQL call, more only when something has to be mended or looked up. */
  async read(repository: Repository): Promise<Reading> {
    const expected = (this.#configurations.lastKnown(repository) ?? DEFAULT_CONFIGURATION).control_file;
    const first = await readSnapshot(repository, expected);
    this.#environment.learnLogin(first.viewer);
    const configuration = await this.#configurations.inForce(repository, first.configuration);
    const path = configuration.settings.control_file;
    const snapshot = path === expected ? first : await readSnapshot(repository, path);
    const aliases = aliasesOf(configuration.settings);
    const isSecurityShared = configuration.settings.operators.second_operator.security;
    const { botLogin } = this.#environment;
    const control = await settleControl(snapshot, { repository, path, aliases, isSecurityShared, botLogin });
    const reading = { snapshot, configuration, control };
    this.#environment.measures.reading(repository.fullName, reading);
    return reading;
  }

  /**
   * Applies an intent and commits it to the default branch; by pull request where the branch is protected.
   * @param known a reading of just now, which saves one.
   * @throws {ControlFileBusy} when every attempt met another writer.
   */
  async change<Result>(
    repository: Repository,
    intent: Intent<Result>,
    fallback: Proposal,
    known?: Reading,
  ): Promise<Change<Result>> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      // After a lost answer this finds the write that had its effect, and the intent has nothing left to change.
      const reading = attempt === 0 && known !== undefined ? known : await this.read(repository);
      const drafted = draft(reading, intent);
      if (drafted.kind !== "changed") return drafted;
      await this.#tellAuthors(repository, reading);
      const written = await this.#put(repository, reading, drafted, repository.defaultBranch);
      if (written.kind === "written") return drafted.change;
      if (written.kind === "protected") return this.propose(repository, intent, fallback, reading);
      await this.#pause(attempt);
    }
    throw new ControlFileBusy(repository.fullName, ATTEMPTS);
  }

  /**
   * Applies an intent through a pull request of its own branch, merged as `proposal.mode` and the repository's rules allow.
   * Asked again for the same branch it finds what it made before and goes on from there.
   * @throws {ControlFileBusy} when every attempt met another writer.
   */
  async propose<Result>(
    repository: Repository,
    intent: Intent<Result>,
    proposal: Proposal,
    known?: Reading,
  ): Promise<Change<Result>> {
    const earlier = proposal.again ? await findPullRequest(repository, proposal.branch) : null;
    if (earlier?.state === "merged") {
      await Promise.all([this.#label(repository, earlier, OWN_LABEL), this.#tidy(repository, proposal.branch)]);
      return { kind: "landed-before", pull: earlier };
    }
    let reading = known ?? (await this.read(repository));
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const drafted = draft(reading, intent);
      const isBegun = attempt > 0 || proposal.again === true;
      const isOwnChange = drafted.kind === "changed" && !drafted.isSettlement;
      // What an earlier attempt began has become pointless; without its branch its pull request is closed.
      if (!isOwnChange && isBegun) await this.#tidy(repository, proposal.branch);
      if (drafted.kind !== "changed") return drafted;
      await this.#tellAuthors(repository, reading);
      const change = await (isOwnChange
        ? this.#proposeOnce(repository, reading, drafted, { ...proposal, isBegun })
        : this.#settle(repository, reading, drafted));
      if (change !== null) return change;
      await this.#pause(attempt);
      reading = await this.read(repository);
    }
    throw new ControlFileBusy(repository.fullName, ATTEMPTS);
  }

  /** Commits what settling put right under its own name: whoever proposed something changes nothing. Null as below. */
  async #settle<Result>(
    repository: Repository,
    reading: Reading,
    drafted: ChangedDraft<Result>,
  ): Promise<Change<Result> | null> {
    const written = await this.#put(repository, reading, drafted, repository.defaultBranch);
    const isDone =
      written.kind === "written" ||
      (written.kind === "protected" &&
        (await this.#proposeOnce(repository, reading, drafted, {
          ...settleProposal(reading.snapshot.head),
          isBegun: false,
        })) !== null);
    return isDone ? { ...drafted.change, kind: "unchanged" } : null;
  }

  /** One attempt from one reading; null when a conflict asks for another. */
  async #proposeOnce<Result>(
    repository: Repository,
    reading: Reading,
    drafted: ChangedDraft<Result>,
    proposal: BegunProposal,
  ): Promise<Change<Result> | null> {
    const head = await this.#writeBranch(repository, reading, drafted, proposal);
    if (head === null) return null;
    const pull = await openPullRequest(repository, proposal, proposal.isBegun);
    const { check } = reading.configuration.settings.gate;
    const landed = await this.#land(repository, pull, { head, check, ...drafted }, proposal);
    switch (landed.kind) {
      case "merged":
        return { ...drafted.change, pull };
      case "blocked":
        await this.#label(repository, pull, WAITING_LABEL);
        return { kind: "waiting", result: drafted.change.result, pull, waitsFor: landed.waitsFor };
      case "conflict":
        return null;
    }
  }

  /** Commits a text to the proposal's branch, on top of the commit that was read; null when a conflict asks for a new try. */
  async #writeBranch(
    repository: Repository,
    reading: Reading,
    contents: Contents,
    { branch, isBegun }: BegunProposal,
  ): Promise<string | null> {
    if (!isBegun && (await createBranch(repository, branch, reading.snapshot.head))) {
      const written = await this.#put(repository, reading, contents, branch);
      return written.kind === "written" ? written.sha : null;
    }
    // An open pull request must never see its branch at its base, not even between two calls.
    const file = { path: reading.configuration.settings.control_file, text: contents.text };
    const sha = await makeCommit(repository, reading.snapshot, file, this.#branchMessage(repository, contents, branch));
    const isThere = (await moveBranch(repository, branch, sha)) || (await createBranch(repository, branch, sha));
    return isThere ? sha : null;
  }

  async #land(
    repository: Repository,
    pull: PullRequest,
    { head, check, subject, cause }: Contents & { readonly head: string; readonly check: string },
    { mode, branch }: Proposal,
  ): Promise<Landing> {
    const label = this.#label(repository, pull, OWN_LABEL);
    const setOwnGate = () =>
      this.#tolerate(repository, setGate(repository, { head, gate: null }, controlReport(), check));
    if (mode === "review" || mode === "second-operator") {
      await Promise.all([label, setOwnGate()]);
      return { kind: "blocked", waitsFor: WAITS_FOR[mode] };
    }
    const commit = { head, title: `${commitSubject(subject)} (#${pull.number})`, message: commitTrailers(cause) };
    if (mode === "when-green") await setOwnGate();
    const land = () => (mode === "merge" ? mergePullRequest : landWhenGreen)(repository, pull, commit);
    let [merged] = await Promise.all([this.#insist(land), label]);
    // Where the gate is required it is required of this too, although no stop may stand in its own way.
    if (mode === "merge" && merged.kind === "blocked" && merged.waitsFor.includes(`"${check}"`)) {
      await setOwnGate();
      merged = await this.#insist(land);
    }
    if (merged.kind === "merged") await this.#tidy(repository, branch);
    return merged;
  }

  /** A merge that met a branch in motion is repeated: the change is computed anew only when that does not help. */
  async #insist(land: () => Promise<MergeResult>): Promise<Landing> {
    for (let attempt = 0; attempt < MERGE_ATTEMPTS; attempt++) {
      const merged = await land();
      if (merged.kind !== "moved") return merged;
      await this.#pause(attempt);
    }
    return { kind: "conflict" };
  }

  async #put(
    repository: Repository,
    { configuration, control }: Reading,
    contents: Contents,
    branch: string,
  ): Promise<Written> {
    const message =
      branch === repository.defaultBranch ? finalMessage(contents) : this.#branchMessage(repository, contents, branch);
    const stored = control.kind === "ready" ? control.stored : null;
    try {
      const { data } = await repository.octokit.rest.repos.createOrUpdateFileContents({
        ...at(repository),
        path: configuration.settings.control_file,
        branch,
        message,
        content: Buffer.from(contents.text, "utf8").toString("base64"),
        ...(stored === null ? {} : { sha: stored.sha }),
      });
      return { kind: "written", sha: data.commit.sha ?? "" };
    } catch (error) {
      const conflict = writeConflict(error);
      if (conflict !== null) return { kind: conflict === "protected" ? "protected" : "overtaken" };
      if (isLostAnswer(error)) return { kind: "answer-lost" };
      throw error;
    }
  }

  async #tellAuthors(repository: Repository, { control }: Reading): Promise<void> {
    if (control.kind === "ready") await this.#environment.tellAuthors(repository, control.settlements);
  }

  #label(repository: Repository, pull: PullRequest, label: string): Promise<void> {
    return this.#tolerate(repository, labelPullRequest(repository, pull, [label]));
  }

  #tidy(repository: Repository, branch: string): Promise<void> {
    return this.#tolerate(repository, deleteBranch(repository, branch));
  }

  #branchMessage({ fullName }: Repository, contents: Contents, branch: string): string {
    const message = branchMessage(contents);
    return contents.cause.approval === undefined ? message : this.#environment.seal.set(message, { fullName, branch });
  }

  /** For what is worth having and not worth failing for: a label, a tidy list of branches. */
  async #tolerate(repository: Repository, work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      this.#environment.log.warn({ repository: repository.fullName, reason: messageOf(error) }, "left undone");
    }
  }

  // Full jitter (AWS Architecture Blog, "Exponential Backoff And Jitter"): writers that collided do not collide again.
  #pause(attempt: number): Promise<void> {
    this.#environment.measures.conflict();
    return this.#environment.sleep(this.#environment.random() * BACKOFF * 2 ** attempt);
  }
}

/** A proposal, and whether its branch and pull request are likely to be there already. */
type BegunProposal = Proposal & { readonly isBegun: boolean };

type Landing = Exclude<MergeResult, { kind: "moved" }>;

function finalMessage({ subject, cause }: Contents): string {
  return `${commitSubject(subject)}\n\n${commitTrailers(cause)}`;
}

/** On a branch of a pull request the checks must run, or a required one would be waited for in vain. */
function branchMessage({ subject, cause }: Contents): string {
  return `chore(batch): ${subject}\n\n${commitTrailers(cause)}`;
}

/** What became of one write. */
type Written =
  | { readonly kind: "written"; readonly sha: string }
  | { readonly kind: "overtaken" }
  | { readonly kind: "protected" }
  | { readonly kind: "answer-lost" };
