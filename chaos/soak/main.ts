import { parseArgs } from "node:util";
import { holds, printReport } from "../../bench/report.ts";
import { soak } from "./soak.ts";

const USAGE = "usage: npm run soak -- [--minutes 30] [--rate 20]";
const BAD_USAGE = 2;

/** Resolves to the exit code: 1 when a bound is broken. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { minutes: { type: "string", default: "30" }, rate: { type: "string", default: "20" } },
  });
  const [minutes, rate] = [Number(values.minutes), Number(values.rate)];
  if (!(minutes > 0 && rate > 0)) {
    console.error(USAGE);
    return BAD_USAGE;
  }
  const report = await soak(minutes, rate);
  console.log(printReport(report));
  return report.measures.every(holds) ? 0 : 1;
}

process.exit(await main());
