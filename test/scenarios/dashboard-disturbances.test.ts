import { describe } from "vitest";
import { boxes, DASHBOARD_ON, dashboard, dashboards, tick } from "./dashboard-world.ts";
import { itEndsTheSameWhenACallFails, type Story } from "./disturbance.ts";
import type { World } from "./world.ts";

const MINUTE = 60_000;

/** What is left in a world, without the times and ids. */
function ending(world: World): unknown {
  const words = world.replies(dashboard(world).number);
  return {
    dashboards: dashboards(world).map(({ state, isPinned }) => ({ state, isPinned })),
    boxes: boxes(world),
    words: words.map((text) =>
      text.replaceAll(/127\.0\.0\.1:\d+|h-[0-9a-f]{6}|[0-9a-f]{16}|\d{10,}|\d{4}-\d\d-\d\dT[\d:]+Z|\d\d:\d\dZ/g, "…"),
    ),
    pulls: world.pulls().map(({ title, merged }) => ({ title, merged })),
    held: world.held(),
  };
}

const STORIES: Readonly<Record<string, Omit<Story, "ending">>> = {
  "a dashboard that is made": {
    only: ({ method, path }) => method !== "GET" && /\/issues(?:\/\d+)?$/.test(path),
    prepare: async () => {},
    happen: async (world) => {
      await world.push("olga", DASHBOARD_ON);
      await world.pass(MINUTE);
    },
  },
  "a box that is ticked": {
    only: ({ method, path }) => method === "PATCH" || /\/comments|collaborators/.test(path),
    prepare: async (world) => {
      await world.push("olga", DASHBOARD_ON);
      await world.pass(2 * MINUTE);
    },
    happen: async (world) => {
      await tick(world, "olga", "Stop npm");
      await world.pass(MINUTE);
    },
  },
};

describe.for(Object.entries(STORIES))("%s", ([, story]) => itEndsTheSameWhenACallFails({ ...story, ending }));
