import { printTable } from "../bench/report.ts";
import { replayBreakers } from "./breakers.ts";
import { replayProvenance } from "./provenance.ts";
import { realDataFolder } from "./real-data.ts";
import { type Replay, replayRollbacks } from "./rollback.ts";

const REPLAYS: ReadonlyMap<string, (folder: string) => Promise<Replay>> = new Map([
  ["breakers", replayBreakers],
  ["provenance", replayProvenance],
  ["rollback", replayRollbacks],
]);
const BAD_USAGE = 2;

/** Replays recorded data. Resolves to the exit code: 1 when something differs from the record. */
async function main(name: string | undefined): Promise<number> {
  const replay = REPLAYS.get(name ?? "");
  if (replay === undefined) {
    console.error(`usage: npm run replay -- <name>\nnames: ${[...REPLAYS.keys()].join(", ")}`);
    return BAD_USAGE;
  }
  const folder = realDataFolder();
  if (folder === null) {
    console.error("There is no recorded data: name its folder in BATCHKEEPER_REAL_DATA.");
    return BAD_USAGE;
  }
  const { rows, summary, differences } = await replay(folder);
  console.log([printTable(rows), summary, ...differences].join("\n\n"));
  return differences.length === 0 ? 0 : 1;
}

process.exit(await main(process.argv[2]));
