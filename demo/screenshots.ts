import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { chromiumPath, startChromium } from "../test/web/chromium.ts";
import { liveThroughWeek } from "./past-week.ts";
import { REPOSITORY } from "./recipe-repository.ts";
import { World } from "./world.ts";

const FOLDER = fileURLToPath(new URL("../docs/images/", import.meta.url));

/** Takes the pictures of the README anew, from a story that is played for them. Resolves to the exit code. */
async function takeScreenshots(): Promise<number> {
  const path = chromiumPath();
  if (path === null) {
    console.error("There is no chromium on the PATH: apt-get install chromium");
    return 1;
  }
  mkdirSync(FOLDER, { recursive: true });
  const world = await World.start(liveThroughWeek);
  const browser = await startChromium(path);
  await badNight(world);
  for (const theme of ["light", "dark"] as const) await photographPage(browser, world, theme);
  await photographIncident(browser, world);
  await browser.close();
  await world.close();
  return 0;
}

/** Homebrew has failed for hours and fails again, an operator stops what hangs on the same mirror, a batch has landed. */
async function badNight(world: World): Promise<void> {
  while (!world.isPresent()) world.passHour();
  await world.batchRun({ homebrew: "failure", npm: "success", pypi: "success" });
  const incident = world.incidents()[0]?.number ?? world.talk;
  await world.comment("olga", incident, "/batch stop cask — shares homebrew's mirror, which returns 503");
  const today = new Date().toISOString().slice(0, 10);
  await world.batchLands(`${today}-001`, { "recipes/f/fish.toml": '[metadata]\nname = "fish"\n' });
}

/** The page as an operator has it before them, as far as the time lines. */
async function photographPage(browser: Browser, world: World, colorScheme: "light" | "dark"): Promise<void> {
  const context = await browser.newContext({
    colorScheme,
    viewport: { width: 1200, height: 1070 },
  });
  const page = await context.newPage();
  await page.goto(world.pageLink("olga"));
  // The history of a week is there once nothing says that it is still being read.
  await page.locator("#live:not(:empty)").waitFor();
  await page.locator("#breakers > .muted").waitFor({ state: "detached" });
  await page.screenshot({ path: `${FOLDER}page-${colorScheme}.png` });
  await context.close();
}

/** The incident as the local GitHub shows it, with the command that was given there and its answer. */
async function photographIncident(browser: Browser, world: World): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 960, height: 800 } });
  const incident = world.incidents().find(({ title }) => title === "homebrew: the circuit breaker is open");
  await page.goto(`${world.githubUrl}/${REPOSITORY}/issues/${incident?.number}`);
  await page.screenshot({ path: `${FOLDER}incident.png`, fullPage: true });
  await page.close();
}

process.exit(await takeScreenshots());
