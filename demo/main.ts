import { parseArgs } from "node:util";
import { converse } from "./console.ts";
import { printPlayed } from "./print.ts";
import { play } from "./step.ts";
import { STORY } from "./story.ts";
import { World } from "./world.ts";

const USAGE = "usage: npm run demo [-- --json]";
const BAD_USAGE = 2;

/** Plays the story; then, on a terminal, a console. Resolves to the exit code. */
async function demo({ json }: { readonly json: boolean }): Promise<number> {
  const world = await World.start();
  for await (const played of play(STORY, world)) {
    console.log(json ? JSON.stringify(played) : printPlayed(played));
    if (!played.ok) return 1;
  }
  if (!json && process.stdin.isTTY && process.stdout.isTTY) await converse(world, process.stdin, process.stdout);
  await world.close();
  return 0;
}

function readArguments(): { readonly json: boolean } | null {
  try {
    return parseArgs({ options: { json: { type: "boolean", default: false } } }).values;
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return null;
  }
}

// Nothing outlives the process: leaving it is the whole end. Whoever reads the output may have seen enough.
process.once("SIGINT", () => process.exit(0));
process.stdout.once("error", () => process.exit(0));

const options = readArguments();
if (options === null) console.error(USAGE);
process.exit(options === null ? BAD_USAGE : await demo(options));
