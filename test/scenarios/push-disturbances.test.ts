import { describe } from "vitest";
import { incidentsLeft, itEndsTheSameWhenACallFails, type Story } from "./disturbance.ts";
import { CONFIGURATION, CONTROL_FILE, type World } from "./world.ts";

const STORIES: Readonly<Record<string, Omit<Story, "ending">>> = {
  "a push that breaks the control file": {
    prepare: async () => {},
    happen: async (world) => void (await world.push("olga", { [CONTROL_FILE]: '{"enabled": 1}' })),
  },
  "a push that mends the configuration": {
    prepare: async (world) => void (await world.push("olga", { [CONFIGURATION]: "breaker: many" })),
    happen: async (world) => void (await world.push("olga", { [CONFIGURATION]: null })),
  },
  "a push that deletes the control file": {
    prepare: async (world) => void (await world.comment("olga", "/batch stop homebrew")),
    happen: async (world) => void (await world.push("olga", { [CONTROL_FILE]: null })),
  },
};

function ending(world: World): unknown {
  return {
    isReadable: world.controlText()?.includes('"enabled": 1') === false,
    held: world.held(),
    commits: world.controlCommits().length,
    words: world.controlCommits().map(({ sha }) => world.wordsBelow(sha).length),
    incidents: incidentsLeft(world),
  };
}

describe.for(Object.entries(STORIES))("%s", ([, story]) => itEndsTheSameWhenACallFails({ ...story, ending }));
