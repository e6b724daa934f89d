import type { Instant } from "../instant.ts";
import { numberLink } from "../number-link.ts";
import { quote } from "../quote.ts";

/** Something on GitHub that a receipt names. */
export interface Linked {
  readonly number: number;
  readonly url: string;
}

/** Why something that should have been done was not. */
export interface Undone {
  /** What was not done, as a clause: `2 runs could not be cancelled`. */
  readonly what: string;
  readonly why:
    | { readonly kind: "permission"; readonly permission: string }
    /** Trying again may help, and is done. */
    | { readonly kind: "failed"; readonly reason: string }
    /** A person has to do it. */
    | { readonly kind: "refused"; readonly reason: string };
}

/** What a stop, or its end, did on GitHub beyond the control file. */
export interface Facts {
  /** Pull requests whose gate fails now, whether it did before or not. */
  readonly held: readonly Linked[];
  /** Pull requests whose gate failed before and passes now. */
  readonly released: readonly Linked[];
  readonly autoMergeOff: readonly Linked[];
  readonly autoMergeOn: readonly Linked[];
  readonly cancelled: readonly Linked[];
  /** Runs that ended before they could be cancelled. */
  readonly ended: readonly Linked[];
  readonly disabled: readonly string[];
  readonly enabled: readonly string[];
  readonly undone: readonly Undone[];
}

/** Nothing was there to do. */
export const NO_FACTS: Facts = {
  held: [],
  released: [],
  autoMergeOff: [],
  autoMergeOn: [],
  cancelled: [],
  ended: [],
  disabled: [],
  enabled: [],
  undone: [],
};

/** Whether there is anything to tell beside the hold. */
export function isEmpty(facts: Facts): boolean {
  return deeds(facts).length === 0 && facts.undone.length === 0;
}

/** Hours and minutes of a day in UTC: `14:32Z`. */
export function clockText(at: Instant): string {
  return `${new Date(at).toISOString().slice(11, 16)}Z`;
}

/** `2026-01-28 14:32Z`, where the day is not that of the text around it. */
export function dayAndClock(at: Instant): string {
  return `${new Date(at).toISOString().slice(0, 10)} ${clockText(at)}`;
}

/** The line of a receipt: when, and what came of it; what was not done follows, each with its reason. */
export function receiptText(facts: Facts, state: "in force" | "lifted", at: Instant): string {
  const done = deeds(facts);
  const first = `${clockText(at)}: ${state}${done.length === 0 ? "" : `; ${done.join(", ")}`}.`;
  return [first, ...facts.undone.map(undoneText)].join("\n\n");
}

function deeds(facts: Facts): readonly string[] {
  return [
    counted(facts.cancelled, "run", "cancelled", plainRun),
    counted(facts.ended, "run", "had already finished", plainRun),
    counted(facts.held, "pull request", "held", numberLink),
    counted(facts.released, "pull request", "released", numberLink),
    about(facts.autoMergeOff, "auto-merge switched off for"),
    about(facts.autoMergeOn, "auto-merge on again for"),
    files(facts.disabled, "disabled"),
    files(facts.enabled, "enabled again"),
  ].flatMap((deed) => deed ?? []);
}

function counted(
  things: readonly Linked[],
  noun: string,
  deed: string,
  name: (thing: Linked) => string,
): string | null {
  if (things.length === 0) return null;
  return `${things.length} ${noun}${things.length === 1 ? "" : "s"} ${deed} (${named(things.map(name))})`;
}

function about(pulls: readonly Linked[], deed: string): string | null {
  return pulls.length === 0 ? null : `${deed} ${named(pulls.map(numberLink))}`;
}

function files(names: readonly string[], deed: string): string | null {
  return names.length === 0 ? null : `${named(names.map((name) => quote(name, 100)))} ${deed}`;
}

const MOST_NAMED = 20;

function named(names: readonly string[]): string {
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : "";
  return `${names.slice(0, MOST_NAMED).join(", ")}${more}`;
}

function plainRun({ number, url }: Linked): string {
  return `[${number}](${url})`;
}

function undoneText({ what, why }: Undone): string {
  return `**Not done:** ${what}: ${becauseOf(why)}.`;
}

function becauseOf(why: Undone["why"]): string {
  switch (why.kind) {
    case "permission":
      return `the app lacks the permission \`${why.permission}\``;
    case "failed":
      return `${quote(why.reason, 200)}; it is tried again`;
    case "refused":
      return why.reason;
  }
}
