import { aliasesOf } from "../config/policy.ts";
import { type Configuration, DEFAULT_CONFIGURATION } from "../config/schema.ts";
import { type Change, type Intent, type Proposal, type Reading, settleProposal } from "./change.ts";
import { ConfigurationStore } from "./configuration-store.ts";
import { ControlWriter } from "./control-writer.ts";
import { type ChangedDraft, draft } from "./draft.ts";
import { ControlFileBusy } from "./failure.ts";
import { Landing } from "./landing.ts";
import { findPullRequest, OWN_LABEL, openPullRequest, WAITING_LABEL } from "./pull-request.ts";
import type { Repository } from "./repository.ts";
import { settleControl } from "./settle.ts";
import { readSnapshot } from "./snapshot.ts";
import { pauseAfterConflict, type StoreEnvironment } from "./store-environment.ts";

const ATTEMPTS = 8;

/**
 * The control file of every repository, changed by compare-and-swap: read, decide, write against the blob that was read;
 * on a conflict read again and decide again. Octokit's own retry is never used for this: it would send the stale sha.
 */
export class ControlStore {
  readonly #environment: StoreEnvironment;
  readonly #configurations = new ConfigurationStore();
  readonly #writer: ControlWriter;
  readonly #landing: Landing;

  constructor(environment: StoreEnvironment) {
    this.#environment = environment;
    this.#writer = new ControlWriter(environment.seal);
    this.#landing = new Landing(environment);
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
      const written = await this.#writer.put(repository, reading, drafted, repository.defaultBranch);
      if (written.kind === "written") return drafted.change;
      if (written.kind === "protected") return this.propose(repository, intent, fallback, reading);
      await pauseAfterConflict(attempt, this.#environment);
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
      await Promise.all([
        this.#landing.label(repository, earlier, OWN_LABEL),
        this.#landing.tidy(repository, proposal.branch),
      ]);
      return { kind: "landed-before", pull: earlier };
    }
    let reading = known ?? (await this.read(repository));
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const drafted = draft(reading, intent);
      const isBegun = attempt > 0 || proposal.again === true;
      const isOwnChange = drafted.kind === "changed" && !drafted.isSettlement;
      // What an earlier attempt began has become pointless; without its branch its pull request is closed.
      if (!isOwnChange && isBegun) await this.#landing.tidy(repository, proposal.branch);
      if (drafted.kind !== "changed") return drafted;
      await this.#tellAuthors(repository, reading);
      const change = await (isOwnChange
        ? this.#proposeOnce(repository, reading, drafted, { ...proposal, isBegun })
        : this.#settle(repository, reading, drafted));
      if (change !== null) return change;
      await pauseAfterConflict(attempt, this.#environment);
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
    const written = await this.#writer.put(repository, reading, drafted, repository.defaultBranch);
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
    const head = await this.#writer.putOnOwnBranch(repository, reading, drafted, proposal);
    if (head === null) return null;
    const pull = await openPullRequest(repository, proposal, proposal.isBegun);
    const { check } = reading.configuration.settings.gate;
    const landed = await this.#landing.land(repository, pull, { head, check, ...drafted }, proposal);
    switch (landed.kind) {
      case "merged":
        return { ...drafted.change, pull };
      case "blocked":
        await this.#landing.label(repository, pull, WAITING_LABEL);
        return { kind: "waiting", result: drafted.change.result, pull, waitsFor: landed.waitsFor };
      case "conflict":
        return null;
    }
  }

  async #tellAuthors(repository: Repository, { control }: Reading): Promise<void> {
    if (control.kind === "ready") await this.#environment.tellAuthors(repository, control.settlements);
  }
}

/** A proposal, and whether its branch and pull request are likely to be there already. */
type BegunProposal = Proposal & { readonly isBegun: boolean };
