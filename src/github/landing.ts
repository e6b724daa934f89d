import { controlReport } from "../domain/gate/gate-report.ts";
import { deleteBranch } from "./branch.ts";
import type { Proposal } from "./change.ts";
import { commitSubject, commitTrailers } from "./commit-message.ts";
import type { Contents } from "./draft.ts";
import { messageOf } from "./failure.ts";
import { setGate } from "./gate.ts";
import { landWhenGreen } from "./land-when-green.ts";
import { labelPullRequest, type MergeResult, mergePullRequest, OWN_LABEL, type PullRequest } from "./pull-request.ts";
import type { Repository } from "./repository.ts";
import { pauseAfterConflict, type StoreEnvironment } from "./store-environment.ts";

const MERGE_ATTEMPTS = 4;
const WAITS_FOR = {
  review: "a review and a merge by a person",
  "second-operator": "a second operator",
} as const;

/** What became of a pull request that was to land: a conflict asks for a new one. */
type Landed = Exclude<MergeResult, { kind: "moved" }>;

/** Brings pull requests of control files to the default branch, and keeps their labels and branches in order. */
export class Landing {
  readonly #environment: StoreEnvironment;

  constructor(environment: StoreEnvironment) {
    this.#environment = environment;
  }

  /** Merges, or has it wait, as the proposal's mode and the repository's rules allow. @param check the name of the gate. */
  async land(
    repository: Repository,
    pull: PullRequest,
    { head, check, subject, cause }: Contents & { readonly head: string; readonly check: string },
    { mode, branch }: Proposal,
  ): Promise<Landed> {
    const label = this.label(repository, pull, OWN_LABEL);
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
    if (merged.kind === "merged") await this.tidy(repository, branch);
    return merged;
  }

  label(repository: Repository, pull: PullRequest, label: string): Promise<void> {
    return this.#tolerate(repository, labelPullRequest(repository, pull, [label]));
  }

  /** Removes a branch that is of no use any more; an open pull request of it is closed by that. */
  tidy(repository: Repository, branch: string): Promise<void> {
    return this.#tolerate(repository, deleteBranch(repository, branch));
  }

  /** A merge that met a branch in motion is repeated: the change is computed anew only when that does not help. */
  async #insist(land: () => Promise<MergeResult>): Promise<Landed> {
    for (let attempt = 0; attempt < MERGE_ATTEMPTS; attempt++) {
      const merged = await land();
      if (merged.kind !== "moved") return merged;
      await pauseAfterConflict(attempt, this.#environment);
    }
    return { kind: "conflict" };
  }

  /** For what is worth having and not worth failing for: a label, a tidy list of branches. */
  async #tolerate(repository: Repository, work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      this.#environment.log.warn({ repository: repository.fullName, reason: messageOf(error) }, "left undone");
    }
  }
}
