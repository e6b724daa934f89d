import { createBranch, moveBranch } from "./branch.ts";
import type { Reading } from "./change.ts";
import { commitSubject, commitTrailers } from "./commit-message.ts";
import type { Contents } from "./draft.ts";
import { isLostAnswer, writeConflict } from "./failure.ts";
import { makeCommit } from "./loose-commit.ts";
import { at, type Repository } from "./repository.ts";
import type { Seal } from "./seal.ts";

/** What became of one write. */
type Written =
  | { readonly kind: "written"; readonly sha: string }
  | { readonly kind: "overtaken" }
  | { readonly kind: "protected" }
  | { readonly kind: "answer-lost" };

/** Writes control files, one commit each, against the version that was read. What waits for an approval is sealed. */
export class ControlWriter {
  readonly #seal: Seal;

  constructor(seal: Seal) {
    this.#seal = seal;
  }

  /** Commits to a branch, if the file there is still what was read. */
  async put(
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

  /**
   * Commits to a branch of its own, on top of the commit that was read, and returns the new commit; null when a conflict
   * asks for a new try. @param isBegun whether the branch is likely to be there already.
   */
  async putOnOwnBranch(
    repository: Repository,
    reading: Reading,
    contents: Contents,
    { branch, isBegun }: { readonly branch: string; readonly isBegun: boolean },
  ): Promise<string | null> {
    if (!isBegun && (await createBranch(repository, branch, reading.snapshot.head))) {
      const written = await this.put(repository, reading, contents, branch);
      return written.kind === "written" ? written.sha : null;
    }
    // An open pull request must never see its branch at its base, not even between two calls.
    const file = { path: reading.configuration.settings.control_file, text: contents.text };
    const sha = await makeCommit(repository, reading.snapshot, file, this.#branchMessage(repository, contents, branch));
    const isThere = (await moveBranch(repository, branch, sha)) || (await createBranch(repository, branch, sha));
    return isThere ? sha : null;
  }

  #branchMessage({ fullName }: Repository, contents: Contents, branch: string): string {
    const message = branchMessage(contents);
    return contents.cause.approval === undefined ? message : this.#seal.set(message, { fullName, branch });
  }
}

function finalMessage({ subject, cause }: Contents): string {
  return `${commitSubject(subject)}\n\n${commitTrailers(cause)}`;
}

/** On a branch of a pull request the checks must run, or a required one would be waited for in vain. */
function branchMessage({ subject, cause }: Contents): string {
  return `chore(batch): ${subject}\n\n${commitTrailers(cause)}`;
}
