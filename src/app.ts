import type { Probot } from "probot";
import type { Clock } from "./clock.ts";
import { clockPolicy } from "./config/policy.ts";
import { type Duration, printInstant } from "./domain/instant.ts";
import type { Downloader } from "./download/downloader.ts";
import { tellAuthors } from "./events/answering/tell-author.ts";
import { DashboardMemory } from "./events/dashboard/memory.ts";
import type { DashboardPace } from "./events/dashboard/pace.ts";
import type { Backoff } from "./events/lane/failure-policy.ts";
import { laneHandler } from "./events/lane/lane.ts";
import type { Tempo } from "./events/lane/rhythm.ts";
import { RecentKeys } from "./events/recent-keys.ts";
import { LOOK_BACK } from "./events/reconcile/period.ts";
import { sweepTimer } from "./events/reconcile/sweep.ts";
import type { Services } from "./events/services.ts";
import { botLoginOf } from "./github/bot-login.ts";
import { ConditionalReader } from "./github/conditional.ts";
import { ControlStore } from "./github/control-store.ts";
import { Enforcement } from "./github/enforcement.ts";
import { IncidentBook } from "./github/incident-book.ts";
import { type Measures, NO_MEASURES } from "./github/measures.ts";
import type { Octokit } from "./github/octokit.ts";
import type { Repository } from "./github/repository.ts";
import { Seal } from "./github/seal.ts";
import type { Handled, Inbox, Waiting } from "./inbox/inbox.ts";
import { NO_TRACING, type Tracing } from "./tracing/tracing.ts";
import { Board } from "./view/board.ts";

/** How the application keeps time, and its secret. */
interface ApplicationSettings {
  readonly clock: Clock;
  readonly backoff: Backoff;
  readonly tempo: Tempo;
  readonly dashboardPace: DashboardPace;
  /** Between two looks for what the webhooks missed. */
  readonly reconcileInterval: Duration;
  /** Whether every event comes through this process. */
  readonly hearsAll: boolean;
  /** What seals are made with (`Seal`). */
  readonly sealKey: string;
  readonly downloader: Downloader;
  readonly measures?: Measures;
  readonly tracing?: Tracing;
  /** Gets what handlers work with, before the first event is handled. */
  readonly share?: (services: Services) => void;
  /** Told of what was handled, and what became of it. */
  readonly tell?: (lane: string, waiting: readonly Waiting[], handled: Handled) => void;
}

/**
 * The application: Probot authenticates it, the inbox hands out what happened. The table of events is
 * `events/occurrence.ts`, what is done about them begins in `events/lane/lane.ts`.
 */
export async function startApplication(
  probot: Probot,
  inbox: Inbox,
  {
    clock,
    backoff,
    tempo,
    dashboardPace,
    reconcileInterval,
    hearsAll,
    sealKey,
    downloader,
    measures = NO_MEASURES,
    tracing = NO_TRACING,
    share,
    tell,
  }: ApplicationSettings,
): Promise<void> {
  const octokitOfApp = () => probot.auth();
  // Until Probot has begun it can verify no webhook, and its log is another one.
  await octokitOfApp();
  const { log } = probot;
  const { botLogin, learn } = botLoginOf(octokitOfApp);
  const seal = new Seal(sealKey);
  const store = new ControlStore({
    sleep: clock.sleep,
    random: Math.random,
    botLogin,
    learnLogin: learn,
    seal,
    tellAuthors: (repository, settlements) => tellAuthors(repository, settlements, { botLogin, log }),
    log,
    measures,
  });
  const clocks = async (repository: Repository) => clockPolicy(await store.settings(repository));
  const incidents = new IncidentBook({ botLogin, now: clock.now, clocks });
  const sources = { store, incidents, inbox, now: clock.now };
  const services: Services = {
    seal,
    store,
    board: new Board({ sources, hearsAll, log }),
    dashboards: new DashboardMemory(),
    enforcement: new Enforcement(store),
    measures,
    tracing,
    incidents,
    inbox,
    reader: new ConditionalReader(),
    octokitOf: clientsOf(probot),
    octokitOfApp,
    botLogin,
    downloader,
    now: clock.now,
    random: Math.random,
    backoff,
    tempo,
    dashboardPace,
    reconcileInterval,
    settledMoments: new RecentKeys(),
    heardPushes: new RecentKeys(),
    heardClosings: new RecentKeys(),
    waitingPulls: new Map(),
    log,
  };
  share?.(services);
  const handle = laneHandler(services);
  await inbox.start(async (lane, waiting) => {
    const handled = await tracing.batch(lane, waiting, () => handle(lane, waiting));
    tell?.(lane, waiting, handled);
    return handled;
  });
  // What was missed while nobody listened is looked for at once; where an earlier process set the timer, from there on.
  const now = clock.now();
  await inbox.schedule([sweepTimer(printInstant(now - LOOK_BACK), now)], "keep");
}

const MOST_CLIENTS = 1000;

/** One client for each installation: its token, its limits and its connections are shared by all that happens there. */
function clientsOf(probot: Probot): (installation: number) => Promise<Octokit> {
  const clients = new Map<number, Promise<Octokit>>();
  return (installation) => {
    const [oldest] = clients.keys();
    if (clients.size >= MOST_CLIENTS && oldest !== undefined) clients.delete(oldest);
    return clients.getOrInsertComputed(installation, () => probot.auth(installation));
  };
}
