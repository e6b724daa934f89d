import { setTimeout as delay } from "node:timers/promises";
import { delivery } from "../test/inbox/contract.ts";
import { Replicas } from "../test/inbox/replicas.ts";
import { DATABASE_URL } from "../test/inbox/test-database.ts";
import { median, type Report } from "./report.ts";

const ROUNDS = 3;
const LANES = 300;
/** About what a decision and its commit take at GitHub, in milliseconds. */
const WORK = 200;
const BETWEEN_LOOKS = 20;

const TITLE = "Throughput of two replicas over one";

/** How much sooner two processes are done than one; interleaved, because the machine is not always the same. */
export async function benchReplicas(): Promise<Report> {
  if (DATABASE_URL === null) {
    const text =
      "Not measured: no DATABASE_URL. `bash .ci/with-postgres npm run bench -- replicas` starts a PostgreSQL.";
    return { title: TITLE, text: [text], measures: [] };
  }
  const one: number[] = [];
  const two: number[] = [];
  let overlaps = 0;
  for (let round = 0; round < ROUNDS; round++) {
    for (const [count, times] of [
      [1, one],
      [2, two],
    ] as const) {
      const run = await drain(count);
      times.push(run.milliseconds);
      overlaps += run.overlaps;
    }
  }
  return {
    title: `${TITLE}; ${ROUNDS} rounds, interleaved`,
    text: [`One event for each of ${LANES} lanes, accepted together; each is handled for ${WORK} ms.`],
    measures: [
      { what: "all handled by one process", unit: "ms", values: one },
      { what: "all handled by two processes", unit: "ms", values: two },
      { what: "throughput of two over one", unit: "ratio", values: [median(one) / median(two)] },
      { what: "lanes with two at work at once", unit: "", values: [overlaps], most: 0 },
    ],
  };
}

async function drain(count: number): Promise<{ readonly milliseconds: number; readonly overlaps: number }> {
  await using replicas = await Replicas.prepare();
  await Promise.all(Array.from({ length: count }, () => replicas.start(WORK)));
  const begunAt = performance.now();
  await replicas.inbox.accept(
    Array.from({ length: LANES }, (_, n) => delivery(`event ${n}`, { lane: `acme/lane-${n}` })),
  );
  while ((await replicas.inbox.state()).waiting > 0) await delay(BETWEEN_LOOKS);
  const milliseconds = performance.now() - begunAt;
  return { milliseconds, overlaps: (await replicas.observed()).filter(({ alone }) => !alone).length };
}
