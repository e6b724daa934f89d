import { type DestinationStream, type Logger, pino } from "pino";
import { Probot } from "probot";
import { startApplication } from "./app.ts";
import { type Clock, SYSTEM_CLOCK } from "./clock.ts";
import type { Environment } from "./config/environment.ts";
import { Downloader } from "./download/downloader.ts";
import { PUBLIC_INTERNET, type Reach } from "./download/public-address.ts";
import { type DashboardPace, defaultDashboardPace } from "./events/dashboard/pace.ts";
import { BACKOFF, type Backoff } from "./events/lane/failure-policy.ts";
import { TEMPO, type Tempo } from "./events/lane/rhythm.ts";
import { isHandled, isUrgent, keptOf } from "./events/occurrence.ts";
import { createOctokitClass } from "./github/octokit.ts";
import { WRITE_LIMITS, type WriteLimits } from "./github/pacing.ts";
import { openInbox } from "./inbox/open-inbox.ts";
import { measuresOf } from "./measuring.ts";
import { Pages } from "./pages.ts";
import { openTracing } from "./tracing/open-tracing.ts";
import { Metrics } from "./web/metrics.ts";
import { serveMetrics, WebServer } from "./web/server.ts";

/** A running Batchkeeper. */
export interface Service {
  readonly port: number;
  /** That of `/metrics`, which may be another one. */
  readonly metricsPort: number;
  /** Resolves when events are handled, which a database that is waited for may delay; rejects when they never will be. */
  readonly ready: Promise<void>;
  /** Resolves when nothing is in hand and nothing waits that could be handled now. */
  idle(): Promise<void>;
  /** What waits in the inbox, now or for its time. */
  waiting(): Promise<number>;
  /** Accepts nothing more, finishes what is in hand, and resolves when all is done. */
  stop(): Promise<void>;
}

// Where secrets can stand in what is logged: errors of Octokit carry the request with its headers, those of handlers the
// whole event, which is up to 25 MB of other people's words besides.
const SECRETS = [
  "*.headers.authorization",
  "err.request.headers.authorization",
  "privateKey",
  "webhookSecret",
  "database.url",
  "*.database.url",
  "*.connectionString",
  "*.token",
  "event.payload",
  "err.event.payload",
  "err.aggregateErrors[*].event.payload",
];

/** The log of a process: JSON lines, or one readable line each; JSON to a destination other than the standard output. */
export function createLog({ logLevel, logFormat }: Environment, destination?: DestinationStream): Logger {
  const options = { level: logLevel, redact: { paths: SECRETS, censor: "[redacted]" } };
  if (destination !== undefined) return pino(options, destination);
  return pino(logFormat === "pretty" ? { ...options, transport: { target: "pino-pretty" } } : options);
}

/** What a test or a demo may replace. */
export interface ServiceOptions {
  readonly clock?: Clock;
  /** How long failed events wait. */
  readonly backoff?: Backoff;
  /** How often the file of a repository is written on nobody's behalf. */
  readonly tempo?: Tempo;
  /** How often dashboards are written, and how long ticks are waited for. */
  readonly dashboardPace?: DashboardPace;
  /** How much an installation may write. */
  readonly writes?: WriteLimits;
  /** What downloads reach in place of the public internet. */
  readonly reach?: Reach;
}

/**
 * Wires the parts together and listens: server → inbox → application → GitHub.
 * @throws when the address cannot be listened on, or the inbox not be opened.
 */
export async function startService(
  environment: Environment,
  log: Logger,
  {
    clock = SYSTEM_CLOCK,
    backoff = BACKOFF,
    tempo = TEMPO,
    dashboardPace = defaultDashboardPace(environment.reconcileInterval),
    writes = WRITE_LIMITS,
    reach = PUBLIC_INTERNET,
  }: ServiceOptions = {},
): Promise<Service> {
  const { reconcileInterval, metricsAddress } = environment;
  const inbox = await openInbox(environment, clock, log);
  const metrics = new Metrics(() => inbox.state());
  const tracing = await openTracing(environment, clock, log);
  const Octokit = createOctokitClass({
    ...clock,
    random: Math.random,
    writes,
    count: (method, status, call) => {
      metrics.countCall(method, status, call);
      tracing.call(method, status, call);
    },
    retried: (why) => metrics.countRetry(why),
  });
  const pages = new Pages(environment, { Octokit, log, now: clock.now });
  const probot = new Probot({
    appId: environment.appId,
    privateKey: environment.privateKey,
    secret: environment.webhookSecret,
    log,
    Octokit,
    ...(environment.baseUrl === null ? {} : { baseUrl: environment.baseUrl }),
  });
  const server = new WebServer({
    host: environment.host,
    port: environment.port,
    metrics: metricsAddress === null ? () => metrics.text() : null,
    pages: (request, response) => pages.answer(request, response),
    intake: {
      inbox,
      isHandled,
      isUrgent,
      keptOf,
      log,
      verify: (body, signature) => probot.webhooks.verify(body, signature),
      tracing,
      count: (event, result) => metrics.countWebhook(event, result),
      hear: (lane) => pages.changed(lane),
    },
  });
  const port = await server.listen();
  const downloader = new Downloader(reach);
  const ownMetrics = metricsAddress === null ? null : await serveMetrics(metricsAddress, () => metrics.text());
  const ready = startApplication(probot, inbox, {
    clock,
    backoff,
    tempo,
    dashboardPace,
    reconcileInterval,
    hearsAll: environment.database === null,
    sealKey: environment.privateKey,
    downloader,
    share: (services) => pages.show(services),
    measures: measuresOf(metrics),
    tracing,
    tell: (lane, waiting, handled) => {
      metrics.countHandled(waiting, handled, clock.now());
      pages.changed(lane);
    },
  });
  // An inbox that waits for its database is not waited for: whoever asks is told that it is not ready.
  if (inbox.isOpen()) await ready;
  else ready.catch(() => {});
  return {
    port,
    metricsPort: ownMetrics?.port ?? port,
    ready,
    idle: async () => {
      await ready;
      await inbox.idle();
    },
    waiting: async () => (await inbox.state()).waiting,
    stop: async () => {
      pages.close();
      ownMetrics?.close();
      await server.close();
      downloader.close();
      await inbox.close();
      await tracing.close();
    },
  };
}
