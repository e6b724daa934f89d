import { parseArgs } from "node:util";
import { trySeed, type Verdict } from "./seed.ts";
import { printStory, storyOf } from "./story/story.ts";

const USAGE = `usage: npm run chaos -- --seed N | --seeds N..M | --count K [--at-once W] [--tell]
  --seed N      plays the story of one seed, undisturbed and disturbed, and compares the ends
  --seeds N..M  the same for each of several seeds
  --count K     the same for K seeds, from 1 on or from --seed on
  --at-once W   plays W seeds beside each other; a play mostly waits, so that two cores have room for two
  --tell        prints the stories and plays nothing`;
const BAD_USAGE = 2;

class UsageError extends Error {}

/** Resolves to the exit code: 1 when two plays of a story ended differently. */
async function main(): Promise<number> {
  const { seeds, atOnce, tell } = readArguments();
  if (tell) {
    for (const seed of seeds) console.log(`seed ${seed}\n${printStory(storyOf(seed))}\n`);
    return 0;
  }
  const failed: number[] = [];
  const left = seeds.values();
  const playOn = async () => {
    for (const seed of left) {
      const verdict = await trySeed(seed);
      console.log(printVerdict(verdict));
      if (verdict.problems.length > 0) failed.push(seed);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, playOn));
  if (seeds.length > 1) console.log(`${seeds.length - failed.length} of ${seeds.length} seeds ended alike`);
  if (failed.length > 0) console.log(`again: ${failed.map((seed) => `npm run chaos -- --seed ${seed}`).join("; ")}`);
  return failed.length === 0 ? 0 : 1;
}

interface Arguments {
  readonly seeds: readonly number[];
  readonly atOnce: number;
  readonly tell: boolean;
}

function readArguments(): Arguments {
  const { values } = parseArgs({
    options: {
      seed: { type: "string" },
      seeds: { type: "string" },
      count: { type: "string" },
      "at-once": { type: "string", default: "1" },
      tell: { type: "boolean", default: false },
    },
  });
  const { seed, seeds, count, tell } = values;
  const atOnce = Math.max(1, wholeNumber("--at-once", values["at-once"]));
  if (seeds !== undefined) {
    const [from, to] = seeds.split("..").map((text) => wholeNumber("--seeds", text));
    if (from === undefined || to === undefined || to < from) throw new UsageError(`--seeds takes N..M, not ${seeds}`);
    return { seeds: range(from, to), atOnce, tell };
  }
  const first = wholeNumber("--seed", seed ?? "1");
  return { seeds: range(first, first + wholeNumber("--count", count ?? "1") - 1), atOnce, tell };
}

function wholeNumber(option: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`${option} takes a whole number, not ${text}`);
  return Number(text);
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

function printVerdict({ seed, problems, folder, seconds, crashes, troubles }: Verdict): string {
  const told = `seed ${seed}: ${problems.length === 0 ? "ended alike" : "ENDED DIFFERENTLY"} (${seconds.toFixed(1)} s, ${troubles} troubles, ${crashes} crashes)`;
  return [told, ...problems, ...(folder === null ? [] : [`logs and states: ${folder}`])].join("\n");
}

try {
  process.exit(await main());
} catch (error) {
  const isUsage =
    error instanceof UsageError ||
    (error instanceof Error && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS"));
  if (!isUsage) throw error;
  console.error(`${error.message}\n\n${USAGE}`);
  process.exit(BAD_USAGE);
}
