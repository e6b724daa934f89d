import type { Control } from "../domain/control/control.ts";
import type { Ecosystem } from "../domain/ecosystem.ts";
import type { Instant } from "../domain/instant.ts";
import type { Reading } from "../github/change.ts";
import type { ControlStore } from "../github/control-store.ts";
import type { Enforcement } from "../github/enforcement.ts";
import type { IncidentBook } from "../github/incident-book.ts";
import type { Person } from "../github/permission.ts";
import type { Repository } from "../github/repository.ts";
import type { Seal } from "../github/seal.ts";

/** One command as it stands in a comment: enough to find again what it did when it is delivered twice. */
export interface Request {
  /** What it says, after `/batch`. */
  readonly words: readonly string[];
  /** Delivery id of the webhook that brought it. */
  readonly event: string;
  readonly comment: {
    readonly id: number;
    readonly url: string;
    /** When it was written. */
    readonly at: Instant;
  };
  /** Where it stands among the commands of the comment, from 0. */
  readonly position: number;
  /** Whether the comment was seen before, so that this command may have been run before. */
  readonly again: boolean;
  /** The issue or pull request that the comment is on. */
  readonly issue: { readonly number: number; readonly url: string };
  readonly operator: Person;
  /** The incident that an earlier command of the comment has opened; null when none has. */
  readonly incidentUrl?: string | null;
}

/** An event of the repository that was given up. */
interface DeadLetter {
  readonly id: string;
  readonly event: string;
  readonly reason: string;
  readonly at: Instant;
}

/** What a command works with. */
export interface CommandContext {
  readonly repository: Repository;
  readonly request: Request;
  /** The repository as it was when the command began. */
  readonly reading: Reading;
  /** Ecosystems that are known by name: configured, held, or with a breaker. */
  readonly known: readonly Ecosystem[];
  readonly store: ControlStore;
  readonly seal: Seal;
  readonly botLogin: () => Promise<string>;
  readonly incidents: IncidentBook;
  readonly enforcement: Enforcement;
  /** Tells the thread at once what is known so far; the answer takes its place. Never throws. */
  readonly say: (text: string) => Promise<void>;
  /** The newest events of the repository that were given up, at most so many. */
  readonly deadLetters: (most: number) => Promise<readonly DeadLetter[]>;
  /** Has something done that downloads; the result is told in the thread when it is there. */
  readonly downloadLater: (work: DownloadWork) => Promise<void>;
  readonly now: Instant;
}

/** What takes too long for a command to wait for. `version` stands for `{version}`; null for what is published without one. */
export type DownloadWork =
  /** A recipe to verify, as the default branch had it when somebody asked. */
  | { readonly kind: "verify"; readonly path: string; readonly commit: string; readonly version: string | null }
  /** A recipe that is to have the checksum of what is downloaded now. */
  | {
      readonly kind: "accept-drift";
      readonly path: string;
      readonly version: string | null;
      readonly reason: string;
      readonly request: Pick<Request, "event" | "comment" | "position" | "operator">;
    }
  /** Such a proposal, with exactly this head, that a second operator approved. */
  | { readonly kind: "approve-drift"; readonly pull: number; readonly head: string; readonly approval: Approval };

/** Somebody's word that something may happen; their permission was checked. */
export interface Approval {
  readonly approver: Person;
  /** When it was written; null when it names exactly what it is for: by its digest, or by the commit that was reviewed. */
  readonly writtenAt: Instant | null;
  /** URL of the comment or review, and the delivery that brought it. */
  readonly url: string;
  readonly event: string;
}

/** How a command ended, in Markdown for the thread. Refused: the input or the person; failed: not their fault. */
export interface Answer {
  readonly outcome: "done" | "refused" | "failed";
  readonly text: string;
  /** What a command that changes the control file does: `stop homebrew`. */
  readonly subject?: string;
  /** Number of the pull request that it waits in. */
  readonly waitsIn?: number;
  /** Until when something waits for a second operator because of it. */
  readonly waitsUntil?: Instant;
  /** What the control file holds after a command that may have changed it. */
  readonly control?: Control;
  /** The number of the pull request by which it changed the file. */
  readonly pull?: number;
  /** The incident that it opened: a stop that follows in the same comment belongs to it. */
  readonly incidentUrl?: string;
}
