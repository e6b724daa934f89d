import { setTimeout as delay } from "node:timers/promises";
import { environmentFor } from "../demo/environment.ts";
import { startLocalGitHub } from "../test/github/local-github.ts";
import { startBatchkeeperProcess } from "./batchkeeper-process.ts";
import type { Report } from "./report.ts";
import { residentMegabytes } from "./resident-memory.ts";

const ROUNDS = 7;
const IDLE_TIME = 2000;

/** How long a start takes and how much memory an idle process holds. */
export async function benchStart(): Promise<Report> {
  const github = await startLocalGitHub();
  const starts: { readonly readyAfter: number; readonly megabytes: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await using batchkeeper = await startBatchkeeperProcess(environmentFor(github));
    await delay(IDLE_TIME);
    starts.push({ readyAfter: batchkeeper.readyAfter, megabytes: residentMegabytes(batchkeeper.pid) });
  }
  await github.close();
  return {
    title: `Start of a process and its memory, ${ROUNDS} rounds`,
    text: [
      `Time from starting the program as "npm start" does to GET /ready answering 200; resident memory ${IDLE_TIME / 1000} s later (VmRSS).`,
    ],
    measures: [
      { what: "start to ready", unit: "ms", values: starts.map(({ readyAfter }) => readyAfter), most: 1000 },
      { what: "resident memory, idle", unit: "MB", values: starts.map(({ megabytes }) => megabytes), most: 150 },
    ],
  };
}
