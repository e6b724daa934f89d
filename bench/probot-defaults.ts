import { setTimeout as delay } from "node:timers/promises";
import { Probot } from "probot";
import { batchkeeper } from "../src/app.ts";
import { botLoginOf } from "../src/github/bot-login.ts";
import { ControlStore } from "../src/github/control-store.ts";
import { IncidentBook } from "../src/github/incident-issue.ts";
import type { Delivery } from "../test/github/delivery.ts";
import type { LocalGitHub } from "../test/github/local-github.ts";

/**
 * Batchkeeper's own handlers on the Octokit that Probot brings, whose throttle sends one write a second, and one in three
 * seconds where people are notified. For comparison only: webhooks come without HTTP.
 *
 * @returns what resolves when every webhook so far is handled
 */
export async function startOnProbotDefaults(github: LocalGitHub): Promise<() => Promise<void>> {
  const { appId, privateKey, webhookSecret } = github.app;
  const baseUrl = `${github.url}/api/v3`;
  const probot = new Probot({ appId, privateKey, secret: webhookSecret, baseUrl, logLevel: "fatal" });
  const { log } = probot;
  const botLogin = botLoginOf(() => probot.auth());
  const store = new ControlStore({ sleep: delay, random: Math.random, botLogin, log });
  await probot.load(batchkeeper({ store, incidents: new IncidentBook(botLogin), botLogin, now: Date.now, log }));

  const underway: Promise<void>[] = [];
  const receive = ({ guid, event, body }: Delivery) =>
    probot.receive({ id: guid, name: event, payload: JSON.parse(body) } as Parameters<Probot["receive"]>[0]);
  // GitHub delivers to somewhere or not at all; what it would send is taken out of its hands here.
  github.webhookUrl = "http://127.0.0.1/";
  github.onDelivery((delivery) => {
    underway.push(receive(delivery));
    return "drop";
  });
  return async () => {
    while (underway.length > 0) await underway.pop();
  };
}
