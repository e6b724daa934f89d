import { writeControlFile } from "../domain/control/write-control-file.ts";
import type { Change, Intent, Reading } from "./change.ts";
import type { CommitCause } from "./commit-message.ts";
import { LARGEST_FILE } from "./snapshot.ts";

/** A text for the control file and what its commit says. */
export interface Contents {
  readonly text: string;
  readonly subject: string;
  readonly cause: CommitCause;
}

/** A change that is worth a commit. */
export type ChangedDraft<Result> = Contents & {
  readonly kind: "changed";
  /** Whether the intent itself changes nothing, so that only what settling put right is written: nobody's command. */
  readonly isSettlement: boolean;
  readonly change: Extract<Change<Result>, { kind: "committed" }>;
};

/** What an intent comes to on one reading. */
export type Draft<Result> = ChangedDraft<Result> | Extract<Change<Result>, { kind: "unchanged" | "unusable" }>;

/** What a commit does that only puts right, or takes over, what other writers did. */
const SETTLEMENT = "settle a change made by hand";

/** Applies an intent to a reading: pure, so that it can be done again on the next. */
export function draft<Result>({ control, configuration }: Reading, intent: Intent<Result>): Draft<Result> {
  if (control.kind === "unusable") return control;
  const decided = intent.apply(control.file.control, configuration.settings);
  const { result } = decided;
  const text = writeControlFile(control.file, decided.control);
  const isSettled = control.settlements.length === 0;
  // A repository without a control file gets one with its first decision, not for the sake of having one.
  const before = control.stored?.text ?? (isSettled ? control.file.text : null);
  if (text === before) return { kind: "unchanged", result, control: decided.control, pull: null };
  const bytes = Buffer.byteLength(text);
  if (bytes > LARGEST_FILE) return { kind: "unusable", problem: { message: tooLarge(bytes), position: null } };
  const isSettlement = !isSettled && text === writeControlFile(control.file, control.file.control);
  return {
    kind: "changed",
    text,
    isSettlement,
    ...(isSettlement
      ? { subject: SETTLEMENT, cause: { events: intent.cause(result).events } }
      : { subject: intent.subject(result), cause: intent.cause(result) }),
    change: { kind: "committed", result, control: decided.control, pull: null },
  };
}

function tooLarge(bytes: number): string {
  return `with this change it would have ${bytes} bytes, and nobody could read it again: GitHub shows no more than ${LARGEST_FILE}`;
}
