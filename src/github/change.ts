import type { Configuration } from "../config/schema.ts";
import type { Control } from "../domain/control/control.ts";
import type { CommitCause } from "./commit-message.ts";
import type { ConfigurationInForce } from "./configuration-store.ts";
import type { PullRequest } from "./pull-request.ts";
import type { ControlProblem, SettledControl } from "./settle.ts";
import type { Snapshot } from "./snapshot.ts";

/** What a repository says at one moment: its settings and its control file, settled. */
export interface Reading {
  readonly snapshot: Snapshot;
  readonly configuration: ConfigurationInForce;
  readonly control: SettledControl;
}

/** A change as an intent: applied to whatever the file holds when it is written, as often as others get there first. */
export interface Intent<Result> {
  /** What the commit does, for its subject: `stop homebrew`. Made of well-formed names only: GitHub acts on other words. */
  subject(result: Result): string;
  /** What the commit answers to, once it is known what it does. */
  cause(result: Result): CommitCause;
  apply(control: Control, configuration: Configuration): { readonly control: Control; readonly result: Result };
}

/** How a change travels when it goes by pull request. */
export interface Proposal {
  readonly branch: string;
  readonly title: string;
  readonly body: string;
  readonly mode: "merge" | "when-green" | "review" | "second-operator";
  /** Whether this may have been proposed before: a merged pull request of the branch then means that it is done. */
  readonly again?: boolean;
}

/** How a settlement of the control file travels that nothing else has a part in; `commit` is what it was found at. */
export function settleProposal(commit: string): Proposal {
  return {
    branch: `batchkeeper/settle-${commit.slice(0, 12)}`,
    title: "Settle the control file",
    body: "Another writer changed the control file; this puts right what that change left out.",
    mode: "merge",
  };
}

/** What became of an intent. */
export type Change<Result> =
  | {
      readonly kind: "committed";
      readonly result: Result;
      readonly control: Control;
      readonly pull: PullRequest | null;
    }
  | {
      readonly kind: "unchanged";
      readonly result: Result;
      readonly control: Control;
      readonly pull: PullRequest | null;
    }
  /** Its pull request had been merged before; what happened to the file since is somebody's later will. */
  | { readonly kind: "landed-before"; readonly pull: PullRequest }
  /** The change waits in a pull request for what the repository's rules, or its settings, ask for. */
  | { readonly kind: "waiting"; readonly result: Result; readonly pull: PullRequest; readonly waitsFor: string }
  | { readonly kind: "unusable"; readonly problem: ControlProblem };
