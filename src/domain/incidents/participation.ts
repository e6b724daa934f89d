import type { Instant } from "../instant.ts";
import { isAcknowledged } from "./clock.ts";
import type { Entry, IncidentLog } from "./incident-log.ts";

/** A sign of life of an operator in the thread of an incident. */
export interface SignOfLife {
  readonly kind: "comment" | "command";
  /** Names it: the same however it is heard of. */
  readonly id: string;
  readonly at: Instant;
  readonly by: string;
  readonly words: string;
  /** The pull request that came of it; null for none. */
  readonly pull: number | null;
}

/** What an operator's sign of life leaves in the log: whoever speaks of an incident has seen it. */
export function signEntries(log: IncidentLog, { kind, id, at, by, words, pull }: SignOfLife): readonly Entry[] {
  const sign: Entry = { at, kind, key: `${kind}:${id}`, by, words };
  const entries = pull === null ? [sign] : [sign, pullEntry(pull, at, "merged")];
  return isAcknowledged(log) ? entries : [acknowledgedEntry(id, at, by, ""), ...entries];
}

/** What became of a pull request that belongs to an incident. */
export function pullEntry(number: number, at: Instant, became: "merged" | "closed"): Entry {
  return { at, kind: "pull", key: `pull:${number}`, by: "", words: `#${number} ${became}` };
}

/** An acknowledgement, by whatever is named by `id`. */
export function acknowledgedEntry(id: string, at: Instant, by: string, words: string): Entry {
  return { at, kind: "acknowledged", key: `acknowledged:${id}`, by, words };
}

/** What an assignment leaves in the log: it counts once for each person, so that it does not outlast its expiry. */
export function assignmentEntries(assignees: readonly string[], at: Instant): readonly Entry[] {
  return assignees.map((login) => acknowledgedEntry(`assigned:${login.toLowerCase()}`, at, login, "assigned"));
}
