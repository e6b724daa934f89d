import { afterAll, describe } from "vitest";
import { publisher, REACH, trustPublishers } from "../download/publisher.ts";
import type { LoggedCall } from "../github/http/request-log.ts";
import { itEndsTheSameWhenACallFails, type Story } from "./disturbance.ts";
import { batchBrings, download, RECIPE, sha256 } from "./publisher.ts";
import { REPOSITORY, type World } from "./world.ts";

afterAll(trustPublishers());

const FILE = "/x.tgz";
const { server, files, base } = await publisher({ [FILE]: "content" });
afterAll(() => server[Symbol.asyncDispose]());

/** A drift that an incident tells of. */
async function drifted(world: World): Promise<void> {
  await batchBrings(world, { [RECIPE]: download(`${base}${FILE}`, `checksum = "${sha256("content")}"`) });
  files[FILE] = "new content";
  await world.comment("olga", "/batch verify ncurses");
}

const STORIES: Readonly<Record<string, Pick<Story, "prepare" | "happen">>> = {
  "a checksum that somebody wants to accept": {
    prepare: drifted,
    happen: async (world) => void (await world.comment("olga", "/batch drift accept ncurses — made anew")),
  },
  "a checksum that a second operator accepts": {
    prepare: async (world) => {
      await drifted(world);
      await world.comment("olga", "/batch drift accept ncurses — made anew");
    },
    happen: async (world) => void (await world.comment("acme", "/batch approve")),
  },
};

function ending(world: World): unknown {
  return {
    recipe: world.github.fileAt(REPOSITORY, RECIPE),
    held: world.held(),
    pulls: world.pulls().map(({ title, state, merged, labels, reviewers }) => ({
      title,
      state,
      merged,
      labels: labels.toSorted(),
      reviewers,
    })),
    branches: Object.keys(world.github.branches(REPOSITORY)).filter((name) => name.includes("drift")).length,
    replies: world.replies().map((reply) => reply.split("**")[1]),
    incidents: world.incidents().map(({ number, title, state, labels, body }) => ({
      title,
      state,
      labels,
      words: world.replies(number).length,
      pulls: body.match(/\*\*pull request\*\*/g)?.length,
    })),
  };
}

/** The proposal, its merge and its incident; all else on the way is written and read in other stories, too. */
function isOwn({ method, path }: LoggedCall): boolean {
  return method !== "GET" && /\/git\/|\/pulls(?:$|\/\d+\/merge$)|\/issues\/3(?:$|\/)/.test(path);
}

describe.for(Object.entries(STORIES))("%s", ([, story]) =>
  itEndsTheSameWhenACallFails({ ...story, ending, options: { reach: REACH }, only: isOwn }),
);
