import { Probot } from "probot";
import { startApplication } from "../src/app.ts";
import { SYSTEM_CLOCK } from "../src/clock.ts";
import { Downloader } from "../src/download/downloader.ts";
import { defaultDashboardPace } from "../src/events/dashboard/pace.ts";
import { BACKOFF } from "../src/events/lane/failure-policy.ts";
import { TEMPO } from "../src/events/lane/rhythm.ts";
import { INTERVAL } from "../src/events/reconcile/period.ts";
import { SqliteInbox } from "../src/inbox/sqlite/sqlite-inbox.ts";
import type { Delivery } from "../test/github/delivery.ts";
import type { LocalGitHub } from "../test/github/local-github.ts";

/**
 * Batchkeeper's own handlers on the Octokit that Probot brings, whose throttle sends one write a second, and one in three
 * seconds where people are notified. For comparison only: webhooks come without HTTP.
 *
 * @returns what resolves when every webhook so far is handled
 */
export async function startOnProbotDefaults(github: LocalGitHub, folder: string): Promise<() => Promise<void>> {
  const { appId, privateKey, webhookSecret } = github.app;
  const baseUrl = `${github.url}/api/v3`;
  const probot = new Probot({ appId, privateKey, secret: webhookSecret, baseUrl, logLevel: "fatal" });
  const inbox = new SqliteInbox({ folder, clock: SYSTEM_CLOCK, log: probot.log });
  await startApplication(probot, inbox, {
    clock: SYSTEM_CLOCK,
    backoff: BACKOFF,
    tempo: TEMPO,
    dashboardPace: defaultDashboardPace(INTERVAL),
    reconcileInterval: INTERVAL,
    hearsAll: true,
    sealKey: "a key",
    downloader: new Downloader(),
  });

  const underway: Promise<void>[] = [];
  const accept = ({ guid, event, body }: Delivery) =>
    inbox.accept([{ id: guid, event, lane: JSON.parse(body).repository.full_name, body, urgent: true }]);
  // GitHub delivers to somewhere or not at all; what it would send is taken out of its hands here.
  github.webhookUrl = "http://127.0.0.1/";
  github.onDelivery((delivery) => {
    underway.push(accept(delivery));
    return "drop";
  });
  return async () => {
    await Promise.all(underway.splice(0));
    await inbox.idle();
  };
}
