import { setTimeout as delay } from "node:timers/promises";
import { startBatchkeeperProcess } from "../../bench/batchkeeper-process.ts";
import { type Measure, printTable, type Report } from "../../bench/report.ts";
import { environmentFor } from "../../demo/environment.ts";
import { WEBHOOK_PATH } from "../../src/web/webhook.ts";
import { startLocalGitHub } from "../../test/github/local-github.ts";
import { levels } from "./level.ts";
import { type Sample, takeSample } from "./sample.ts";
import { Traffic } from "./traffic.ts";

const SECOND = 1000;
const BETWEEN_SAMPLES = 5 * SECOND;
const LONGEST_DRAIN = 60 * SECOND;
const MOST_ROWS = 24;

/** Events at a rate, for so many minutes, at the program as it runs in earnest: whether it keeps its level. */
export async function soak(minutes: number, rate: number): Promise<Report> {
  const github = await startLocalGitHub();
  const traffic = await Traffic.prepare(github);
  const environment = environmentFor(github);
  await using batchkeeper = await startBatchkeeperProcess(environment);
  github.webhookUrl = `${batchkeeper.url}${WEBHOOK_PATH}`;
  await batchkeeper.quiet();

  const samples: Sample[] = [];
  const failures: unknown[] = [];
  const startedAt = performance.now();
  const end = startedAt + minutes * 60 * SECOND;
  let arrived = 0;
  let nextSample = startedAt;
  while (performance.now() < end) {
    const due = ((performance.now() - startedAt) / SECOND) * rate;
    for (; arrived < due; arrived += 1) traffic.arrive().catch((error: unknown) => failures.push(error));
    if (performance.now() >= nextSample) {
      const at = (performance.now() - startedAt) / SECOND;
      samples.push(await takeSample(batchkeeper, environment.DATA_DIR ?? "", { at, arrived }));
      nextSample += BETWEEN_SAMPLES;
    }
    await delay(SECOND / rate);
  }
  const drainedAfter = await drain(() => batchkeeper.metric("batchkeeper_inbox_waiting"));
  const dead = await batchkeeper.metric("batchkeeper_inbox_dead_letters");
  await github.close();
  const refused = [...traffic.answers].filter(([status]) => status !== 202);
  return {
    title: `Soak: ${rate} events a second for ${minutes} minutes, ${arrived} in all`,
    text: [
      `What arrived: ${[...traffic.arrivals].map(([what, count]) => `${count} ${what}`).join(", ")}.`,
      printSamples(samples),
    ],
    measures: [
      ...levels(samples),
      {
        what: "until nothing waited any more, once no more came",
        unit: "ms",
        values: [drainedAfter],
        most: LONGEST_DRAIN,
      },
      zero("events given up", dead),
      zero(
        "webhooks not answered 202",
        refused.reduce((sum, [, count]) => sum + count, 0),
      ),
      zero("events that could not be sent", failures.length),
    ],
  };
}

function zero(what: string, count: number): Measure {
  return { what, unit: "", values: [count], most: 0 };
}

/** How long it takes until nothing waits; twice the longest time allowed when it does not end. */
async function drain(waiting: () => Promise<number>): Promise<number> {
  const startedAt = performance.now();
  while ((await waiting()) > 0) {
    if (performance.now() - startedAt > 2 * LONGEST_DRAIN) break;
    await delay(100);
  }
  return performance.now() - startedAt;
}

function printSamples(samples: readonly Sample[]): string {
  const every = Math.max(1, Math.ceil(samples.length / MOST_ROWS));
  const rows = samples
    .filter((_, index) => index % every === 0)
    .map((sample) => [
      `${Math.round(sample.at)} s`,
      String(sample.arrived),
      `${sample.residentMegabytes.toFixed(1)} MB`,
      `${sample.diskMegabytes.toFixed(2)} MB`,
      String(sample.waiting),
      `${sample.oldest.toFixed(1)} s`,
    ]);
  return printTable([["time", "events", "resident", "folder", "waiting", "oldest"], ...rows]);
}
