import { benchInbox } from "./inbox/inbox.ts";
import { benchReplicas } from "./replicas.ts";
import { holds, printReport, type Report } from "./report.ts";
import { benchRollback } from "./rollback.ts";
import { benchRuns } from "./runs/runs.ts";
import { benchStart } from "./start.ts";
import { benchStop } from "./stop.ts";
import { benchWeb } from "./web.ts";

const BENCHMARKS: ReadonlyMap<string, () => Promise<Report>> = new Map([
  ["stop", benchStop],
  ["start", benchStart],
  ["inbox", benchInbox],
  ["rollback", benchRollback],
  ["runs", benchRuns],
  ["replicas", benchReplicas],
  ["web", benchWeb],
]);
const BAD_USAGE = 2;

/** Runs one benchmark. Resolves to the exit code: 1 when a bound is broken. */
async function main(name: string | undefined): Promise<number> {
  const bench = BENCHMARKS.get(name ?? "");
  if (bench === undefined) {
    console.error(`usage: npm run bench -- <name>\nnames: ${[...BENCHMARKS.keys()].join(", ")}`);
    return BAD_USAGE;
  }
  const report = await bench();
  console.log(printReport(report));
  return report.measures.every(holds) ? 0 : 1;
}

process.exit(await main(process.argv[2]));
