import { setTimeout as delay } from "node:timers/promises";
import { describe } from "vitest";
import { BEGINNING } from "./beginning.ts";
import { itEndsTheSameWhenACallFails, type Story } from "./disturbance.ts";
import { CONFIGURATION, REPOSITORY, type World } from "./world.ts";

const HOUR = 3_600_000;
const MONDAY = BEGINNING - 72 * HOUR;

/** Every failing run opens the breaker, or opens it again. */
async function expectTheWorst(world: World): Promise<void> {
  await world.push("olga", { [CONFIGURATION]: "breaker: { consecutive: 1, escalate_after: 2 }\n" });
}

async function run(world: World, outcome: "success" | "failure", hour: number): Promise<void> {
  await world.run({ homebrew: outcome }, { endedAt: MONDAY + hour * HOUR });
}

/** Opens the breaker, and waits for the timer that makes it half-open: what follows happens without one. */
async function openBreaker(world: World): Promise<void> {
  await expectTheWorst(world);
  await run(world, "failure", 0);
  while (world.control().circuit_breaker.homebrew?.state !== "half-open") await delay(20);
  await world.quiet();
}

const STORIES: Readonly<Record<string, Omit<Story, "ending">>> = {
  "a run that opens a breaker": { prepare: expectTheWorst, happen: (world) => run(world, "failure", 0) },
  "a run that escalates an incident": { prepare: openBreaker, happen: (world) => run(world, "failure", 2) },
  "a run that closes a breaker": { prepare: openBreaker, happen: (world) => run(world, "success", 2) },
  "a run that closes an incident": {
    prepare: async (world) => {
      await openBreaker(world);
      await run(world, "success", 2);
    },
    happen: (world) => run(world, "success", 3),
  },
};

function ending(world: World): unknown {
  return {
    control: world.control(),
    // A timer that is due writes by itself, or what else happens is written first: it is chance which.
    commits: world.controlCommits().filter(({ message }) => !message.includes("keep the time")).length,
    pulls: world.pulls(),
    branches: Object.keys(world.github.branches(REPOSITORY)),
    incidents: world.incidents().map(({ number, title, state, labels }) => ({
      title,
      state,
      labels,
      words: world.replies(number).map((text) => text.replaceAll(/\d{4}-\d\d-\d\dT[\d:]+Z/g, "<time>")),
    })),
  };
}

describe.for(Object.entries(STORIES))("%s", ([, story]) => itEndsTheSameWhenACallFails({ ...story, ending }));
