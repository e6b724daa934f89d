import type { Ecosystem } from "../ecosystem.ts";
import type { Hold } from "../holds/hold.ts";
import { type Instant, MINUTE } from "../instant.ts";

/** Something that happened although a hold forbade it. */
export interface Violation {
  readonly hold: Hold;
  /** The same for the same happening: `run:17352.1`, `pull:12`. */
  readonly key: string;
  readonly url: string;
  /** As a clause, in well-formed names only: `run 17352 worked on homebrew`. */
  readonly what: string;
}

/** An attempt of a run, as a violation names it. */
export interface SuspectRun {
  readonly id: number;
  readonly attempt: number;
  readonly url: string;
  readonly startedAt: Instant;
  /** Whether a hold stood at the commit that it runs; null when that cannot be read. */
  readonly stoodAtHead: ((hold: Hold) => boolean) | null;
}

/** The time in which a hold reaches the default branch; then a run that starts could know. */
const LANDING = MINUTE;

/**
 * The holds that a run did not honour by working on ecosystems. It must have started when they were in force: the commit that
 * it runs says so. A rerun runs the commit of the first attempt, so that only its own start tells.
 */
export function runViolations(
  run: SuspectRun,
  worked: ReadonlySet<Ecosystem>,
  holds: readonly Hold[],
): readonly Violation[] {
  return holds.flatMap((hold) => {
    const names = [...worked].filter((name) => hold.scope === "*" || hold.scope === name);
    if (names.length === 0 || !couldKnow(run, hold)) return [];
    const what = `run ${run.id} worked on ${new Intl.ListFormat("en").format(names)}`;
    return [{ hold, key: keyOf(run), url: run.url, what }];
  });
}

/** The holds that the mere start of a run does not honour, because they had its workflow disabled. */
export function startViolations(run: SuspectRun, file: string, holds: readonly Hold[]): readonly Violation[] {
  return holds
    .filter((hold) => couldKnow(run, hold))
    .map((hold) => ({
      hold,
      key: keyOf(run),
      url: run.url,
      what: `run ${run.id} of ${file} started although the workflow was disabled`,
    }));
}

function couldKnow({ attempt, startedAt, stoodAtHead }: SuspectRun, hold: Hold): boolean {
  return attempt > 1 || stoodAtHead === null ? startedAt > hold.at + LANDING : stoodAtHead(hold);
}

function keyOf({ id, attempt }: SuspectRun): string {
  return `run:${id}.${attempt}`;
}
