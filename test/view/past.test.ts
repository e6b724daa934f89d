import { expect } from "vitest";
import { HOUR, printInstant } from "../../src/domain/instant.ts";
import { CONTROL_FILE, REPOSITORY, test, type World } from "../scenarios/world.ts";
import { BrowserSession } from "../web/browser-session.ts";

const PAGE = `/repositories/${REPOSITORY}`;
/** More than are read with the first look. */
const HOURS = 120;

/** Leaves a version of the control file for each of the hours until now, in which npm's breaker was open in some. */
function liveThrough(world: World, isOpen: (hour: number) => boolean): void {
  for (let hour = 0; hour < HOURS; hour += 1) {
    const state = isOpen(hour) ? "open" : "closed";
    // Every version differs from the one before, as counted runs make it.
    const npm = { state, failures: hour, last_failure: "", opens_at: "" };
    const text = `${JSON.stringify({ enabled: true, disabled_ecosystems: [], circuit_breaker: { npm } }, null, 2)}\n`;
    const date = printInstant(Date.now() - (HOURS - hour) * HOUR);
    world.github.importCommit(REPOSITORY, { files: { [CONTROL_FILE]: text }, message: "count", date, author: "acme" });
  }
}

/** What the page says of npm's time line, once all of it was read. */
async function timeline(world: World, browser: BrowserSession): Promise<string | undefined> {
  for (;;) {
    const text = await (await browser.get(`${world.url}${PAGE}`)).text();
    if (!text.includes("is being read")) return /<svg class="strip"[^>]* aria-label="([^"]*)"/.exec(text)?.[1];
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function olga(world: World): Promise<BrowserSession> {
  const browser = new BrowserSession();
  await browser.follow(world.github.invite("olga", `${world.url}/sign-in?to=${PAGE}`));
  return browser;
}

test("the time line goes back through git, further than the first look reads", async ({ world }) => {
  liveThrough(world, (hour) => (hour >= 10 && hour < 14) || (hour >= 100 && hour < 103));
  expect(await timeline(world, await olga(world))).toBe("Open 2 times, 7 h 0 min in all.");
});

test("a history that somebody has rewritten is read anew", async ({ world }) => {
  const beginning = world.github.branches(REPOSITORY).main ?? "";
  liveThrough(world, (hour) => hour >= 100 && hour < 103);
  const browser = await olga(world);
  expect(await timeline(world, browser)).toBe("Open once, 3 h 0 min in all.");
  world.github.forcePush(REPOSITORY, "main", beginning);
  liveThrough(world, (hour) => hour >= 50 && hour < 55);
  await world.push("olga", { "README.md": "rewritten" });
  expect(await timeline(world, browser)).toBe("Open once, 5 h 0 min in all.");
});
