import { describe } from "vitest";
import { itSurvivesDisturbances } from "./command-story.ts";
import { itEndsTheSameWhenACallFails, type Story } from "./disturbance.ts";
import { CONFIGURATION, type World } from "./world.ts";

const MINUTE = 60_000;

describe("/batch incident open", () =>
  itSurvivesDisturbances({ before: [], command: "/batch incident open critical — odd checksums" }));

const ack: Pick<Story, "prepare"> = {
  prepare: async (world) => {
    await world.push("olga", { [CONFIGURATION]: "incidents: { mention: [petra] }\n" });
    await world.comment("olga", "/batch incident open medium — the mirror is slow");
  },
};

const incident = (world: World) => world.incidents().at(-1);

/** What is left of an incident, without the times. */
function ending(world: World): unknown {
  const { number, state, labels, body } = incident(world) ?? {};
  const list = body
    ?.split("\n```\n\n")
    .at(-1)
    ?.match(/\*\*.+?\*\*/g);
  const words = world
    .replies(number)
    .map((text) => text.replaceAll(/127\.0\.0\.1:\d+|\d{10,}|\d{4}-\d\d-\d\dT[\d:]+Z|\d+ min/g, "…"));
  return { state, labels: labels?.toSorted(), list, words };
}

const STORIES: Readonly<Record<string, Omit<Story, "ending" | "prepare">>> = {
  "an escalation that raises an incident": { happen: (world) => world.pass(24 * 60 * MINUTE + MINUTE) },
  "an acknowledgement by a comment": {
    happen: async (world) => {
      await world.comment("olga", "I am on it", incident(world)?.number);
    },
  },
  "a resolution by a command": {
    happen: async (world) => {
      await world.comment("olga", "/batch incident resolve — the mirror is back", incident(world)?.number);
    },
  },
};

describe.for(Object.entries(STORIES))("%s", ([, story]) => itEndsTheSameWhenACallFails({ ...ack, ...story, ending }));
