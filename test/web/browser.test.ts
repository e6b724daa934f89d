import axe from "axe-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { REPOSITORY, testIn, type World } from "../scenarios/world.ts";
import { chromiumPath, startChromium } from "./chromium.ts";

const test = testIn({ beginsNow: true });

const PATH = chromiumPath();
if (PATH === null)
  console.warn("Browser tests are skipped: there is no chromium on the PATH (apt-get install chromium).");

const PAGE = `/repositories/${REPOSITORY}`;
/** From the end of a run to what a person sees of it. */
const LIVE = 2000;

describe.skipIf(PATH === null)("the page in Chromium", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startChromium(PATH ?? "");
  });
  afterAll(() => browser.close());

  /** A page of a new browser profile, of somebody who has signed in; and everything that should not happen there. */
  async function open(world: World, login: string, options: BrowserContextOptions = {}) {
    const context = await browser.newContext({ permissions: ["clipboard-read", "clipboard-write"], ...options });
    const page = await context.newPage();
    const trouble: string[] = [];
    const own = [world.url, world.github.url];
    page.on("request", (request) => {
      if (!own.includes(new URL(request.url()).origin)) trouble.push(`request to ${request.url()}`);
    });
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) trouble.push(message.text());
    });
    page.on("pageerror", (error) => trouble.push(String(error)));
    await page.goto(world.github.invite(login, `${world.url}/sign-in?to=${PAGE}`));
    return { page, trouble, [Symbol.asyncDispose]: () => context.close() };
  }

  /** Resolves when the page is told of changes. */
  async function isLive(page: Page): Promise<void> {
    await page.locator("#live", { hasText: "Live" }).waitFor();
  }

  test("somebody signs in at GitHub and is led to what they asked for; signed out, they see nothing", async ({
    world,
  }) => {
    await using shown = await open(world, "mallory");
    const { page, trouble } = shown;
    await page.context().clearCookies();
    await page.goto(`${world.url}${PAGE}`);
    await page.getByRole("link", { name: "Sign in with GitHub" }).click();
    await page.getByRole("button", { name: "olga" }).click();
    await page.getByRole("heading", { level: 1, name: "Running" }).waitFor();
    expect(page.url()).toBe(`${world.url}${PAGE}`);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("link", { name: "Sign in with GitHub" }).waitFor();
    expect(await page.content()).not.toContain("Running");
    expect(trouble.filter((line) => !line.includes("401") && !line.includes("404"))).toEqual([]);
  });

  test("a breaker that opens is seen within two seconds, without a reload", async ({ world }) => {
    for (let run = 0; run < 3; run += 1) await world.run({ homebrew: "failure", npm: "success" });
    await using shown = await open(world, "olga");
    const { page, trouble } = shown;
    await isLive(page);
    await page.evaluate(() => Reflect.set(globalThis, "isSamePage", true));
    const row = page.locator("#breakers li", { hasText: "homebrew" });
    await row.getByText("closed").waitFor();
    await world.run({ homebrew: "failure", npm: "success" });
    const ended = performance.now();
    await row.getByText("open", { exact: true }).waitFor({ timeout: LIVE });
    expect(performance.now() - ended).toBeLessThan(LIVE);
    await page.locator("#incidents", { hasText: "homebrew" }).waitFor();
    expect(await page.evaluate(() => Reflect.get(globalThis, "isSamePage"))).toBe(true);
    await page.locator("#live", { hasText: "Running, with breakers open" }).waitFor();
    expect(trouble).toEqual([]);
  });

  test("a command is followed to GitHub and given there; the page then shows what it did", async ({ world }) => {
    for (let run = 0; run < 5; run += 1) await world.run({ homebrew: "failure" });
    await using shown = await open(world, "olga");
    const { page, trouble } = shown;
    await isLive(page);
    await page.getByRole("link", { name: "/batch stop homebrew" }).click();
    await page.waitForURL(/\/acme\/recipes\/issues\/\d+#new_comment_field$/);
    await page.locator("textarea").focus();
    await page.keyboard.press("Control+V");
    await page.getByRole("button", { name: "Comment" }).click();
    await page.locator("article", { hasText: "olga" }).filter({ hasText: "/batch stop homebrew" }).waitFor();
    await world.quiet();
    expect(world.held()).toEqual(["homebrew"]);
    await page.goto(`${world.url}${PAGE}`);
    await page.locator("#holds", { hasText: "/batch resume --hold" }).waitFor();
    expect(trouble).toEqual([]);
  });

  test("a stranger sees nothing", async ({ world }) => {
    await world.comment("olga", "/batch stop homebrew — mirror returns 503");
    await using shown = await open(world, "mallory");
    const { page } = shown;
    await page.getByRole("heading", { name: "Not found" }).waitFor();
    expect(await page.content()).not.toMatch(/homebrew|mirror/);
  });

  test("markup in titles and reasons does not run", async ({ world }) => {
    const markup = `<img src=x onerror="document.title='ran'"><svg onload="document.title='ran'">`;
    await world.comment("olga", `/batch stop homebrew — ${markup}`);
    await world.comment("olga", "/batch incident open");
    await world.github.editIssueAs("olga", REPOSITORY, world.incidents()[0]?.number ?? 0, { title: markup });
    await using shown = await open(world, "olga");
    const { page, trouble } = shown;
    await isLive(page);
    await page.locator("#holds", { hasText: "onerror" }).waitFor();
    expect(await page.title()).toBe(`${REPOSITORY} · Batchkeeper`);
    expect(trouble).toEqual([]);
  });

  test("without JavaScript all of it is there", async ({ world }) => {
    await world.comment("olga", "/batch stop homebrew — mirror returns 503");
    await using shown = await open(world, "olga", { javaScriptEnabled: false });
    for (const heading of [
      "Holds",
      "Open incidents",
      "Circuit breakers",
      "Budget",
      "Runs in flight",
      "Recent batches",
    ]) {
      await shown.page.getByRole("heading", { name: heading, exact: true }).waitFor();
    }
    expect(await shown.page.locator("#holds").textContent()).toContain("mirror returns 503");
  });

  test("the keyboard alone reaches the content and every command", async ({ world }) => {
    await world.run({ npm: "success" });
    await using shown = await open(world, "olga");
    const { page } = shown;
    await isLive(page);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    expect(new URL(page.url()).hash).toBe("#main");
    const texts: string[] = [];
    for (let press = 0; press < 12; press += 1) {
      await page.keyboard.press("Tab");
      texts.push(
        (await page
          .locator(":focus")
          .textContent({ timeout: 1000 })
          .catch(() => "")) ?? "",
      );
    }
    expect(texts).toContain("/batch stop");
    expect(texts).toContain("/batch stop npm");
  });

  test.for([
    ["light", 1200],
    ["dark", 1200],
    ["light", 360],
    ["dark", 360],
  ] as const)(
    "axe finds no violation, and nothing is wider than the screen: %s, %i pixels",
    async ([colorScheme, width], { world }) => {
      for (let run = 0; run < 5; run += 1)
        await world.run({ homebrew: "failure", npm: "success", "crates.io": "success" });
      await world.comment(
        "olga",
        "/batch stop npm — a-very-long-word-without-any-place-to-break-it-https://mirror.example/path",
      );
      world.github.startRun(REPOSITORY, "batch-generate.yml");
      await world.quiet();
      await using shown = await open(world, "olga", { colorScheme, viewport: { width, height: 800 }, bypassCSP: true });
      const { page, trouble } = shown;
      await isLive(page);
      await page.addScriptTag({ content: axe.source });
      const violations = await page.evaluate(async () => {
        const axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } = Reflect.get(
          globalThis,
          "axe",
        );
        return (await axe.run()).violations.map(
          ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(", ")}`,
        );
      });
      expect(violations).toEqual([]);
      const { scrollWidth } = await page.evaluate(() => ({
        scrollWidth: Reflect.get(Reflect.get(globalThis, "document"), "documentElement").scrollWidth,
      }));
      expect(scrollWidth).toBeLessThanOrEqual(width);
      expect(trouble).toEqual([]);
    },
  );

  test("the doors, too, are without violation", async ({ world }) => {
    const context = await browser.newContext({ bypassCSP: true });
    const page = await context.newPage();
    await page.goto(world.url);
    await page.addScriptTag({ content: axe.source });
    const violations = await page.evaluate(async () =>
      (await Reflect.get(globalThis, "axe").run()).violations.map(({ id }: { id: string }) => id),
    );
    await context.close();
    expect(violations).toEqual([]);
  });
});
