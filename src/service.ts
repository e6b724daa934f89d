import { type DestinationStream, type Logger, pino } from "pino";
import { Probot } from "probot";
import { batchkeeper } from "./app.ts";
import type { Environment } from "./config/environment.ts";
import { botLoginOf } from "./github/bot-login.ts";
import { ControlStore } from "./github/control-store.ts";
import { IncidentBook } from "./github/incident-issue.ts";
import { createOctokitClass } from "./github/octokit.ts";
import { MemoryInbox } from "./inbox/memory-inbox.ts";
import { Metrics } from "./web/metrics.ts";
import { WebServer } from "./web/server.ts";

/** A running Batchkeeper. */
export interface Service {
  readonly port: number;
  /** Accepts nothing more, finishes what is in hand, and resolves when all is done. */
  stop(): Promise<void>;
}

/** Time, as the process sees it: replaced by tests that turn the clock. */
export interface Clock {
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

const SYSTEM_CLOCK: Clock = {
  now: Date.now,
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};

// Where secrets can stand in what is logged: errors of Octokit carry the request with its headers, those of handlers the
// whole event, which is up to 25 MB of other people's words besides.
const SECRETS = [
  "*.headers.authorization",
  "err.request.headers.authorization",
  "privateKey",
  "webhookSecret",
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

/**
 * Wires the parts together and listens: server → inbox → Probot application → control store.
 * @throws when the address cannot be listened on.
 */
export async function startService(
  environment: Environment,
  log: Logger,
  clock: Clock = SYSTEM_CLOCK,
): Promise<Service> {
  const metrics = new Metrics();
  const probot = new Probot({
    appId: environment.appId,
    privateKey: environment.privateKey,
    secret: environment.webhookSecret,
    log,
    Octokit: createOctokitClass({
      ...clock,
      random: Math.random,
      count: (method, status) => metrics.countCall(method, status),
    }),
    ...(environment.baseUrl === null ? {} : { baseUrl: environment.baseUrl }),
  });
  const botLogin = botLoginOf(() => probot.auth());
  const store = new ControlStore({ sleep: clock.sleep, random: Math.random, botLogin, log });
  const incidents = new IncidentBook(botLogin);
  await probot.load(batchkeeper({ store, incidents, botLogin, now: clock.now, log }));

  const inbox = new MemoryInbox(({ id, event, payload }) =>
    // Names and payloads are checked where they are read: an event that nobody handles may be anything.
    probot.receive({ id, name: event, payload } as Parameters<Probot["receive"]>[0]),
  );
  const server = new WebServer({
    host: environment.host,
    port: environment.port,
    metrics: () => metrics.text(),
    intake: {
      inbox,
      log,
      verify: (body, signature) => probot.webhooks.verify(body, signature),
      count: (event, result) => metrics.countWebhook(event, result),
    },
  });
  const port = await server.listen();
  return {
    port,
    stop: async () => {
      await Promise.all([inbox.close(), server.close()]);
    },
  };
}
