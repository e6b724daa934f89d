import { batchPlace } from "../config/policy.ts";
import type { Configuration } from "../config/schema.ts";
import type { Control } from "../domain/control/control.ts";
import type { Instant } from "../domain/instant.ts";
import type { ControlStore } from "../github/control-store.ts";
import { messageOf } from "../github/failure.ts";
import type { IncidentBook } from "../github/incident-book.ts";
import type { IncidentIssue } from "../github/incident-issue.ts";
import { type LatestBatches, latestBatches } from "../github/latest-batches.ts";
import type { Repository } from "../github/repository.ts";
import type { ControlProblem } from "../github/settle.ts";
import { type RunInFlight, runsInFlight } from "../github/workflow-run.ts";
import { type DeadLetter, type Inbox, laneOf } from "../inbox/inbox.ts";

/** Something that was read from GitHub, or why it could not be: unknown reads differently from none. */
export type Part<T> =
  | { readonly kind: "known"; readonly value: T }
  | { readonly kind: "unknown"; readonly why: string };

/** What a repository says of its pipeline: the switch, holds, breakers and budget. */
export interface Standing {
  readonly fullName: string;
  /** Its page on GitHub. */
  readonly url: string;
  readonly settings: Configuration;
  /** How many things are wrong with the settings' file, whose last good version is in force then. */
  readonly settingsProblems: number;
  readonly control:
    | { readonly kind: "ready"; readonly control: Control }
    | { readonly kind: "unusable"; readonly problem: ControlProblem };
}

/** All that is shown of a repository, as it was at one moment. */
export interface RepositoryView extends Standing {
  readonly readAt: Instant;
  readonly incidents: Part<readonly IncidentIssue[]>;
  readonly runs: Part<readonly RunInFlight[]>;
  readonly batches: Part<LatestBatches>;
  readonly deadLetters: readonly DeadLetter[];
}

/** What a view is read with. */
export interface ViewSources {
  readonly store: ControlStore;
  readonly incidents: IncidentBook;
  readonly inbox: Pick<Inbox, "deadLetters">;
  readonly now: () => Instant;
}

const MOST_DEAD_LETTERS = 5;

/** Reads how a pipeline stands: one GraphQL call. */
export async function readStanding(repository: Repository, { store }: Pick<ViewSources, "store">): Promise<Standing> {
  const { configuration, control } = await store.read(repository);
  return {
    fullName: repository.fullName,
    url: repository.url,
    settings: configuration.settings,
    settingsProblems: configuration.problems.length,
    control:
      control.kind === "ready"
        ? { kind: "ready", control: control.file.control }
        : { kind: "unusable", problem: control.problem },
  };
}

/** Reads all that is shown of a repository, at once; what GitHub does not tell is said to be unknown. */
export async function readView(repository: Repository, sources: ViewSources): Promise<RepositoryView> {
  const { incidents, inbox, now } = sources;
  const settings = await sources.store.settings(repository);
  const readAt = now();
  const [standing, open, runs, batches, deadLetters] = await Promise.all([
    readStanding(repository, sources),
    part(incidents.listOpen(repository)),
    part(runsInFlight(repository, settings.workflows)),
    part(latestBatches(repository, batchPlace(settings))),
    inbox.deadLetters({ lane: laneOf(repository.fullName), most: MOST_DEAD_LETTERS }),
  ]);
  return { ...standing, readAt, incidents: open, runs, batches, deadLetters };
}

async function part<T>(reading: Promise<T>): Promise<Part<T>> {
  try {
    return { kind: "known", value: await reading };
  } catch (error) {
    return { kind: "unknown", why: messageOf(error) };
  }
}
