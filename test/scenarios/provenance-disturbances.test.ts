import { describe } from "vitest";
import { MINUTE } from "../../src/domain/instant.ts";
import { incidentsLeft, itEndsTheSameWhenACallFails, type Story } from "./disturbance.ts";
import { CONTROL_FILE, REPOSITORY, type World } from "./world.ts";

const RECIPE = "recipes/j/jq.toml";
const CLEAN = '[metadata]\nname = "jq"\n';

async function pushAndWait(world: World, login: string, files: Readonly<Record<string, string>>): Promise<void> {
  await world.push(login, files);
  await world.pass(2 * MINUTE);
}

const STORIES: Readonly<Record<string, Omit<Story, "ending">>> = {
  "a recipe that comes by a direct push": {
    prepare: async () => {},
    happen: (world) => pushAndWait(world, "olga", { [RECIPE]: CLEAN }),
  },
  "a second one, and a change of the control file by hand": {
    prepare: (world) => pushAndWait(world, "olga", { [RECIPE]: CLEAN }),
    happen: (world) =>
      pushAndWait(world, "olga", { [RECIPE]: `${CLEAN}# more\n`, [CONTROL_FILE]: world.editedControl({ note: 1 }) }),
  },
};

function ending(world: World): unknown {
  return {
    held: world.held(),
    advisories: world.github.advisories(REPOSITORY).map(({ ghsaId, state }) => ({ ghsaId, state })),
    told: /\*\*Security advisory:\*\*.*(GHSA-[\w-]+)/.exec(world.incidents()[0]?.body ?? "")?.[1],
    incidents: incidentsLeft(world),
  };
}

describe.for(Object.entries(STORIES))("%s", ([, story]) => itEndsTheSameWhenACallFails({ ...story, ending }));
