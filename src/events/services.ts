import type { Duration, Instant } from "../domain/instant.ts";
import type { Downloader } from "../download/downloader.ts";
import type { ConditionalReader } from "../github/conditional.ts";
import type { ControlStore } from "../github/control-store.ts";
import type { Enforcement } from "../github/enforcement.ts";
import type { IncidentBook } from "../github/incident-book.ts";
import type { Measures } from "../github/measures.ts";
import type { Octokit } from "../github/octokit.ts";
import type { Seal } from "../github/seal.ts";
import type { Inbox } from "../inbox/inbox.ts";
import type { Tracing } from "../tracing/tracing.ts";
import type { Board } from "../view/board.ts";
import type { DashboardMemory } from "./dashboard/memory.ts";
import type { DashboardPace } from "./dashboard/pace.ts";
import type { Backoff } from "./lane/failure-policy.ts";
import type { Tempo } from "./lane/rhythm.ts";
import type { RecentKeys } from "./recent-keys.ts";
import type { WaitingPull } from "./reconcile/missed-reviews.ts";

/** A structured log: details first, then a constant message. */
interface Log {
  debug(details: object, message: string): void;
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

/** What every handler works with. */
export interface Services {
  readonly store: ControlStore;
  readonly seal: Seal;
  readonly incidents: IncidentBook;
  readonly enforcement: Enforcement;
  /** What is known of repositories that are shown somewhere. */
  readonly board: Board;
  readonly dashboards: DashboardMemory;
  readonly inbox: Pick<Inbox, "accept" | "schedule" | "cancel" | "state" | "holds" | "deadLetters">;
  /** For what is read again and again. */
  readonly reader: ConditionalReader;
  /** The client of an installation. */
  readonly octokitOf: (installation: number) => Promise<Octokit>;
  /** The client of the app itself, for what belongs to no installation. */
  readonly octokitOfApp: () => Promise<Octokit>;
  readonly botLogin: () => Promise<string>;
  readonly now: () => Instant;
  /** For what strangers publish. */
  readonly downloader: Downloader;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly backoff: Backoff;
  readonly tempo: Tempo;
  readonly dashboardPace: DashboardPace;
  /** Between two looks for what the webhooks missed. */
  readonly reconcileInterval: Duration;
  /** What was done because of a hold (`momentKey`). */
  readonly settledMoments: RecentKeys;
  /** Pushes that were heard of (`pushKey`). */
  readonly heardPushes: RecentKeys;
  /** Pull requests whose end was heard of (`closingKey`). */
  readonly heardClosings: RecentKeys;
  /** By repository: what waits there for somebody, as the last look found it. */
  readonly waitingPulls: Map<string, readonly WaitingPull[]>;
  readonly log: Log;
  readonly measures: Measures;
  readonly tracing: Pick<Tracing, "attempt">;
}
